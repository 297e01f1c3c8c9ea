import GatewayCore
import GatewayTesting
import GatewayTransports
import Testing

/// Links that never break and never end.
@Suite(.serialized) struct SFTPSlowLinkTests {
    @Test func aDripOfBytesIsEndedByTheOuterDeadline() throws {
        let fixture = try SFTPFixture()
        let proxy = try FaultProxy(to: fixture.server.port)
        let files = try fixture.files {
            $0.port = Int(proxy.port)
            $0.operation = 1_000
        }
        defer { files.close() }
        try fixture.server.box.write(String(repeating: "x", count: 20_000), to: "a.csv")
        let sighting = try #require(try files.sighting("a.csv"))
        // Some bytes come every second: no stall, and no end for minutes.
        proxy.change { $0.bandwidth = 150 }
        let begun = MonotonicTime.now()
        let finding = SFTPFixture.finding { _ = try RemoteFolder(files, path: "").fetch("a.csv", sighting, to: fixture.work.path("a")) }
        let seconds = (MonotonicTime.now() - begun) / 1_000_000_000
        #expect(finding.map { [.transportTimeout, .transportAbandoned].contains($0.code) } == true, "\(finding?.sentence() ?? "nothing")")
        #expect(seconds < 60, "the whole file would take minutes")
        #expect(fixture.work.contents("a") == nil)
        proxy.change { $0.bandwidth = nil }
        _ = try RemoteFolder(files, path: "").fetch("a.csv", sighting, to: fixture.work.path("a"))
        #expect(fixture.work.contents("a")?.count == 20_000)
    }
}
