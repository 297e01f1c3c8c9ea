import CScan
@_spi(HotPath) import GatewayCore

/// Reads delimited text in batches: offsets into the bytes, quotes included, nothing copied but what a batch keeps back.
///
/// The dialect is found out unless stated: BOM, a `sep=` line, the delimiter on the heading line, both line ends in one
/// file. Rows are counted as a spreadsheet shows them: a record is a row, however many lines its cells have.
/// Every ``fill(_:)`` is followed by one ``keep(_:)``, which also carries the record that the window cut.
package final class CSVReader: RecordReader {
    package let header: Header
    package private(set) var dialect: CSVDialect
    package private(set) var isAtEnd = false

    private let source: any ByteSource
    private let file: String?
    private let limits: IntakeLimits
    private let rows: RowNumbers?
    /// Bytes kept back from the batch before, or read with the headings.
    private var carry: Carry
    private var sourceEnded: Bool
    private var nextRow: Int
    /// Records before the next one.
    private var nextRecord = 0
    private var isFirstFill = true
    /// Where the record begins that the window of the batch filled last cut.
    private var tailStart = 0
    private var lastUsedNone = false
    /// Whether the batch filled last ended because its tables were full, and how many times their usual size they may take.
    private var wasFull = false
    private var tableFactor = 1
    /// Where the file's bytes of the next batch begin, counted from the file's start.
    private(set) var windowOffset: Int64
    /// Whether bytes that are no characters concern their row only; else the file.
    private let mendsText: Bool
    private var damage = TextDamage()
    /// Cells of the batch filled last whose bytes were no characters: record and column from 0.
    package private(set) var damagedCells: [(record: Int, column: Int)] = []

    /// Reads the heading line.
    ///
    /// - Parameters:
    ///   - file: shown name, for findings.
    ///   - rows: row numbers of a file that was grouped on disk.
    ///   - passedOver: records between the headings and the first that the source gives.
    ///   - mendsText: bytes that are no characters become `?`, and their records get ``Batch/badText``.
    /// - Throws: a finding `read.…` for a file without headings, in another character set, or over the limits.
    package init(
        _ source: any ByteSource, file: String? = nil, settings: CSVSettings = CSVSettings(), limits: IntakeLimits = IntakeLimits(),
        rows: RowNumbers? = nil, passedOver: Int = 0, mendsText: Bool = false
    ) throws(Finding) {
        self.mendsText = mendsText
        self.source = source
        self.file = file
        self.limits = limits
        self.rows = rows
        var head = CSVHead(source: source, file: file, limits: limits)
        let found = try head.read(settings)
        header = found.header
        dialect = found.dialect
        carry = head.carry
        sourceEnded = head.ended
        nextRow = found.header.row + 1 + passedOver
        nextRecord = passedOver
        windowOffset = head.consumed
    }

    /// From now on quotes are characters like others: for a file whose headings, which have none, show that it is of such a kind.
    package func takeQuotesLiterally() {
        precondition(isFirstFill, "rows were read already")
        dialect.quote = nil
    }

    /// Where record `r` of the batch that was filled last begins in the file.
    func offset(of r: Int, in batch: borrowing Batch) -> Int64 {
        windowOffset + Int64(Int(batch.ends[Int(batch.rows[r])]) + 1 - batch.poolCount)
    }

    package func fill(_ batch: inout Batch) throws(Finding) -> Bool {
        batch.clear()
        batch.firstRow = nextRow
        guard !(sourceEnded && carry.count == 0) else {
            isAtEnd = true
            if isFirstFill { throw Finding(.rowsNone, at: place(header.row)) }
            return false
        }
        guard tableFactor <= 1 << 12 else { throw tooLarge(carry.count) }
        var window = batch.windowLimit - batch.poolCount
        if carry.count >= window || (lastUsedNone && carry.count > window / 2) {
            window = try grown(carry.count)
            batch.growWindow(to: window)
        }
        carry.copy(to: batch.base + batch.poolCount)
        batch.windowEnd = batch.poolCount + carry.count
        carry.count = 0
        while true {
            try readAhead(&batch)
            if mendsText { damage.mend(batch, windowOffset, isEnd: sourceEnded) }
            try scan(&batch)
            if batch.recordCount > 0 || sourceEnded { break }
            guard window <= limits.record else { throw tooLong(batch.firstRow) }
            window = min(window * 2, limits.record + 1)
            batch.growWindow(to: window)
        }
        isAtEnd = sourceEnded && tailStart >= batch.windowEnd
        if let rows { try rows.fill(&batch, from: nextRecord) }
        if mendsText { damagedCells = damage.mark(&batch, windowOffset) }
        try checkFields(batch)
        if isFirstFill { try checkFirst(batch) }
        isFirstFill = false
        batch.usedRecords = batch.recordCount
        return batch.recordCount > 0
    }

    package func keep(_ batch: borrowing Batch) {
        let used = batch.usedRecords
        let start = used < batch.recordCount ? Int(batch.ends[Int(batch.rows[used])]) + 1 : tailStart
        carry.take(batch.base + start, max(0, batch.windowEnd - start))
        lastUsedNone = used == 0
        // An order of many short rows needs larger tables, though its bytes fit.
        tableFactor = used > 0 ? 1 : wasFull ? tableFactor * 2 : tableFactor
        windowOffset += Int64(start - batch.poolCount)
        damage.forget(before: windowOffset)
        nextRow += used
        nextRecord += used
    }

    // MARK: Steps

    private func readAhead(_ batch: inout Batch) throws(Finding) {
        while !sourceEnded, batch.windowEnd < batch.windowLimit {
            let room = UnsafeMutableRawBufferPointer(start: batch.base + batch.windowEnd, count: batch.windowLimit - batch.windowEnd)
            let got = try source.read(into: room)
            if got == 0 { sourceEnded = true }
            batch.windowEnd += got
        }
    }

    private func scan(_ batch: inout Batch) throws(Finding) {
        batch.recordCount = 0
        batch.endCount = 0
        tailStart = batch.poolCount
        var s = dg_scan()
        s.at = batch.poolCount
        s.to = batch.windowEnd
        s.columns = UInt32(header.names.count)
        s.delimiter = dialect.delimiter
        s.quote = dialect.quote.map(Int16.init) ?? -1
        guard try run(&s, &batch), sourceEnded, tailStart < batch.windowEnd else { return }
        // The last record has no line end: it gets one beyond the window's end, where 64 bytes are readable.
        if s.in_quotes != 0 {
            // Said alike whatever the window: a smaller one would have stopped at the limit.
            guard batch.windowEnd - tailStart <= limits.record else { throw tooLong(row(nextRecord + batch.recordCount)) }
            throw Finding(.quoteUnclosed, at: placeOfCut(batch, at: batch.windowEnd - 1))
        }
        if s.cut != 0 { throw badText(batch, at: s.cut) }
        batch.base.storeBytes(of: CSVDialect.lineFeed, toByteOffset: batch.windowEnd, as: UInt8.self)
        s.to = batch.windowEnd + 1
        _ = try run(&s, &batch)
    }

    /// Runs the scanner to `s.to`; false when the batch is full before.
    private func run(_ s: inout dg_scan, _ batch: inout Batch) throws(Finding) -> Bool {
        let endLimit = ((batch.windowLimit - batch.poolCount) / 2 + 65 * (header.names.count + 2)) * tableFactor
        while true {
            s.base = UnsafePointer(batch.base.assumingMemoryBound(to: UInt8.self))
            s.ends = batch.ends
            s.rows = batch.rows
            s.flags = batch.flags
            s.end_capacity = batch.endCapacity
            s.record_capacity = batch.recordCapacity
            let stop = dg_scan_run(&s)
            batch.recordCount = s.record_count
            switch stop {
            case Int32(DG_ENDS_FULL.rawValue):
                batch.endCount = s.end_count
                if s.record_count > 0, s.end_count > endLimit { return finish(&batch, full: true) }
                batch.reserveEnds(65 * (header.names.count + 2) + 256)
            case Int32(DG_ROWS_FULL.rawValue):
                batch.reserveRecords(65)
            case Int32(DG_DONE.rawValue):
                return finish(&batch, full: false)
            case Int32(DG_NUL.rawValue):
                throw Finding(.nulByte, at: placeOfCut(batch, at: s.error))
            default:
                throw badText(batch, at: s.error)
            }
        }
    }

    private func finish(_ batch: inout Batch, full: Bool) -> Bool {
        batch.endCount = Int(batch.rows[batch.recordCount])
        wasFull = full
        tailStart = min(Int(batch.ends[batch.endCount]) + 1, batch.windowEnd)
        return !full
    }

    /// Size of the next window for `bytes` that one order needs at least.
    private func grown(_ bytes: Int) throws(Finding) -> Int {
        let limit = orderLimit
        guard bytes < limit else { throw tooLarge(bytes) }
        return min(bytes * 2, limit) + 64
    }

    // MARK: Checks

    private func checkFields(_ batch: borrowing Batch) throws(Finding) {
        guard batch.windowEnd - batch.poolCount > min(limits.field, limits.record) else { return }
        for r in 0..<batch.recordCount {
            let length = batch.record(r).count
            guard length <= limits.record else { throw tooLong(batch.rowNumber(r)) }
            guard length > limits.field else { continue }
            for c in 0..<batch.realFieldCount(r) where batch.field(r, c).count > limits.field {
                throw Finding(
                    .fieldLong, at: place(batch.rowNumber(r), column: c), found: .plain("\(batch.field(r, c).count) bytes"),
                    ["limit": .plain("\(limits.field)")])
            }
        }
    }

    /// What only the start of the data tells: nothing but blank rows, or whole rows inside one quoted cell.
    private func checkFirst(_ batch: borrowing Batch) throws(Finding) {
        for r in 0..<batch.recordCount where batch.flags[r] & Batch.blankRecord == 0 {
            guard header.names.count > 2, batch.realFieldCount(r) == 1, let quote = dialect.quote else { return }
            let field = batch.record(r)
            guard field.first == quote else { return }
            let inner = dialect.split(unquoted(field, quote: quote))
            guard inner.count == header.names.count else { return }
            throw Finding(
                .rowWrapped, at: place(batch.rowNumber(r)), found: .plain("1 cell"), ["columns": .plain("\(header.names.count)")])
        }
        if isAtEnd, !(0..<batch.recordCount).contains(where: { batch.flags[$0] & Batch.blankRecord == 0 }) {
            throw Finding(.rowsNone, at: place(header.row))
        }
    }

    // MARK: Places

    private func row(_ record: Int) -> Int { rows.map { $0.row(record) } ?? header.row + 1 + record }

    private func place(_ row: Int, column: Int? = nil) -> Place {
        .row(row, column: column.map { $0 + 1 }, name: column.flatMap { $0 < header.names.count ? header.names[$0] : nil }, file: file)
    }

    private func tooLong(_ row: Int) -> Finding {
        Finding(.recordLong, at: place(row), ["limit": .plain("\(limits.record)")])
    }

    /// Bytes that the rows of one order may take.
    private var orderLimit: Int { max(limits.record * 8, 64 << 20) }

    private func tooLarge(_ bytes: Int) -> Finding {
        Finding(.orderLarge, at: place(row(nextRecord)), found: .plain("\(bytes) bytes"), ["limit": .plain("\(orderLimit)")])
    }

    private func badText(_ batch: borrowing Batch, at offset: Int) -> Finding {
        let bytes = UnsafeRawBufferPointer(start: batch.base + offset, count: min(4, batch.windowEnd - offset))
        return TextCheck.notUTF8(bytes, at: placeOfCut(batch, at: offset))
    }

    /// Row and column of a byte after the last record that the scanner finished.
    private func placeOfCut(_ batch: borrowing Batch, at offset: Int) -> Place {
        var record = batch.recordCount
        var column = 0
        var walk = CSVWalk(dialect)
        var at = Int(batch.ends[Int(batch.rows[batch.recordCount])]) + 1
        while at < offset {
            switch walk.step(batch.base.load(fromByteOffset: at, as: UInt8.self)) {
            case .inside: break
            case .delimiter: column += 1
            case .lineEnd:
                record += 1
                column = 0
            }
            at += 1
        }
        return place(row(nextRecord + record), column: column)
    }
}

