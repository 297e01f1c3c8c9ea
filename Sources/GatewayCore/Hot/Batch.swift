/// A batch of records and of the orders they make: offsets into one block of memory.
///
/// Memory is `pool | window | arena`: constants of the compiled mapping, bytes of the file, computed values. A reader
/// fills the window and the record table; a mapping groups records to orders and fills the order tables; the ledger's
/// verdicts and the writers read them. One thread owns a batch at a time.
@_spi(HotPath) public struct Batch: ~Copyable, @unchecked Sendable {
    /// Flags of a record.
    public static var shortRecord: UInt8 { 1 }
    public static var longRecord: UInt8 { 2 }
    public static var blankRecord: UInt8 { 4 }
    /// Text follows a closing quote: what the field holds is not certain.
    public static var oddQuotes: UInt8 { 8 }
    /// Bytes of it were no characters; each shows as `?`.
    public static var badText: UInt8 { 16 }

    public private(set) var base: UnsafeMutableRawPointer
    /// Bytes of constants at the head; the window starts here.
    public let poolCount: Int
    /// End of the file's bytes; the next byte up to 64 is readable.
    public var windowEnd: Int
    /// Room for file bytes; the arena starts at `windowLimit + 64`.
    public private(set) var windowLimit: Int
    /// End of the computed bytes.
    public var arenaEnd: Int
    public private(set) var capacity: Int

    // Records. Record r has the ends `ends[rows[r]] ..< ends[rows[r + 1]]`, one more than it has fields: field c is
    // `ends[rows[r] + c] + 1 ..< ends[rows[r] + c + 1]`. A short record is filled up with empty fields.
    public private(set) var ends: UnsafeMutablePointer<UInt32>
    public var endCount = 0
    public private(set) var endCapacity: Int
    public private(set) var rows: UnsafeMutablePointer<UInt32>
    public private(set) var flags: UnsafeMutablePointer<UInt8>
    public var recordCount = 0
    public private(set) var recordCapacity: Int
    /// Spreadsheet row of the first record (the header is usually row 1).
    public var firstRow = 2
    /// Spreadsheet rows by record where a file was grouped on disk and its records no longer follow each other; else empty.
    public var rowNumbers: [UInt32] = []
    /// Records that the mapping used; the reader takes the rest into the next batch.
    public var usedRecords = 0

    // Orders.
    public let headSlots: Int
    public let lineSlots: Int
    /// `headSlots` values an order.
    public private(set) var heads: UnsafeMutablePointer<Value>
    /// `lineSlots` values a line.
    public private(set) var lines: UnsafeMutablePointer<Value>
    public private(set) var orders: UnsafeMutablePointer<OrderEntry>
    public private(set) var lineEntries: UnsafeMutablePointer<LineEntry>
    public var orderCount = 0
    public var lineCount = 0
    public private(set) var orderCapacity: Int
    public private(set) var lineCapacity: Int
    /// What was found, by order (index in this batch).
    public var findings: [OrderFinding] = []
    /// What the last kernel that did not just give a value left behind: the repaired value, or what it proposes.
    public var leftover = Value.none

    /// Whether a finding from `mark` on stops its order; others are only said.
    public func isStopped(from mark: Int) -> Bool {
        findings.count > mark && findings[mark...].contains { $0.finding.code.stops != .nothing }
    }

