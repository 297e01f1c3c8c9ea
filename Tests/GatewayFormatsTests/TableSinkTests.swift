import GatewayCore
import GatewayTesting
import Glibc
import Testing

@testable import GatewayFormats

/// What a layout gives is what a reader of delimited text finds.
@Suite struct TableSinkTests {
    private func table(
        limits: IntakeLimits = IntakeLimits(), _ fill: (inout TableSink) throws(Finding) -> Void
    ) throws -> String {
        let folder = try TemporaryFolder()
        let path = folder.path + "/table"
        let descriptor = try FileIO.create(path, shown: "table")
        defer { close(descriptor) }
        var sink = TableSink(descriptor, file: "orders.json", limits: limits)
        try fill(&sink)
        try sink.finish()
        return String(decoding: try FileIO.contents(path, shown: "table"), as: UTF8.self)
    }

    @Test func quotesWhatNeedsQuotes() throws {
        let text = try table { sink throws(Finding) in
            for cell in ["plain", "a,b", "say \"hi\"", "two\nlines", "", " blank before"] { try sink.cell(cell) }
            try sink.endRow()
        }
        #expect(text == "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",,\" blank before\"\n")
    }

    @Test func keepsTheRowsThatAPersonSees() throws {
        let text = try table { sink throws(Finding) in
            try sink.skip(to: 2)
            try sink.cell("Name")
            try sink.cell("City")
            try sink.endRow()
            #expect(sink.row == 3)
            try sink.emptyCell()
            try sink.emptyCell()
            try sink.endRow()
            try sink.skip(to: 5)
            try sink.cell("A")
            try sink.endRow()
        }
        #expect(text == "\nName,City\n\n\nA\n")
    }

    @Test func refusesCellsAndRowsPastTheLimits() throws {
        var limits = IntakeLimits()
        limits.field = 4
        limits.record = 6
        #expect {
            _ = try table(limits: limits) { sink throws(Finding) in try sink.cell("12345") }
        } throws: { ($0 as? Finding)?.sentence().hasPrefix("orders.json:1: column 1: found \"5 bytes\", expected") == true }
        #expect {
            _ = try table(limits: limits) { sink throws(Finding) in
                try sink.cell("1234")
                try sink.cell("12")
                try sink.endRow()
            }
        } throws: { ($0 as? Finding)?.code == .recordLong }
    }

    @Test(arguments: [
        ("PK\u{3}\u{4}…", SourceShape.workbook), ("\u{FEFF}  <?xml", .xml), ("\n{\"orders\":", .json), ("[", .json),
        ("Name,City", .text), ("", .text),
    ])
    func tellsTheShapeByContent(_ start: String, _ shape: SourceShape) { #expect(SourceShape.of(Array(start.utf8)) == shape) }

    @Test func tellsTheShapeOfUTF16() { #expect(SourceShape.of([0xFF, 0xFE, 0x3C, 0x00]) == .xml) }

    @Test(arguments: [(1, 17, "A17"), (26, 2, "Z2"), (27, 2, "AA2"), (28, 17, "AB17"), (702, 1, "ZZ1"), (703, 1, "AAA1")])
    func namesCellsAsSpreadsheetsDo(_ column: Int, _ row: Int, _ cell: String) {
        #expect(Place.row(row, column: column).cell == cell)
    }

    @Test func namesTheSheet() {
        var finding = Finding(.rowsNone, at: .row(17, column: 28, name: "Barkod", file: "orders.xlsx"))
        finding.place.part = "Siparişler"
        #expect(finding.placeText() == "orders.xlsx: sheet \"Siparişler\": AB17 \"Barkod\"")
        #expect(finding.placeText(in: .turkish) == "orders.xlsx: sayfa \"Siparişler\": AB17 \"Barkod\"")
    }
}
