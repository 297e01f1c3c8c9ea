import GRDB
@_spi(HotPath) import GatewayCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The writer's prepared statements and the run at work. Touched only on the writer connection, inside its transactions.
///
/// This file is the hot path: new orders and orders that left unchanged. Everything else is in `OrderBook+Known.swift`.
final class OrderBook: @unchecked Sendable {
    let connection: OpaquePointer
    let digestKey: DigestKey
    var run: RunState?
    /// Runs that orders' rows named, and the one named last.
    var runs: [Int64: RunFacts] = [:]
    private var lastRun: (id: Int64, facts: RunFacts)?
    /// Arrivals whose files are being grouped: their next run needs no look-out for references that come again.
    var abandoned: Set<Arrival.ID> = []
    /// Row ids of the run's words, by their index.
    var wordIDs: [Int64] = []
    /// Whether the connection flushes the log with each transaction, as it does from its opening on.
    var isFlushed = true
    /// Lines of the order at work, as ``LineBytes``.
    var packed: UnsafeMutableRawPointer
    var packedCount = 0
    private var packedRoom = 4096
    /// New orders come together, and so do known ones: what the last one was decides what is tried first.
    private var expectsNew = true
    /// Batches that are judged order by order before one is tried as all new again.
    private var wait = 0

    let table: BatchTable
    let insertOrders: HotStatement
    let insertConsignments: HotStatement
    let insertOrder: HotStatement
    let selectOrder: HotStatement
    /// Walks through known orders; on its row while `walks`.
    let walkOrders: HotStatement
    var walks = false
    let updateOrder: HotStatement
    let insertJudgement: HotStatement
    let insertConsignment: HotStatement
    let selectConsignment: HotStatement
    let updateConsignment: HotStatement
    let voidConsignment: HotStatement
    let insertVoid: HotStatement
    let openDocument: HotStatement
    let selectRun: HotStatement

    init(_ connection: OpaquePointer, digestKey: DigestKey) throws {
        self.connection = connection
        self.digestKey = digestKey
        packed = .allocate(byteCount: packedRoom, alignment: 16)
        table = try BatchTable(connection)
        insertOrders = try HotStatement(
            connection,
            """
            INSERT OR IGNORE INTO orders(space, reference, state, run, row, word, sequence, digests, lines, key, before)
            SELECT ?1, reference, state, ?2, row, word, sequence, digests, lines, key, NULL FROM batch_rows
            """)
        insertConsignments = try HotStatement(
            connection,
            """
            INSERT OR IGNORE INTO consignments(account, key, space, reference, sequence, run, document, number)
            SELECT ?1, key, ?2, reference, sequence, ?3, document, 0 FROM batch_rows
            """)
        insertOrder = try HotStatement(
            connection,
            """
            INSERT INTO orders(space, reference, state, run, row, word, sequence, digests, lines, key, before)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, NULL) ON CONFLICT DO NOTHING
            """)
        selectOrder = try HotStatement(
            connection,
            """
            SELECT state, run, row, word, sequence, digests, lines, key, before FROM orders
            WHERE space = ?1 AND reference = ?2
            """)
        walkOrders = try HotStatement(
            connection,
            """
            SELECT state, run, row, word, sequence, digests, lines, key, before, reference FROM orders
            WHERE space = ?1 AND reference >= ?2 ORDER BY reference
            """)
        updateOrder = try HotStatement(
            connection,
            """
            UPDATE orders SET state = ?3, run = ?4, row = ?5, word = ?6, sequence = ?7, digests = ?8, lines = ?9, key = ?10,
            before = ?11 WHERE space = ?1 AND reference = ?2
            """)
        insertJudgement = try HotStatement(
            connection,
            """
            INSERT INTO judgements(space, reference, later, saved, state, run, row, word, sequence, digests, lines, key, before)
            SELECT space, reference, ?3, 1, state, run, row, word, sequence, digests, lines, key, before FROM orders
            WHERE space = ?1 AND reference = ?2 ON CONFLICT DO NOTHING
            """)
        insertConsignment = try HotStatement(
            connection,
            """
            INSERT INTO consignments(account, key, space, reference, sequence, run, document, number)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING
            """)
        selectConsignment = try HotStatement(
            connection,
            "SELECT space, reference, run, number, void, sequence, document FROM consignments WHERE account = ?1 AND key = ?2"
        )
        updateConsignment = try HotStatement(
            connection,
            """
            UPDATE consignments SET space = ?3, reference = ?4, sequence = ?5, run = ?6, document = ?7, number = ?8, void = 0
            WHERE account = ?1 AND key = ?2
            """)
        voidConsignment = try HotStatement(
            connection,
            """
            UPDATE consignments SET void = ?3 WHERE account = ?1 AND key = ?2 AND space = ?4 AND reference = ?5
            """)
        insertVoid = try HotStatement(
            connection,
            """
            INSERT INTO voids(range, mode, number, space, reference, run, word) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT DO NOTHING
            """)
        openDocument = try HotStatement(
            connection,
            """
            INSERT INTO documents(arrival, number, run, drawn) VALUES(?1, ?2, ?3, ?4)
            ON CONFLICT(arrival, number) DO UPDATE SET run = excluded.run RETURNING drawn
            """)
        selectRun = try HotStatement(
            connection, "SELECT arrival, account, mapping, range, state, begun FROM runs WHERE id = ?1")
    }

