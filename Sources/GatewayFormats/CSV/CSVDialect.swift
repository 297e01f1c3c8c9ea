/// What a profile states of a delimited file's dialect; what it does not state is found out.
package struct CSVSettings: Hashable, Sendable {
    /// `,` `;` TAB or `|`; nil: decided on the heading line.
    package var delimiter: UInt8?
    /// Quotes are plain characters, as in some tab files.
    package var quotesAreLiteral = false
    /// It is a table that was laid out here: nothing is to be found out, and a cell `sep=;` is a cell.
    var isTable = false

    /// How ``TableSink`` writes.
    package static let table: CSVSettings = {
        var settings = CSVSettings(delimiter: 0x2C)
        settings.isTable = true
        return settings
    }()

    package init(delimiter: UInt8? = nil, quotesAreLiteral: Bool = false) {
        self.delimiter = delimiter
        self.quotesAreLiteral = quotesAreLiteral
    }

    /// Reads a profile's `format:`: `csv` or `tab`, then `comma`, `semicolon`, `tab` or `pipe`, then `literal quotes`.
    ///
    /// Nil when a word is none of these.
    package static func parse(_ format: String) -> CSVSettings? {
        var words = format.split(separator: " ").map(String.init)
        var settings = CSVSettings()
        guard let name = words.first else { return nil }
        words.removeFirst()
        switch name {
        case "csv": break
        case "tab": settings.delimiter = 0x09
        default: return nil
        }
        if words.suffix(2) == ["literal", "quotes"] {
            settings.quotesAreLiteral = true
            words.removeLast(2)
        }
        guard let word = words.first else { return settings }
        guard words.count == 1, name == "csv", let delimiter = delimiterNames.first(where: { $0.name == word }) else { return nil }
        settings.delimiter = delimiter.byte
        return settings
    }

    private static let delimiterNames: [(name: String, byte: UInt8)] = [
        ("comma", 0x2C), ("semicolon", 0x3B), ("tab", 0x09), ("pipe", 0x7C),
    ]
}

/// How a delimited file is written, as its reader found it.
package struct CSVDialect: Hashable, Sendable {
    package var delimiter: UInt8
    /// Nil: quotes are plain characters.
    package var quote: UInt8?
    package var hasBOM: Bool
    /// The heading line ends in CR LF. Both line ends may occur in one file.
    package var endsInCRLF: Bool
    /// A line `sep=;` stands before the headings; spreadsheets hide it and count rows without it.
    package var hasSeparatorLine: Bool

    package init(
        delimiter: UInt8 = 0x2C, quote: UInt8? = 0x22, hasBOM: Bool = false, endsInCRLF: Bool = false, hasSeparatorLine: Bool = false
    ) {
        self.delimiter = delimiter
        self.quote = quote
        self.hasBOM = hasBOM
        self.endsInCRLF = endsInCRLF
        self.hasSeparatorLine = hasSeparatorLine
    }

    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    static let candidates: [UInt8] = [0x2C, 0x3B, 0x09, 0x7C]

    /// Splits one record, its line end left off, into raw fields with the rules of the scanner. For headings and findings.
    func split(_ record: some Collection<UInt8>) -> [[UInt8]] {
        var fields: [[UInt8]] = [[]]
        var walk = CSVWalk(self)
        for byte in record {
            if walk.step(byte) == .delimiter { fields.append([]) } else { fields[fields.count - 1].append(byte) }
        }
        return fields
    }
}

/// The scanner's rules one byte at a time: for places of findings and for short texts.
struct CSVWalk {
    enum Step { case inside, delimiter, lineEnd }
    private enum State { case start, plain, quoted, closed, returned }
    private var state = State.start
    private let delimiter: UInt8
    private let quote: UInt8?

    init(_ dialect: CSVDialect) {
        delimiter = dialect.delimiter
        quote = dialect.quote
    }

    /// True inside a quoted field.
    var isQuoted: Bool { state == .quoted }

    mutating func step(_ byte: UInt8) -> Step {
        if state == .quoted {
            if byte == quote { state = .closed }
            return .inside
        }
        if byte == delimiter {
            state = .start
            return .delimiter
        }
        if byte == CSVDialect.lineFeed {
            state = .start
            return .lineEnd
        }
        if byte == quote, state == .start || state == .closed {
            state = .quoted
        } else if byte == CSVDialect.carriageReturn, state == .closed {
            state = .returned
        } else {
            state = .plain
        }
        return .inside
    }
}

/// The value of a raw field: outer quotes off, doubled ones single. A field that is not quoted is given as it is.
package func unquoted(_ field: some Collection<UInt8>, quote: UInt8? = 0x22) -> [UInt8] {
    guard let quote, field.first == quote else { return Array(field) }
    var out: [UInt8] = []
    out.reserveCapacity(field.count)
    var isOpen = true
    var wasQuote = false
    for byte in field.dropFirst() {
        if isOpen, byte == quote, !wasQuote {
            wasQuote = true
            continue
        }
        if wasQuote {
            wasQuote = false
            if byte != quote { isOpen = false }
        }
        out.append(byte)
    }
    return out
}
