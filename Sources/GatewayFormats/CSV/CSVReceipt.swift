import CScan
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
/// Safe to open in a spreadsheet: what would be taken as a formula gets an apostrophe in front, unless the cell is a
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
        var text = SpreadsheetGuard.guarded(text)
        text.withUTF8 { bytes in
            let isSpecial = bytes.contains { $0 == delimiter || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
            guard let quote else {
                // Without quotes there is no way to write a delimiter or a line end.
                for byte in bytes { out.append(byte == delimiter || byte == 0x0A || byte == 0x0D ? 0x20 : byte) }
                return
            }
            guard isSpecial else {
                if let start = bytes.baseAddress { out.append(UnsafeRawPointer(start), bytes.count) }
                return
            }
            out.append(quote)
            for byte in bytes {
                if byte == quote { out.append(quote) }
                out.append(byte)
            }
            out.append(quote)
        }
    }

    /// Whether a cell of the record needs an apostrophe. Most records are done with one look at each cell's first byte and one pass.
    private func needsGuard(_ batch: borrowing Batch, _ record: Int, _ cells: Int) -> Bool {
        let ends = batch.ends + Int(batch.rows[record])
        let base = batch.base
        for c in 0..<cells {
            let byte = base.load(fromByteOffset: Int(ends[c]) + 1, as: UInt8.self)
            guard SpreadsheetGuard.mayBegin(byte) else { continue }
            let cell = raw(batch, record, c)
            // Most quoted cells show behind their quote that they begin no formula.
            if byte == 0x22, cell.count <= 2 || !SpreadsheetGuard.mayBegin(cell[1]) { continue }
            if guarded(cell) != nil { return true }
        }
        let bytes = batch.record(record)
        guard let start = bytes.baseAddress, dg_formula_within(start.assumingMemoryBound(to: UInt8.self), bytes.count) != 0 else {
            return false
        }
        return (0..<cells).contains { guarded(raw(batch, record, $0)) != nil }
    }

    /// The sender's cell with its apostrophes; nil: it needs none. What a spreadsheet makes of the quotes is what counts,
    /// also where text follows a closing one; such a cell becomes a quoted one.
    private func guarded(_ raw: UnsafeRawBufferPointer) -> [UInt8]? {
        guard raw.first == 0x22 else { return SpreadsheetGuard.guarded(raw) }
        guard quote != nil else { return SpreadsheetGuard.guarded(raw, isRaw: true) }
        guard let value = unquoted(raw).withUnsafeBytes({ SpreadsheetGuard.guarded($0) }) else { return nil }
        return [0x22] + value.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] } + [0x22]
    }

    /// The sender's cell as it is, with an apostrophe where it must be.
    private func guarded(_ raw: UnsafeRawBufferPointer, _ out: inout Output) {
        if let cell = guarded(raw) {
            cell.withUnsafeBytes { bytes in
                if let start = bytes.baseAddress { out.append(start, bytes.count) }
            }
        } else if let start = raw.baseAddress {
            out.append(start, raw.count)
        }
    }
}