    /// - Parameters:
    ///   - pool: constants of the program, copied to the head.
    ///   - window: room for file bytes; grows for a longer record.
    public init(pool: [UInt8], window: Int = 1 << 20, headSlots: Int, lineSlots: Int) {
        poolCount = (pool.count + 63) / 64 * 64 + 64
        windowLimit = poolCount + window
        windowEnd = poolCount
        arenaEnd = windowLimit + 64
        capacity = windowLimit + 64 + window / 4 + 64
        base = .allocate(byteCount: capacity, alignment: 64)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: poolCount)
        self.headSlots = headSlots
        self.lineSlots = lineSlots
        endCapacity = window / 8 + 1024
        ends = .allocate(capacity: endCapacity)
        recordCapacity = window / 256 + 64
        rows = .allocate(capacity: recordCapacity + 1)
        flags = .allocate(capacity: recordCapacity + 1)
        orderCapacity = window / 512 + 64
        lineCapacity = window / 256 + 64
        heads = .allocate(capacity: orderCapacity * headSlots)
        lines = .allocate(capacity: lineCapacity * lineSlots)
        orders = .allocate(capacity: orderCapacity)
        lineEntries = .allocate(capacity: lineCapacity)
        rows[0] = 0
        for (n, byte) in pool.enumerated() { base.storeBytes(of: byte, toByteOffset: n, as: UInt8.self) }
    }

    deinit {
        base.deallocate()
        ends.deallocate()
        rows.deallocate()
        flags.deallocate()
        heads.deallocate()
        lines.deallocate()
        orders.deallocate()
        lineEntries.deallocate()
    }

    /// Empties everything but the pool.
    public mutating func clear() {
        windowEnd = poolCount
        arenaEnd = windowLimit + 64
        endCount = 0
        recordCount = 0
        rows[0] = 0
        rowNumbers.removeAll(keepingCapacity: true)
        usedRecords = 0
        clearOrders()
    }

    /// Empties the order tables and the arena, keeping the records.
    public mutating func clearOrders() {
        orderCount = 0
        lineCount = 0
        arenaEnd = windowLimit + 64
        findings.removeAll(keepingCapacity: true)
    }

    // MARK: Records

    /// Spreadsheet row of record `r`.
    public func rowNumber(_ r: Int) -> Int { rowNumbers.isEmpty ? firstRow + r : Int(rowNumbers[r]) }
    /// Fields of record `r`, the filled-up ones included.
    @inlinable public func fieldCount(_ r: Int) -> Int { Int(rows[r + 1] - rows[r]) - 1 }
    /// Raw bytes of field `c` of record `r`, quotes included.
    @inlinable public func field(_ r: Int, _ c: Int) -> (offset: Int, count: Int) {
        let s = ends + Int(rows[r]) + c
        let start = Int(s[0]) + 1
        return (start, Int(s[1]) - start)
    }
    /// Fields that record `r` really has in the file, without those it was filled up with.
    public func realFieldCount(_ r: Int) -> Int {
        let all = fieldCount(r)
        guard flags[r] & (Self.shortRecord | Self.blankRecord) != 0 else { return all }
        let ends = ends + Int(rows[r])
        for c in 1..<max(all, 1) {
            let end = Int(ends[c])
            if end >= windowEnd { return c }
            let byte = base.load(fromByteOffset: end, as: UInt8.self)
            if byte == 0x0A || byte == 0x0D { return c }
        }
        return all
    }
    /// Raw bytes of record `r` without its line end.
    public func record(_ r: Int) -> UnsafeRawBufferPointer {
        let start = Int(ends[Int(rows[r])]) + 1
        let end = min(Int(ends[Int(rows[r]) + realFieldCount(r)]), windowEnd)
        return UnsafeRawBufferPointer(start: base + start, count: max(0, end - start))
    }
    @inlinable public func bytes(_ v: Value) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + Int(v.offset), count: Int(v.count))
    }
    /// The value as text, for findings and people.
    public func text(_ v: Value) -> String { String(decoding: bytes(v), as: UTF8.self) }

    // MARK: Growth

    /// Makes the window at least `bytes` long. Only while the arena is empty.
    public mutating func growWindow(to bytes: Int) {
        precondition(arenaEnd == windowLimit + 64, "the arena is in use")
        guard poolCount + bytes > windowLimit else { return }
        let newLimit = poolCount + bytes
        reallocate(to: newLimit + 64 + max(1 << 16, bytes / 4) + 64, keeping: windowEnd)
        windowLimit = newLimit
        arenaEnd = newLimit + 64
    }

    /// Makes room for `extra` computed bytes and 64 spare ones. `base` may move; offsets stay true.
    @inlinable @inline(__always) public mutating func reserveArena(_ extra: Int) {
        if arenaEnd + extra + 64 > capacity { growArena(extra) }
    }
    @usableFromInline mutating func growArena(_ extra: Int) {
        reallocate(to: max(capacity + capacity / 2, arenaEnd + extra + 64), keeping: arenaEnd)
    }
    private mutating func reallocate(to size: Int, keeping used: Int) {
        let bigger = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        bigger.copyMemory(from: base, byteCount: min(used + 64, capacity))
        base.deallocate()
        base = bigger
        capacity = size
    }

    @inlinable public mutating func reserveEnds(_ extra: Int) {
        if endCount + extra > endCapacity { growEnds(extra) }
    }
    @usableFromInline mutating func growEnds(_ extra: Int) {
        let size = max(endCapacity * 2, endCount + extra)
        ends = Self.regrow(ends, used: endCount, to: size)
        endCapacity = size
    }
    @inlinable public mutating func reserveRecord() {
        if recordCount + 1 > recordCapacity { growRecords() }
    }
    /// Room for `extra` records more.
    public mutating func reserveRecords(_ extra: Int) {
        while recordCount + extra > recordCapacity { growRecords() }
    }
    @usableFromInline mutating func growRecords() {
        let size = recordCapacity * 2
        rows = Self.regrow(rows, used: recordCount + 1, to: size + 1)
        flags = Self.regrow(flags, used: recordCount, to: size + 1)
        recordCapacity = size
    }
    @inlinable public mutating func reserveOrder() {
        if orderCount + 1 > orderCapacity { growOrders() }
    }
    @usableFromInline mutating func growOrders() {
        let size = orderCapacity * 2
        heads = Self.regrow(heads, used: orderCount * headSlots, to: size * headSlots)
        orders = Self.regrow(orders, used: orderCount, to: size)
        orderCapacity = size
    }
    @inlinable public mutating func reserveLine() {
        if lineCount + 1 > lineCapacity { growLines() }
    }
    @usableFromInline mutating func growLines() {
        let size = lineCapacity * 2
        lines = Self.regrow(lines, used: lineCount * lineSlots, to: size * lineSlots)
        lineEntries = Self.regrow(lineEntries, used: lineCount, to: size)
        lineCapacity = size
    }
    private static func regrow<T: BitwiseCopyable>(
        _ old: UnsafeMutablePointer<T>, used: Int, to size: Int
    ) -> UnsafeMutablePointer<T> {
        let bigger = UnsafeMutablePointer<T>.allocate(capacity: size)
        bigger.update(from: old, count: used)
        old.deallocate()
        return bigger
    }

    /// Appends computed bytes to the arena and gives their value. For slow paths and constants of a run.
    public mutating func compute(_ bytes: some Collection<UInt8>, column: UInt16 = 0, row: UInt16 = 0) -> Value {
        reserveArena(bytes.count)
        let start = arenaEnd
        for byte in bytes {
            base.storeBytes(of: byte, toByteOffset: arenaEnd, as: UInt8.self)
            arenaEnd += 1
        }
        return Value(offset: UInt32(start), count: UInt32(arenaEnd - start), column: column, row: row)
    }
}