    deinit { packed.deallocate() }

    /// What a transaction that fails must find again.
    struct Mark {
        fileprivate let run: RunState?
        fileprivate let counters: RunState.Counters?
        fileprivate let wordIDs: [Int64]
        fileprivate let abandoned: Set<Arrival.ID>
    }

    func mark() -> Mark {
        Mark(run: run, counters: run?.counters, wordIDs: wordIDs, abandoned: abandoned)
    }

    func restore(_ mark: Mark) {
        run = mark.run
        if let counters = mark.counters { run?.counters = counters }
        wordIDs = mark.wordIDs
        abandoned = mark.abandoned
        forgetRuns()
    }

    /// Judges every order of the batch. `self.run` and `wordIDs` are set.
    func judge(_ batch: LedgerBatch) throws -> Verdicts {
        guard let run else { throw Finding(.ledgerArrivalUnknown) }
        var verdicts = Verdicts(
            orders: [Verdict](repeating: Verdict(.held), count: batch.orders.count),
            quantities: [UInt32](repeating: 0, count: batch.lines.count))
        insertOrder.bind(1, run.settings.space.rawValue)
        insertOrder.bind(4, run.id)
        walkOrders.bind(1, run.settings.space.rawValue)
        defer { endWalk() }
        insertConsignment.bind(1, run.settings.account.rawValue)
        insertConsignment.bind(3, run.settings.space.rawValue)
        insertConsignment.bind(6, run.id)
        if expectsNew, batch.orders.count > 1 {
            if wait > 0 {
                wait -= 1
            } else if try judgeNew(batch, &verdicts) {
                return verdicts
            } else {
                // Some are known: a file that mixes them would be tried in vain with every batch.
                wait = 8
            }
        }
        try batch.lines.withUnsafeBufferPointer { lines in
            try verdicts.quantities.withUnsafeMutableBufferPointer { quantities in
                try verdicts.orders.withUnsafeMutableBufferPointer { out in
                    for (n, order) in batch.orders.enumerated() {
                        out[n] = try judge(order, batch.memory, lines, quantities)
                    }
                }
            }
        }
        return verdicts
    }

