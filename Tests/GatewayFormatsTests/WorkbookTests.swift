import GatewayCore
import GatewayTesting
import Glibc
import Testing

@testable import GatewayFormats

@Suite struct WorkbookTests {
    @Test func cellsOfEveryKind() throws {
        let rows = """
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="D1" t="inlineStr"><is><t>in</t><t>line</t></is></c></row>
            <row r="4" hidden="1"><c r="A4"><v>8690000000001</v></c><c r="B4" t="b"><v>1</v></c><c r="C4" t="e"><v>#N/A</v></c>
            <c r="D4" t="str"><f>A1&amp;"x"</f><v>cached x</v></c><c r="E4" s="1"><v>46350.5625</v></c><c r="F4" s="2"><v>1234</v></c>
            <c r="G4" t="d"><v>2026-11-24</v></c><c r="H4" s="1"/></row>
            <row><c><v>1</v></c><c/><c><f>1+1</f><v>2</v></c></row>
            """
        let shared = """
            <si><t>Alıcı</t></si><si><r><t>rich </t></r><r><rPr><b/></rPr><t xml:space="preserve">text</t></r><rPh sb="0" eb="1"><t>no</t></rPh></si>
            """
        let made = try WorkbookMaking(rows: rows, shared: shared, formats: ["dd.mm.yyyy hh:mm", "00000"]).bytes()
        #expect(
            try sheetRows(made) == [
                "1: Alıcı|rich text||inline",
                "4: 8690000000001|TRUE|#N/A|cached x|2026-11-24 13:30:00|01234|2026-11-24",
                "5: 1||2",
            ])
    }

    @Test func daysOf1904() throws {
        let made = WorkbookMaking(
            rows: "<row><c s=\"1\"><v>1</v></c></row>", formats: ["yyyy-mm-dd"], workbookProperties: "<workbookPr date1904=\"true\"/>")
        #expect(try sheetRows(made.bytes()) == ["1: 1904-01-02"])
    }

    @Test func escapedCharacters() throws {
        let rows = "<row><c t=\"inlineStr\"><is><t>a_x000D_b _x005F_x0041_ _x0041_ _x0000_ _x00_</t></is></c></row>"
        #expect(try sheetRows(WorkbookMaking(rows: rows).bytes()) == ["1: a\rb _x0041_ _x0041_ _x0000_ _x00_"])
    }

    @Test func prefixesDoNotMatter() throws {
        var made = WorkbookMaking(rows: "")
        let at = try #require(made.parts.firstIndex { $0.name.hasSuffix("sheet1.xml") })
        made.parts[at].text =
            "<x:worksheet xmlns:x=\"\(WorkbookMaking.main)\"><x:sheetData><x:row r=\"2\"><x:c r=\"B2\"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>"
        #expect(try sheetRows(made.bytes()) == ["2: |7"])
    }

    @Test func headingsBelowABannerOnVisibleSheets() throws {
        let orders =
            "<row r=\"2\"><c t=\"inlineStr\"><is><t>Banner</t></is></c></row><row r=\"3\"><c t=\"inlineStr\"><is><t> Name </t></is></c></row>"
        let made = WorkbookMaking(
            [("Hidden", orders), ("Cover", ""), ("Orders", orders + "<row r=\"9\"><c><v>1</v></c></row>")], states: ["hidden", "visible"])
        let heads = try withWorkbook(made.bytes()) { book throws(Finding) in try book.heads() }
        #expect(
            heads.map { "\($0.sheetName) \($0.row) \($0.cells) \($0.hasRows)" } == [
                "Orders 2 [\"Banner\"] true", "Orders 3 [\"Name\"] true", "Orders 9 [\"1\"] false",
            ])
    }

    @Test func ordersOnTwoSheetsAreRefused() throws {
        let rows = "<row><c t=\"inlineStr\"><is><t>Name</t></is></c></row><row><c><v>1</v></c></row>"
        let made = try WorkbookMaking([("May", rows), ("June", rows)]).bytes()
        #expect(
            sentence {
                () throws(Finding) in try flat { try withWorkbook(made) { book throws(Finding) in try book.requireOnly(book.heads()[0]) } }
            } == """
                orders.xlsx: found "2 sheets", expected orders on one sheet only; they stand on "May", "June".
                Save each of these sheets as a file of its own, or delete or hide the others. [workbook.sheet.several]
                """)
    }

    // MARK: What is refused

    @Test(arguments: [
        ("<row r=\"3\"/><row r=\"3\"><c><v>1</v></c></row>", "found \"3\", expected a sound workbook (rows in order, up to 1048576)"),
        ("<row r=\"1048577\"/>", "found \"1048577\", expected a sound workbook (rows in order, up to 1048576)"),
        ("<row><c r=\"B1\"/><c r=\"A1\"/></row>", "found \"A1\", expected a sound workbook (cells in order, up to column XFD)"),
        ("<row><c r=\"XFE1\"/></row>", "found \"XFE1\", expected a sound workbook (cells in order, up to column XFD)"),
        ("<row><c t=\"s\"><v>5</v></c></row>", "found \"5\", expected a sound workbook (a text of that number in xl/sharedStrings.xml)"),
        ("<row><c r=\"XFD1\"><v>5</v></c></row>", "found \"16384 columns\", expected at most 2000 columns"),
        ("<row><c><v>1</c></row>", "(well-formed XML, line 1 of xl/worksheets/sheet1.xml)"),
        ("<row><c><v>&nbsp;</v></c></row>", "(well-formed XML, line 1 of xl/worksheets/sheet1.xml)"),
    ])
    func damagedSheets(_ rows: String, _ wanted: String) throws {
        let made = try WorkbookMaking(rows: rows).bytes()
        let said = sentence { () throws(Finding) in try flat { _ = try sheetRows(made) } }
        #expect(said?.contains(wanted) == true, "\(said ?? "nothing")")
    }

    @Test func documentTypesAreRefused() throws {
        var made = WorkbookMaking(rows: "")
        for at in made.parts.indices {
            let text = made.parts[at].text
            made.parts[at].text = "<!DOCTYPE a [<!ENTITY b \"c\">]>" + text
            let bytes = try made.bytes()
            #expect(
                sentence { () throws(Finding) in try flat { _ = try sheetRows(bytes) } } == """
                    orders.xlsx: "\(made.parts[at].name)": found "<!DOCTYPE", expected a workbook without document types.
                    Find out who made this file: it is not what a spreadsheet program writes. [workbook.doctype]
                    """)
            made.parts[at].text = text
        }
    }

    @Test func aBombIsNotInflated() throws {
        let row = "<row>" + String(repeating: "<c/>", count: 1000) + "</row>"
        let made = try WorkbookMaking(rows: String(repeating: row, count: 17_000)).bytes()
        #expect(made.count < 1 << 20)
        let said = sentence { () throws(Finding) in try flat { _ = try sheetRows(made) } }
        #expect(said?.hasSuffix("[workbook.large]") == true, "\(said ?? "nothing")")
    }

    @Test func otherKinds() throws {
        func refusal(_ bytes: [UInt8]) -> String? { sentence { () throws(Finding) in try flat { _ = try sheetRows(bytes) } } }
        var zip = WorkbookMaking(rows: "")
        zip.parts = [("orders.csv", "Name\n1\n")]
        #expect(
            refusal(try zip.bytes()) == """
                orders.xlsx: found "a zip without a workbook", expected an .xlsx workbook or a text file.
                Open the file in a spreadsheet program, save it as .xlsx and drop it again. [workbook.kind]
                """)
        zip.parts = [("mimetype", ""), ("content.xml", "<a/>")]
        #expect(refusal(try zip.bytes())?.contains("found \"an OpenDocument file (.ods)\"") == true)
        var old: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + [UInt8](repeating: 0, count: 2040)
        #expect(refusal(old)?.contains("found \"an old workbook (.xls)\"") == true)
        old.replaceSubrange(1024..<1056, with: "EncryptedPackage".utf8.flatMap { [$0, UInt8(0)] })
        #expect(
            refusal(old) == """
                orders.xlsx: found "EncryptedPackage", expected a workbook without a password.
                Open the file with its password, save it as .xlsx without one and drop it again. [workbook.encrypted]
                """)
    }

    // MARK: Wholeness

    @Test func cutAnywhereItIsNotWhole() throws {
        let folder = try TemporaryFolder()
        let bytes = try WorkbookMaking(rows: "<row><c><v>1</v></c></row>", shared: "<si><t>a</t></si>").bytes()
        for length in 4..<bytes.count {
            let descriptor = try FileIO.openForReading(try folder.write(bytes[..<length], to: "cut"), shown: "cut")
            defer { close(descriptor) }
            guard case .notYet(let finding) = try Workbook.wholeness(descriptor: descriptor, file: "cut", limits: IntakeLimits()) else {
                Issue.record("\(length) of \(bytes.count) bytes count as whole")
                return
            }
            #expect(finding.code == .workbookUnfinished)
        }
        let descriptor = try FileIO.openForReading(try folder.write(bytes, to: "all"), shown: "all")
        defer { close(descriptor) }
        guard case .whole = try Workbook.wholeness(descriptor: descriptor, file: "all", limits: IntakeLimits()) else {
            Issue.record("all of it counts as unfinished")
            return
        }
    }

    /// A part that was not written yet is a hole of zeros.
    @Test func holesAreSeen() throws {
        let folder = try TemporaryFolder()
        var bytes = try WorkbookMaking(rows: "<row><c><v>1</v></c></row>").bytes()
        for n in 0..<64 { bytes[n] = n < 4 ? bytes[n] : 0 }
        let second = try #require((4..<bytes.count - 4).first { bytes[$0..<$0 + 4] == [0x50, 0x4B, 0x03, 0x04] })
        bytes.replaceSubrange(second..<second + 30, with: [UInt8](repeating: 0, count: 30))
        let descriptor = try FileIO.openForReading(try folder.write(bytes, to: "hole"), shown: "hole")
        defer { close(descriptor) }
        guard case .notYet(let finding) = try Workbook.wholeness(descriptor: descriptor, file: "hole", limits: IntakeLimits()) else {
            Issue.record("a hole counts as whole")
            return
        }
        #expect(finding.problem() == "found \"no entry at byte \(second)\", expected a workbook that is there whole.")
    }

    /// Any byte may be wrong: it is read all the same or refused, and never more than it holds.
    @Test func anyByteMayBeWrong() throws {
        let bytes = try WorkbookMaking(rows: "<row><c t=\"s\"><v>0</v></c><c><v>1</v></c></row>", shared: "<si><t>a</t></si>").bytes()
        var generator = SplitMix(state: 5)
        var refused = 0
        for _ in 0..<400 {
            var changed = bytes
            changed[Int.random(in: 0..<bytes.count, using: &generator)] ^= UInt8.random(in: 1...255, using: &generator)
            do { _ = try sheetRows(changed) } catch is Finding { refused += 1 }
        }
        #expect(refused > 100)
    }
}

/// A finding through a closure that throws anything.
private func flat(_ body: () throws -> Void) throws(Finding) {
    do { try body() } catch let finding as Finding { throw finding } catch {
        throw Finding(.unexpected, found: .plain("\(error)"))
    }
}
