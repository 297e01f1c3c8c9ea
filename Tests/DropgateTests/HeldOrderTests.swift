import Foundation
import GatewayTesting
import Testing

/// Held orders one by one: what is shown of them, and that running one again leaves the others alone.
struct HeldOrderTests {
    private func held(_ shop: Rehearsal) throws -> [String] {
        try shop.run("held", "list", "--format", "json", "-w", shop.root).output.split(separator: "\n").map { line in
            let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            return "\(object["reference"] ?? "") \(object["code"] ?? "") of \(object["arrival"] ?? "")"
        }
    }

    private func keys(_ shop: Rehearsal) throws -> [String] {
        var carrier = FetchingCarrier()
        try carrier.fetch(shop)
        return carrier.values("Key")
    }

    /// A mapping that takes any quantity, so that what was held for it may go.
    private func takeAnyQuantity(_ shop: Rehearsal) throws {
        let path = shop.root + "/mappings/channels/shopify-admin.yaml"
        let text = shop.text("mappings/channels/shopify-admin.yaml")
        let mended = text.replacingOccurrences(of: "quantity: Lineitem quantity | whole number", with: "quantity: always \"1\"")
        #expect(mended != text)
        try Data(mended.utf8).write(to: URL(fileURLWithPath: path))
    }

    private func shopWithThreeHeld() throws -> Rehearsal {
        let shop = try Rehearsal()
        try shop.drop(
            Export.header + Export.order("#1", quantity: "1.5") + Export.order("#2") + Export.order("#3", quantity: "2.5")
                + Export.order("#4", phone: "garbage", country: "") + Export.order("#5", status: "voided"), as: "orders.csv")
        _ = try shop.gateway().run()
        #expect(try held(shop).map { $0.prefix(2) } == ["#1", "#3", "#4"])
        return shop
    }

