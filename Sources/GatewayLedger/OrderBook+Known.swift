@_spi(HotPath) import GatewayCore

/// The rules for an order that the ledger knows. The order of judgement is that of `docs/decisions/0003-ledger.md`.
extension OrderBook {
    /// An order at work and what belongs to it.
    struct Case {
        var order: LedgerOrder
        var reference: UnsafeRawBufferPointer
        var memory: UnsafeRawPointer
        var lines: Slice<UnsafeBufferPointer<LedgerLine>>
        var digests: [UInt8]
        /// All its lines as ``LineBytes``.
        var all: [UInt8]
        /// Word of its skip reason or finding; 0: it ships.
        var word: Int64
    }

    func judgeKnown(
        _ known: OrderRow, _ order: LedgerOrder, _ reference: UnsafeRawBufferPointer,
        _ memory: UnsafeRawPointer,
        lines: Slice<UnsafeBufferPointer<LedgerLine>>, _ quantities: UnsafeMutableBufferPointer<UInt32>
    ) throws -> Verdict {
        guard let run else { throw Finding(.ledgerArrivalUnknown) }
        if known.run == run.id, known.row != order.row { return Verdict(.reopened) }
        if known.run != run.id, comesAgain(reference) { return Verdict(.reopened) }
        let work = Case(
            order: order, reference: reference, memory: memory, lines: lines, digests: digestBytes(order),
            all: Array(UnsafeRawBufferPointer(start: packed, count: packedCount)),
            word: order.fate == .ship ? 0 : wordIDs[Int(order.word)])
        let hasLeft =
            known.state == .ship || known.state == .elsewhere
            ? try facts(of: known.run).phase.isLeft : false
        guard let left = hasLeft ? known.merged : OrderRow(encoded: known.before) else {
            return try judgeHere(known, work, quantities)
        }
        return try judgeLeft(known, left, hasLeft: hasLeft, work, quantities)
    }

    /// An order of which nothing has left: held, skipped, dropped before, or drawn in a run that did not end.
    private func judgeHere(
        _ known: OrderRow, _ work: Case, _ quantities: UnsafeMutableBufferPointer<UInt32>
    ) throws -> Verdict {
        if known.state == .dropped {
            if work.order.fate == .skip { return Verdict(.skipped) }
            if try isSame(known, work, open: []) { return Verdict(.dropped) }
        }
        switch work.order.fate {
        case .ship:
            return try ship(
                known, left: nil, work, open: work.lines.map(\.quantity), bytes: work.all, quantities)
        case .skip:
            if known.state == .skipped, known.word == work.word { return Verdict(.skipped) }
            try withdraw(known, work.reference, word: work.word)
            try store(row(work, .skipped, word: work.word, digests: [], lines: []), work.reference, over: known)
            return Verdict(.skipped)
        case .hold:
            try withdraw(known, work.reference, word: work.word)
            try store(row(work, .held, word: work.word, lines: work.all), work.reference, over: known)
            return Verdict(.held)
        }
    }

    /// An order that left, all of it or a part.
    private func judgeLeft(
        _ known: OrderRow, _ left: OrderRow, hasLeft: Bool, _ work: Case,
        _ quantities: UnsafeMutableBufferPointer<UInt32>
    ) throws -> Verdict {
        guard let run else { throw Finding(.ledgerArrivalUnknown) }
        if work.order.fate == .skip {
            // A cumulative export repeats what it shipped as fulfilled or cancelled: nothing more goes out.
            try settle(known, left, hasLeft: hasLeft, work)
            return try about(left, .unchanged)
        }
        let facts = try self.facts(of: left.run)
        let balance = LineBalance(work.lines, left: left.lines)
        let differing = Self.differing(left.digests, work.digests)
        let isComparable = facts.mapping == run.settings.mapping
        if differing == 0, !balance.hasOpen {
            try settle(known, left, hasLeft: hasLeft, work)
            return try about(left, .unchanged)
        }
        if known.state == .dropped, try isSame(known, work, open: balance.openBytes) {
            return Verdict(.dropped)
        }
        if !isComparable, !balance.hasOpen, known.state != .held, known.state != .dropped {
            try settle(known, left, hasLeft: hasLeft, work)
            return try about(left, .notCompared)
        }
        if work.order.fate == .hold {
            if !hasLeft { try withdraw(known, work.reference, word: work.word) }
            try store(held(work, left, word: work.word), work.reference, over: known)
            return Verdict(.held)
        }
        if run.settings.isBaseline {
            var elsewhere = row(work, .elsewhere, lines: balance.openBytes)
            elsewhere.sequence = max(1, left.sequence)
            elsewhere.before = left.encoded
            if !hasLeft { try withdraw(known, work.reference, word: try word("elsewhere")) }
            try store(elsewhere, work.reference, over: known)
            return Verdict(.elsewhere)
        }
        if differing == 0, isComparable || balance.namesAllThatLeft {
            return try ship(
                known, left: left, work, open: balance.open, bytes: balance.openBytes, quantities)
        }
        let word = try self.word(FindingCode.orderChangedAfterLeft.id)
        if !hasLeft { try withdraw(known, work.reference, word: word) }
        try store(held(work, left, word: word), work.reference, over: known)
        var verdict = try about(left, .changedAfterLeft)
        verdict.changed = differing | (balance.hasOpen ? 16 : 0)
        (verdict.document, verdict.number) = try consignment(of: left)
        return verdict
    }

