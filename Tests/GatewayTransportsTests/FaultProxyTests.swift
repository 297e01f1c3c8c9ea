import Foundation
import GatewayTesting
import Testing

/// The proxy of the tests itself, in front of a small HTTP server.
@Suite struct FaultProxyTests {
    private func get(_ port: UInt16, _ path: String = "/") throws -> String {
        try Tool.run("curl", ["-sS", "--max-time", "5", "http://127.0.0.1:\(port)\(path)"])
    }

    @Test func passesAllOnAndSlowsItDown() throws {
        let body = String(repeating: "x", count: 100_000)
        let server = try HTTPTestServer { $0.target == "/big" ? .text(200, body) : .text(404, "no") }
        let proxy = try FaultProxy(to: server.port)
        #expect(try get(proxy.port, "/big") == body)
        #expect(try get(proxy.port) == "no")
        proxy.change { $0.latency = .milliseconds(60) }
        let start = ContinuousClock.now
        #expect(try get(proxy.port) == "no")
        #expect(ContinuousClock.now - start >= .milliseconds(120))
        #expect(server.requests.map(\.target) == ["/big", "/", "/"])
    }

    @Test func cutsAfterSoManyBytes() throws {
        let server = try HTTPTestServer { _ in .text(200, String(repeating: "x", count: 100_000)) }
        let proxy = try FaultProxy(to: server.port)
        proxy.change { $0.cutsAfterReceiving = 50_000 }
        #expect(throws: ServerProcess.Failure.self) { try get(proxy.port) }
        #expect(server.requests.count == 1)
        proxy.change {
            $0.cutsAfterReceiving = nil
            $0.cutsAfterSending = 10
        }
        #expect(throws: ServerProcess.Failure.self) { try get(proxy.port) }
        #expect(server.requests.count == 1)
        #expect(proxy.counts.made == 2)
    }

    @Test func refusesSwallowsAndDrawsCutsFromASeed() throws {
        let server = try HTTPTestServer { _ in .text(200, String(repeating: "x", count: 10_000)) }
        let proxy = try FaultProxy(to: server.port)
        proxy.change { $0.refuses = true }
        #expect(throws: ServerProcess.Failure.self) { try get(proxy.port) }
        proxy.change {
            $0.refuses = false
            $0.isBlackHole = true
        }
        #expect(throws: ServerProcess.Failure.self) {
            try Tool.run("curl", ["-sS", "--max-time", "0.3", "http://127.0.0.1:\(proxy.port)/"])
        }
        #expect(server.requests.isEmpty)
        func outcomes() throws -> [Bool] {
            let proxy = try FaultProxy(to: server.port)
            proxy.change { $0.chance = .init(seed: 7, percent: 50, within: 5000) }
            return (0..<12).map { _ in (try? get(proxy.port)) != nil }  // whether it came through is what is asked
        }
        let first = try outcomes()
        #expect(Set(first) == [true, false])
        #expect(try outcomes() == first)
    }
}
