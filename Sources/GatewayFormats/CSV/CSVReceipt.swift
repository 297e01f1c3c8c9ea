import CScan
@_spi(HotPath) import GatewayCore

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

    /// What stands behind the key in each row of this outcome, its line end included: made once, written for many rows.
    package func end(of row: ReceiptRow) -> [UInt8] {
        var out = Output(capacity: 256)
        for text in [row.status, row.problem, row.whatToDo, row.carrier, row.tracking] {
            out.append(delimiter)
            cell(text, &out)
        }
        out.append(lineEnd)
        return Array(out.bytes)
    }

    /// Writes the sender's record and what became of it, an ``end(of:)``.
    package func row(_ batch: borrowing Batch, record: Int, end: [UInt8], _ out: inout Output) {
        let columns = header.names.count
        let cells = min(batch.realFieldCount(record), columns)
        copy(batch, record, cells, &out)
        for _ in cells..<max(columns, cells) { out.append(delimiter) }
        out.append(delimiter)
        append(keyStart, &out)
        number(batch.rowNumber(record), &out)
        append(end, &out)
    }

    /// The sender's first `cells` cells as they are, with an apostrophe where it must be.
    private func copy(_ batch: borrowing Batch, _ record: Int, _ cells: Int, _ out: inout Output) {
        let ends = batch.ends + Int(batch.rows[record])
        let start = batch.base + Int(ends[0]) + 1
        let count = min(Int(ends[cells]), batch.windowEnd) - Int(ends[0]) - 1
        let bytes = start.assumingMemoryBound(to: UInt8.self)
        var copied = 0
        var cell = 0
        var at = dg_formula_next(bytes, 0, count, delimiter)
        while at < count {
            while Int(ends[cell + 1]) < Int(ends[0]) + 1 + at { cell += 1 }
            let from = Int(ends[cell]) - Int(ends[0])
            let to = Int(ends[cell + 1]) - Int(ends[0]) - 1
            out.append(start + copied, from - copied)
            guarded(UnsafeRawBufferPointer(start: start + from, count: to - from), &out)
            copied = to
            at = dg_formula_next(bytes, to + 1, count, delimiter)
        }
        out.append(start + copied, count - copied)
    }

    // MARK: Cells

    private func append(_ bytes: [UInt8], _ out: inout Output) {
        bytes.withUnsafeBytes { all in
            if let start = all.baseAddress { out.append(start, all.count) }
        }
    }

    private func number(_ value: Int, _ out: inout Output) {
        var digits = 1
        var rest = value
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        out.reserve(digits)
        rest = value
        for n in stride(from: digits - 1, through: 0, by: -1) {
            out.base.storeBytes(of: 0x30 + UInt8(truncatingIfNeeded: rest % 10), toByteOffset: out.count + n, as: UInt8.self)
            rest /= 10
        }
        out.count += digits
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

    /// A cell of the sender's. What a spreadsheet makes of the quotes is what counts, also where text follows a closing one;
    /// such a cell, if it needs an apostrophe, becomes a quoted one.
    private func guarded(_ raw: UnsafeRawBufferPointer, _ out: inout Output) {
        guard raw.first == 0x22, quote != nil else { return SpreadsheetGuard.write(raw, isRaw: raw.first == 0x22, to: &out) }
        guard let value = unquoted(raw).withUnsafeBytes({ SpreadsheetGuard.guarded($0) }) else {
            if let start = raw.baseAddress { out.append(start, raw.count) }
            return
        }
        out.append(0x22)
        for byte in value {
            if byte == 0x22 { out.append(byte) }
            out.append(byte)
        }
        out.append(0x22)
    }
}