    /// Sends an order on: all of it, or what is open beside what left.
    private func ship(
        _ known: OrderRow, left: OrderRow?, _ work: Case, open: [UInt32], bytes: [UInt8],
        _ quantities: UnsafeMutableBufferPointer<UInt32>
    ) throws -> Verdict {
        guard let run else { throw Finding(.ledgerArrivalUnknown) }
        if run.settings.isBaseline {
            try withdraw(known, work.reference, word: try word("elsewhere"))
            var elsewhere = row(work, .elsewhere, lines: bytes)
            elsewhere.sequence = 1
            try store(elsewhere, work.reference, over: known)
            return Verdict(.elsewhere)
        }
        let sequence = (left?.sequence ?? 0) + 1
        var key = Array(keyBytes(work.order, work.reference, work.memory))
        if sequence > 1 { key += Array("-\(sequence)".utf8) }
        var out = row(work, .ship, lines: bytes)
        out.sequence = sequence
        out.key = key
        out.before = left?.encoded ?? []
        if known.state == .ship, known.run != run.id {
            let isSameKey =
                known.key == key ? try facts(of: known.run).account == run.settings.account.rawValue : false
            if !isSameKey, left.map({ $0.run != known.run }) ?? true {
                try withdraw(known, work.reference, word: try word("replaced"))
            }
        }
        let drawn = try key.withUnsafeBytes { key throws in
            try consign(key: key, work.reference, sequence: sequence)
        }
        guard drawn.kind == .ship else { return try hold(out, work.reference, as: drawn.kind, over: known) }
        try store(out, work.reference, over: known)
        for (line, quantity) in zip(work.lines.indices, open) { quantities[line] = quantity }
        return drawn
    }

    /// Holds an order whose key another one has, or for which there is no number.
    func hold(
        _ row: OrderRow, _ reference: UnsafeRawBufferPointer, as kind: Verdict.Kind, over known: OrderRow? = nil
    ) throws -> Verdict {
        var row = row
        row.state = .held
        row.word = try word((kind == .rangeEmpty ? FindingCode.ledgerRangeEmpty : .orderKeyTaken).id)
        row.key = []
        row.sequence = OrderRow(encoded: row.before)?.sequence ?? 0
        try store(row, reference, over: known)
        return Verdict(kind)
    }

    /// Document and number of an order's last consignment; 0 where it has none.
    private func consignment(of left: OrderRow) throws -> (document: UInt32, number: Int64) {
        let account = try facts(of: left.run).account
        return try left.key.withUnsafeBytes { key in
            guard let first = key.baseAddress else { return (0, 0) }
            selectConsignment.bind(1, account)
            selectConsignment.bind(2, text: first, key.count)
            defer { selectConsignment.reset() }
            guard try selectConsignment.step() else { return (0, 0) }
            return (UInt32(truncatingIfNeeded: selectConsignment.int(6)), selectConsignment.int(3))
        }
    }

    /// Puts a row back to what left, when something was held or drawn beside it that is no more.
    private func settle(_ known: OrderRow, _ left: OrderRow, hasLeft: Bool, _ work: Case) throws {
        guard !hasLeft, known.state != .dropped else { return }
        try withdraw(known, work.reference, word: try word("unchanged"))
        try store(left, work.reference, over: known)
    }

