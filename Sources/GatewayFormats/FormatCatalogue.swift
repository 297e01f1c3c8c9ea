@_spi(HotPath) import GatewayCore

/// How a file is to be read.
package struct ReadOptions: Sendable {
    /// Shown name, for findings.
    package var file: String?
    /// A profile's `format:`: the format's name and its options.
    package var format = "csv"
    package var limits = IntakeLimits()
    /// Row numbers of a file that was grouped on disk.
    package var rows: RowNumbers?
    /// It was laid out here.
    package var isTable = false
    /// Bytes that are no characters concern their row only.
    package var mendsText = false

    package init(file: String? = nil, format: String = "csv", limits: IntakeLimits = IntakeLimits(), rows: RowNumbers? = nil) {
        self.file = file
        self.format = format
        self.limits = limits
        self.rows = rows
    }
}

/// A file whose headings have been read.
package struct OpenedFile {
    package let reader: CSVReader
    package private(set) var dialect: CSVDialect

    /// Reads quotes as characters like others.
    package mutating func takeQuotesLiterally() {
        reader.takeQuotesLiterally()
        dialect = reader.dialect
    }
}

/// A format that order files come in.
package struct Format: Sendable {
    /// First word of a profile's `format:`.
    package let name: String
    /// One sentence for the manual.
    package let summary: String
    /// Kinds of files that a profile of this format takes; text always counts, since a receipt of any file may come back as CSV.
    package let shapes: [SourceShape]
    /// Whether a profile's `format:`, whole, is one of this format.
    package let accepts: @Sendable (String) -> Bool
    /// Lays a file out as a table; nil: delimited text, which is read as it is.
    package let layout: (@Sendable (LayoutInput) throws(Finding) -> any TableLayout)?
    /// Whether a file that is not text is there whole; nil: judged by its brackets, tags or rows.
    package let wholeness: (@Sendable (LayoutInput) throws(Finding) -> Wholeness)?
    /// How receipts are written; nil: as CSV.
    package let receipt: ReceiptForm?

    package init(
        _ name: String, _ summary: String, shapes: [SourceShape], accepts: @escaping @Sendable (String) -> Bool,
        layout: (@Sendable (LayoutInput) throws(Finding) -> any TableLayout)? = nil,
        wholeness: (@Sendable (LayoutInput) throws(Finding) -> Wholeness)? = nil, receipt: ReceiptForm? = nil
    ) {
        self.name = name
        self.summary = summary
        self.shapes = shapes
        self.accepts = accepts
        self.layout = layout
        self.wholeness = wholeness
        self.receipt = receipt
    }

}

/// The formats, by name. A new one is a folder of its own and a line here.
package enum FormatCatalogue {
    package static let all: [Format] = [
        delimited("csv", "Delimited text; the delimiter is found out, or stated: comma, semicolon, tab, pipe. Takes workbooks too."),
        .fixedWidth,
        .json,
        delimited("tab", "Text with tabs between its fields; \"literal quotes\" when quotes are plain characters."),
        .xml,
        .xlsx,
    ]

    private static func delimited(_ name: String, _ summary: String) -> Format {
        Format(
            name, summary, shapes: [.text, .workbook],
            accepts: { format in CSVSettings.parse(format) != nil && format.split(separator: " ").first.map(String.init) == name })
    }

    /// The format that a profile's `format:` names; nil when there is none of that name or an option is unknown.
    package static func named(_ text: String) -> Format? { all.first { $0.accepts(text) } }

    /// The format whose layout reads files of a kind; nil: none does.
    package static func layingOut(_ shape: SourceShape) -> Format? {
        all.first { $0.layout != nil && $0.shapes.contains(shape) && shape != .text }
    }

    /// Opens delimited text.
    ///
    /// - Parameter options: a format that is not delimited text stands for CSV: its tables and receipts are.
    package static func open(_ source: any ByteSource, _ options: ReadOptions) throws(Finding) -> OpenedFile {
        let settings = options.isTable ? CSVSettings.table : CSVSettings.parse(options.format) ?? CSVSettings()
        let reader = try CSVReader(
            source, file: options.file, settings: settings, limits: options.limits, rows: options.rows,
            mendsText: options.mendsText)
        return OpenedFile(reader: reader, dialect: reader.dialect)
    }
}

extension FormatCatalogue {
    /// Reads delimited text to its end, for the finding that it may throw.
    package static func readThrough(_ source: any ByteSource, _ options: ReadOptions) throws(Finding) {
        let reader = try open(source, options).reader
        var batch = Batch(pool: [], window: 1 << 18, headSlots: 1, lineSlots: 1)
        while try reader.fill(&batch) { reader.keep(batch) }
    }
}

/// Parses a carrier's or tracking file's template by its file's extension.
package enum TemplateParser {
    /// - Throws: `read.template.…` with line and column.
    package static func parse(_ bytes: [UInt8], file: String) throws(Finding) -> Template {
        if file.hasSuffix(".json") { return try JSONTemplateParser.parse(bytes, file: file) }
        if file.hasSuffix(".xml") { return try XMLTemplateParser.parse(bytes, file: file) }
        throw Finding(
            .templateSyntax, at: Place(file: file), found: .plain(file),
            ["expected": .plain("a template named .xml or .json"), "detail": .plain("name it by its format")])
    }
}
