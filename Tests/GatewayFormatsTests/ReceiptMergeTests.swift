@_spi(HotPath) import GatewayCore
import GatewayFormats
import Glibc
import Testing

@Suite struct ReceiptMergeTests {
    private let original =
        "\u{FEFF}Name,Zip,Phone,Note,Created\r\n#1,02138,+905321234567,\"two\nlines, here\",2025-04-01 17:18:52 -0700\r\n\r\n#2,\"34200\",-5.00,,\r\n#2,,=1,x,\r\n#3,1"

    private func merge(_ receipt: String, original: String? = nil) throws -> String {
        let scratch = try Scratch()
        let old = try scratch.file("original.csv", Array((original ?? self.original).utf8))
        let new = try scratch.file("receipt.csv", Array(receipt.utf8))
        defer {
            close(old)
            close(new)
        }
        var out: [UInt8] = []
        try ReceiptMerge.merge(receipt: new, original: old, scratchFolder: scratch.folder, file: "receipt.csv") { out += $0 }
        return String(decoding: out, as: UTF8.self)
    }
    private func problem(_ receipt: String) throws -> String? {
        do {
            _ = try merge(receipt)
            return nil
        } catch let error as Finding { return error.sentence() }
    }

    @Test func anUntouchedReceiptGivesTheOriginalsBytes() throws {
        let made = try receipt(original)
        #expect(try merge(made) == original.replacing("\r\n\r\n", with: "\r\n") + "\r\n")
    }

    /// Whatever stands in the cells, a receipt that nobody touched gives the rows back byte by byte.
    @Test(arguments: 0..<60)
    func untouchedReceiptsOfWildFiles(_ seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        let pieces = [
            "a", ",", ",", ",\"x,\"\"y\"\"\",", ",\"=1,\nz\",", "\n", "\n", "=1", "-2", "+", "@", "'", "＝", " ", "07", "1.50", "\t", "ş\"",
            "\r\n", ";=", ",\"=1\"x", ",\"\"=", ",\"\n=1\",", "|\"@",
        ]
        var text = "h1,h2,h3\n1,2,3\n"
        for _ in 0..<300 { text += pieces.randomElement(using: &random) ?? "" }
        var rows = ""
        let reader = try CSVReader(MemorySource(Array(text.utf8)))
        var batch = Batch(pool: [], headSlots: 1, lineSlots: 1)
        while try reader.fill(&batch) {
            for r in 0..<batch.recordCount where batch.flags[r] & Batch.blankRecord == 0 {
                rows += String(decoding: batch.record(r), as: UTF8.self) + "\n"
            }
            reader.keep(batch)
        }
        let made = try receipt(text)
        let back = try merge(made, original: text).split(separator: "\n", omittingEmptySubsequences: false)
        let wanted = ("h1,h2,h3\n" + rows).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(back.count == wanted.count)
        for (got, want) in zip(back, wanted) { #expect(got == want) }
    }

    @Test func aReceiptThatASpreadsheetDamagedGivesTheOriginalsBytes() throws {
        let damaged = """
            Name;Zip;Phone;Note;Created;dropgate row;durum;sorun;yapılacak;kargo;takip no
            #3;1;;;;r12-6;x;;;;
            #2;34200;-5;;;r12-4;x;;;;
            #2;;'=1;x;;r12-5;x;;;;
            #1;2138;9,05321E+11;"two\r\nlines, here";01.04.2025 17:18;r12-2;x;;;;
            ;;;;;;;;;;
            """
        #expect(try merge(damaged) == original.replacing("\r\n\r\n", with: "\r\n") + "\r\n")
    }

    @Test func correctedCellsGoOutAndTheRestStays() throws {
        let corrected = try receipt(original).replacing("34200", with: "34\"\"100").replacing("'=1,x", with: "'=2,\"y, z\"")
            .replacing("#3,1,,", with: "#3,1,'+90 5,")
        #expect(
            try merge(corrected).split(separator: "\r\n").dropFirst() == [
                "#1,02138,+905321234567,\"two\nlines, here\",2025-04-01 17:18:52 -0700", "#2,\"34\"\"100\",-5.00,,", "#2,,=2,\"y, z\",",
                "#3,1,+90 5,,",
            ])
    }

    /// Cells whose guard is not only an apostrophe in front.
    @Test(
        arguments: [
            "\"=HYPERLINK(\"\"http://e\"\")\"x,y", "\"\"=1+1,y", "y,\"=1+1\" ", "y,\"\n=1\"", "z;=1+1,y", "y,\"z;=1,2\"",
            "y,\"z;\"\"=1\"\"\"", "=1;=2,y", "y,\"two\r\n- a\r\n- b\"",
        ])
    func guardedCellsThatNobodyTouched(_ row: String) throws {
        let file = "h1,a;=h2\n\(row)\n"
        let made = try receipt(file, settings: CSVSettings(delimiter: 0x2C))
        #expect(!made.contains("\n\(row),r12-2"))
        #expect(try merge(made, original: file) == file)
        // A spreadsheet hides the first apostrophe and drops the blanks around a cell.
        let hidden = made.replacing("\n'=1;", with: "\n=1;").replacing("+1 \"", with: "+1\"")
        #expect(try merge(hidden, original: file) == file)
    }