    /// A dropped order comes again with the values that were dropped. Under another mapping they can't be compared, and
    /// what a person dropped stays dropped.
    private func isSame(_ dropped: OrderRow, _ work: Case, open: [UInt8]) throws -> Bool {
        guard let run, try facts(of: dropped.run).mapping == run.settings.mapping else { return true }
        guard Self.differing(dropped.digests, work.digests) == 0 else { return false }
        return dropped.lines == work.all || (!open.isEmpty && dropped.lines == open)
    }

    private func about(_ left: OrderRow, _ kind: Verdict.Kind) throws -> Verdict {
        let facts = try self.facts(of: left.run)
        var verdict = Verdict(left.state == .elsewhere && kind != .changedAfterLeft ? .elsewhere : kind)
        verdict.arrival = facts.arrival
        verdict.drawn = facts.begun
        verdict.sequence = UInt16(truncatingIfNeeded: left.sequence)
        return verdict
    }

    private func held(_ work: Case, _ left: OrderRow, word: Int64) -> OrderRow {
        var row = row(work, .held, word: word, lines: work.all)
        row.before = left.encoded
        row.sequence = left.sequence
        return row
    }

    private func row(
        _ work: Case, _ state: OrderState, word: Int64 = 0, digests: [UInt8]? = nil, lines: [UInt8]
    ) -> OrderRow {
        OrderRow(
            state: state, run: run?.id ?? 0, row: work.order.row, word: word,
            digests: digests ?? work.digests, lines: lines)
    }

    /// Bits by ``DigestBlock/rawValue`` of the digests that differ.
    static func differing(_ a: [UInt8], _ b: [UInt8]) -> UInt8 {
        guard a.count == 32, b.count == 32 else { return 15 }
        return DigestBlock.allCases.reduce(0) { bits, block in
            let part = block.rawValue * 8..<block.rawValue * 8 + 8
            return a[part] == b[part] ? bits : bits | 1 << UInt8(block.rawValue)
        }
    }

    /// Writes a row over the one that is there. What `known` says is kept as history, when it was a hold or had left.
    func store(_ row: OrderRow, _ reference: UnsafeRawBufferPointer, over known: OrderRow? = nil) throws {
        guard let run, let start = reference.baseAddress else { return }
        if let known, known.run != run.id, known.state != .skipped, try facts(of: known.run).phase.isLeft {
            insertJudgement.bind(1, run.settings.space.rawValue)
            insertJudgement.bind(2, text: start, reference.count)
            insertJudgement.bind(3, run.id)
            _ = try insertJudgement.run()
        }
        _ = try row.digests.withUnsafeBytes { digests throws in
            try row.lines.withUnsafeBytes { lines throws in
                try row.key.withUnsafeBufferPointer { key throws in
                    try row.before.withUnsafeBytes { before throws in
                        updateOrder.bind(1, run.settings.space.rawValue)
                        updateOrder.bind(2, text: start, reference.count)
                        updateOrder.bind(3, row.state.rawValue)
                        updateOrder.bind(4, row.run)
                        updateOrder.bind(5, Int64(row.row))
                        updateOrder.bind(6, row.word)
                        updateOrder.bind(7, Int64(row.sequence))
                        updateOrder.bind(8, blob: digests.baseAddress, digests.count)
                        updateOrder.bind(9, blob: lines.baseAddress, lines.count)
                        if key.isEmpty {
                            updateOrder.bind(10, blob: nil, 0)
                        } else {
                            updateOrder.bind(10, text: key)
                        }
                        updateOrder.bind(11, blob: before.baseAddress, before.count)
                        return try updateOrder.run()
                    }
                }
            }
        }
    }

    /// Holds an order that the run judged to ship and that can't be written for the carrier. Its number stays unused.
    func hold(_ text: String, word: Int64) throws {
        guard let run else { return }
        var text = text
        try text.withUTF8 { bytes throws in
            let reference = UnsafeRawBufferPointer(bytes)
            guard let start = reference.baseAddress else { return }
            selectOrder.bind(1, run.settings.space.rawValue)
            selectOrder.bind(2, text: start, reference.count)
            guard try selectOrder.step() else { return selectOrder.reset() }
            let found = Result { () throws in try OrderRow(selectOrder) }
            selectOrder.reset()
            var row = try found.get()
            guard row.run == run.id, row.state == .ship else { return }
            try withdraw(row, reference, word: word)
            row.state = .held
            row.word = word
            row.key = []
            row.sequence = OrderRow(encoded: row.before)?.sequence ?? 0
            try store(row, reference)
        }
    }
}
