import Foundation
import GatewayTesting
import Glibc
import Testing

/// Partners and operators at work between a kill and the restart, and their commands killed.
struct OperatorKillTests {
    /// One flow whose documents carry secrets and keys that the carrier sees.
    private static let withSecrets = Rehearsal.settings
        .replacingOccurrences(of: "carrier: mng", with: "waybill: reference\n        carrier: aras\n        orders per document: 1")
        .replacingOccurrences(
            of: "  mng: { main: {} }",
            with: "  aras: { main: { secrets: { username: \"env:CANARY_USER\", password: \"env:CANARY_PASSWORD\" } } }")

    private func gateway(_ rehearsal: Rehearsal) -> CrashRun {
        var gateway = rehearsal.gateway()
        gateway.environment["CANARY_USER"] = "canary-user"
        gateway.environment["CANARY_PASSWORD"] = "canary<&>word"
        return gateway
    }

    /// The carrier takes documents away whenever it sees them: none may come again, and none may be missing.
    @Test func aCarrierThatFetchesAndDeletes() throws {
        let start = try Rehearsal(settings: Self.withSecrets)
        _ = try gateway(start).run()
        try start.drop(
            Export.header + Export.order("#1") + Export.order("#2") + Export.order("#3"), as: "first.csv", flow: "singles")
        try start.drop(Export.header + Export.order("#3") + Export.order("#4"), as: "second.csv", flow: "singles")
        let calm = try Rehearsal(copyOf: start)
        let outcome = try gateway(calm).run()
        #expect(outcome.end == .exit(0), "\(outcome.errors)")
        var undisturbed = FetchingCarrier()
        try undisturbed.fetch(calm)
        #expect(undisturbed.values("IntegrationCode") == ["S-1", "S-2", "S-3", "S-4"])
        #expect(undisturbed.seen.allSatisfy { $0.contains("canary-user") && $0.contains("canary&lt;&amp;&gt;word") })
        for step in 1...outcome.calls {
            let disturbed = try Rehearsal(copyOf: start)
            var carrier = FetchingCarrier()
            let killed = try gateway(disturbed).run(.killAfter(step))
            #expect(killed.wasKilled(at: step), "step \(step): \(killed.errors)")
            try carrier.fetch(disturbed)
            let again = try gateway(disturbed).run()
            #expect(again.end == .exit(0), "step \(step): \(again.errors)")
            try carrier.fetch(disturbed)
            _ = try gateway(disturbed).run()
            try carrier.fetch(disturbed)
            #expect(carrier.seen.sorted() == undisturbed.seen.sorted(), "step \(step): \(carrier.values("IntegrationCode"))")
        }
    }

    /// The same with an outbox on another file system, where a document can't be renamed to.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/shm"), "no second file system here"))
    func aCarrierThatFetchesFromAnotherFileSystem() throws {
        let start = try Rehearsal()
        _ = try start.gateway().run()
        try start.drop(Export.header + Export.order("#1") + Export.order("#2") + Export.order("#3"), as: "first.csv")
        func moved(_ rehearsal: Rehearsal) throws -> TemporaryFolder {
            let shared = try TemporaryFolder(in: "/dev/shm")
            let carriers = rehearsal.root + "/outbox/carriers"
            if FileManager.default.fileExists(atPath: carriers) { try FileManager.default.removeItem(atPath: carriers) }
            try FileManager.default.createDirectory(atPath: rehearsal.root + "/outbox", withIntermediateDirectories: true)
            try #require(symlink(shared.path, carriers) == 0)
            return shared
        }
        let calm = try Rehearsal(copyOf: start)
        let calmFolder = try moved(calm)
        let outcome = try calm.gateway().run()
        #expect(outcome.end == .exit(0), "\(outcome.errors)")
        var undisturbed = FetchingCarrier()
        try undisturbed.fetch(from: calmFolder.path)
        #expect(undisturbed.values("Key") == ["DEMO-1", "DEMO-2", "DEMO-3"])
        for step in 1...outcome.calls {
            let disturbed = try Rehearsal(copyOf: start)
            let folder = try moved(disturbed)
            var carrier = FetchingCarrier()
            // A run may take fewer steps than the calm one and end before: then it must have ended well.
            let killed = try disturbed.gateway().run(.killAfter(step))
            #expect(killed.wasKilled(at: step) || killed.end == .exit(0), "step \(step)")
            try carrier.fetch(from: folder.path)
            let again = try disturbed.gateway().run()
            #expect(again.end == .exit(0), "step \(step): \(again.errors)")
            try carrier.fetch(from: folder.path)
            #expect(carrier.seen.sorted() == undisturbed.seen.sorted(), "step \(step), \(outcome.log[min(step, outcome.log.count) - 1])")
            let left = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
            #expect(left.allSatisfy { !$0.contains(".dropgate-") }, "step \(step): \(left)")
        }
    }

