import GatewayCore

/// Finds out a delimited file's dialect and headings from its first bytes.
struct CSVHead: ~Copyable {
    private let source: any ByteSource
    private let file: String?
    private let limits: IntakeLimits
    /// What was read beyond the headings.
    var carry = Carry()
    private(set) var ended = false
    /// Bytes of the file before what is left in `carry`.
    private(set) var consumed: Int64 = 0

    init(source: any ByteSource, file: String?, limits: IntakeLimits) {
        self.source = source
        self.file = file
        self.limits = limits
    }

    mutating func read(_ settings: CSVSettings) throws(Finding) -> (header: Header, dialect: CSVDialect) {
        var dialect = CSVDialect(delimiter: settings.delimiter ?? 0x2C, quote: settings.quotesAreLiteral ? nil : 0x22)
        try takeMark(&dialect)
        var isStated = settings.delimiter != nil
        var row = 1
        while let line = try nextRecord(dialect) {
            let record = line.withoutLineEnd
            if row == 1, !settings.isTable, !dialect.hasSeparatorLine, let delimiter = Self.separatorLine(record) {
                dialect.hasSeparatorLine = true
                dialect.delimiter = delimiter
                isStated = true
                continue
            }
            guard !Self.isBlank(record) else {
                row += 1
                continue
            }
            try TextCheck.check(record) { _ in .row(row, file: file) }
            guard !Self.hasBareReturn(record, quote: dialect.quote) else {
                throw Finding(.lineEndForeign, at: .row(row, file: file), found: .plain("CR"))
            }
            if !isStated { dialect.delimiter = Self.delimiter(of: record, quote: dialect.quote) }
            dialect.endsInCRLF = line.endsInCRLF
            return (Header(names: try names(record, dialect, row: row), row: row), dialect)
        }
        throw Finding(.fileEmpty, at: Place(file: file, isRecord: true))
    }

    // MARK: Lines

    private struct Line {
        var withoutLineEnd: [UInt8]
        var endsInCRLF: Bool
    }

    private mutating func more() throws(Finding) {
        if try !carry.read(from: source) { ended = true }
    }

    private mutating func takeMark(_ dialect: inout CSVDialect) throws(Finding) {
        while carry.count < 4, !ended { try more() }
        let start = Array(carry.bytes.prefix(4))
        if start.starts(with: CSVDialect.mark) {
            dialect.hasBOM = true
            carry.drop(3)
            consumed = 3
        } else if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) || start == [0, 0, 0xFE, 0xFF] {
            let shown = start.withUnsafeBytes { TextCheck.shown(UnsafeRawBufferPointer(rebasing: $0.prefix(2))) }
            throw Finding(.charsetForeign, at: .row(1, file: file), found: .plain(shown))
        }
    }

    /// Takes the next record off the front; nil at the end. The delimiter is not needed: any candidate may stand before a quote.
    private mutating func nextRecord(_ dialect: CSVDialect) throws(Finding) -> Line? {
        var isQuoted = false
        var at = 0
        while true {
            let end: Int? = carry.bytes[at...].firstIndex { byte in
                if byte == dialect.quote { isQuoted.toggle() }
                return byte == CSVDialect.lineFeed && !isQuoted
            }
            if let end {
                var line = Array(carry.bytes[..<end])
                carry.drop(end + 1)
                consumed += Int64(end + 1)
                let endsInCRLF = line.last == CSVDialect.carriageReturn
                if endsInCRLF { line.removeLast() }
                return Line(withoutLineEnd: line, endsInCRLF: endsInCRLF)
            }
            at = carry.count
            guard at <= limits.record else {
                throw Finding(.recordLong, at: .row(1, file: file), ["limit": .plain("\(limits.record)")])
            }
            if ended {
                guard at > 0 else { return nil }
                guard !isQuoted else { throw Finding(.quoteUnclosed, at: .row(1, file: file)) }
                let line = Array(carry.bytes)
                consumed += Int64(carry.count)
                carry.count = 0
                return Line(withoutLineEnd: line, endsInCRLF: false)
            }
            try more()
        }
    }

    private static func isBlank(_ record: [UInt8]) -> Bool {
        record.allSatisfy { $0 == 0x20 || $0 == CSVDialect.carriageReturn || CSVDialect.candidates.contains($0) }
    }

    /// A carriage return outside quotes, with something after it.
    private static func hasBareReturn(_ record: [UInt8], quote: UInt8?) -> Bool {
        var isQuoted = false
        for byte in record {
            if byte == quote { isQuoted.toggle() } else if byte == CSVDialect.carriageReturn, !isQuoted { return true }
        }
        return false
    }

    /// The delimiter that a line `sep=;` states.
    private static func separatorLine(_ record: [UInt8]) -> UInt8? {
        let text = record.first == 0x22 && record.last == 0x22 ? Array(record.dropFirst().dropLast()) : record
        guard text.count == 5, text.prefix(4).elementsEqual("sep=".utf8) || text.prefix(4).elementsEqual("SEP=".utf8) else { return nil }
        return text[4]
    }

    /// The candidate that occurs most often outside quotes; the comma when none does.
    private static func delimiter(of record: [UInt8], quote: UInt8?) -> UInt8 {
        var counts = [Int](repeating: 0, count: 256)
        var isQuoted = false
        for byte in record {
            if byte == quote { isQuoted.toggle() } else if !isQuoted { counts[Int(byte)] += 1 }
        }
        var best: UInt8 = 0x2C
        for candidate in CSVDialect.candidates where counts[Int(candidate)] > counts[Int(best)] { best = candidate }
        return best
    }

    private func names(_ record: [UInt8], _ dialect: CSVDialect, row: Int) throws(Finding) -> [String] {
        let fields = dialect.split(record)
        let names = fields.map { trimmed(String(decoding: unquoted($0, quote: dialect.quote), as: UTF8.self)) }
        guard names.count <= min(limits.columns, Int(UInt16.max) - 1) else {
            throw Finding(
                .columnsMany, at: .row(row, file: file), found: .plain("\(names.count) columns"), ["limit": .plain("\(limits.columns)")])
        }
        if names.count == 1, let quote = dialect.quote, record.first == quote {
            let inner = dialect.split(names[0].utf8)
            if inner.count > 2 {
                throw Finding(.rowWrapped, at: .row(row, file: file), found: .plain("1 cell"), ["columns": .plain("\(inner.count)")])
            }
        }
        return names
    }
}

/// Text without blanks, tabs, line ends and non-breaking spaces around it.
func trimmed(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else { return text }
    guard isBlank(first) || isBlank(last) else { return text }
    var scalars = text.unicodeScalars[...]
    while let first = scalars.first, isBlank(first) { scalars.removeFirst() }
    while let last = scalars.last, isBlank(last) { scalars.removeLast() }
    return String(String.UnicodeScalarView(scalars))
}

private func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case " ", "\t", "\r", "\n", "\u{A0}", "\u{FEFF}": true
    default: false
    }
}
