@_spi(HotPath) import GatewayCore

/// What a receipt says of a row, beside the sender's own cells.
package struct ReceiptCells: Sendable, Hashable {
    package var status: String
    package var problem: String
    package var remedy: String
    package var carrier: String
    package var tracking: String

    package init(status: String = "", problem: String = "", remedy: String = "", carrier: String = "", tracking: String = "") {
        self.status = status
        self.problem = problem
        self.remedy = remedy
        self.carrier = carrier
        self.tracking = tracking
    }
}

/// Writes a receipt in the layout of the file that was sent: its columns, bytes and line ends, then what became of each row.
///
/// Safe to open in a spreadsheet: a cell that would be taken as a formula gets an apostrophe in front, unless it is a
/// plain negative number. ``ReceiptMerge`` takes it off again. A row with more cells than there are headings is shown
/// without the rest; a correction of it is then as wide as the headings, and an untouched one is the original again.
package struct CSVReceipt: Sendable {
    /// Heading of the row key; never translated.
    package static let keyHeading = "dropgate row"

    private let header: Header
    private let delimiter: UInt8
    private let quote: UInt8?
    private let lineEnd: [UInt8]
    private let language: Language
    private let keyStart: [UInt8]

    /// - Parameters:
    ///   - header: the sender's headings.
    ///   - arrival: number of the arrival, for the row keys.
    package init(header: Header, dialect: CSVDialect, language: Language, arrival: Int64) {
        self.header = header
        self.language = language
        delimiter = dialect.delimiter
        quote = dialect.quote
        lineEnd = dialect.endsInCRLF ? [0x0D, 0x0A] : [0x0A]
        // With the letter in front no spreadsheet takes the key for a date.
        keyStart = Array("r\(arrival)-".utf8)
    }

    /// Headings of the columns after ``keyHeading``.
    package static func headings(in language: Language) -> [String] {
        switch language {
        case .english: ["status", "problem", "what to do", "carrier", "tracking"]
        case .turkish: ["durum", "sorun", "yapılacak", "kargo", "takip no"]
        }
    }

    /// Writes UTF-8's mark, for spreadsheets, and the heading line.
    package func head(_ out: inout Output) {
        out.append(CSVDialect.mark)
        for name in header.names {
            cell(name, &out)
            out.append(delimiter)
        }
        out.append(Self.keyHeading)
        for heading in Self.headings(in: language) {
            out.append(delimiter)
            out.append(heading)
        }
        out.append(lineEnd)
    }

    /// Writes the sender's record and what became of it.
    package func row(_ batch: borrowing Batch, record: Int, outcome: ReceiptCells, _ out: inout Output) {
        let columns = header.names.count
        let cells = min(batch.realFieldCount(record), columns)
        let whole = batch.flags[record] & Batch.longRecord == 0 && !needsGuard(batch, record, cells)
        if whole {
            let bytes = batch.record(record)
            if let start = bytes.baseAddress { out.append(start, bytes.count) }
        } else {
            for c in 0..<cells {
                if c > 0 { out.append(delimiter) }
                guarded(raw(batch, record, c), &out)
            }
        }
        for _ in cells..<max(columns, cells) { out.append(delimiter) }
        out.append(delimiter)
        keyStart.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress { out.append(start, bytes.count) }
        }
        number(batch.rowNumber(record), &out)
        for text in [outcome.status, outcome.problem, outcome.remedy, outcome.carrier, outcome.tracking] {
            out.append(delimiter)
            cell(text, &out)
        }
        out.append(lineEnd)
    }

    // MARK: Cells

    private func raw(_ batch: borrowing Batch, _ record: Int, _ column: Int) -> UnsafeRawBufferPointer {
        let (offset, count) = batch.field(record, column)
        return UnsafeRawBufferPointer(start: batch.base + offset, count: count)
    }

    private func number(_ value: Int, _ out: inout Output) {
        if value >= 10 { number(value / 10, &out) }
        out.append(0x30 + UInt8(value % 10))
    }

    /// A cell of ours: guarded, and quoted where it must be.
    private func cell(_ text: String, _ out: inout Output) {
        guard !text.isEmpty else { return }
        var text = text
        text.withUTF8 { bytes in
            let guarded = SpreadsheetGuard.isFormula(UnsafeRawBufferPointer(bytes))
            let isSpecial = bytes.contains { $0 == delimiter || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
            guard let quote else {
                // Without quotes there is no way to write a delimiter or a line end.
                if guarded { out.append(0x27) }
                for byte in bytes { out.append(byte == delimiter || byte == 0x0A || byte == 0x0D ? 0x20 : byte) }
                return
            }
            guard isSpecial else {
                if guarded { out.append(0x27) }
                if let start = bytes.baseAddress { out.append(UnsafeRawPointer(start), bytes.count) }
                return
            }
            out.append(quote)
            if guarded { out.append(0x27) }
            for byte in bytes {
                if byte == quote { out.append(quote) }
                out.append(byte)
            }
            out.append(quote)
        }
    }

    /// Whether a cell of the record needs an apostrophe. Looks at first bytes only; most cells are done with one test.
    private func needsGuard(_ batch: borrowing Batch, _ record: Int, _ cells: Int) -> Bool {
        let ends = batch.ends + Int(batch.rows[record])
        let base = batch.base
        for c in 0..<cells {
            let byte = base.load(fromByteOffset: Int(ends[c]) + 1, as: UInt8.self)
            guard SpreadsheetGuard.mayBegin(byte) else { continue }
            if Self.needsGuard(raw(batch, record, c)) { return true }
        }
        return false
    }

    private static func needsGuard(_ raw: UnsafeRawBufferPointer) -> Bool {
        guard let first = raw.first, SpreadsheetGuard.mayBegin(first) else { return false }
        return SpreadsheetGuard.isFormula(inside(raw))
    }

    private static func inside(_ raw: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard raw.count >= 2, raw[0] == 0x22, raw[raw.count - 1] == 0x22 else { return raw }
        return UnsafeRawBufferPointer(rebasing: raw[1..<raw.count - 1])
    }

    /// The sender's cell as it is, with an apostrophe where it must be.
    private func guarded(_ raw: UnsafeRawBufferPointer, _ out: inout Output) {
        guard let start = raw.baseAddress, Self.needsGuard(raw) else {
            if let start = raw.baseAddress { out.append(start, raw.count) }
            return
        }
        let isQuoted = raw.count >= 2 && raw[0] == 0x22 && raw[raw.count - 1] == 0x22
        if isQuoted { out.append(0x22) }
        out.append(0x27)
        let skipped = isQuoted ? 1 : 0
        out.append(start + skipped, raw.count - skipped)
    }
}

