import GatewayCore
import GatewayFormats
import Testing

@Suite struct ReadTableTests {
    @Test func cellsKnowTheirPlace() throws {
        let text = "# codes\r\ncode,meaning\r\n\r\n# \"not\" read\r\nTR,\"Türkiye, or\nTurkey\"\r\n DE , Germany"
        let table = try readTable(Array(text.utf8), file: "countries.csv")
        #expect(table.map { $0.map(\.text) } == [["code", "meaning"], ["TR", "Türkiye, or\nTurkey"], ["DE", "Germany"]])
        #expect(table[1][1].place == Place(file: "countries.csv", line: 5, column: 4))
        #expect(table[2][1].place == Place(file: "countries.csv", line: 7, column: 6))
    }

    @Test func anUnclosedQuoteIsSaidWithItsLine() {
        let text = sentence { () throws(Finding) in _ = try readTable(Array("a,b\n1,\"x\n".utf8), file: "t.csv") }
        #expect(
            text == """
                t.csv:2:3: found nothing, expected a closing quote before the end of the file.
                Wait until the file is whole, or close the quote that opens in this row. [read.quote.unclosed]
                """)
    }

    @Test func anEmptyTable() {
        let text = sentence { () throws(Finding) in _ = try readTable(Array("# nothing\n".utf8), file: "t.csv") }
        #expect(
            text == """
                t.csv: found nothing, expected a heading line and rows below it.
                Export the file again; if it stays empty there is nothing to send. [read.file.empty]
                """)
    }
}
