import Foundation
import GatewayTesting
import Glibc
import Synchronization
import Testing

/// Traffic between a partner's inbox and another partner's outbox, both on real servers behind links that break at random.
///
/// `DROPGATE_DAY_SECONDS` makes the day longer than its 10 seconds, `DROPGATE_DAY_SEED` another one.
@Suite(.serialized) struct DayTests {
    /// A partner's server behind bad weather.
    private struct Partner {
        let server: OpenSSHServer
        let link: FaultProxy
        let name: String
        let key: SSHKey

        init(_ name: String, key: SSHKey, seed: UInt64, folders: [String]) throws {
            self.name = name
            self.key = key
            server = try OpenSSHServer { $0.authorized = [key] }
            for folder in folders { try ServerProcess.give(server.box.makeFolder(folder)) }
            link = try FaultProxy(to: server.port)
            link.change { $0.chance = .init(seed: seed, percent: 60, within: 60_000) }
        }

        /// Its part of dropgate.yaml.
        func settings() throws -> String {
            let pin = try server.hostKeys()[0].publicLine
            return """
                  \(name):
                    transport: sftp
                    host: 127.0.0.1
                    port: \(link.port)
                    user: \(OpenSSHServer.user)
                    key: file:\(key.path)
                    host keys: \(pin)
                    poll: 300 ms
                    quiet: 1 s
                    connect timeout: 5 s
                    timeout: 5 s
                    afterwards: move
                    move to: processed

                """
        }
    }

    /// What a partner saw in the outbox: each name with its bytes when it was first there.
    private final class Watch: Sendable {
        private let seen = Mutex<[String: [UInt8]]>([:])
        private let ends = Atomic<Bool>(false)
        private let box: TemporaryFolder
        private let folder: String

        init(_ box: TemporaryFolder, _ folder: String) {
            self.box = box
            self.folder = folder
            Thread.detachNewThread { [self] in
                while !ends.load(ordering: .relaxed) {
                    look()
                    usleep(3000)
                }
            }
        }

        private func look() {
            // A folder that can't be listed just now is listed the next time.
            for name in (try? box.names(in: folder)) ?? [] where !name.hasPrefix(".") {
                seen.withLock { if $0[name] == nil { $0[name] = box.contents(folder + "/" + name) } }
            }
        }

        func end() -> [String: [UInt8]] {
            ends.store(true, ordering: .relaxed)
            return seen.withLock { $0 }
        }

        var count: Int { seen.withLock { $0.count } }
    }

