@_spi(HotPath) import GatewayCore
import GatewayFormats
import Testing

@Suite struct CSVBadInputTests {
    private func problem(_ bytes: [UInt8], window: Int = 1 << 16, limits: IntakeLimits = IntakeLimits()) -> String? {
        sentence { () throws(Finding) in _ = try readAll(bytes, window: window, limits: limits) }
    }
    private func problem(_ text: String) -> String? { problem(Array(text.utf8)) }

    @Test(arguments: ["", "\n\n", "\u{FEFF}", ",,,\r\n"])
    func anEmptyFile(_ text: String) {
        #expect(
            problem(text) == """
                orders.csv: found nothing, expected a heading line and rows below it.
                Export the file again; if it stays empty there is nothing to send. [read.file.empty]
                """)
    }

    @Test(arguments: ["Name,City\n", "Name,City", "Name,City\r\n\r\n,\r\n"])
    func headingsOnly(_ text: String) {
        #expect(
            problem(text) == """
                orders.csv:1: found nothing, expected rows below the headings.
                Export the file again with at least one order. [read.rows.none]
                """)
    }

    @Test func anUnclosedQuote() {
        #expect(
            problem("Name,City\n1,x\n2,\"İzm\nir\n3,x\n") == """
                orders.csv:3: column 2 "City": found nothing, expected a closing quote before the end of the file.
                Wait until the file is whole, or close the quote that opens in this row. [read.quote.unclosed]
                """)
    }

    @Test(arguments: [64, 1 << 16])
    func aByteThatIsNoUTF8(_ window: Int) {
        let bytes = Array("Name,City\n1,Ankara\n2,".utf8) + [0xDD, 0x7A, 0x6D, 0x69, 0x72, 0x0A]
        #expect(
            problem(bytes, window: window) == """
                orders.csv:3: column 2 "City": found "0xDD 0x7A 0x6D 0x69", expected UTF-8 text.
                Save the file as "CSV UTF-8" and drop it again; the bytes could be Windows-1254 (Turkish), Windows-1252. [read.text.invalid]
                """)
    }

    @Test(
        arguments: [
            [0xC0, 0xAF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80], [0x80],
            [0xC5], [0xE6, 0x97], [0xF0, 0x9F, 0x9A],
        ] as [[UInt8]])
    func everyKindOfBrokenUTF8AtEveryPlaceOfABlock(_ broken: [UInt8]) throws {
        for shift in 0..<70 {
            let padding = [UInt8](repeating: 0x61, count: shift)
            for tail in [[], Array(",b\n".utf8)] as [[UInt8]] {
                let text = problem(Array("h,i\n".utf8) + padding + broken + tail) ?? ""
                #expect(text.contains("orders.csv:2: column 1 \"h\""))
                #expect(text.hasSuffix("[read.text.invalid]"))
            }
        }
    }

    @Test func aNULByte() {
        #expect(
            problem("Name,City\n1,A\u{0}B\n") == """
                orders.csv:2: column 2 "City": found nothing, expected text without NUL bytes.
                Export the file again; check that the upload was in binary mode and complete. [read.text.nul]
                """)
    }

    @Test func unicodeTextOfASpreadsheet() {
        #expect(
            problem([0xFF, 0xFE, 0x4E, 0x00]) == """
                orders.csv:1: found "0xFF 0xFE", expected UTF-8 text.
                Save the file as "CSV UTF-8" and drop it again. [read.charset.foreign]
                """)
    }

    @Test(arguments: ["a,b\r1,2\r", "a,\"b\rc\"\r1,2"])
    func linesThatEndInACarriageReturnAlone(_ text: String) {
        #expect(
            problem(text) == """
                orders.csv:1: found "CR", expected lines that end in LF or CR LF.
                Save the file as "CSV UTF-8" and drop it again. [read.line-end.foreign]
                """)
        #expect(problem("a,\"b\rc\"\n1,2\n") == nil)
    }

    @Test func aHugeField() {
        var limits = IntakeLimits()
        limits.record = 10_000
        limits.field = 1_000
        let long = String(repeating: "x", count: 2_000)
        #expect(
            problem(Array("a,b\n1,2\n3,\(long)\n".utf8), limits: limits) == """
                orders.csv:3: column 2 "b": found "2000 bytes", expected a cell of at most 1000 bytes.
                Shorten the cell, or raise field under limits in dropgate.yaml. [read.field.long]
                """)
        let longer = String(repeating: "x", count: 30_000)
        #expect(
            problem(Array("a,b\n1,2\n3,\"\(longer)\"\n4,5\n".utf8), window: 256, limits: limits) == """
                orders.csv:3: found nothing, expected a row of at most 10000 bytes.
                Look for a quote that is not closed in this row, or raise record under limits in dropgate.yaml. [read.record.long]
                """)
    }

    /// The same is said of a row or cell over a limit however the windows and the source's pieces cut it.
    @Test(arguments: [64, 256, 1 << 12, 1 << 16], [61, 4_000, 1 << 20])
    func limitsHoldAcrossWindows(_ window: Int, _ piece: Int) {
        var limits = IntakeLimits()
        limits.record = 10_000
        limits.field = 1_000
        func said(_ text: String) -> String? {
            sentence { () throws(Finding) in _ = try readAll(Array(text.utf8), window: window, piece: piece, limits: limits) }
        }
        let rows = String(repeating: "1,2\n", count: 300)
        let cell = String(repeating: "x,\n", count: 600)
        #expect(
            said("a,b\n\(rows)3,\"\(cell)\"\n4,5\n") == """
                orders.csv:302: column 2 "b": found "1802 bytes", expected a cell of at most 1000 bytes.
                Shorten the cell, or raise field under limits in dropgate.yaml. [read.field.long]
                """)
        let long = """
            orders.csv:302: found nothing, expected a row of at most 10000 bytes.
            Look for a quote that is not closed in this row, or raise record under limits in dropgate.yaml. [read.record.long]
            """
        let tail = String(repeating: cell, count: 7)
        #expect(said("a,b\n\(rows)3,\"\(tail)\"\n4,5\n") == long)
        #expect(said("a,b\n\(rows)3,\"\(tail)") == long)
    }

    @Test func tooManyColumns() {
        var limits = IntakeLimits()
        limits.columns = 3
        #expect(
            problem(Array("a,b,c,d\n1,2,3,4\n".utf8), limits: limits) == """
                orders.csv:1: found "4 columns", expected at most 3 columns.
                Check that it is the right file, or raise columns under limits in dropgate.yaml. [read.columns.many]
                """)
    }

    @Test(arguments: ["a,b,c\n\"1,\"\"x, y\"\",3\"\n\"2,x,4\"\n", "\"a,b,c\"\n\"1,2,3\"\n"])
    func wholeRowsInOneQuotedCell(_ text: String) {
        let row = text.hasPrefix("\"") ? 1 : 2
        #expect(
            problem(text) == """
                orders.csv:\(row): found "1 cell", expected 3 cells.
                Export the file again from the shop, without opening it in a spreadsheet. [read.row.wrapped]
                """)
    }

    @Test func turkish() {
        let text = sentence(.turkish) { () throws(Finding) in _ = try readAll(Array("Ad,Şehir\n1,\"x".utf8), file: "sipariş.csv") }
        #expect(
            text == """
                sipariş.csv:2: sütun 2 "Şehir": Boş, beklenen: dosya bitmeden kapanan bir tırnak.
                Dosyanın tamamlanmasını bekleyin ya da bu satırda açılan tırnağı kapatın. [read.quote.unclosed]
                """)
    }
}

/// A heading line, then one cell without an end.
private final class EndlessCell: ByteSource {
    private var given = 0
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Finding) -> Int {
        let head = Array("a,b\n1,\"".utf8)
        if given == 0 {
            buffer.copyBytes(from: head)
            given = head.count
            return head.count
        }
        guard given < 100 << 20 else { return 0 }
        buffer.initializeMemory(as: UInt8.self, repeating: 0x78)
        given += buffer.count
        return buffer.count
    }
}

@Suite struct CSVMemoryTests {
    @Test func aCellOfAHundredMegabytesTakesNoMoreMemoryThanARowMay() throws {
        let reader = try CSVReader(EndlessCell(), file: "orders.csv")
        var batch = Batch(pool: [], headSlots: 1, lineSlots: 1)
        var found: Finding?
        do throws(Finding) { _ = try reader.fill(&batch) } catch { found = error }
        #expect(
            found?.sentence() == """
                orders.csv:2: found nothing, expected a row of at most 8388608 bytes.
                Look for a quote that is not closed in this row, or raise record under limits in dropgate.yaml. [read.record.long]
                """)
        #expect(batch.capacity < 12 << 20)
    }
}
