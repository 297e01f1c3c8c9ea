@_spi(HotPath) import GatewayCore
import Glibc
import Testing

@testable import GatewayFormats

@Suite struct DiskGroupingTests {
    private func grouped(_ text: String, keys: [Int] = [0]) throws -> (text: String, rows: [Int], fields: [[String]]) {
        let scratch = try Scratch()
        let source = try scratch.file("orders.csv", Array(text.utf8))
        defer { close(source) }
        let made = try DiskGrouping.group(source: source, file: "orders.csv", keyColumns: keys, scratchFolder: scratch.folder)
        defer { made.remove() }
        let data = try FileIO.contents(made.dataPath, shown: "grouped")
        let reader = try CSVReader(MemorySource(data), file: "orders.csv", rows: try RowNumbers(path: made.rowsPath))
        var batch = Batch(pool: [], window: 96, headSlots: 1, lineSlots: 1)
        var seen: [SeenRecord] = []
        while try reader.fill(&batch) {
            if !reader.isAtEnd { batch.usedRecords = max(0, batch.recordCount - 1) }
            seen += taken(batch)
            reader.keep(batch)
        }
        #expect(made.records == seen.count)
        return (String(decoding: data, as: UTF8.self), seen.map(\.row), seen.map(\.fields))
    }

    @Test func recordsOfAKeyStandTogetherInTheOrderOfTheFile() throws {
        let found = try grouped("sep=,\r\nName,Line\r\n#1,a\r\n#2,b\n\n\"#1\",\"c\nd\"\r\n#3,e\r\n #2 ,f\r\n#1,g")
        #expect(
            found.text == "sep=,\r\nName,Line\r\n#1,a\r\n\"#1\",\"c\nd\"\r\n#1,g\r\n#2,b\r\n #2 ,f\r\n#3,e\r\n")
        #expect(found.rows == [2, 5, 8, 3, 7, 6])
    }

    @Test func recordsWithoutAKeyStayAlone() throws {
        let found = try grouped("a,b\n,1\nx,2\n,3\nx,4\n")
        #expect(found.fields == [["", "1"], ["x", "2"], ["x", "4"], ["", "3"]])
    }

    @Test func aKeyMayHaveSeveralColumns() throws {
        let found = try grouped("a,b,c\nx,1,1\nx,2,2\nx1,,3\nx,1,4\n", keys: [0, 1])
        #expect(found.rows == [2, 5, 3, 4])
    }

    @Test func agreesWithGroupingInMemory() throws {
        var random = SplitMix(state: 7)
        var text = "key,n\n"
        var wanted: [String: [Int]] = [:]
        var order: [String] = []
        for n in 0..<5_000 {
            let key = "k\(Int.random(in: 0..<900, using: &random))"
            text += "\(key),\(n)\n"
            if wanted[key] == nil { order.append(key) }
            wanted[key, default: []].append(n + 2)
        }
        let found = try grouped(text)
        #expect(found.rows == order.flatMap { wanted[$0] ?? [] })
        #expect(found.fields.map { "\((Int($0[1]) ?? 0) + 2)" } == found.rows.map(String.init))
    }

    @Test func findingsOfAGroupedFileNameTheOriginalRow() throws {
        let scratch = try Scratch()
        let source = try scratch.file("orders.csv", Array("a,b\nx,1\ny,2\nx,3\n".utf8))
        defer { close(source) }
        let made = try DiskGrouping.group(source: source, file: "orders.csv", keyColumns: [0], scratchFolder: scratch.folder)
        defer { made.remove() }
        var data = try FileIO.contents(made.dataPath, shown: "grouped")
        let place = try #require(data.firstIndex(of: UInt8(ascii: "3")))
        data[place] = 0
        let text = sentence { () throws(Finding) in
            let reader = try CSVReader(MemorySource(data), file: "orders.csv", rows: try RowNumbers(path: made.rowsPath))
            var batch = Batch(pool: [], headSlots: 1, lineSlots: 1)
            _ = try reader.fill(&batch)
        }
        #expect(
            text == """
                orders.csv:4: column 2 "b": found nothing, expected text without NUL bytes.
                Export the file again; check that the upload was in binary mode and complete. [read.text.nul]
                """)
    }

    @Test func rowsComeBackInTheirOrder() throws {
        let scratch = try Scratch()
        let writer = try RowOrderedWriter(scratchFolder: scratch.folder)
        var rows = Array(1...3_000)
        var random = SplitMix(state: 3)
        rows.shuffle(using: &random)
        for row in rows where row != 17 {
            let line = Array((String(repeating: "x", count: row % 50) + "\(row)\n").utf8)
            try FileIO.unsafeBytes(line) { (bytes) throws(Finding) in try writer.write(row: row, bytes: bytes) }
        }
        var out: [UInt8] = []
        try writer.finish { out += $0 }
        let seen = String(decoding: out, as: UTF8.self).split(separator: "\n").map { Int($0.drop { $0 == "x" }) ?? 0 }
        #expect(seen == (1...3_000).filter { $0 != 17 })
    }

    @Test func nothingIsLeftInTheScratchFolder() throws {
        let scratch = try Scratch()
        let source = try scratch.file("orders.csv", Array("a\n1\n".utf8))
        defer { close(source) }
        try DiskGrouping.group(source: source, file: nil, keyColumns: [0], scratchFolder: scratch.folder).remove()
        _ = try RowOrderedWriter(scratchFolder: scratch.folder)
        #expect(scratch.names == ["orders.csv"])
    }
}