    private static func setting(_ name: String, _ standard: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } ?? standard
    }

    @Test func everyOrderArrivesOnceAndWhole() async throws {
        let seconds = Double(Self.setting("DROPGATE_DAY_SECONDS", 10))
        let seed = Self.setting("DROPGATE_DAY_SEED", 20_261_125)
        let keys = try TemporaryFolder()
        let key = try SSHKey.make(.ed25519, at: keys.path("login"))
        let shop = try Partner("shop", key: key, seed: seed, folders: ["in", "in/processed", "receipts"])
        let carrier = try Partner("carrier", key: key, seed: seed &+ 1, folders: ["out"])
        let gateway = try Rehearsal(
            settings: Rehearsal.settings
                .replacing(
                    "merchants:\n  demo:\n",
                    with: "endpoints:\n\(shop.settings())\(carrier.settings())merchants:\n  demo:\n    receipts outbox: shop/receipts\n",
                    maxReplacements: 1
                )
                .replacing("      shopify:\n", with: "      shopify:\n        inbox: shop/in\n", maxReplacements: 1)
                .replacing(
                    "dropgate-manifest: { main: {} }", with: "dropgate-manifest: { main: { outbox: carrier/out } }", maxReplacements: 1))
        let watch = Watch(carrier.server.box, "out")
        let program = try Program(gateway)
        var random = SeededRandom(seed: seed &+ 2)
        var orders: [String] = []
        var files = 0
        var early: Program.Size?
        let start = ContinuousClock.now
        while ContinuousClock.now - start < .seconds(seconds) {
            files += 1
            let count = Int(random.next() % 4) + 1
            let names = (0..<count).map { "DAY" + String(100_000 + orders.count + $0) }
            orders += names
            try await drop(
                Export.header + names.map { Export.order($0) }.joined(), as: "orders-\(files).csv", in: shop.server.box,
                slowly: random.next() % 4 == 0)
            if random.next() % 20 == 0 { carrier.link.cutAll() }
            if early == nil, ContinuousClock.now - start > .seconds(seconds * 0.7) { early = program.size }
            try await Task.sleep(for: .milliseconds(Int(random.next() % 600)))
        }
        // The weather stays as it is; every order arrives in spite of it.
        let deadline = ContinuousClock.now + .seconds(120 + seconds)
        while try !isDone(orders, files, carrier, shop), ContinuousClock.now < deadline, program.isRunning {
            try await Task.sleep(for: .milliseconds(50))
        }
        let late = program.size
        #expect(program.isRunning, "\(program.errors)")
        #expect(program.terminate() == 0, "\(program.errors)")
        let seen = watch.end()
        let box = carrier.server.box
        var times: [String: Int] = [:]
        for name in try box.names(in: "out") where !name.hasPrefix(".") {
            let bytes = try #require(box.contents("out/" + name))
            #expect(seen[name] == bytes, "\(name) was seen before it was whole")
            for order in Set(String(decoding: bytes, as: UTF8.self).matches(of: /DAY[0-9]{6}/).map { String($0.output) }) {
                times[order, default: 0] += 1
            }
        }
        #expect(times.count == orders.count, "\(program.errors)")
        #expect(times.filter { $0.value != 1 } == [:])
        #expect(Set(times.keys) == Set(orders))
        #expect(try box.names(in: "out").filter { $0.hasPrefix(".") } == [])
        #expect(try shop.server.box.names(in: "in") == ["processed"])
        #expect(try shop.server.box.names(in: "in/processed").count == files)
        #expect(carrier.link.counts.cut + shop.link.counts.cut > 0)
        let before = try #require(early)
        #expect(late.threads <= before.threads + 8)
        #expect(late.descriptors <= before.descriptors + 8)
        print(
            "A day of \(files) files, \(orders.count) orders, \(carrier.link.counts.cut + shop.link.counts.cut) cuts: \(before) then \(late)"
        )
    }

    /// As partners do: hidden and renamed, or straight under its name and slowly.
    private func drop(_ text: String, as name: String, in box: TemporaryFolder, slowly: Bool) async throws {
        guard slowly else {
            try box.write(text, to: "in/." + name)
            try ServerProcess.give(box.path("in/." + name))
            guard rename(box.path("in/." + name), box.path("in/" + name)) == 0 else { throw CocoaError(.fileWriteUnknown) }
            return
        }
        let bytes = Array(text.utf8)
        try box.write(bytes.prefix(bytes.count / 3), to: "in/" + name)
        try ServerProcess.give(box.path("in/" + name))
        let handle = try #require(FileHandle(forWritingAtPath: box.path("in/" + name)))
        try handle.seekToEnd()
        for piece in [bytes[(bytes.count / 3)..<(bytes.count / 2)], bytes[(bytes.count / 2)...]] {
            // The writing itself is slow: that is what is tested.
            try await Task.sleep(for: .milliseconds(100))
            try handle.write(contentsOf: Data(piece))
        }
        try handle.close()
    }

    private func isDone(_ orders: [String], _ files: Int, _ carrier: Partner, _ shop: Partner) throws -> Bool {
        var there: Set<String> = []
        for name in try carrier.server.box.names(in: "out") {
            // A file that is renamed just now is counted the next time.
            for match in (carrier.server.box.text("out/" + name) ?? "").matches(of: /DAY[0-9]{6}/) { there.insert(String(match.output)) }
        }
        let out = try carrier.server.box.names(in: "out").contains { $0.hasPrefix(".") }
        return try there.count >= orders.count && !out && shop.server.box.names(in: "in/processed").count == files
            && shop.server.box.names(in: "in") == ["processed"]
    }

    /// `dropgate run` in the background.
    private final class Program {
        struct Size: CustomStringConvertible {
            let threads: Int
            let descriptors: Int
            var description: String { "\(threads) threads, \(descriptors) descriptors" }
        }

        private let process = Process()
        private let folder: TemporaryFolder
        private let log: FileHandle

        init(_ gateway: Rehearsal) throws {
            folder = try TemporaryFolder()
            log = try #require(FileHandle(forWritingAtPath: try folder.write("", to: "errors")))
            process.executableURL = URL(fileURLWithPath: Rehearsal.binary)
            process.arguments = ["run", "-w", gateway.root]
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            process.standardError = log
            try process.run()
        }

        deinit {
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
            process.waitUntilExit()
        }

        var isRunning: Bool { process.isRunning }
        var errors: String { String((folder.text("errors") ?? "").suffix(4000)) }

        var size: Size {
            func count(_ what: String) -> Int {
                // Gone: it has none.
                (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.processIdentifier)/\(what)").count) ?? 0
            }
            return Size(threads: count("task"), descriptors: count("fd"))
        }

        /// SIGTERM, and its exit status.
        func terminate() -> Int32 {
            kill(process.processIdentifier, SIGTERM)
            process.waitUntilExit()
            return process.terminationReason == .exit ? process.terminationStatus : -1
        }
    }
}
