import Foundation
import GatewayTesting
import Glibc
import Testing

/// The gateway as it runs day and night: watching, resting after failures, ending when told to.
struct WatchingTests {
    /// What a test waited for in vain.
    private struct Absent: Error {
        let what: String
        let errors: String
    }

    /// A `dropgate run` in the background; killed when the last reference goes.
    private final class Watching {
        private let process = Process()
        private let folder: TemporaryFolder
        private let log: FileHandle

        init(_ shop: Rehearsal) throws {
            folder = try TemporaryFolder()
            log = try #require(FileHandle(forWritingAtPath: try folder.write("", to: "errors")))
            process.executableURL = URL(fileURLWithPath: Rehearsal.binary)
            process.arguments = ["run", "-w", shop.root]
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            process.standardError = log
            try process.run()
        }

        deinit {
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
            process.waitUntilExit()
        }

        var errors: String { folder.text("errors") ?? "" }

        /// Waits until it is so; a condition that does not come is a failure.
        func wait(for what: String, _ condition: () throws -> Bool) async throws {
            let end = Date(timeIntervalSinceNow: 40)
            while try !condition() {
                guard Date() < end, process.isRunning else { throw Absent(what: what, errors: errors) }
                try await Task.sleep(for: .milliseconds(5))
            }
        }

        /// SIGTERM, and how it ended.
        func terminate() async throws -> CrashRun.End {
            kill(process.processIdentifier, SIGTERM)
            let end = Date(timeIntervalSinceNow: 40)
            while process.isRunning, Date() < end { try await Task.sleep(for: .milliseconds(5)) }
            guard !process.isRunning else { return .overdue }
            return process.terminationReason == .exit ? .exit(process.terminationStatus) : .signal(process.terminationStatus)
        }
    }

    private static let receipts = "outbox/merchants/demo/receipts"

    @Test func anIdleGatewayEndsWithZero() async throws {
        let shop = try Rehearsal()
        let gateway = try Watching(shop)
        try await gateway.wait(for: "the watch") { gateway.errors.contains("Watching ") }
        #expect(try await gateway.terminate() == .exit(0), "\(gateway.errors)")
        // Its lock went with it.
        #expect(try shop.gateway().run().end == .exit(0))
    }

    @Test func aReceiptFolderThatGoesAwayAndComesBack() async throws {
        let shop = try Rehearsal()
        let gateway = try Watching(shop)
        try await gateway.wait(for: "the watch") { gateway.errors.contains("Watching ") }
        try shop.drop(Export.header + Export.order("#1"), as: "first.csv")
        try await gateway.wait(for: "the first receipt") { shop.names(in: Self.receipts).count == 1 }
        let folder = shop.root + "/" + Self.receipts
        try FileManager.default.moveItem(atPath: folder, toPath: folder + "-away")
        try Data("in the way".utf8).write(to: URL(fileURLWithPath: folder))
        try shop.drop(Export.header + Export.order("#2"), as: "second.csv")
        try await gateway.wait(for: "a warning") { gateway.errors.contains("\"level\":\"warning\"") }
        #expect(shop.text(Self.receipts) == "in the way")
        try FileManager.default.removeItem(atPath: folder)
        try FileManager.default.moveItem(atPath: folder + "-away", toPath: folder)
        try await gateway.wait(for: "the second receipt") { shop.names(in: Self.receipts).filter { !$0.hasPrefix(".") }.count == 2 }
        try await gateway.wait(for: "the archive") { shop.names(in: "state/spool").isEmpty }
        #expect(try await gateway.terminate() == .exit(0), "\(gateway.errors)")
        var carrier = FetchingCarrier()
        try carrier.fetch(shop)
        #expect(carrier.values("Key") == ["DEMO-1", "DEMO-2"])
    }

    /// What commands leave in the ledger while it runs is acted on at once.
    @Test func aCommandReachesTheRunningGateway() async throws {
        let shop = try Rehearsal()
        try shop.drop(Export.header + Export.order("#1", quantity: "1.5"), as: "orders.csv")
        let gateway = try Watching(shop)
        try await gateway.wait(for: "the watch") { gateway.errors.contains("Watching ") }
        let drop = try shop.run("held", "drop", "#1", "--because", "customer cancelled", "-w", shop.root)
        #expect(drop.output.hasPrefix("Left for process "), "\(drop)")
        try await gateway.wait(for: "the drop") {
            try shop.run("held", "list", "-w", shop.root).output == "No order is held.\n"
        }
        #expect(try await gateway.terminate() == .exit(0), "\(gateway.errors)")
    }

    /// Names, phones and addresses are for receipts, never for the log, whatever is wrong with them.
    @Test func theLogNamesNoCustomer() throws {
        let shop = try Rehearsal()
        let canary = "Kanarya Gizli"
        try shop.drop(
            Export.header + Export.order("#1", person: canary) + Export.order("#2", person: canary, quantity: "1.5")
                + Export.order("#3", person: String(repeating: canary, count: 20)) + Export.order("#4", phone: canary)
                + Export.order("#5", postcode: canary + String(repeating: "9", count: 40)), as: "orders.csv")
        try shop.drop(Export.header + Export.order("#6", phone: canary) + Export.order("#7", person: canary), as: "b.csv", flow: "singles")
        try shop.drop(Export.header + "#8,\(canary),paid,\(canary)\n", as: "short.csv", flow: "singles")
        try shop.drop("\(canary),an,order\n\(canary),2,3\n", as: "unknown.csv")
        let first = try shop.gateway().run()
        try shop.drop(Export.header + Export.order("#1", person: canary + " Değişti"), as: "changed.csv")
        let second = try shop.gateway().run()
        for outcome in [first, second] {
            let lines = outcome.errors.split(separator: "\n")
            #expect(!lines.isEmpty)
            for line in lines {
                #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil, "no JSON: \(line)")
                #expect(!line.contains("Kanarya") && !line.contains("Gizli") && !line.contains("Elif"), "\(line)")
            }
        }
        // The canary was there to be seen: it is in receipts and documents.
        let seen = try shop.outcome().filter { $0.value.range(of: Data("Kanarya".utf8)) != nil }.keys
        #expect(seen.contains { $0.contains("/receipts/") } && seen.contains { $0.contains("/carriers/") }, "\(seen)")
    }
}
