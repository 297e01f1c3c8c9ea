@_spi(HotPath) import GatewayCore

/// A batch of orders that the ledger has never seen, stored by two statements.
extension OrderBook {
    /// Stores the batch's orders that are new. False: something in it is known or comes twice, and each order must be judged
    /// for itself; those that were stored are found as orders of this very row and judged anew.
    func judgeNew(_ batch: LedgerBatch, _ verdicts: inout Verdicts) throws -> Bool {
        guard let run else { return false }
        return try batch.orders.withUnsafeBufferPointer { orders in
            guard let start = orders.baseAddress else { return true }
            return try packAll(batch.lines, orders).withUnsafeBytes { packed in
                var entries: [BatchTable.Entry] = []
                var ships: [BatchTable.Entry] = []
                entries.reserveCapacity(orders.count)
                ships.reserveCapacity(orders.count)
                var shipping: [Int] = []
                var at = 0
                let none = UnsafeRawBufferPointer(start: nil, count: 0)
                for n in orders.indices {
                    let order = orders[n]
                    guard order.reference.count > 0 else { return false }
                    let isSkipped = order.fate == .skip
                    let count = Int(order.endLine - order.firstLine) * LineBytes.stride
                    let reference = UnsafeRawBufferPointer(
                        start: batch.memory + Int(order.reference.offset), count: Int(order.reference.count))
                    let draws = order.fate == .ship && !run.settings.isBaseline
                    let state: OrderState =
                        switch order.fate {
                        case .ship: draws ? .ship : .elsewhere
                        case .skip: .skipped
                        case .hold: .held
                        }
                    let address = UnsafeRawPointer(start + n)
                    var entry = BatchTable.Entry(
                        reference: reference, key: draws ? keyBytes(order, reference, batch.memory) : none,
                        digests: isSkipped
                            ? none : UnsafeRawBufferPointer(start: address + Self.digestOffset, count: 32),
                        lines: isSkipped ? none : UnsafeRawBufferPointer(rebasing: packed[at..<at + count]),
                        state: state.rawValue,
                        row: Int64(order.row), word: order.fate == .ship ? 0 : wordIDs[Int(order.word)],
                        sequence: order.fate == .ship ? 1 : 0, document: 0)
                    at += count
                    if draws {
                        entry.document = Int64(
                            run.documentsBefore + (run.counters.shipped + ships.count)
                                / max(1, run.settings.ordersPerDocument) + 1)
                        ships.append(entry)
                        shipping.append(n)
                    }
                    entries.append(entry)
                    verdicts.orders[n] = Verdict(
                        Self.kind(of: order.fate, isBaseline: run.settings.isBaseline))
                }
                insertOrders.bind(1, run.settings.space.rawValue)
                insertOrders.bind(2, run.id)
                guard try table.show(entries, { try insertOrders.count() }) == entries.count else {
                    return false
                }
                insertConsignments.bind(1, run.settings.account.rawValue)
                insertConsignments.bind(2, run.settings.space.rawValue)
                insertConsignments.bind(3, run.id)
                // Otherwise each order draws for itself, as one that comes alone does: a key is taken, or there are numbers,
                // and a key that is taken must cost none.
                if run.settings.range == nil,
                    try table.show(ships, { try insertConsignments.count() }) == ships.count
                {
                    try draw(ships, shipping, &verdicts)
                } else {
                    for n in shipping { verdicts.orders[n] = try drawAlone(orders[n], batch) }
                }
                for n in shipping where verdicts.orders[n].kind == .ship {
                    for line in Int(orders[n].firstLine)..<Int(orders[n].endLine) {
                        verdicts.quantities[line] = batch.lines[line].quantity
                    }
                }
                return true
            }
        }
    }

    private static let digestOffset = MemoryLayout<LedgerOrder>.offset(of: \.digests) ?? 0

    private static func kind(of fate: Fate, isBaseline: Bool) -> Verdict.Kind {
        switch fate {
        case .ship: isBaseline ? .elsewhere : .ship
        case .skip: .skipped
        case .hold: .held
        }
    }

    /// The consignments are stored: opens their documents and says what was drawn.
    private func draw(_ ships: [BatchTable.Entry], _ shipping: [Int], _ verdicts: inout Verdicts)
        throws
    {
        guard let run else { return }
        for (entry, n) in zip(ships, shipping) {
            let document = UInt32(truncatingIfNeeded: entry.document)
            if document != run.counters.document {
                run.counters.document = document
                run.counters.drawn = try clock(of: Int(document))
            }
            verdicts.orders[n].document = document
            verdicts.orders[n].drawn = run.counters.drawn
        }
        run.counters.shipped += ships.count
    }

    private func drawAlone(_ order: LedgerOrder, _ batch: LedgerBatch) throws -> Verdict {
        guard let run else { throw Finding(.ledgerArrivalUnknown) }
        let reference = UnsafeRawBufferPointer(
            start: batch.memory + Int(order.reference.offset), count: Int(order.reference.count))
        let key = keyBytes(order, reference, batch.memory)
        let drawn = try consign(key: key, reference, sequence: 1)
        if drawn.kind == .ship { return drawn }
        var lines: [UInt8] = []
        for line in batch.lines[Int(order.firstLine)..<Int(order.endLine)] {
            LineBytes.append(line.key, line.quantity, to: &lines)
        }
        let row = OrderRow(
            state: .held, run: run.id, row: order.row, digests: digestBytes(order), lines: lines)
        return try hold(row, reference, as: drawn.kind)
    }

    /// The lines of all orders, each order's together and in the orders' sequence.
    private func packAll(_ lines: [LedgerLine], _ orders: UnsafeBufferPointer<LedgerOrder>) -> [UInt8] {
        let count = orders.reduce(0) { $0 + Int($1.endLine - $1.firstLine) }
        return [UInt8](unsafeUninitializedCapacity: count * LineBytes.stride) { out, used in
            guard let start = UnsafeMutableRawPointer(out.baseAddress) else { return }
            lines.withUnsafeBufferPointer { lines in
                for order in orders {
                    for line in Int(order.firstLine)..<Int(order.endLine) {
                        start.storeBytes(of: lines[line].key.littleEndian, toByteOffset: used, as: UInt64.self)
                        start.storeBytes(
                            of: lines[line].quantity.littleEndian, toByteOffset: used + 8, as: UInt32.self)
                        used += LineBytes.stride
                    }
                }
            }
        }
    }
}