/// Bytes that wait for the next batch. Grows to the largest rest there was.
struct Carry: ~Copyable {
    private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
    var count = 0

    init() {}
    deinit { memory.deallocate() }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

    mutating func take(_ start: UnsafeRawPointer, _ length: Int) {
        if length > memory.count {
            memory.deallocate()
            memory = .allocate(byteCount: length + length / 2, alignment: 64)
        }
        memory.copyMemory(from: UnsafeRawBufferPointer(start: start, count: length))
        count = length
    }

    /// Reads more behind what is there; false at the end.
    mutating func read(from source: any ByteSource) throws(Finding) -> Bool {
        if memory.count - count < 1 << 12 {
            let bigger = UnsafeMutableRawBufferPointer.allocate(byteCount: memory.count * 2, alignment: 64)
            bigger.copyMemory(from: bytes)
            memory.deallocate()
            memory = bigger
        }
        let got = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[count...]))
        count += got
        return got > 0
    }

    mutating func drop(_ first: Int) {
        guard first > 0, let start = memory.baseAddress else { return }
        start.copyMemory(from: start + first, byteCount: count - first)
        count -= first
    }

    func copy(to place: UnsafeMutableRawPointer) {
        if let start = memory.baseAddress, count > 0 { place.copyMemory(from: start, byteCount: count) }
    }
}