    /// The account was changed in dropgate.yaml between a document's intent and its publishing: it goes where it was meant to go,
    /// or waits with a finding.
    @Test func theOutboxChangesBeforeTheDocumentsAreOut() throws {
        let start = try Rehearsal()
        _ = try start.gateway().run()
        try start.drop(Export.header + Export.order("#1"), as: "first.csv")
        let gone = Rehearsal.settings.replacingOccurrences(
            of: "account: main\n        consignor", with: "account: other\n        consignor"
        )
        .replacingOccurrences(of: "dropgate-manifest: { main: {} }", with: "dropgate-manifest: { other: {} }")
        .replacingOccurrences(of: "mng: { main: {} }", with: "mng: { other: {} }")
        var waited = 0
        let calm = try Rehearsal(copyOf: start)
        let steps = try calm.gateway().run().calls
        #expect(steps > 10)
        for step in 1...max(1, steps) {
            let shop = try Rehearsal(copyOf: start)
            _ = try shop.gateway().run(.killAfter(step))
            let isIntended =
                try shop.ledger(["arrivals"]).contains { $0.contains("state=\"intended\"") }
                && shop.names(in: "state/outgoing").contains("1.1")
            guard isIntended else { continue }
            waited += 1
            try Data(gone.utf8).write(to: URL(fileURLWithPath: shop.root + "/dropgate.yaml"))
            let changed = try shop.gateway().run()
            #expect(changed.end == .exit(75) && changed.errors.contains("publish.outbox.gone"), "step \(step): \(changed.errors)")
            try Data(Rehearsal.settings.utf8).write(to: URL(fileURLWithPath: shop.root + "/dropgate.yaml"))
            let back = try shop.gateway().run()
            #expect(back.end == .exit(0), "step \(step): \(back.errors)")
            var carrier = FetchingCarrier()
            try carrier.fetch(shop)
            #expect(carrier.values("Key") == ["DEMO-1"], "step \(step)")
        }
        #expect(waited > 0, "no step of \(steps) left a document that was intended and not out")
    }

    /// A receipt that was corrected and dropped again goes the same way as a file.
    @Test func aCorrectedReceipt() throws {
        let start = try Rehearsal()
        try start.drop(Export.header + Export.order("#1") + Export.order("#2", quantity: "1.5"), as: "orders.csv")
        _ = try start.gateway().run()
        let name = try #require(start.names(in: "outbox/merchants/demo/receipts").first)
        let text = start.text("outbox/merchants/demo/receipts/" + name)
        try start.drop(text.replacingOccurrences(of: ",1.5,", with: ",2,"), as: "corrected.csv")
        let ordeal = try Ordeal(start)
        #expect(ordeal.files.keys.filter { $0.contains("/carriers/") }.count == 2)
        try ordeal.endure(ordeal.everyStep(of: 24))
    }

    /// Killed in the middle, then asked for again as an operator would: every order ships once, under the same key.
    @Test func theReleaseOfAGuardedFile() throws {
        let settings = Rehearsal.settings(guards: "hold files with more new orders than: 2")
        let start = try Rehearsal(settings: settings)
        try start.drop(Export.header + (1...3).map { Export.order("#\($0)") }.joined(), as: "orders.csv")
        _ = try start.gateway().run()
        func release(_ rehearsal: Rehearsal) -> CrashRun {
            CrashRun(
                Rehearsal.binary, ["held", "release", "--arrival", "1", "--because", "it is right", "-w", rehearsal.root],
                environment: Rehearsal.clock)
        }
        let calm = try Rehearsal(copyOf: start)
        let outcome = try release(calm).run()
        #expect(outcome.end == .exit(0), "\(outcome.errors)")
        var undisturbed = FetchingCarrier()
        try undisturbed.fetch(calm)
        #expect(undisturbed.values("Key") == ["DEMO-1", "DEMO-2", "DEMO-3"])
        let steps = stride(from: 1, through: outcome.calls, by: max(1, outcome.calls / 20))
        for step in steps {
            let disturbed = try Rehearsal(copyOf: start)
            var carrier = FetchingCarrier()
            #expect(try release(disturbed).run(.killBefore(step)).wasKilled(at: step), "step \(step)")
            try carrier.fetch(disturbed)
            let restart = try disturbed.gateway().run()
            #expect(restart.end == .exit(0), "step \(step): \(restart.errors)")
            try carrier.fetch(disturbed)
            let again = try release(disturbed).run()
            #expect(again.end == .exit(0), "step \(step): \(again.errors)")
            try carrier.fetch(disturbed)
            #expect(carrier.values("Key") == undisturbed.values("Key"), "step \(step): \(carrier.seen.count) documents")
            #expect(carrier.seen.count == 2, "step \(step)")
            #expect(try disturbed.ledger(["consignments"]).count == 3, "step \(step)")
        }
    }

    /// Killed anywhere and made again: nothing of it ships, then or later.
    @Test func aBaseline() throws {
        let start = try Rehearsal()
        _ = try start.gateway().run()
        let old = start.folder.path("old.csv")
        try Data((Export.header + Export.order("#1") + Export.order("#2", quantity: "1.5")).utf8).write(to: URL(fileURLWithPath: old))
        func baseline(_ rehearsal: Rehearsal) -> CrashRun {
            CrashRun(Rehearsal.binary, ["baseline", "--flow", "shopify", old, "-w", rehearsal.root], environment: Rehearsal.clock)
        }
        let calm = try Rehearsal(copyOf: start)
        let outcome = try baseline(calm).run()
        #expect(outcome.end == .exit(0), "\(outcome.errors)")
        #expect(outcome.calls > 15)
        for step in stride(from: 1, through: outcome.calls, by: max(1, outcome.calls / 20)) {
            let disturbed = try Rehearsal(copyOf: start)
            #expect(try baseline(disturbed).run(.killBefore(step)).wasKilled(at: step), "step \(step)")
            let restart = try disturbed.gateway().run()
            #expect(restart.end == .exit(0), "step \(step): \(restart.errors)")
            #expect(disturbed.names(in: "outbox/carriers/dropgate-manifest/main").isEmpty, "step \(step): the baseline shipped")
            #expect(try baseline(disturbed).run().end == .exit(0), "step \(step)")
            try disturbed.drop(Export.header + Export.order("#1") + Export.order("#2", quantity: "2") + Export.order("#3"), as: "new.csv")
            _ = try disturbed.gateway().run()
            var carrier = FetchingCarrier()
            try carrier.fetch(disturbed)
            #expect(carrier.values("Key") == ["DEMO-3"], "step \(step)")
        }
    }
}