    @Test func retryingOneOrderLeavesTheOthersAsTheyAre() throws {
        let shop = try shopWithThreeHeld()
        try takeAnyQuantity(shop)
        let before = try held(shop)
        let retry = try shop.run("held", "retry", "#3", "-w", shop.root)
        #expect(retry.end == .exit(0) && retry.output.contains("orders.csv: 1 orders, 1 shipped now, 0 held"), "\(retry)")
        #expect(try held(shop) == [before[0], before[2]])
        // The receipt of this run speaks of this order only.
        let name = try #require(shop.names(in: "outbox/merchants/demo/receipts").first { $0.contains(".r2.") })
        let rows = CSVRows.read(shop.text("outbox/merchants/demo/receipts/" + name))
        #expect(rows.map { [$0["Name"], $0["status"]] } == [["#3", "shipped"]])
        let status = try shop.run("status", "--format", "json", "-w", shop.root).output
        #expect(
            status.contains("\"orders\":5,\"shipped\":2,\"held\":2,\"skipped\":1,\"shipped before\":0"), "\(status)")
        // Corrected in that receipt and dropped: the file's other rows are the original's.
        #expect(try keys(shop) == ["DEMO-2", "DEMO-3"])
    }

    /// A repaired cell ships its order, and the receipt's row says what was taken; a file that had to be grouped leaves no scratch folder.
    @Test func whatWasRepairedIsSaidInTheReceipt() throws {
        let shop = try Rehearsal()
        try shop.drop(
            Export.header + Export.order("#1", person: "AyÅŸe Ã–rnek") + Export.order("#2", postcode: "1010")
                + Export.line("#1", sku: "SOAP") + Export.order("#3"), as: "orders.csv")
        let preview = try shop.run("preview", shop.root + "/inbox/merchants/demo/shopify/orders.csv", "-w", shop.root)
        #expect(preview.output.contains("Character set UTF-8, because all of it is UTF-8."), "\(preview)")
        #expect(try shop.gateway().run().end == .exit(0))
        let name = try #require(shop.names(in: "outbox/merchants/demo/receipts").first)
        let rows = CSVRows.read(shop.text("outbox/merchants/demo/receipts/" + name))
        #expect(rows.map { $0["status"] } == ["shipped", "shipped", "shipped", "shipped"])
        #expect(
            rows.map { $0["problem"] } == [
                "orders.csv:2: column 14 \"Shipping Name\": found \"AyÅŸe Ã–rnek\", expected \"Ayşe Örnek\", which was taken instead.",
                "orders.csv:3: column 17 \"Shipping Zip\": found \"1010\", expected \"01010\", which was taken instead.",
                "orders.csv:2: column 14 \"Shipping Name\": found \"AyÅŸe Ã–rnek\", expected \"Ayşe Örnek\", which was taken instead.",
                "",
            ])
        #expect(shop.names(in: "state/scratch") == [])
    }

    @Test func retryBecauseTakesThoseWithTheCode() throws {
        let shop = try shopWithThreeHeld()
        try takeAnyQuantity(shop)
        let code = try #require(held(shop).first?.split(separator: " ")[1])
        let retry = try shop.run("held", "retry", "--because", String(code), "-w", shop.root)
        #expect(retry.output.contains("2 orders, 2 shipped now"), "\(retry)")
        #expect(try held(shop).map { $0.prefix(2) } == ["#4"])
    }

    @Test func aRetryThatIsKilledLeavesTheOrderHeldOrShipsItOnce() throws {
        let start = try shopWithThreeHeld()
        try takeAnyQuantity(start)
        func retry(_ shop: Rehearsal) -> CrashRun {
            CrashRun(Rehearsal.binary, ["held", "retry", "#3", "-w", shop.root], environment: Rehearsal.clock)
        }
        let calm = try Rehearsal(copyOf: start)
        let outcome = try retry(calm).run()
        let expected = try keys(calm)
        for step in 1...outcome.calls {
            let disturbed = try Rehearsal(copyOf: start)
            #expect(try retry(disturbed).run(.killAfter(step)).wasKilled(at: step), "step \(step)")
            if step % 2 == 0 { _ = try disturbed.gateway().run() }
            #expect(try retry(disturbed).run().end == .exit(0), "step \(step)")
            #expect(try disturbed.gateway().run().end == .exit(0), "step \(step)")
            #expect(try held(disturbed).map { $0.prefix(2) } == ["#1", "#4"], "step \(step)")
            #expect(try keys(disturbed) == expected, "step \(step)")
        }
    }

    /// A retry that is asked for while the file's first run is cut short loses none of the file's other orders.
    @Test func aRetryAfterACutFirstRunLosesNoOrder() throws {
        let start = try Rehearsal()
        try start.drop(Export.header + Export.order("#1", quantity: "1.5") + Export.order("#2") + Export.order("#3"), as: "orders.csv")
        let calm = try Rehearsal(copyOf: start)
        let outcome = try calm.gateway().run()
        let (expected, waiting) = (try keys(calm), try held(calm))
        #expect(expected == ["DEMO-2", "DEMO-3"])
        for step in stride(from: 1, through: outcome.calls, by: 2) {
            let disturbed = try Rehearsal(copyOf: start)
            #expect(try disturbed.gateway().run(.killAfter(step)).wasKilled(at: step), "step \(step)")
            _ = try disturbed.run("held", "retry", "#1", "-w", disturbed.root)
            #expect(try disturbed.gateway().run().end == .exit(0), "step \(step)")
            #expect(try keys(disturbed) == expected, "step \(step)")
            #expect(try held(disturbed) == waiting, "step \(step)")
        }
    }

    @Test func aChangedOrderShowsWhatDiffersAndThatItLeft() throws {
        let shop = try Rehearsal()
        try shop.drop(Export.header + Export.order("#1"), as: "monday.csv")
        _ = try shop.gateway().run()
        try shop.drop(Export.header + Export.order("#1", person: "Ayşe Örnek", postcode: "34711"), as: "tuesday.csv")
        _ = try shop.gateway().run()
        let show = try shop.run("held", "show", "#1", "-w", shop.root)
        #expect(show.output.contains("It left before: arrival 1, "), "\(show)")
        #expect(
            show.output.contains(
                """
                What differs:
                  field               left with   now
                  consignee.name      Elif Örnek  Ayşe Örnek
                  consignee.postcode  34710       34711

                """), "\(show)")
        let list = try shop.run("held", "list", "-w", shop.root)
        #expect(list.output.contains("left before\n") && list.output.contains("order.changed.left  arrival 1, "), "\(list)")
        // Its original is purged: what differs is still said, by what the ledger keeps.
        try FileManager.default.removeItem(atPath: shop.root + "/state/archive/1")
        let later = try shop.run("held", "show", "#1", "-w", shop.root)
        #expect(later.output.contains("its values can't be shown.\nWhat differs: the consignee.\n"), "\(later)")
    }

    @Test func aReceiptThatMakesALeftOrderUnreadableSaysThatItLeft() throws {
        let shop = try Rehearsal()
        try shop.drop(Export.header + Export.order("#1"), as: "monday.csv")
        _ = try shop.gateway().run()
        try shop.drop(Export.header + Export.order("#1", quantity: "2.5"), as: "tuesday.csv")
        _ = try shop.gateway().run()
        let list = try shop.run("held", "list", "--format", "json", "-w", shop.root).output
        #expect(list.contains("\"left\":{\"arrival\":1,"), "\(list)")
    }

    @Test func aRefusedFileHidesNoHeldOrder() throws {
        let shop = try Rehearsal()
        try shop.drop(Export.header + Export.order("#1", quantity: "1.5"), as: "a-monday.csv")
        _ = try shop.gateway().run()
        let before = try held(shop)
        #expect(before.count == 1)
        // The file ends in an order of too many rows: it is refused when the first batches are judged already.
        let many = (2...4000).map { Export.order("#\($0)") }.joined()
        let tooMany = Export.order("#5000") + (1...5000).map { Export.line("#5000", sku: "S\($0)") }.joined()
        try shop.drop(Export.header + Export.order("#1", quantity: "2.5") + many + tooMany, as: "b-tuesday.csv")
        _ = try shop.gateway().run()
        #expect(try shop.ledger(["arrivals"]).last?.contains("state=\"refused\"") == true)
        #expect(try held(shop) == before)
        #expect(try shop.run("trace", "#1", "-w", shop.root).output.components(separatedBy: ": held").count == 2)
    }

    @Test func everyHoldIsTraced() throws {
        let shop = try Rehearsal()
        for (name, quantity) in [("monday", "1.5"), ("tuesday", "2.5"), ("wednesday", "1")] {
            try shop.drop(Export.header + Export.order("#1", quantity: quantity), as: name + ".csv")
            _ = try shop.gateway().run()
        }
        let steps = try shop.run("trace", "1", "-w", shop.root).output.split(separator: "\n").filter { $0.contains("  order #1") }
        #expect(steps.count == 3)
        for (step, word) in zip(steps, ["held", "held", "shipped"]) { #expect(step.contains(": \(word) (")) }
        for (step, file) in zip(steps, ["monday", "tuesday", "wednesday"]) { #expect(step.contains("file \(file).csv"), "\(step)") }
    }

    @Test func anEmptyRangeHoldsTheOrdersThatFindNoNumber() throws {
        let settings = Rehearsal.settings
            .replacingOccurrences(of: "carrier: mng", with: "waybill: range numbers\n        carrier: aras")
            .replacingOccurrences(
                of: "  mng: { main: {} }",
                with:
                    "  aras: { main: { secrets: { username: \"env:A_USER\", password: \"env:A_USER\" } } }\nranges:\n  numbers: { from: 7, to: 8 }"
            )
        let shop = try Rehearsal(settings: settings)
        try shop.drop(Export.header + (1...4).map { Export.order("#\($0)") }.joined(), as: "orders.csv", flow: "singles")
        var gateway = shop.gateway()
        gateway.environment["A_USER"] = "user"
        let outcome = try gateway.run()
        #expect(outcome.end == .exit(0), "\(outcome.errors)")
        #expect(try held(shop) == ["#3 ledger.range.empty of 1", "#4 ledger.range.empty of 1"], "\(outcome.errors)")
        let name = try #require(shop.names(in: "outbox/merchants/demo/receipts").first)
        let text = shop.text("outbox/merchants/demo/receipts/" + name)
        #expect(text.contains("numbers aralığında (7 - 8) boş bir numara"), "\(text)")
    }

    @Test func previewAppliesTheGuardsAndSaysSo() throws {
        let shop = try Rehearsal(
            settings: Rehearsal.settings(guards: "hold orders older than: 10 days, hold files with more new orders than: 2"))
        let file = shop.folder.path("orders.csv")
        let text =
            Export.header + Export.order("#0", created: "2026-09-01 10:15:00 +0300") + (1...3).map { Export.order("#\($0)") }.joined()
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        let preview = try shop.run("preview", file, "-w", shop.root)
        #expect(preview.end == .exit(0), "\(preview)")
        #expect(
            preview.output.contains(
                "Go-live guards of the flow: orders older than 10 d are held; a file with more than 2 new orders waits for its release."),
            "\(preview)")
        #expect(preview.output.contains("4 orders: 3 would ship, 1 would be held, 0 skipped."))
        #expect(preview.output.contains("[guard.order.old]") && preview.output.contains("[guard.file.new]"))
        #expect(try shop.run("status", "-w", shop.root).output.contains("Nothing was run here yet"))
    }
}
