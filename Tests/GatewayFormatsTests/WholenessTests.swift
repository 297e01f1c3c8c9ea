import GatewayCore
import GatewayFormats
import Testing

@Suite struct WholenessTests {
    private func look(_ bytes: [UInt8], format: String? = nil, limits: IntakeLimits = IntakeLimits()) throws -> String {
        let scratch = try Scratch()
        let source = FileSource(descriptor: try scratch.file("orders.csv", bytes), shown: "orders.csv", hashes: false, closes: true)
        _ = source
        let descriptor = try FileIO.openForReading(scratch.folder + "/orders.csv", shown: "orders.csv")
        let owner = FileSource(descriptor: descriptor, shown: "orders.csv", hashes: false)
        let found = try wholeness(
            descriptor: descriptor, size: Int64(bytes.count), file: "orders.csv", format: format, limits: limits)
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 16)
        defer { room.deallocate() }
        #expect(try owner.read(into: room) == min(16, bytes.count), "the descriptor's own position stays")
        return switch found {
        case .whole: "whole"
        case .notYet(let finding): finding.sentence()
        }
    }
    private func look(_ text: String, format: String? = nil, limits: IntakeLimits = IntakeLimits()) throws -> String {
        try look(Array(text.utf8), format: format, limits: limits)
    }

    @Test(arguments: [
        "a,b\n1,2\n", "a,b\n1,2", "a,b\r\n1,2\r\n\r\n", "a,b\n1,\"x\n\"", "a,b\n", "a,b\n1,2\n,\n", "a\n1", "a,b\n1\n1,2", "a,b\n1,2,3\n",
        "<a><b c='>'/><!-- <x> --><![CDATA[</a>]]></a>\n", "<?xml version='1.0'?><!DOCTYPE a><a>\n</a> ", "{\"a\": [\"}\\\"\", {}]}",
        "\u{FEFF}[]", "{\"a\":1}\n{\"a\":2}\n", "<a/>",
    ])
    func wholeFiles(_ text: String) throws {
        #expect(try look(text) == "whole")
    }

    @Test func aFileThatIsBadButWholeIsTheReadersToRefuse() throws {
        #expect(try look(Array("a,b\n1,".utf8) + [0xFF, 0x41, 0x0A]) == "whole")
        #expect(try look("a,b\n1,\u{0}\n") == "whole")
    }

    @Test func aShortLastRow() throws {
        #expect(
            try look("a,b,c\n1,2,3\n4,5") == """
                orders.csv:3: found "2", expected 3 cells as in the heading line.
                Wait until the file is whole, or complete its last row. [read.row.unfinished]
                """)
        #expect(try look("a,b,c\n1,2,3\n4,5\n\n").contains("[read.row.unfinished]"))
    }

    @Test func anUnclosedQuote() throws {
        #expect(
            try look("a,b\n1,\"x\n") == """
                orders.csv:2: column 2 "b": found nothing, expected a closing quote before the end of the file.
                Wait until the file is whole, or close the quote that opens in this row. [read.quote.unclosed]
                """)
        #expect(try look("a\tb\n1\t\"x\n", format: "tab literal quotes") == "whole")
    }

    @Test func halfACharacterAndHalfAHeading() throws {
        #expect(try look(Array("a,b\n1,".utf8) + [0xC5]).contains("[read.text.invalid]"))
        #expect(try look("a,b").contains("[read.rows.none]"))
        #expect(try look("").contains("[read.file.empty]"))
        #expect(try look("a,\"b").contains("[read.quote.unclosed]"))
    }

    @Test(arguments: ["<a><b></b>", "<a", "<a><!-- </a>", "<!-- x -->", "{\"a\": [1}", "[\"]", "[{}"])
    func documentsThatAreNotClosed(_ text: String) throws {
        #expect(
            try look(text) == """
                orders.csv: found nothing, expected everything closed that was opened.
                Wait until the file is whole, or write it again. [read.document.unfinished]
                """)
    }

    @Test func aRowWithinARaisedLimitIsLookedThrough() throws {
        var limits = IntakeLimits()
        limits.record = 64 << 20
        limits.field = 64 << 20
        let text = "a,b,c\n1," + String(repeating: "x", count: 9 << 20)
        #expect(try look(text + ",3\n", limits: limits) == "whole")
        // Past the limit no wait helps: the reader refuses it.
        #expect(try look(text) == "whole")
        #expect(
            try look(text + "\n", limits: limits) == """
                orders.csv:2: found "2", expected 3 cells as in the heading line.
                Wait until the file is whole, or complete its last row. [read.row.unfinished]
                """)
    }

    /// Only the end of a large file is read as records.
    @Test func aLargeFileIsJudgedByItsEnd() throws {
        let note = "\"say \"\"hello\"\",\r\nand more\""
        let odd = "5\" pipe"
        var text = "a,b,c\r\n"
        var row = 1
        while text.utf8.count < 5 << 20 {
            row += 2
            text += "\(row),\(note),\(String(repeating: "x", count: row % 61))\r\n\(odd),\(odd),z\n"
        }
        #expect(try look(text) == "whole")
        #expect(
            try look(text + "1,2") == """
                orders.csv:\(row + 1): found "2", expected 3 cells as in the heading line.
                Wait until the file is whole, or complete its last row. [read.row.unfinished]
                """)
        #expect(
            try look(text + "1,\"x\n") == """
                orders.csv:\(row + 1): column 2 "b": found nothing, expected a closing quote before the end of the file.
                Wait until the file is whole, or close the quote that opens in this row. [read.quote.unclosed]
                """)
        // A quote that opened long before the end.
        #expect(try look(text + "1,\"" + String(repeating: "y\n", count: 1 << 17)).hasSuffix("[read.quote.unclosed]"))
    }

    @Test(arguments: ["a,b\n1,\"", "a,b\n\"1\",2\n3,\"", "a,\"b"])
    func aRowPastALoweredLimitIsFinal(_ start: String) throws {
        var limits = IntakeLimits()
        limits.record = 10_000
        #expect(try look(start + String(repeating: "x", count: 300_000), limits: limits) == "whole")
        #expect(try look(start + String(repeating: "x", count: 20_000), limits: limits) == "whole")
        #expect(try look(start + String(repeating: "x", count: 9_000), limits: limits).hasSuffix("[read.quote.unclosed]"))
    }

    @Test(arguments: ["[[[[", "{\"a\": [{\"b\": [", "<a><b><c/><c><d>"])
    func aDocumentDeeperThanItMayBeIsFinal(_ text: String) throws {
        var limits = IntakeLimits()
        limits.depth = 3
        #expect(try look(text, limits: limits) == "whole")
        limits.depth = 4
        #expect(
            try look(text, limits: limits) == """
                orders.csv: found nothing, expected everything closed that was opened.
                Wait until the file is whole, or write it again. [read.document.unfinished]
                """)
    }
}
