import Foundation
import GatewayTesting
import Testing

/// An export whose headings changed: what the gateway and the commands say before orders are lost.
struct HeaderDriftTests {
    /// One more column than usual, at the end; of a cancelled order.
    private func cancelled(_ heading: String) -> String {
        let rows = Export.header + Export.order("#1")
        let ends = [heading, "2026-11-21 10:00:00 +0300"]
        return zip(rows.split(separator: "\n"), ends).map { $0 + "," + $1 + "\n" }.joined()
    }

    @Test func aCancelledOrderDoesNotShipUnderARenamedHeading() throws {
        let shop = try Rehearsal()
        try shop.drop(cancelled("Cancelled at"), as: "monday.csv")
        try shop.drop(cancelled("Canceled at"), as: "tuesday.csv")
        let end = try shop.gateway().run()
        #expect(end.errors.contains("\"code\":\"read.header.renamed\""), "\(end.errors)")
        #expect(shop.names(in: "outbox/carriers/dropgate-manifest/main").isEmpty)
        let folder = "outbox/merchants/demo/receipts"
        let receipts = shop.names(in: folder).sorted()
        #expect(receipts.count == 2)
        let rows = receipts.flatMap { CSVRows.read(shop.text(folder + "/" + $0)) }
        #expect(rows.compactMap { $0["status"] } == ["skipped", "refused"])
        #expect(
            rows.last?["problem"]
                == "tuesday.csv:1: found \"Canceled at\", expected the column \"Cancelled at\" (read by: skip when).")
    }

    /// Named once for files of the same headings; and nothing is stopped.
    @Test func whatIsMissingIsSaidOnce() throws {
        let shop = try Rehearsal()
        try shop.drop(Export.header + Export.order("#1"), as: "monday.csv")
        try shop.drop(Export.header + Export.order("#2"), as: "tuesday.csv")
        let errors = try shop.gateway().run().errors
        #expect(errors.components(separatedBy: "\"code\":\"mapping.columns.absent\"").count == 2, "\(errors)")
        #expect(errors.contains("expected all columns that shopify-admin reads; missing: \\\""), "\(errors)")
        #expect(shop.names(in: "outbox/carriers/dropgate-manifest/main").filter { $0.hasSuffix(".xml") }.count == 2)
    }

    @Test func checkHoldsAFileAgainstItsProfile() throws {
        let shop = try Rehearsal()
        let fit = try shop.folder.write(Export.header.replacing("Email", with: "Newsletter") + Export.order("#1"), to: "fit.csv")
        let said = try shop.run("check", "--against", fit, "-w", shop.root)
        #expect(said.end == .exit(0), "\(said)")
        #expect(said.output.hasPrefix("Flow demo/shopify, profile shopify-admin.\n"), "\(said.output)")
        #expect(
            said.output.contains("found nothing, expected the column \"Cancelled at\" (read by: skip when).\n"), "\(said.output)")
        #expect(said.output.hasSuffix("Columns that nothing reads: Newsletter.\n"), "\(said.output)")
        let lines = try shop.run("check", "--against", fit, "--flow", "singles", "--format", "json", "-w", shop.root).output
        #expect(
            lines.split(separator: "\n").allSatisfy { $0.hasPrefix("{") && $0.contains("mapping.column.absent") } && !lines.isEmpty,
            "\(lines)")
    }

    @Test func checkSaysWhatIsRenamed() throws {
        let shop = try Rehearsal()
        let file = try shop.folder.write(cancelled("Canceled at"), to: "drifted.csv")
        let said = try shop.run("check", "--against", file, "-w", shop.root)
        #expect(said.end != .exit(0))
        #expect(said.errors.contains("drifted.csv:1: found \"Canceled at\"") && said.errors.contains("[read.header.renamed]"), "\(said)")
    }
}