/// What a spreadsheet would take as a formula. Source: OWASP, "CSV Injection".
enum SpreadsheetGuard {
    /// False for bytes that no formula, and no quote before one, begins with.
    @inline(__always) static func mayBegin(_ byte: UInt8) -> Bool {
        // Tab, carriage return, quote, plus, minus, equals.
        let low: UInt64 = 1 << 0x09 | 1 << 0x0D | 1 << 0x22 | 1 << 0x2B | 1 << 0x2D | 1 << 0x3D
        return byte < 64 ? low >> UInt64(byte) & 1 != 0 : byte == 0x40 || byte == 0xEF
    }

    /// Begins with `=` `+` `-` `@` tab, carriage return or a full-width form, and is no plain negative number.
    static func isFormula(_ value: UnsafeRawBufferPointer) -> Bool {
        guard let first = value.first else { return false }
        switch first {
        case 0x3D, 0x2B, 0x40, 0x09, 0x0D: return true
        case 0x2D: return !isPlainNumber(value)
        case 0xEF:
            guard value.count >= 3, value[1] == 0xBC else { return false }
            return [0x9D, 0x8B, 0x8D, 0xA0].contains(value[2])
        default: return false
        }
    }

    /// `-`, digits, and perhaps one point or comma with digits after it.
    private static func isPlainNumber(_ value: UnsafeRawBufferPointer) -> Bool {
        let parts = value.dropFirst().split(omittingEmptySubsequences: false) { $0 == 0x2E || $0 == 0x2C }
        return parts.count <= 2 && parts.allSatisfy { part in !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) } }
    }
}
