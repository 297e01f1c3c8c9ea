import FoundationEssentials
import GatewayCore
import GatewayTesting
import Glibc

@testable import GatewayFormats

/// Workbooks as tests make them: parts by name, so that each part can be wrong in its own way.
struct WorkbookMaking {
    /// In the order that they stand in the zip.
    var parts: [(name: String, text: String)] = []

    static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    /// - Parameters:
    ///   - sheets: name and the XML inside `sheetData`.
    ///   - shared: the XML inside `sst`; stands after the sheets, as some programs write it.
    init(
        _ sheets: [(name: String, rows: String)], shared: String? = nil, formats: [String] = [], workbookProperties: String = "",
        states: [String] = []
    ) {
        var list = ""
        var relations = ""
        for n in sheets.indices {
            let state = n < states.count ? " state=\"\(states[n])\"" : ""
            list += "<sheet name=\"\(sheets[n].name)\" sheetId=\"\(n + 1)\"\(state) r:id=\"rId\(n + 1)\"/>"
            relations += "<Relationship Id=\"rId\(n + 1)\" Type=\"\(Self.office)/worksheet\" Target=\"worksheets/sheet\(n + 1).xml\"/>"
        }
        relations += "<Relationship Id=\"rS\" Type=\"\(Self.office)/styles\" Target=\"/xl/styles.xml\"/>"
        if shared != nil { relations += "<Relationship Id=\"rT\" Type=\"\(Self.office)/sharedStrings\" Target=\"sharedStrings.xml\"/>" }
        func relationships(_ inner: String) -> String {
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\(inner)</Relationships>"
        }
        parts = [
            ("_rels/.rels", relationships("<Relationship Id=\"r\" Type=\"\(Self.office)/officeDocument\" Target=\"xl/workbook.xml\"/>")),
            (
                "xl/workbook.xml",
                "<workbook xmlns=\"\(Self.main)\" xmlns:r=\"\(Self.office)\">\(workbookProperties)<sheets>\(list)</sheets></workbook>"
            ),
            ("xl/_rels/workbook.xml.rels", relationships(relations)),
        ]
        for n in sheets.indices {
            parts.append(
                (
                    "xl/worksheets/sheet\(n + 1).xml",
                    "<worksheet xmlns=\"\(Self.main)\"><sheetData>\(sheets[n].rows)</sheetData></worksheet>"
                ))
        }
        let custom = formats.enumerated().map { "<numFmt numFmtId=\"\(164 + $0)\" formatCode=\"\($1)\"/>" }.joined()
        let styles = formats.indices.map { "<xf numFmtId=\"\(164 + $0)\"/>" }.joined()
        parts.append(
            (
                "xl/styles.xml",
                "<styleSheet xmlns=\"\(Self.main)\"><numFmts>\(custom)</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
                    + "<cellXfs><xf numFmtId=\"0\"/>\(styles)</cellXfs></styleSheet>"
            ))
        if let shared { parts.append(("xl/sharedStrings.xml", "<sst xmlns=\"\(Self.main)\">\(shared)</sst>")) }
    }

    init(rows: String, shared: String? = nil, formats: [String] = [], workbookProperties: String = "") {
        self.init([("Sheet1", rows)], shared: shared, formats: formats, workbookProperties: workbookProperties)
    }

    func bytes() throws(Finding) -> [UInt8] {
        let made = Made()
        let zip = try ZipWriter { bytes throws(Finding) in made.bytes.append(contentsOf: bytes) }
        for part in parts {
            try zip.begin(part.name)
            try zip.write(part.text)
        }
        try zip.finish()
        return made.bytes
    }

    private final class Made { var bytes: [UInt8] = [] }
}

/// The rows of the first sheet (or the one of that number), one line each: number, then cells between bars.
func sheetRows(_ bytes: [UInt8], sheet: Int = 0, limits: IntakeLimits = IntakeLimits()) throws -> [String] {
    try withWorkbook(bytes, limits: limits) { workbook throws(Finding) in
        let lines = Lines()
        try workbook.rows(of: sheet) { (row) throws(Finding) in
            let cells = (0..<row.ends.count).map { String(decoding: row[$0], as: UTF8.self) }
            lines.all.append("\(row.number): " + cells.joined(separator: "|"))
            return true
        }
        return lines.all
    }
}

private final class Lines { var all: [String] = [] }

func withWorkbook<R>(
    _ bytes: [UInt8], limits: IntakeLimits = IntakeLimits(), _ body: (Workbook) throws(Finding) -> R
) throws -> R {
    let folder = try TemporaryFolder()
    let descriptor = try FileIO.openForReading(try folder.write(bytes, to: "orders.xlsx"), shown: "orders.xlsx")
    defer { close(descriptor) }
    return try body(try Workbook(descriptor: descriptor, file: "orders.xlsx", limits: limits, scratchFolder: folder.path))
}
