@_spi(HotPath) import GatewayCore
import GatewayFormats
import GatewayTesting
import Testing

@Suite struct CSVReaderTests {
    private func records(_ text: String, settings: CSVSettings = CSVSettings()) throws -> [SeenRecord] {
        try readAll(Array(text.utf8), settings: settings).records
    }

    @Test func rowsAreCountedAsASpreadsheetShowsThem() throws {
        let seen = try records("Name,Note\n#1,\"two\nlines\"\n\n#2,x\r\n#3,")
        #expect(
            seen == [
                SeenRecord(row: 2, fields: ["#1", "\"two\nlines\""]),
                SeenRecord(row: 3, fields: ["", ""], flags: Batch.blankRecord),
                SeenRecord(row: 4, fields: ["#2", "x"]),
                SeenRecord(row: 5, fields: ["#3", ""]),
            ])
    }

    @Test(arguments: [(",", 0x2C), (";", 0x3B), ("\t", 0x09), ("|", 0x7C)] as [(String, UInt8)])
    func delimiterIsDecidedOnTheHeadingsOutsideQuotes(_ delimiter: String, _ byte: UInt8) throws {
        let other = delimiter == "," ? ";" : ","
        let text = ["Name", "\"a\(other)b\(other)c\(other)d\"", "City"].joined(separator: delimiter) + "\n1\(delimiter)2\(delimiter)3\n"
        let read = try readAll(Array(text.utf8))
        #expect(read.dialect.delimiter == byte)
        #expect(read.header.names == ["Name", "a\(other)b\(other)c\(other)d", "City"])
        #expect(read.records == [SeenRecord(row: 2, fields: ["1", "2", "3"])])
    }

    @Test func marksAndTheSeparatorLineAreNotData() throws {
        let read = try readAll([0xEF, 0xBB, 0xBF] + Array("sep=;\r\nName;City\r\n1;İzmir\r\n".utf8))
        #expect(
            read.dialect
                == CSVDialect(delimiter: 0x3B, quote: 0x22, hasBOM: true, endsInCRLF: true, hasSeparatorLine: true))
        #expect(read.header == Header(names: ["Name", "City"], row: 1))
        #expect(read.records == [SeenRecord(row: 2, fields: ["1", "İzmir"])])
    }

    @Test func blankLinesBeforeTheHeadingsCountAsRows() throws {
        let read = try readAll(Array("\n,,\nName,City,Zip\n1,2,3\n".utf8))
        #expect(read.header == Header(names: ["Name", "City", "Zip"], row: 3))
        #expect(read.records == [SeenRecord(row: 4, fields: ["1", "2", "3"])])
    }

    @Test func raggedRowsAreFlaggedAndShortOnesFilledUp() throws {
        let seen = try records("a,b,c\n1,2\n1,2,3,4\n,,\n1")
        #expect(
            seen == [
                SeenRecord(row: 2, fields: ["1", "2", ""], flags: Batch.shortRecord),
                SeenRecord(row: 3, fields: ["1", "2", "3", "4"], flags: Batch.longRecord),
                SeenRecord(row: 4, fields: ["", "", ""], flags: Batch.blankRecord),
                SeenRecord(row: 5, fields: ["1", "", ""], flags: Batch.shortRecord),
            ])
    }

    @Test func realFieldsOfAShortRecordAreKnown() throws {
        let reader = try CSVReader(MemorySource(Array("a,b,c,d\n1,2\r\n\n1,2,3,4\n1,2,3".utf8)))
        var batch = Batch(pool: [], headSlots: 1, lineSlots: 1)
        #expect(try reader.fill(&batch))
        #expect((0..<batch.recordCount).map { batch.realFieldCount($0) } == [2, 1, 4, 3])
        #expect(
            (0..<batch.recordCount).map { String(decoding: batch.record($0), as: UTF8.self) } == ["1,2", "", "1,2,3,4", "1,2,3"])
    }

    @Test func aQuoteInsideAnUnquotedCellIsText() throws {
        let seen = try records("a,b\n5\" pipe,x\nO\"Brien \"the, 3\n\"q\",z\n")
        #expect(
            seen.map(\.fields) == [["5\" pipe", "x"], ["O\"Brien \"the", " 3"], ["\"q\"", "z"]] && seen.allSatisfy { $0.flags == 0 })
    }

    @Test func textAfterAClosingQuoteIsFlagged() throws {
        let seen = try records("a,b\n\"x\" y,1\n\"x\"\"y\",2\n\"x\",3\r\n4,\"x\"\r\n")
        #expect(seen.map(\.flags) == [Batch.oddQuotes, 0, 0, 0])
        #expect(seen.map(\.fields) == [["\"x\" y", "1"], ["\"x\"\"y\"", "2"], ["\"x\"", "3"], ["4", "\"x\""]])
    }

    @Test func quotesMayBeLiteral() throws {
        let settings = try #require(CSVSettings.parse("tab literal quotes"))
        let seen = try records("a\tb\n\"x\ty\n", settings: settings)
        #expect(seen == [SeenRecord(row: 2, fields: ["\"x", "y"])])
    }

    @Test func formatTextStatesTheDialect() {
        #expect(CSVSettings.parse("csv") == CSVSettings())
        #expect(CSVSettings.parse("csv semicolon") == CSVSettings(delimiter: 0x3B))
        #expect(CSVSettings.parse("tab") == CSVSettings(delimiter: 0x09))
        #expect(CSVSettings.parse("tab comma") == nil)
        #expect(CSVSettings.parse("csv colon") == nil)
        #expect(CSVSettings.parse("xlsx") == nil)
    }

    @Test func duplicateHeadingsAreKept() throws {
        #expect(try readAll(Array("Name, Name ,City\n1,2,3\n".utf8)).header.names == ["Name", "Name", "City"])
    }

    @Test func aRecordLargerThanTheWindowGrowsIt() throws {
        let long = String(repeating: "ğ", count: 40_000)
        let read = try readAll(Array("a,b\n1,\(long)\n2,x\n".utf8), window: 256, piece: 100)
        #expect(read.records.map(\.fields) == [["1", long], ["2", "x"]])
    }

    @Test func anOrderThatFillsTheWindowGrowsIt() throws {
        let text = "a,b\n" + (0..<500).map { "same,\($0)\n" }.joined()
        let reader = try CSVReader(MemorySource(Array(text.utf8)))
        var batch = Batch(pool: [], window: 128, headSlots: 1, lineSlots: 1)
        var fills = 0
        while try reader.fill(&batch) {
            fills += 1
            batch.usedRecords = reader.isAtEnd ? batch.recordCount : 0
            reader.keep(batch)
            if reader.isAtEnd { break }
        }
        #expect(batch.recordCount == 500)
        #expect(batch.firstRow == 2)
        #expect(fills < 12)
    }

    @Test func anOrderOfManyShortRowsGrowsTheTables() throws {
        let head = (0..<50).map { "h\($0)" }.joined(separator: ",")
        let reader = try CSVReader(MemorySource(Array((head + "\n" + String(repeating: "x\n", count: 900)).utf8)))
        var batch = Batch(pool: [], window: 4096, headSlots: 1, lineSlots: 1)
        var fills = 0
        while try reader.fill(&batch), fills < 20 {
            fills += 1
            batch.usedRecords = reader.isAtEnd ? batch.recordCount : 0
            reader.keep(batch)
        }
        #expect(batch.recordCount == 0 && reader.isAtEnd)
        #expect(fills > 1 && fills < 10)
    }

    @Test func anOrderLargerThanMemoryIsSaid() {
        var limits = IntakeLimits()
        limits.record = 1 << 10
        let text = "a,b\n" + String(repeating: "same,\(String(repeating: "x", count: 1000))\n", count: 70_000)
        let found = sentence { () throws(Finding) in
            let reader = try CSVReader(MemorySource(Array(text.utf8)), file: "orders.csv", limits: limits)
            var batch = Batch(pool: [], headSlots: 1, lineSlots: 1)
            while try reader.fill(&batch), !reader.isAtEnd {
                batch.usedRecords = 0
                reader.keep(batch)
            }
        }
        #expect(found?.hasSuffix("[read.order.large]") == true)
        #expect(found?.hasPrefix("orders.csv:2: found \"67108928 bytes\", expected rows of one order in at most 67108864 bytes.") == true)
    }

    @Test func manyBlankLinesDoNotGrowTheTables() throws {
        let text = (["a,b"] + [String](repeating: "", count: 300_000) + ["1,2"]).joined(separator: "\n")
        let reader = try CSVReader(MemorySource(Array(text.utf8)))
        var batch = Batch(pool: [], window: 1 << 14, headSlots: 1, lineSlots: 1)
        var last = 0
        while try reader.fill(&batch) {
            last = batch.rowNumber(batch.recordCount - 1)
            reader.keep(batch)
        }
        #expect(last == 300_002)
        #expect(batch.endCapacity < 1 << 17)
    }

    @Test(.enabled(if: SharedFiles.root != nil, "needs the folder ../shared beside the repository"))
    func realExportsAreReadWhole() throws {
        let counts = try readTable(fixture("shared-exports/counts.csv"), file: "counts.csv")
        #expect(counts.count == 4)
        for row in counts.dropFirst() {
            let bytes = try #require(SharedFiles.contents(row[0].text))
            let read = try readAll(bytes, window: 4096, piece: 1000)
            #expect(read.header.names.count == Int(row[1].text), "\(row[0].text)")
            #expect(read.records.count == Int(row[2].text), "\(row[0].text)")
            #expect(read.records.allSatisfy { $0.fields.count == read.header.names.count && $0.flags == 0 }, "\(row[0].text)")
        }
    }
}
