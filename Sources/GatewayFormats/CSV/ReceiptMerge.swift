@_spi(HotPath) import GatewayCore

/// Makes the corrected file, in the layout of the original, from a receipt that was corrected and dropped again.
///
/// A cell that equals the stored original, or a form of it that a spreadsheet damaged, counts as untouched: the original
/// bytes go out. Columns are found by their headings, rows by their key, so both may have been moved. Rows that the
/// receipt no longer has are left out.
package enum ReceiptMerge {
    /// Whether a file with these headings is a receipt of ours.
    package static func isReceipt(_ header: Header) -> Bool { keyColumn(header) != nil }

    /// Number of the arrival that a receipt belongs to; nil: the file is no receipt, or no file that we can read.
    ///
    /// - Throws: ``FindingCode/receiptKeyUnreadable`` when its first row has no key; a finding when reading fails.
    package static func arrival(
        descriptor: Int32, file: String?, settings: CSVSettings = CSVSettings(), limits: IntakeLimits = IntakeLimits()
    ) throws(Finding) -> Int64? {
        let reader: CSVReader
        var batch = Batch(pool: [], window: 1 << 16, headSlots: 1, lineSlots: 1)
        do throws(Finding) {
            reader = try CSVReader(DescriptorSource(descriptor, shown: file ?? "file"), file: file, settings: settings, limits: limits)
            guard let column = keyColumn(reader.header) else { return nil }
            while try reader.fill(&batch) {
                for r in 0..<batch.recordCount where batch.flags[r] & Batch.blankRecord == 0 {
                    return try key(batch, r, column, reader.dialect, reader.header, file: file).arrival
                }
                reader.keep(batch)
            }
            return nil
        } catch {
            // What else is wrong with the file is said when it is read for its orders.
            guard error.code == .fileReadFailed || error.code == .receiptKeyUnreadable else { return nil }
            throw error
        }
    }

    /// Writes the corrected file.
    ///
    /// - Parameters:
    ///   - original: the file of the arrival that the receipt belongs to.
    ///   - scratchFolder: for tables of rows; memory does not grow with the files.
    ///   - file: shown name of the receipt, for findings.
    ///   - settings: what is known of the dialects.
    /// - Throws: `receipt.…` for keys that are unknown, double, unreadable or of several receipts; `read.…` for a receipt
    ///   that can't be read.
    package static func merge(
        receipt: Int32, original: Int32, scratchFolder: String, file: String?,
        settings: (receipt: CSVSettings, original: CSVSettings) = (CSVSettings(), CSVSettings()),
        limits: IntakeLimits = IntakeLimits(),
        to sink: (UnsafeRawBufferPointer) throws(Finding) -> Void
    ) throws(Finding) {
        let index = try RowIndex(in: scratchFolder)
        let stored = try CSVReader(DescriptorSource(original, shown: "original"), settings: settings.original, limits: limits)
        let dataStart = stored.windowOffset
        try indexRows(stored, into: index)

        let reader = try CSVReader(
            DescriptorSource(receipt, shown: file ?? "receipt"), file: file, settings: settings.receipt, limits: limits)
        guard let column = keyColumn(reader.header) else { return }
        let columns = mapping(of: stored.header, in: reader.header, except: column)
        // Then a row whose bytes begin with the original's is untouched at a glance.
        let isSameShape =
            columns.elementsEqual(stored.header.names.indices.map { Optional($0) }) && stored.dialect.delimiter == reader.dialect.delimiter
            && stored.dialect.quote == reader.dialect.quote
        let window = FileWindow(original, shown: "original")
        let rows = try RowOrderedWriter(scratchFolder: scratchFolder)
        let end: [UInt8] = stored.dialect.endsInCRLF ? [0x0D, 0x0A] : [0x0A]
        var arrival: Int64?
        var batch = Batch(pool: [], window: 1 << 18, headSlots: 1, lineSlots: 1)
        while try reader.fill(&batch) {
            for r in 0..<batch.recordCount where batch.flags[r] & Batch.blankRecord == 0 {
                let key = try key(batch, r, column, reader.dialect, reader.header, file: file)
                let first = arrival ?? key.arrival
                arrival = first
                func problem(_ code: FindingCode, _ arguments: [String: Finding.Shown] = [:]) -> Finding {
                    Finding(
                        code, at: place(batch.rowNumber(r), column, reader.header, file), found: .plain("r\(key.arrival)-\(key.row)"),
                        arguments)
                }
                guard key.arrival == first else { throw problem(.receiptMixed, ["key": .plain("r\(first)")]) }
                let entry = try index.entry(key.row)
                guard entry.count >= 0 else { throw problem(.receiptRowUnknown) }
                guard !entry.isTaken else { throw problem(.receiptKeyDouble) }
                try index.take(key.row, entry)
                let bytes = try window.bytes(at: entry.offset, Int(entry.count))
                if isSameShape, begins(batch, r, with: bytes, fields: columns.count) {
                    try rows.write(row: key.row, bytes: bytes, lineEnd: end)
                    continue
                }
                let before = Array(bytes)
                let after = corrected(before, stored.dialect, batch, r, columns, reader.dialect)
                try FileIO.unsafeBytes(after) { (bytes) throws(Finding) in try rows.write(row: key.row, bytes: bytes, lineEnd: end) }
            }
            reader.keep(batch)
        }
        try copy(original, to: dataStart, sink)
        try rows.finish(sink)
    }

    // MARK: Rows

    private static func indexRows(_ reader: CSVReader, into index: RowIndex) throws(Finding) {
        var batch = Batch(pool: [], window: 1 << 18, headSlots: 1, lineSlots: 1)
        while try reader.fill(&batch) {
            for r in 0..<batch.recordCount where batch.flags[r] & Batch.blankRecord == 0 {
                try index.set(batch.rowNumber(r), offset: reader.offset(of: r, in: batch), count: batch.record(r).count)
            }
            reader.keep(batch)
        }
    }

    /// Whether the first fields of a record are just these bytes.
    private static func begins(_ batch: borrowing Batch, _ record: Int, with bytes: UnsafeRawBufferPointer, fields: Int) -> Bool {
        guard batch.fieldCount(record) >= fields else { return false }
        let ends = batch.ends + Int(batch.rows[record])
        let start = Int(ends[0]) + 1
        return Int(ends[fields]) - start == bytes.count
            && UnsafeRawBufferPointer(start: batch.base + start, count: bytes.count).elementsEqual(bytes)
    }

    /// The record that goes out: the original's bytes when no cell was touched.
    private static func corrected(
        _ before: [UInt8], _ dialect: CSVDialect, _ batch: borrowing Batch, _ record: Int, _ columns: [Int?], _ shown: CSVDialect
    ) -> [UInt8] {
        let raw = dialect.split(before)
        var out: [UInt8] = []
        out.reserveCapacity(before.count + 64)
        var isTouched = false
        for (c, column) in columns.enumerated() {
            if c > 0 { out.append(dialect.delimiter) }
            let old = c < raw.count ? raw[c] : []
            if let column, !isSame(old, dialect, batch, record, column, shown) {
                isTouched = true
                out += written(value(batch, record, column, shown), over: unquoted(old, quote: dialect.quote), dialect)
            } else {
                out += old
            }
        }
        return isTouched ? out : before
    }

    private static func isSame(
        _ old: [UInt8], _ dialect: CSVDialect, _ batch: borrowing Batch, _ record: Int, _ column: Int, _ shown: CSVDialect
    ) -> Bool {
        if column < batch.fieldCount(record), dialect.quote == shown.quote {
            let (offset, count) = batch.field(record, column)
            if UnsafeRawBufferPointer(start: batch.base + offset, count: count).elementsEqual(old) { return true }
        }
        let stored = unquoted(old, quote: dialect.quote)
        let cell = value(batch, record, column, shown)
        if DamagedForm.isUntouched(stored: stored, cell: cell) { return true }
        // A spreadsheet quotes what it saves, also where quotes are characters.
        return shown.quote == nil && cell.first == 0x22 && DamagedForm.isUntouched(stored: stored, cell: unquoted(cell))
    }

    /// A new cell in the original's dialect, without the receipt's apostrophes.
    private static func written(_ cell: [UInt8], over stored: [UInt8], _ dialect: CSVDialect) -> [UInt8] {
        // Inside a cell an apostrophe is the sender's own, unless the receipt had to put some there.
        let isOurs = stored.withUnsafeBytes { SpreadsheetGuard.guarded($0) } != nil
        var cell = isOurs ? SpreadsheetGuard.unguardedInside(cell) : cell
        if cell.first == 0x27 {
            let rest = Array(cell.dropFirst())
            if rest.withUnsafeBytes(SpreadsheetGuard.isFormula) { cell = rest }
        }
        guard let quote = dialect.quote else {
            return cell.map { $0 == dialect.delimiter || $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
        }
        guard cell.contains(where: { $0 == dialect.delimiter || $0 == quote || $0 == 0x0A || $0 == 0x0D }) else { return cell }
        return [quote] + cell.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
    }

    private static func copy(
        _ descriptor: Int32, to end: Int64, _ sink: (UnsafeRawBufferPointer) throws(Finding) -> Void
    ) throws(Finding) {
        let window = FileWindow(descriptor, shown: "original")
        var head: [UInt8] = []
        head += try window.bytes(at: 0, Int(end))
        withExtendedLifetime(window) {}
        // A file of headings alone may have no line end.
        if head.last != 0x0A { head.append(0x0A) }
        try FileIO.unsafeBytes(head, sink)
    }

    // MARK: Keys and columns

    private static func keyColumn(_ header: Header) -> Int? { header.names.firstIndex { HeaderName.fold($0) == CSVReceipt.keyHeading } }

    /// For each column of the original the receipt's column; nil: it was taken out.
    private static func mapping(of original: Header, in receipt: Header, except key: Int) -> [Int?] {
        var free: [String: [Int]] = [:]
        for (n, name) in receipt.names.enumerated().reversed() where n != key { free[name, default: []].append(n) }
        return original.names.map { name in
            let guarded = SpreadsheetGuard.guarded(name)
            return free[guarded]?.popLast() ?? (guarded == name ? nil : free[name]?.popLast())
        }
    }

    private static func value(_ batch: borrowing Batch, _ record: Int, _ column: Int, _ dialect: CSVDialect) -> [UInt8] {
        guard column < batch.fieldCount(record) else { return [] }
        let (offset, count) = batch.field(record, column)
        return unquoted(UnsafeRawBufferPointer(start: batch.base + offset, count: count), quote: dialect.quote)
    }

    private static func place(_ row: Int, _ column: Int, _ header: Header, _ file: String?) -> Place {
        .row(row, column: column + 1, name: header.names[column], file: file)
    }

    /// Reads `r12-34`.
    private static func key(
        _ batch: borrowing Batch, _ record: Int, _ column: Int, _ dialect: CSVDialect, _ header: Header, file: String?
    ) throws(Finding) -> (arrival: Int64, row: Int) {
        let text = trimmed(String(decoding: value(batch, record, column, dialect), as: UTF8.self))
        let parts = text.dropFirst().split(separator: "-", omittingEmptySubsequences: false)
        guard text.hasPrefix("r") || text.hasPrefix("R"), parts.count == 2, let arrival = Int64(parts[0]), let row = Int(parts[1]),
            arrival >= 0, row > 0
        else {
            // When columns have moved, a name or a phone may stand there.
            throw Finding(
                .receiptKeyUnreadable, at: place(batch.rowNumber(record), column, header, file), found: text.isEmpty ? nil : .personal(text)
            )
        }
        return (arrival, row)
    }
}
