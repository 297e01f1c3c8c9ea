@_spi(HotPath) import GatewayCore
import GatewayFormats
import Glibc

extension Workspace {
    /// Rows of a file that a draft looks at.
    private static let draftRows = 200

    /// Drafts a channel profile from a file of any shape that is read: delimited text, a workbook, JSON, XML.
    ///
    /// - Parameters:
    ///   - name: of the new profile.
    ///   - descriptor: the file; read by position, not closed.
    ///   - file: shown name; stands in the draft.
    /// - Returns: the profile's text; it passes `dropgate check`.
    package func draftChannel(_ name: String, from descriptor: Int32, file: String) throws(Finding) -> String {
        let input = try layoutInput(descriptor, file: file)
        var options = ReadOptions()
        options.file = file
        options.limits = settings.limits
        var format = "csv"
        var records: String?
        var source = input.bytes()
        var scratch: Int32 = -1
        defer { if scratch >= 0 { close(scratch) } }
        if let found = FormatCatalogue.layingOut(try SourceShape.of(input)), let make = found.layout {
            // A profile of delimited text takes workbooks too: the next export may come as either.
            format = found.shapes.contains(.workbook) ? "csv" : found.name
            let layout = try make(input)
            guard var glimpse = try layout.glimpses(TablePlan(format: found.name)).first else {
                throw Finding(.fileEmpty, at: Place(file: file, isRecord: true))
            }
            var plan = TablePlan(format: found.name, columns: glimpse.header.names)
            if !found.shapes.contains(.workbook), let inner = try Self.records(glimpse.header.names, input) {
                records = inner
                plan.records = inner
                plan.columns = try layout.glimpses(TablePlan(format: found.name, records: inner)).first?.header.names ?? plan.columns
            }
            if !found.shapes.contains(.workbook) { glimpse = try layout.glimpses(plan).first ?? glimpse }
            let made = try ScratchFile.create(in: Self.temporaryFolder)
            unlink(made.path)
            scratch = made.descriptor
            var sink = TableSink(scratch, file: file, limits: settings.limits)
            try layout.layOut(plan, glimpse, into: &sink)
            try sink.finish()
            source = DescriptorSource(scratch, shown: file)
            options.isTable = true
        }
        let opened = try FormatCatalogue.open(source, options)
        return ChannelDraft(
            name: name, file: file, format: format, records: records, headings: opened.reader.header.names,
            rows: try Self.firstRows(opened), words: try headingWords()
        ).text()
    }

    /// Where the orders of a tree are, when everything in it stands below one name; nil: at its root.
    private static func records(_ paths: [String], _ input: LayoutInput) throws(Finding) -> String? {
        let first = Set(paths.map { $0.prefix { $0 != "." } })
        guard first.count == 1, let name = first.first, paths.allSatisfy({ $0.utf8.count > name.utf8.count }) else { return nil }
        guard try SourceShape.of(input) == .xml else { return String(name) }
        // A path in XML begins with the root's name.
        let start = String(decoding: try input.start(), as: UTF8.self)
        for piece in start.split(separator: "<").dropFirst(start.hasPrefix("<") ? 0 : 1) {
            let root = piece.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
            if !root.isEmpty { return "\(root).\(name)" }
        }
        return nil
    }

    private static func firstRows(_ opened: OpenedFile) throws(Finding) -> [[String]] {
        var rows: [[String]] = []
        var batch = Batch(pool: [], window: 1 << 18, headSlots: 1, lineSlots: 1)
        while rows.count < draftRows, try opened.reader.fill(&batch) {
            for record in 0..<batch.recordCount where batch.flags[record] & Batch.blankRecord == 0 && rows.count < draftRows {
                rows.append(
                    (0..<batch.realFieldCount(record)).map { column in
                        let (offset, count) = batch.field(record, column)
                        let raw = UnsafeRawBufferPointer(start: batch.base + offset, count: count)
                        return trimmedText(unquoted(raw, quote: opened.dialect.quote))
                    })
            }
            opened.reader.keep(batch)
        }
        return rows
    }

    private static func trimmedText(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let from = text.firstIndex(where: { !$0.isWhitespace }), let to = text.lastIndex(where: { !$0.isWhitespace }) else {
            return ""
        }
        return String(text[from...to])
    }

    /// `mappings/tables/heading-words.csv`, by field.
    private func headingWords() throws(Finding) -> [(field: String, words: [String])] {
        guard let table = try files.read("tables/heading-words.csv") else { return [] }
        let rows = try readTable(table.bytes, file: table.shown).dropFirst()
        var words: [(field: String, words: [String])] = []
        for row in rows where row.count >= 3 {
            let more = row[2].text.split(separator: "|").map(String.init)
            if let known = words.firstIndex(where: { $0.field == row[0].text }) {
                words[known].words += more
            } else {
                words.append((row[0].text, more))
            }
        }
        return words
    }
}
