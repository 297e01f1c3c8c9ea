import GatewayCore

/// What an order's row says of it. The numbers stand in the file.
enum OrderState: Int64 {
    /// Drawn for a consignment; it left when its run did.
    case ship = 1
    case skipped = 2
    /// Waits for a person or for a mapping; it may have left before (`before`).
    case held = 3
    /// Shipped elsewhere, says a baseline; counts as left when its run did.
    case elsewhere = 4
    /// An operator dropped it.
    case dropped = 5
}

/// An order's row, copied out of the database.
struct OrderRow {
    var state: OrderState
    var run: Int64
    var row: UInt32
    var word: Int64
    /// Of its last consignment; 0: none yet.
    var sequence: Int
    var digests: [UInt8]
    /// Of this consignment only; what left before it stands in `before`.
    var lines: [UInt8]
    /// The key that its last consignment bears, suffix included.
    var key: [UInt8]
    /// What had left when this row was written, as ``encoded``; empty: nothing.
    var before: [UInt8]

    init(
        state: OrderState, run: Int64, row: UInt32, word: Int64 = 0, sequence: Int = 0,
        digests: [UInt8] = [],
        lines: [UInt8] = [], key: [UInt8] = [], before: [UInt8] = []
    ) {
        self.state = state
        self.run = run
        self.row = row
        self.word = word
        self.sequence = sequence
        self.digests = digests
        self.lines = lines
        self.key = key
        self.before = before
    }

    /// Reads the columns `state, run, row, word, sequence, digests, lines, key, before` of a statement's row.
    init(_ statement: borrowing HotStatement) throws(Finding) {
        guard let state = OrderState(rawValue: statement.int(0)) else {
            throw Finding(.ledgerDamaged, found: .plain("order state \(statement.int(0))"))
        }
        self.init(
            state: state, run: statement.int(1), row: UInt32(truncatingIfNeeded: statement.int(2)),
            word: statement.int(3),
            sequence: Int(statement.int(4)), digests: Array(statement.bytes(5)),
            lines: Array(statement.bytes(6)),
            key: Array(statement.bytes(7)), before: Array(statement.bytes(8)))
    }

    /// The row as one run of bytes: state, run, row, sequence, digests' and key's length, digests, key, lines.
    /// Its own `before` is merged into the lines first, its `word` is of no use any more.
    var encoded: [UInt8] {
        var out: [UInt8] = [UInt8(truncatingIfNeeded: state.rawValue)]
        func put(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { out.append(contentsOf: $0) }
        }
        put(run)
        put(row)
        put(UInt16(truncatingIfNeeded: sequence))
        put(UInt16(truncatingIfNeeded: digests.count))
        put(UInt16(truncatingIfNeeded: key.count))
        return out + digests + key + lines
    }

    init?(encoded: [UInt8]) {
        guard encoded.count >= 19 else { return nil }
        let head = encoded.withUnsafeBytes { raw in
            (
                Int64(littleEndian: raw.loadUnaligned(fromByteOffset: 1, as: Int64.self)),
                UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 9, as: UInt32.self)),
                UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: 13, as: UInt16.self)),
                Int(UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: 15, as: UInt16.self))),
                Int(UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: 17, as: UInt16.self)))
            )
        }
        guard let state = OrderState(rawValue: Int64(encoded[0])), encoded.count >= 19 + head.3 + head.4
        else { return nil }
        self.init(
            state: state, run: head.0, row: head.1, sequence: Int(head.2),
            digests: Array(encoded[19..<19 + head.3]),
            lines: Array(encoded[(19 + head.3 + head.4)...]),
            key: Array(encoded[19 + head.3..<19 + head.3 + head.4]))
    }

    /// This row as what left, with what left before it: the lines of all consignments together.
    var merged: OrderRow {
        var out = self
        if let earlier = OrderRow(encoded: before) { out.lines = earlier.lines + lines }
        out.before = []
        out.word = 0
        return out
    }
}
