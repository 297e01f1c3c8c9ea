@_spi(HotPath) import GatewayCore

/// Turns a receipt that was written as delimited text into a workbook: one sheet, every cell a text, the heading row frozen.
///
/// A text cell is shown as it is: no spreadsheet runs it, makes a date of it or takes its zeros. So the apostrophes that
/// keep a CSV's cells from being formulas are not needed, and come off.
package enum XLSXReceipt {
    /// Characters of a cell. Source: Excel specifications and limits.
    static let cellLimit = 32_767

    /// - Parameters:
    ///   - csv: the receipt, a file; its own position stays.
    ///   - sink: takes the workbook's bytes, the same ones for the same receipt.
    package static func write(csv: Int32, to sink: (UnsafeRawBufferPointer) throws(Finding) -> Void) throws(Finding) {
        // What the sender's file may be was checked when it was read; our own columns stand beside it.
        var limits = IntakeLimits()
        (limits.columns, limits.record, limits.field) = (SheetListener.columnLimit, 1 << 30, 1 << 30)
        let reader = try CSVReader(DescriptorSource(csv, shown: "receipt"), limits: limits)
        let result: Result<Void, Finding> = withoutActuallyEscaping(sink) { sink in
            do throws(Finding) {
                try write(reader, ZipWriter(sink: sink))
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    private static func write(_ reader: CSVReader, _ zip: ZipWriter) throws(Finding) {
        for (part, text) in fixedParts {
            try zip.begin(part)
            try zip.write(text)
        }
        try zip.begin("xl/worksheets/sheet1.xml")
        var out = Output(capacity: 1 << 17)
        out.append(Self.sheetHead(widths(of: reader.header)))
        out.append("<row>")
        for name in reader.header.names { textCell(Array(name.utf8), style: 2, &out) }
        out.append("</row>")
        var batch = Batch(pool: [], window: 1 << 18, headSlots: 1, lineSlots: 1)
        var hasRows = true
        while hasRows {
            do throws(Finding) { hasRows = try reader.fill(&batch) } catch {
                // A receipt of a file without orders has headings only.
                guard error.code == .rowsNone else { throw error }
                hasRows = false
            }
            guard hasRows else { break }
            for record in 0..<batch.recordCount where batch.flags[record] & Batch.blankRecord == 0 {
                out.append("<row>")
                for column in 0..<batch.realFieldCount(record) {
                    let (offset, count) = batch.field(record, column)
                    let raw = UnsafeRawBufferPointer(start: batch.base + offset, count: count)
                    textCell(unguarded(unquoted(raw, quote: reader.dialect.quote)), style: 1, &out)
                }
                out.append("</row>")
                if out.count >= 1 << 16 {
                    try zip.write(out.bytes)
                    out.rewind(to: 0)
                }
            }
            reader.keep(batch)
        }
        out.append("</sheetData></worksheet>")
        try zip.write(out.bytes)
        try zip.finish()
    }

    /// Without the apostrophes that a receipt in text needs; one of the sender's own stays.
    private static func unguarded(_ cell: [UInt8]) -> [UInt8] {
        var cell = cell
        if cell.first == 0x27,
            cell.dropFirst().withContiguousStorageIfAvailable({ SpreadsheetGuard.isFormula(UnsafeRawBufferPointer($0)) }) == true
        {
            cell.removeFirst()
        }
        return SpreadsheetGuard.unguardedInside(cell)
    }

    // MARK: Parts

    /// Width of each column in characters: as its heading needs, wider for what is read as a sentence.
    private static func widths(of header: Header) -> [Int] {
        let key = header.names.lastIndex(of: CSVReceipt.keyHeading) ?? header.names.count
        return header.names.enumerated().map { n, name in
            let isSentence = n == key + 2 || n == key + 3
            return isSentence ? 60 : min(max(name.count + 2, 12), 40)
        }
    }

    private static func sheetHead(_ widths: [Int]) -> String {
        var out = declaration + "<worksheet xmlns=\"\(main)\"><sheetViews><sheetView tabSelected=\"1\" workbookViewId=\"0\">"
        out += "<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>"
        for (n, width) in widths.enumerated() {
            // Style 1 for the whole column: what is typed into an empty cell stays text too.
            out += "<col min=\"\(n + 1)\" max=\"\(n + 1)\" width=\"\(width)\" style=\"1\" customWidth=\"1\"/>"
        }
        return out + "</cols><sheetData>"
    }

    private static let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    private static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    private static let package = "http://schemas.openxmlformats.org/package/2006"
    private static let sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml"

    private static let fixedParts: [(String, String)] = [
        (
            "[Content_Types].xml",
            declaration + "<Types xmlns=\"\(package)/content-types\">"
                + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                + "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                + "<Override PartName=\"/xl/workbook.xml\" ContentType=\"\(sheetType).sheet.main+xml\"/>"
                + "<Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"\(sheetType).worksheet+xml\"/>"
                + "<Override PartName=\"/xl/styles.xml\" ContentType=\"\(sheetType).styles+xml\"/></Types>"
        ),
        (
            "_rels/.rels",
            declaration + "<Relationships xmlns=\"\(package)/relationships\">"
                + "<Relationship Id=\"rId1\" Type=\"\(office)/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
        (
            "xl/workbook.xml",
            declaration + "<workbook xmlns=\"\(main)\" xmlns:r=\"\(office)\"><sheets>"
                + "<sheet name=\"receipt\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
        ),
        (
            "xl/_rels/workbook.xml.rels",
            declaration + "<Relationships xmlns=\"\(package)/relationships\">"
                + "<Relationship Id=\"rId1\" Type=\"\(office)/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
                + "<Relationship Id=\"rId2\" Type=\"\(office)/styles\" Target=\"styles.xml\"/></Relationships>"
        ),
        (
            // Style 1: text (49 is "@"). Style 2: text in bold, for the headings.
            "xl/styles.xml",
            declaration + "<styleSheet xmlns=\"\(main)\"><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>"
                + "<font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>"
                + "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>"
                + "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
                + "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>"
                + "<cellXfs count=\"3\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
                + "<xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
                + "<xf numFmtId=\"49\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" applyFont=\"1\"/></cellXfs>"
                + "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>"
        ),
    ]
}

/// A cell that holds its text itself. An empty one is written too, so that the next stands in its column.
private func textCell(_ text: [UInt8], style: Int, _ out: inout Output) {
    guard !text.isEmpty else {
        out.append("<c s=\"1\"/>")
        return
    }
    out.append(
        style == 1
            ? "<c s=\"1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">" : "<c s=\"2\" t=\"inlineStr\"><is><t xml:space=\"preserve\">")
    // A longer text makes the workbook a damaged one; the end of it is then only in the sender's file.
    let shown = text.count > XLSXReceipt.cellLimit ? cut(text) : text
    var at = 0
    while at < shown.count {
        let byte = shown[at]
        defer { at += 1 }
        switch byte {
        case 0x26: out.append("&amp;")
        case 0x3C: out.append("&lt;")
        case 0x3E: out.append("&gt;")
        case 0x09, 0x0A: out.append(byte)
        case 0..<0x20:
            out.append("_x00")
            out.append(hexadecimal[Int(byte >> 4)])
            out.append(hexadecimal[Int(byte & 15)])
            out.append(0x5F)
        case 0x5F where isEscape(shown, at): out.append("_x005F_")
        case 0xEF where at + 2 < shown.count && shown[at + 1] == 0xBF && shown[at + 2] >= 0xBE:
            // U+FFFE and U+FFFF are no characters of XML.
            out.append(shown[at + 2] == 0xBE ? "_xFFFE_" : "_xFFFF_")
            at += 2
        default: out.append(byte)
        }
    }
    out.append("</t></is></c>")
}

private let hexadecimal = Array("0123456789ABCDEF".utf8)

/// Whether a text would be read as an escaped character: `_x0041_`.
private func isEscape(_ text: [UInt8], _ at: Int) -> Bool {
    text.count >= at + 7 && text[at + 1] == 0x78 && text[at + 6] == 0x5F
        && text[(at + 2)..<(at + 6)].allSatisfy { (0x30...0x39).contains($0) || (0x41...0x46).contains($0 & 0xDF) }
}

/// The first 32,767 UTF-16 units, as a spreadsheet counts.
private func cut(_ text: [UInt8]) -> [UInt8] {
    var units = 0
    var out = ""
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
        units += scalar.value > 0xFFFF ? 2 : 1
        if units > XLSXReceipt.cellLimit { break }
        out.unicodeScalars.append(scalar)
    }
    return Array(out.utf8)
}