    @Test func theReceiptsApostrophesDoNotGoOutWithACorrection() throws {
        let file = "h1,h2\n1,z;=1\n2,z;'=1\n3,\"\"=1\n"
        let made = try receipt(file)
        #expect(made.contains("\n1,z;'=1,r12-2,") && made.contains("\n2,z;'=1,r12-3,") && made.contains("\n3,\"'=1\",r12-4,"))
        let corrected = made.replacing("z;'=1", with: "y;'=1").replacing("\"'=1\"", with: "'=2")
        #expect(try merge(corrected, original: file) == "h1,h2\n1,y;=1\n2,y;'=1\n3,=2\n")
    }

    @Test func columnsMayMoveAndRowsMayBeTakenOut() throws {
        let moved = "status,dropgate row,Zip,Name\nheld,r12-4,34201,#2\n"
        #expect(try merge(moved) == "\u{FEFF}Name,Zip,Phone,Note,Created\r\n#2,34201,-5.00,,\r\n")
    }

    @Test func aHeadingOfTheSendersCalledLikeOursIsTheSenders() throws {
        let made = try receipt("Name,status\n1,open\n").replacing("open", with: "closed")
        #expect(try merge(made, original: "Name,status\n1,open\n") == "Name,status\n1,closed\n")
    }

    @Test func aRowThatWasTooLongIsAsWideAsTheHeadingsOnceCorrected() throws {
        let long = "a,b\n1,x, y\n2,z\n"
        let made = try receipt(long)
        #expect(try merge(made, original: long) == long)
        #expect(try merge(made.replacing("1,x,r12-2", with: "1,\"x, y\",r12-2"), original: long) == "a,b\n1,\"x, y\"\n2,z\n")
    }

    @Test func keysThatDoNotFit() throws {
        #expect(
            try problem("Name,dropgate row\n#1,r12-2\n#9,r12-9\n") == """
                receipt.csv:3: column 2 "dropgate row": found "r12-9", expected a row key of the file that the receipt belongs to.
                Restore the column dropgate row as the receipt had it; drop new orders in a file of their own. [receipt.row.unknown]
                """)
        #expect(try problem("Name,dropgate row\n#1,r12-3\n")?.hasSuffix("[receipt.row.unknown]") == true)
        #expect(try problem("Name,dropgate row\n#1,r12-1\n")?.hasSuffix("[receipt.row.unknown]") == true)
        #expect(
            try problem("Name,dropgate row\n#1,r12-2\n#1,R12-2 \n") == """
                receipt.csv:3: column 2 "dropgate row": found "r12-2", expected each row key once.
                Keep one of the rows with this key. [receipt.key.double]
                """)
        #expect(
            try problem("Name,dropgate row\n#1,r12-2\n#2,r13-4\n") == """
                receipt.csv:3: column 2 "dropgate row": found "r13-4", expected rows of one receipt, r12.
                Drop each corrected receipt by itself. [receipt.mixed]
                """)
        #expect(
            try problem("Name,dropgate row\n#1,\n") == """
                receipt.csv:2: column 2 "dropgate row": found nothing, expected a row key such as r12-34.
                Restore the column dropgate row as the receipt had it; drop new orders in a file of their own. [receipt.key.unreadable]
                """)
    }

    /// When columns have moved a name may stand in the key's; it is none for the logs.
    @Test func aNameInPlaceOfAKeyIsPersonal() throws {
        let scratch = try Scratch()
        let file = try scratch.file("receipt.csv", Array("Zip,dropgate row\n#1,Ayşe Yılmaz\n".utf8))
        defer { close(file) }
        do throws(Finding) {
            _ = try ReceiptMerge.arrival(descriptor: file, file: "receipt.csv")
            Issue.record("it was read")
        } catch {
            #expect(
                error.sentence() == """
                    receipt.csv:2: column 2 "dropgate row": found "Ayşe Yılmaz", expected a row key such as r12-34.
                    Restore the column dropgate row as the receipt had it; drop new orders in a file of their own. [receipt.key.unreadable]
                    """)
            #expect(error.found == .personal("Ayşe Yılmaz"))
        }
    }

    @Test func aReceiptWithARowWithinARaisedLimit() throws {
        var limits = IntakeLimits()
        limits.record = 64 << 20
        limits.field = 64 << 20
        let scratch = try Scratch()
        let long = String(repeating: "x", count: 9 << 20)
        let file = try scratch.file("receipt.csv", Array("Name,dropgate row\n\(long),r7-2\n".utf8))
        defer { close(file) }
        #expect(try ReceiptMerge.arrival(descriptor: file, file: "receipt.csv") == nil)
        #expect(try ReceiptMerge.arrival(descriptor: file, file: "receipt.csv", limits: limits) == 7)
    }

    @Test(
        arguments: [
            ("Name,dropgate row\n,\n#1,r12-2\n", 12), ("Name,City\n1,2\n", nil), ("", nil), ("Name,Dropgate Row\n1,r7-1", 7),
            ("Name,dropgate row\n", nil),
        ] as [(String, Int64?)])
    func theArrivalOfAReceipt(_ text: String, _ arrival: Int64?) throws {
        let scratch = try Scratch()
        let file = try scratch.file("receipt.csv", Array(text.utf8))
        defer { close(file) }
        #expect(try ReceiptMerge.arrival(descriptor: file, file: "receipt.csv") == arrival)
    }
}
