import GatewayCore

/// How a file is to be read.
package struct ReadOptions: Sendable {
    /// Shown name, for findings.
    package var file: String?
    /// A profile's `format:`: the format's name and its options.
    package var format = "csv"
    package var limits = IntakeLimits()
    /// Row numbers of a file that was grouped on disk.
    package var rows: RowNumbers?

    package init(file: String? = nil, format: String = "csv", limits: IntakeLimits = IntakeLimits(), rows: RowNumbers? = nil) {
        self.file = file
        self.format = format
        self.limits = limits
        self.rows = rows
    }
}

/// A file whose headings have been read.
package struct OpenedFile {
    package let reader: any RecordReader
    /// Nil for a format that is not delimited text; such a file gets no receipt in its own layout.
    package let dialect: CSVDialect?
}

/// A format that order files come in.
package struct Format: Sendable {
    /// First word of a profile's `format:`.
    package let name: String
    /// One sentence for the manual.
    package let summary: String
    package let open: @Sendable (any ByteSource, ReadOptions) throws(Finding) -> OpenedFile

    init(_ name: String, _ summary: String, open: @escaping @Sendable (any ByteSource, ReadOptions) throws(Finding) -> OpenedFile) {
        self.name = name
        self.summary = summary
        self.open = open
    }
}

/// The formats, by name. A new one is a folder of its own and a line here.
package enum FormatCatalogue {
    package static let all: [Format] = [
        Format("csv", "Delimited text; the delimiter is found out, or stated: comma, semicolon, tab, pipe.", open: openDelimited),
        Format("tab", "Text with tabs between its fields; \"literal quotes\" when quotes are plain characters.", open: openDelimited),
    ]

    /// The format that a profile's `format:` names; nil when there is none of that name or an option is unknown.
    package static func named(_ text: String) -> Format? {
        guard CSVSettings.parse(text) != nil else { return nil }
        let name = text.prefix { $0 != " " }
        return all.first { $0.name == name }
    }

    @Sendable private static func openDelimited(_ source: any ByteSource, _ options: ReadOptions) throws(Finding) -> OpenedFile {
        guard let settings = CSVSettings.parse(options.format) else {
            let known = all.map(\.name).joined(separator: ", ")
            throw Finding(.formatUnknown, found: .plain(options.format), ["formats": .plain(known)])
        }
        let reader = try CSVReader(source, file: options.file, settings: settings, limits: options.limits, rows: options.rows)
        return OpenedFile(reader: reader, dialect: reader.dialect)
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
