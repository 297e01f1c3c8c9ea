import Foundation
import GatewayTesting
import Testing

/// Orders' ways through the real program, as a merchant and an operator see them.
struct JourneyTests {
    /// The receipt's rows of an arrival, the newest revision, as cells by heading.
    private func receipt(_ rehearsal: Rehearsal, _ file: String) throws -> [[String: String]] {
        let folder = "outbox/merchants/demo/receipts"
        let names = rehearsal.names(in: folder).filter { $0.hasPrefix(file) }
        let name = try #require(
            names.max { ($0.utf8.count, $0) < ($1.utf8.count, $1) }, "no receipt of \(file): \(rehearsal.names(in: folder))")
        return CSVRows.read(rehearsal.text(folder + "/" + name))
    }

    private func documents(_ rehearsal: Rehearsal, _ carrier: String = "dropgate-manifest") -> [String] {
        rehearsal.names(in: "outbox/carriers/\(carrier)/main").map { rehearsal.text("outbox/carriers/\(carrier)/main/\($0)") }
    }

    @Test func anOrderShipsAndItsRowIsAnswered() throws {
        let shop = try Rehearsal()
        try shop.drop(Export.header + Export.order("#1") + Export.line("#1", sku: "SOAP"), as: "orders.csv")
        let end = try shop.gateway().run()
        #expect(end.end == .exit(0), "\(end.errors)")
        let all = documents(shop)
        #expect(all.count == 1)
        #expect(all.first?.contains("Elif Örnek") == true && all.first?.contains("SOAP") == true)
        let rows = try receipt(shop, "orders")
        #expect(rows.map { $0["status"] } == ["shipped", "shipped"])
        #expect(rows.map { $0["carrier"] } == ["dropgate-manifest", "dropgate-manifest"])
        #expect(rows.map { $0["Lineitem sku"] } == ["TWL", "SOAP"])
    }

    @Test func theSameBytesShipOnce() throws {
        let shop = try Rehearsal()
        let text = Export.header + Export.order("#1")
        try shop.drop(text, as: "monday.csv")
        _ = try shop.gateway().run()
        try shop.drop(text, as: "tuesday.csv")
        let end = try shop.gateway().run()
        #expect(end.errors.contains("\"unchanged\":\"1\""), "\(end.errors)")
        #expect(documents(shop).count == 1)
        #expect(try receipt(shop, "tuesday").first?["status"] == "same file again")
    }

    @Test func aCumulativeExportShipsOnlyWhatIsNew() throws {
        let shop = try Rehearsal()
        try shop.drop(Export.header + Export.order("#1"), as: "monday.csv")
        _ = try shop.gateway().run()
        try shop.drop(Export.header + Export.order("#1") + Export.order("#2"), as: "tuesday.csv")
        _ = try shop.gateway().run()
        #expect(try receipt(shop, "tuesday").map { $0["status"] } == ["already shipped", "shipped"])
        #expect(documents(shop).count == 2)
    }

    @Test func aChangeAfterShippingIsHeldAndTold() throws {
        let shop = try Rehearsal()
        try shop.drop(Export.header + Export.order("#1"), as: "monday.csv")
        _ = try shop.gateway().run()
        try shop.drop(Export.header + Export.order("#1", person: "Ayşe Örnek"), as: "tuesday.csv")
        _ = try shop.gateway().run()
        let row = try #require(try receipt(shop, "tuesday").first)
        #expect(row["status"] == "held")
        #expect(row["problem"]?.contains("the consignee") == true, "\(row)")
        #expect(documents(shop).count == 1)
        let list = try shop.run("held", "list", "-w", shop.root)
        #expect(list.output.contains("#1") && list.output.contains("order.changed"), "\(list)")
        _ = try shop.run("held", "drop", "#1", "--because", "changed at the carrier", "-w", shop.root)
        #expect(try shop.run("held", "list", "-w", shop.root).output == "No order is held.\n")
    }

    @Test func aQuantityOpenAnewIsASecondConsignment() throws {
        let shop = try Rehearsal()
        try shop.drop(Export.header + Export.order("#1"), as: "monday.csv")
        _ = try shop.gateway().run()
        try shop.drop(Export.header + Export.order("#1") + Export.line("#1", sku: "SOAP"), as: "tuesday.csv")
        _ = try shop.gateway().run()
        let second = try #require(documents(shop).first { $0.contains("SOAP") })
        #expect(!second.contains("TWL") && second.contains("DEMO-1-2"), "\(second)")
    }

    @Test func aCorrectedReceiptSendsOnlyWhatFailed() throws {
        let shop = try Rehearsal()
        try shop.drop(Export.header + Export.order("#1") + Export.order("#2", quantity: "1.5", postcode: "01234"), as: "orders.csv")
        _ = try shop.gateway().run()
        #expect(documents(shop).count == 1)
        let name = try #require(shop.names(in: "outbox/merchants/demo/receipts").first)
        let text = shop.text("outbox/merchants/demo/receipts/" + name)
        // Corrected in a spreadsheet, which also drops the zero of the postcode.
        try shop.drop(
            text.replacingOccurrences(of: ",1.5,", with: ",2,").replacingOccurrences(of: ",01234,", with: ",1234,"), as: "corrected.csv")
        _ = try shop.gateway().run()
        let all = documents(shop)
        #expect(all.count == 2)
        let second = try #require(all.first { $0.contains("DEMO-2") })
        #expect(second.contains("01234") && !second.contains("DEMO-1<"), "\(second)")
        #expect(try receipt(shop, "corrected").map { $0["status"] } == ["already shipped", "shipped"])
    }

    @Test func rowsOfAnOrderThatStandApartAreBroughtTogether() throws {
        let shop = try Rehearsal()
        try shop.drop(
            Export.header + Export.order("#1") + Export.order("#2") + Export.line("#1", sku: "SOAP") + Export.order("#3"), as: "sorted.csv")
        let end = try shop.gateway().run()
        #expect(end.end == .exit(0), "\(end.errors)")
        let all = documents(shop).joined()
        #expect(all.components(separatedBy: "SOAP").count == 2)
        #expect(all.components(separatedBy: "DEMO-1<").count >= 2)
        let rows = try receipt(shop, "sorted")
        #expect(rows.map { $0["Name"] } == ["#1", "#2", "#1", "#3"])
        #expect(rows.map { $0["status"] } == ["shipped", "shipped", "shipped", "shipped"])
    }

    @Test func testModeLeavesTheOutboxAlone() throws {
        let shop = try Rehearsal(settings: Rehearsal.settings.replacingOccurrences(of: "mode: live", with: "mode: test"))
        try shop.drop(Export.header + Export.order("#1"), as: "orders.csv")
        _ = try shop.gateway().run()
        #expect(shop.names(in: "outbox/carriers").isEmpty)
        #expect(shop.names(in: "outbox-test/carriers/dropgate-manifest/main").count == 1)
        #expect(shop.names(in: "outbox-test/merchants/demo/receipts").count == 1)
    }

    @Test func aLargeFileWaitsForItsRelease() throws {
        let settings = Rehearsal.settings(guards: "hold files with more new orders than: 2")
        let shop = try Rehearsal(settings: settings)
        try shop.drop(Export.header + Export.order("#1") + Export.order("#2") + Export.order("#3"), as: "orders.csv")
        _ = try shop.gateway().run()
        #expect(documents(shop).isEmpty)
        #expect(try receipt(shop, "orders").first?["status"] == "held")
        let release = try shop.run("held", "release", "--arrival", "1", "--because", "it is right", "-w", shop.root)
        #expect(release.output.contains("3 shipped now"), "\(release)")
        #expect(documents(shop).count == 2)
    }

    @Test func aBaselineShipsNothingNowOrLater() throws {
        let shop = try Rehearsal()
        let old = shop.folder.path("old.csv")
        try Data((Export.header + Export.order("#1")).utf8).write(to: URL(fileURLWithPath: old))
        let baseline = try shop.run("baseline", "--flow", "shopify", old, "-w", shop.root)
        #expect(baseline.end == .exit(0), "\(baseline)")
        try shop.drop(Export.header + Export.order("#1") + Export.order("#2"), as: "orders.csv")
        _ = try shop.gateway().run()
        #expect(try receipt(shop, "orders").map { $0["status"] } == ["shipped elsewhere (baseline)", "shipped"])
        #expect(documents(shop).count == 1)
    }

    @Test func twoShopsWithTheSameKeyAreToldApart() throws {
        let settings = Rehearsal.settings.replacingOccurrences(of: "carrier: mng", with: "carrier: dropgate-manifest")
            .replacingOccurrences(of: "key prefix: S-", with: "key prefix: DEMO-")
        let shop = try Rehearsal(settings: settings)
        try shop.drop(Export.header + Export.order("#1"), as: "orders.csv")
        _ = try shop.gateway().run()
        try shop.drop(Export.header + Export.order("#1"), as: "other.csv", flow: "singles")
        _ = try shop.gateway().run()
        let row = try #require(try receipt(shop, "other").first)
        #expect(row["durum"] == "bekletildi", "\(row)")
        #expect(try shop.run("held", "list", "-w", shop.root).output.contains("order.key.taken"))
    }

    @Test func aSecondRunIsRefusedWithTheFirstOnesNumber() async throws {
        let shop = try Rehearsal()
        let first = Process()
        first.executableURL = URL(fileURLWithPath: Rehearsal.binary)
        first.arguments = ["run", "-w", shop.root]
        first.standardError = FileHandle.nullDevice
        try first.run()
        defer {
            first.terminate()
            first.waitUntilExit()
        }
        while shop.text("state/lock").isEmpty { await Task.yield() }
        let second = try shop.gateway().run()
        #expect(second.end == .exit(75), "\(second)")
        #expect(second.errors.contains("Process \(first.processIdentifier), started "), "\(second.errors)")
    }

    @Test func anOlderLedgerThanItsOutboxIsRefused() throws {
        let shop = try Rehearsal()
        try shop.drop(Export.header + Export.order("#1"), as: "monday.csv")
        _ = try shop.gateway().run()
        let backup = try Rehearsal(copyOf: shop)
        try shop.drop(Export.header + Export.order("#2"), as: "tuesday.csv")
        _ = try shop.gateway().run()
        try FileManager.default.removeItem(atPath: shop.root + "/state")
        try FileManager.default.copyItem(atPath: backup.root + "/state", toPath: shop.root + "/state")
        try shop.drop(Export.header + Export.order("#2"), as: "wednesday.csv")
        let refused = try shop.gateway().run()
        #expect(refused.end == .exit(78), "\(refused)")
        #expect(refused.errors.contains("[state.ledger.older]"))
        #expect(documents(shop).count == 2)
        let held = try shop.gateway(["--hold-unknown"]).run()
        #expect(held.end == .exit(0), "\(held.errors)")
        #expect(documents(shop).count == 2)
        #expect(try shop.run("held", "list", "-w", shop.root).output.contains("guard.ledger.older"))
    }

    @Test func secretsEnterWhenADocumentIsPublishedAndNowhereElse() throws {
        let settings =
            Rehearsal.settings
            .replacingOccurrences(of: "carrier: mng", with: "waybill: reference\n        carrier: aras")
            .replacingOccurrences(
                of: "  mng: { main: {} }",
                with: "  aras: { main: { secrets: { username: \"env:CANARY_USER\", password: \"env:CANARY_PASSWORD\" } } }")
        let shop = try Rehearsal(settings: settings)
        try shop.drop(Export.header + Export.order("#1"), as: "orders.csv", flow: "singles")
        var gateway = shop.gateway()
        gateway.environment["CANARY_USER"] = "canary-user"
        gateway.environment["CANARY_PASSWORD"] = "canary<&>word"
        let end = try gateway.run()
        #expect(end.end == .exit(0), "\(end.errors)")
        let document = try #require(documents(shop, "aras").first, "\(end.errors)")
        #expect(document.contains("canary-user") && document.contains("canary&lt;&amp;&gt;word"))
        for (path, data) in try shop.everything() where !path.hasPrefix("outbox/carriers/") {
            #expect(data.range(of: Data("canary".utf8)) == nil, "\(path) holds a secret")
        }
        #expect(!end.errors.contains("canary-") && !end.output.contains("canary-"))
    }
}

extension Rehearsal {
    /// Every file of the workspace.
    func everything() throws -> [String: Data] {
        var files: [String: Data] = [:]
        for case let path as String in FileManager.default.enumerator(atPath: root) ?? FileManager.DirectoryEnumerator() {
            if let data = FileManager.default.contents(atPath: root + "/" + path) { files[path] = data }
        }
        return files
    }
}

/// A plain reader of small CSV files, independent of the product's.
enum CSVRows {
    static func read(_ text: String) -> [[String: String]] {
        var records: [[String]] = []
        var record: [String] = []
        var cell = ""
        var isQuoted = false
        var rest = Substring(text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text).unicodeScalars
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"":
                if isQuoted, rest.first == "\"" {
                    rest.removeFirst()
                    cell += "\""
                } else {
                    isQuoted.toggle()
                }
            case "," where !isQuoted:
                record.append(cell)
                cell = ""
            case "\n" where !isQuoted:
                records.append(record + [cell])
                record = []
                cell = ""
            case "\r" where !isQuoted: break
            default: cell.unicodeScalars.append(scalar)
            }
        }
        guard let header = records.first else { return [] }
        return records.dropFirst().map { Dictionary(zip(header, $0), uniquingKeysWith: { $1 }) }
    }
}