/// What the rules of a profile say of an order.
@_spi(HotPath) public enum Fate: UInt8, BitwiseCopyable, Sendable {
    case ship, skip, hold
}

/// An order of a batch: where it stands, what becomes of it, what it is known by.
@_spi(HotPath) public struct OrderEntry: BitwiseCopyable, Sendable {
    /// Its records: `firstRecord ..< endRecord` of the batch.
    public var firstRecord: UInt32 = 0
    public var endRecord: UInt32 = 0
    /// Its lines: `firstLine ..< endLine` of the batch.
    public var firstLine: UInt32 = 0
    public var endLine: UInt32 = 0
    public var fate: Fate = .ship
    /// For `.skip`: index in the program's list of skip reasons.
    public var reason: UInt16 = 0
    /// Keyed digests of the values that reach a consignment, by ``DigestBlock``.
    public var digests: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    /// The key sent to the carrier, before a suffix for later consignments.
    public var key: Value = .none

    public init() {}
}

/// A line of an order.
@_spi(HotPath) public struct LineEntry: BitwiseCopyable, Sendable {
    /// Keyed digest of what identifies the line.
    public var key: UInt64 = 0
    /// Quantity to ship; the ledger lowers it to what has not left yet. 0: the line is left out.
    public var quantity: UInt32 = 0
    /// Record within the batch that the line comes from.
    public var record: UInt32 = 0

    public init() {}
}

/// A finding about an order of a batch.
@_spi(HotPath) public struct OrderFinding: Sendable {
    public var order: Int
    package var finding: Finding

    package init(order: Int, _ finding: Finding) {
        self.order = order
        self.finding = finding
    }
}

/// The parts of an order whose change after shipping is told apart.
@_spi(HotPath) public enum DigestBlock: Int, CaseIterable, Sendable {
    case consignee, payment, service, other
}