    private func judge(
        _ order: LedgerOrder, _ memory: UnsafeRawPointer, _ lines: UnsafeBufferPointer<LedgerLine>,
        _ quantities: UnsafeMutableBufferPointer<UInt32>
    ) throws -> Verdict {
        // An order without a reference is held by the mapping's finding; nothing can be known of it later.
        guard order.reference.count > 0 else { return Verdict(order.fate == .skip ? .skipped : .held) }
        let reference = UnsafeRawBufferPointer(
            start: memory + Int(order.reference.offset), count: Int(order.reference.count))
        pack(lines, order)
        if expectsNew, let verdict = try recordNew(order, reference, memory, lines, quantities) {
            return verdict
        }
        guard try walk(to: reference) else {
            // What is written now could move the row that the walk is on.
            endWalk()
            expectsNew = true
            guard let verdict = try recordNew(order, reference, memory, lines, quantities) else {
                throw Finding(.ledgerDamaged, found: .plain("an order that is there and is not"))
            }
            return verdict
        }
        expectsNew = false
        if let verdict = try unchanged(order, reference) { return verdict }
        let known = try OrderRow(walkOrders)
        endWalk()
        return try judgeKnown(
            known, order, reference, memory,
            lines: lines[Int(order.firstLine)..<Int(order.endLine)], quantities)
    }

    /// An order that the ledger has never seen: one insert, and one for its consignment. Nil: it is known.
    private func recordNew(
        _ order: LedgerOrder, _ reference: UnsafeRawBufferPointer, _ memory: UnsafeRawPointer,
        _ lines: UnsafeBufferPointer<LedgerLine>, _ quantities: UnsafeMutableBufferPointer<UInt32>
    ) throws -> Verdict? {
        guard let run, let start = reference.baseAddress else { return nil }
        let isElsewhere = order.fate == .ship && run.settings.isBaseline
        let state: OrderState =
            switch order.fate {
            case .ship: isElsewhere ? .elsewhere : .ship
            case .skip: .skipped
            case .hold: .held
            }
        let draws = state == .ship
        let key =
            draws ? keyBytes(order, reference, memory) : UnsafeRawBufferPointer(start: nil, count: 0)
        insertOrder.bind(2, text: start, reference.count)
        insertOrder.bind(3, state.rawValue)
        insertOrder.bind(5, Int64(order.row))
        insertOrder.bind(6, order.fate == .ship ? 0 : wordIDs[Int(order.word)])
        insertOrder.bind(7, order.fate == .ship ? 1 : 0)
        let isNew = try withUnsafeBytes(of: order.digests) { digests in
            insertOrder.bind(8, blob: digests.baseAddress, order.fate == .skip ? 0 : digests.count)
            insertOrder.bind(9, blob: packed, order.fate == .skip ? 0 : packedCount)
            if let first = key.baseAddress {
                insertOrder.bind(10, text: first, key.count)
            } else {
                insertOrder.bind(10, blob: nil, 0)
            }
            return try insertOrder.run()
        }
        guard isNew else { return nil }
        guard draws else {
            let kind: Verdict.Kind =
                switch order.fate {
                case .ship: .elsewhere
                case .skip: .skipped
                case .hold: .held
                }
            return Verdict(kind)
        }
        let drawn = try consign(key: key, reference, sequence: 1)
        guard drawn.kind == .ship else {
            let row = OrderRow(
                state: .held, run: run.id, row: order.row, digests: digestBytes(order),
                lines: Array(UnsafeRawBufferPointer(start: packed, count: packedCount)))
            return try hold(row, reference, as: drawn.kind)
        }
        for line in Int(order.firstLine)..<Int(order.endLine) {
            quantities[line] = lines[line].quantity
        }
        return drawn
    }

