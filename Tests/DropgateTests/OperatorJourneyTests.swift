import Foundation
import GatewayTesting
import Testing

/// What operators hold, release, drop, restore and baseline, and what must never ship by it.
struct OperatorJourneyTests {
    private func documents(_ shop: Rehearsal) -> [String] {
        let folder = "outbox/carriers/dropgate-manifest/main"
        return shop.names(in: folder).map { shop.text(folder + "/" + $0) }
    }

    private func held(_ shop: Rehearsal, _ arguments: String...) throws -> [[String: String]] {
        let outcome = try CrashRun(
            Rehearsal.binary, ["held", "list", "--format", "json", "-w", shop.root] + arguments, environment: Rehearsal.clock
        ).run()
        return try outcome.output.split(separator: "\n").map { line in
            let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            return object.mapValues { "\($0)" }
        }
    }

    @Test func releasingOneOrderReleasesNoGuardedFile() throws {
        let shop = try Rehearsal(
            settings: Rehearsal.settings(guards: "hold orders older than: 10 days, hold files with more new orders than: 2"))
        let old = Export.order("#1", created: "2026-09-01 10:15:00 +0300")
        try shop.drop(Export.header + old, as: "1-old.csv")
        _ = try shop.gateway().run()
        try shop.drop(Export.header + old + (2...4).map { Export.order("#\($0)") }.joined(), as: "2-large.csv")
        _ = try shop.gateway().run()
        #expect(documents(shop).isEmpty)
        let release = try shop.run("held", "release", "#1", "--because", "it is right", "-w", shop.root)
        #expect(release.end == .exit(0), "\(release)")
        let all = documents(shop).joined()
        #expect(!["DEMO-2", "DEMO-3", "DEMO-4"].contains { all.contains($0) }, "\(release)")
        let arrivals = try shop.ledger(["arrivals"])
        #expect(arrivals.filter { $0.contains("state=\"guarded\"") }.count == 1, "\(arrivals)")
        let whole = try shop.run("held", "release", "--arrival", "2", "--because", "it is right", "-w", shop.root)
        #expect(whole.end == .exit(0), "\(whole)")
        var carrier = FetchingCarrier()
        try carrier.fetch(shop)
        #expect(carrier.values("Key") == ["DEMO-1", "DEMO-2", "DEMO-3", "DEMO-4"], "\(whole)")
    }

    @Test func anOrderWithoutADateCountsAsOld() throws {
        let shop = try Rehearsal(settings: Rehearsal.settings(guards: "hold orders older than: 10 days"))
        try shop.drop(
            Export.header + Export.order("#1", created: "") + Export.order("#2") + Export.order("#3", created: "2026-09-01 10:15:00 +0300"),
            as: "orders.csv")
        _ = try shop.gateway().run()
        #expect(try held(shop).map { [$0["reference"], $0["code"]] } == [["#1", "guard.order.old"], ["#3", "guard.order.old"]])
        var carrier = FetchingCarrier()
        try carrier.fetch(shop)
        #expect(carrier.values("Key") == ["DEMO-2"])
    }

    @Test func afterARestoreUnknownOrdersStayHeldUntilItIsEnded() throws {
        let shop = try Rehearsal()
        try shop.drop(Export.header + Export.order("#1"), as: "monday.csv")
        _ = try shop.gateway().run()
        let backup = try Rehearsal(copyOf: shop)
        try shop.drop(Export.header + Export.order("#2"), as: "tuesday.csv")
        _ = try shop.gateway().run()
        try FileManager.default.removeItem(atPath: shop.root + "/state")
        try FileManager.default.copyItem(atPath: backup.root + "/state", toPath: shop.root + "/state")
        try shop.drop(Export.header + Export.order("#2"), as: "wednesday.csv")
        #expect(try shop.gateway(["--hold-unknown"]).run().end == .exit(0))
        #expect(documents(shop).count == 2)
        try shop.drop(Export.header + Export.order("#3"), as: "thursday.csv")
        let plain = try shop.gateway().run()
        #expect(plain.end == .exit(0), "\(plain.errors)")
        #expect(try held(shop).map { [$0["reference"], $0["code"]] } == [["#2", "guard.ledger.older"], ["#3", "guard.ledger.older"]])
        let retry = try shop.run("held", "retry", "--all", "-w", shop.root)
        #expect(retry.end == .exit(0) && retry.output.contains("0 shipped now"), "\(retry)")
        #expect(documents(shop).count == 2)
        // Somebody saw in the outbox that #2 has left.
        _ = try shop.run("held", "drop", "#2", "--because", "it is in the outbox", "-w", shop.root)
        let ended = try shop.run("held", "release", "--restored", "--because", "all is settled", "-w", shop.root)
        #expect(ended.output == "Orders that the ledger does not know may ship again.\n", "\(ended)")
        _ = try shop.run("held", "retry", "--all", "-w", shop.root)
        var carrier = FetchingCarrier()
        try carrier.fetch(shop)
        #expect(carrier.values("Key") == ["DEMO-1", "DEMO-2", "DEMO-3"])
    }

