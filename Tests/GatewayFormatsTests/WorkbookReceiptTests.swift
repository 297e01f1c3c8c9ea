import FoundationEssentials
import GatewayCore
import GatewayTesting
import Glibc
import Testing

@testable import GatewayFormats

/// Receipts as workbooks, and what another program makes of them and of its own workbooks.
@Suite struct WorkbookReceiptTests {
    private static let receipt = """
        \u{FEFF}Sipariş,Not,dropgate row,durum,sorun,yapılacak,kargo,takip no
        00123,"a ""b"" <&>\r\nc",r12-2,held,"'=1+1; x","a;'-b",,'+905321234567
        2026-11-24,_x0041_ \u{1}\u{FFFF},r12-3,,,,,

        """

    private func workbook(_ csv: String, in folder: TemporaryFolder) throws -> [UInt8] {
        let descriptor = try FileIO.openForReading(try folder.write(csv, to: "receipt.csv"), shown: "receipt.csv")
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        try XLSXReceipt.write(csv: descriptor) { piece throws(Finding) in bytes.append(contentsOf: piece) }
        return bytes
    }

    @Test func itIsReadBackAsItWas() throws {
        let folder = try TemporaryFolder()
        let bytes = try workbook(Self.receipt, in: folder)
        #expect(
            try sheetRows(bytes) == [
                "1: Sipariş|Not|dropgate row|durum|sorun|yapılacak|kargo|takip no",
                "2: 00123|a \"b\" <&>\r\nc|r12-2|held|=1+1; x|a;-b||+905321234567",
                "3: 2026-11-24|_x0041_ \u{1}_xFFFF_|r12-3",
            ])
        #expect(try bytes == workbook(Self.receipt, in: folder), "the same receipt gives the same bytes")
    }

    @Test func headingsAlone() throws {
        let bytes = try workbook("\u{FEFF}Name,dropgate row,status,problem,what to do,carrier,tracking\n", in: TemporaryFolder())
        #expect(try sheetRows(bytes) == ["1: Name|dropgate row|status|problem|what to do|carrier|tracking"])
    }

    @Test func aTextThatIsTooLongForACellIsCut() throws {
        let long = String(repeating: "ş", count: 40_000)
        let rows = try sheetRows(workbook("Name,dropgate row\n\(long),r1-2\n", in: TemporaryFolder()))
        #expect(rows[1] == "2: \(long.prefix(32_767))|r1-2")
    }

    // MARK: Another program

    /// Debian's python3-openpyxl; nil where it is not installed.
    private static let peer: String? = {
        let probe = Process.run("/usr/bin/python3", ["-c", "import openpyxl"])
        return probe == 0 ? "/usr/bin/python3" : nil
    }()

    private static let missing: Comment = "python3-openpyxl is not installed (make deps-test)"

    @Test(.enabled(if: peer != nil, missing)) func openpyxlReadsAReceipt() throws {
        let folder = try TemporaryFolder()
        try folder.write(workbook(Self.receipt, in: folder), to: "receipt.xlsx")
        let script = """
            import openpyxl, json
            sheet = openpyxl.load_workbook("\(folder.path("receipt.xlsx"))").active
            rows = [[c.value for c in row] for row in sheet.iter_rows()]
            kinds = sorted({c.data_type for row in sheet.iter_rows() for c in row if c.value is not None})
            formats = sorted({c.number_format for row in sheet.iter_rows() for c in row})
            json.dump([rows, kinds, formats, sheet.freeze_panes], open("\(folder.path("seen.json"))", "w"), ensure_ascii=False)
            """
        #expect(Process.run(try #require(Self.peer), ["-c", script]) == 0)
        // openpyxl gives escaped characters as they are written; spreadsheet programs show what they stand for.
        #expect(
            folder.text("seen.json") == #"""
                [[["Sipariş", "Not", "dropgate row", "durum", "sorun", "yapılacak", "kargo", "takip no"], ["00123", "a \"b\" <&>_x000D_\nc", "r12-2", "held", "=1+1; x", "a;-b", null, "+905321234567"], ["2026-11-24", "_x005F_x0041_ _x0001__xFFFF_", "r12-3", null, null, null, null, null]], ["s"], ["@"], "A2"]
                """#)
    }

    @Test(.enabled(if: peer != nil, missing)) func openpyxlsWorkbooksAreRead() throws {
        let folder = try TemporaryFolder()
        let script = """
            import openpyxl, datetime
            book = openpyxl.Workbook()
            sheet = book.active
            sheet.append(["Rapor", None, "24.11.2026"])
            sheet.append(["Barkod", "Tarih", "Adet", "Oran"])
            sheet.append([8690000000001, datetime.datetime(2026, 11, 24, 13, 30), 2, True])
            sheet["A5"] = "'=x"
            sheet["C5"] = 0.1
            sheet["D5"] = datetime.date(2026, 11, 24)
            sheet["A6"] = 1234
            sheet["A6"].number_format = "00000"
            sheet["C6"] = datetime.time(9, 5)
            sheet["D6"] = 72602420957047276000
            hidden = book.create_sheet("gizli")
            hidden["A1"] = "Barkod"
            hidden.sheet_state = "hidden"
            book.save("\(folder.path("made.xlsx"))")
            """
        #expect(Process.run(try #require(Self.peer), ["-c", script]) == 0)
        let bytes = try #require(folder.contents("made.xlsx"))
        #expect(
            try sheetRows(bytes) == [
                "1: Rapor||24.11.2026", "2: Barkod|Tarih|Adet|Oran", "3: 8690000000001|2026-11-24 13:30:00|2|TRUE",
                "5: '=x||0.1|2026-11-24", "6: 01234||09:05:00|7.26024209570473E+19",
            ])
    }
}

/// Runs a program and waits; its exit status.
private enum Process {
    static func run(_ path: String, _ arguments: [String]) -> Int32 {
        var child = pid_t()
        let words = ([path] + arguments).map { strdup($0) }
        defer { for word in words { free(word) } }
        guard posix_spawn(&child, path, nil, nil, words + [nil], environ) == 0 else { return -1 }
        var status: Int32 = 0
        waitpid(child, &status, 0)
        return status
    }
}