    /// The usual answer for an order that left: nothing to do, nothing to write. Nil: look closer.
    private func unchanged(_ order: LedgerOrder, _ reference: UnsafeRawBufferPointer) throws
        -> Verdict?
    {
        guard let run, order.fate != .hold else { return nil }
        let state = walkOrders.int(0)
        guard state == OrderState.ship.rawValue || state == OrderState.elsewhere.rawValue else {
            return nil
        }
        let id = walkOrders.int(1)
        guard id != run.id else { return nil }
        let facts = try self.facts(of: id)
        guard facts.phase.isLeft else { return nil }
        if order.fate == .ship {
            guard withUnsafeBytes(of: order.digests, { Self.areSame($0, walkOrders.bytes(5)) }),
                walkOrders.bytes(8).isEmpty,
                Self.areSame(
                    UnsafeRawBufferPointer(start: packed, count: packedCount), walkOrders.bytes(6))
            else { return nil }
        }
        if comesAgain(reference) { return Verdict(.reopened) }
        var verdict = Verdict(state == OrderState.elsewhere.rawValue ? .elsewhere : .unchanged)
        verdict.arrival = facts.arrival
        verdict.drawn = facts.begun
        verdict.sequence = UInt16(truncatingIfNeeded: walkOrders.int(4))
        return verdict
    }

    static func areSame(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        guard a.count == b.count else { return false }
        guard let left = a.baseAddress, let right = b.baseAddress else { return a.isEmpty }
        return memcmp(left, right, a.count) == 0
    }

    /// Whether a reference, whose row is not written in this run, was in it before.
    func comesAgain(_ reference: UnsafeRawBufferPointer) -> Bool {
        guard let run, !run.isGrouped else { return false }
        return run.seen.insert(reference, hash: digestKey.digest(reference))
    }

    /// What the run of that number is. Remembered until the next one begins or ends.
    func facts(of id: Int64) throws -> RunFacts {
        if let lastRun, lastRun.id == id { return lastRun.facts }
        if let found = runs[id] {
            lastRun = (id, found)
            return found
        }
        selectRun.bind(1, id)
        defer { selectRun.reset() }
        guard try selectRun.step(), let phase = RunPhase(rawValue: selectRun.int(4)) else {
            throw Finding(.ledgerDamaged, found: .plain("run \(id)"))
        }
        let range = selectRun.bytes(3)
        let facts = RunFacts(
            arrival: selectRun.int(0), account: selectRun.int(1),
            mapping: String(decoding: selectRun.bytes(2), as: UTF8.self),
            range: range.isEmpty ? nil : String(decoding: range, as: UTF8.self), phase: phase,
            begun: selectRun.int(5))
        // A ledger of many years has many runs: what is remembered stays bounded.
        if runs.count > 4096 { runs.removeAll(keepingCapacity: true) }
        runs[id] = facts
        lastRun = (id, facts)
        return facts
    }

    /// Forgets what runs were: one of them changes.
    func forgetRuns() {
        runs.removeAll(keepingCapacity: true)
        lastRun = nil
    }

    /// The key's bytes; an order whose carrier has no key of its own is known there by its reference.
    func keyBytes(
        _ order: LedgerOrder, _ reference: UnsafeRawBufferPointer, _ memory: UnsafeRawPointer
    ) -> UnsafeRawBufferPointer {
        guard order.key.count > 0 else { return reference }
        return UnsafeRawBufferPointer(
            start: memory + Int(order.key.offset), count: Int(order.key.count))
    }

    func digestBytes(_ order: LedgerOrder) -> [UInt8] {
        withUnsafeBytes(of: order.digests) { Array($0) }
    }

    private func pack(_ lines: UnsafeBufferPointer<LedgerLine>, _ order: LedgerOrder) {
        let wanted = Int(order.endLine - order.firstLine) * LineBytes.stride
        if wanted > packedRoom {
            packed.deallocate()
            packedRoom = wanted * 2
            packed = .allocate(byteCount: packedRoom, alignment: 16)
        }
        packedCount = 0
        for line in Int(order.firstLine)..<Int(order.endLine) {
            packed.storeBytes(
                of: lines[line].key.littleEndian, toByteOffset: packedCount, as: UInt64.self)
            packed.storeBytes(
                of: lines[line].quantity.littleEndian, toByteOffset: packedCount + 8, as: UInt32.self)
            packedCount += LineBytes.stride
        }
    }
}