    @Test func aBaselineCountsOrdersThatTheMappingHolds() throws {
        let shop = try Rehearsal()
        let old = shop.folder.path("old.csv")
        try Data((Export.header + Export.order("#1", quantity: "1.5") + Export.order("#2")).utf8).write(to: URL(fileURLWithPath: old))
        let baseline = try shop.run("baseline", "--flow", "shopify", old, "-w", shop.root)
        #expect(baseline.end == .exit(0), "\(baseline)")
        #expect(try held(shop).isEmpty)
        try shop.drop(Export.header + Export.order("#1", quantity: "2") + Export.order("#2") + Export.order("#3"), as: "orders.csv")
        _ = try shop.gateway().run()
        _ = try shop.run("held", "retry", "--all", "-w", shop.root)
        var carrier = FetchingCarrier()
        try carrier.fetch(shop)
        #expect(carrier.values("Key") == ["DEMO-3"])
    }

    @Test func aReferenceOfTwoFlowsIsDroppedInNeither() throws {
        let shop = try Rehearsal()
        try shop.drop(Export.header + Export.order("#1", quantity: "1.5"), as: "orders.csv")
        try shop.drop(Export.header + Export.order("#1", quantity: "1.5"), as: "orders.csv", flow: "singles")
        _ = try shop.gateway().run()
        #expect(try held(shop).count == 2)
        let refused = try shop.run("held", "drop", "#1", "--because", "x", "-w", shop.root)
        #expect(refused.end != .exit(0), "\(refused)")
        #expect(
            refused.errors.contains("demo/shopify, demo/singles") && refused.errors.contains("[order.reference.ambiguous]"), "\(refused)")
        #expect(try held(shop).count == 2)
        let named = try shop.run("held", "drop", "#1", "--because", "x", "--flow", "demo/singles", "-w", shop.root)
        #expect(named.output == "Dropped 1 held order.\n", "\(named)")
        #expect(try held(shop).map { $0["flow"] } == ["demo/shopify"])
    }

    @Test func aHalfFileIsGivenUpAndKept() throws {
        let settings = Rehearsal.settings.replacingOccurrences(
            of: "        key prefix: DEMO-\n", with: "        key prefix: DEMO-\n        give up after: 1 ms\n")
        let shop = try Rehearsal(settings: settings)
        let half = Export.header + Export.order("#1") + "#2,elif@example.com,paid"
        try shop.drop(half, as: "half.csv")
        // Whether the first look already gives it up, or only a later one, is a matter of milliseconds.
        let end = Date(timeIntervalSinceNow: 20)
        while !shop.names(in: "inbox/merchants/demo/shopify").isEmpty, Date() < end { _ = try shop.gateway().run() }
        #expect(documents(shop).isEmpty)
        let kept = try #require(shop.names(in: "state/held").first)
        #expect(shop.text("state/held/" + kept) == half)
        let receipt = try #require(shop.names(in: "outbox/merchants/demo/receipts").first)
        let rows = CSVRows.read(shop.text("outbox/merchants/demo/receipts/" + receipt))
        #expect(rows.count == 1 && rows.first?["status"] == "refused", "\(rows)")
        #expect(try shop.ledger(["arrivals"]).allSatisfy { $0.contains("state=\"refused\"") })
    }
}
