@_spi(HotPath) import GatewayCore

/// Keys, numbers and documents: what is drawn for an order that goes out.
extension OrderBook {
    /// Draws the consignment of an order: its key at the account, its document, its number.
    /// - Returns: `.ship`; `.keyTaken`: another order has the key; `.rangeEmpty`: there is no number for it.
    func consign(key: UnsafeRawBufferPointer, _ reference: UnsafeRawBufferPointer, sequence: Int) throws -> Verdict {
        guard let run, let keyStart = key.baseAddress, let start = reference.baseAddress else {
            return Verdict(.keyTaken)
        }
        let document =
            run.documentsBefore + run.counters.shipped / max(1, run.settings.ordersPerDocument) + 1
        var number = try nextNumber()
        let isEmpty = number == 0 && run.settings.range != nil
        insertConsignment.bind(2, text: keyStart, key.count)
        insertConsignment.bind(4, text: start, reference.count)
        insertConsignment.bind(5, Int64(sequence))
        insertConsignment.bind(7, Int64(document))
        insertConsignment.bind(8, number)
        // Without a number only a consignment goes out that drew one in a run that came to nothing.
        if try !isEmpty && insertConsignment.run() {
            if number != 0 { run.counters.next = number + 1 }
        } else {
            let kept = try redraw(key, reference, sequence: sequence, document: document, fresh: number)
            switch kept {
            case .number(let kept): number = kept
            case .taken: return Verdict(.keyTaken)
            case .none: return Verdict(.rangeEmpty)
            }
        }
        if UInt32(document) != run.counters.document {
            run.counters.document = UInt32(document)
            run.counters.drawn = try clock(of: document)
        }
        run.counters.shipped += 1
        var verdict = Verdict(.ship)
        verdict.sequence = UInt16(truncatingIfNeeded: sequence)
        verdict.document = UInt32(document)
        verdict.number = number
        verdict.drawn = run.counters.drawn
        return verdict
    }

    /// What is drawn under a key that the ledger may know.
    private enum Redrawn {
        /// 0: the flow has no range.
        case number(Int64)
        /// Another order has the key.
        case taken
        /// The range has no number left.
        case none
    }

    /// The key is in the ledger: ours from a run that did not end (its number stays), dead, or another order's.
    /// - Parameter fresh: the number that is next in the range, 0: none left or no range.
    private func redraw(
        _ key: UnsafeRawBufferPointer, _ reference: UnsafeRawBufferPointer, sequence: Int,
        document: Int, fresh: Int64
    ) throws -> Redrawn {
        guard let run, let keyStart = key.baseAddress, let start = reference.baseAddress else {
            return .taken
        }
        let account = run.settings.account.rawValue
        selectConsignment.bind(1, account)
        selectConsignment.bind(2, text: keyStart, key.count)
        let isEmpty = fresh == 0 && run.settings.range != nil
        guard try selectConsignment.step() else {
            selectConsignment.reset()
            if isEmpty { return .none }
            throw Finding(.ledgerDamaged, found: .plain("a consignment that is there and is not"))
        }
        let space = selectConsignment.int(0)
        let owner = Array(selectConsignment.bytes(1))
        let its = (
            run: selectConsignment.int(2), number: selectConsignment.int(3),
            isVoid: selectConsignment.int(4) != 0
        )
        selectConsignment.reset()
        let isOurs = space == run.settings.space.rawValue && owner.elementsEqual(reference)
        let facts = try self.facts(of: its.run)
        if !its.isVoid {
            if facts.phase.isLeft { return .taken }
            if !isOurs, facts.phase == .open || facts.phase == .guarded { return .taken }
        }
        var number = fresh
        if isOurs, its.number != 0, facts.range == run.settings.range {
            number = its.number
        } else if isEmpty {
            return .none
        } else {
            if its.number != 0, let range = facts.range {
                try leaveGap(
                    range, its.number, space: space, owner, run: its.run, word: try word("replaced"))
            }
            if fresh != 0 { run.counters.next = fresh + 1 }
        }
        updateConsignment.bind(1, account)
        updateConsignment.bind(2, text: keyStart, key.count)
        updateConsignment.bind(3, run.settings.space.rawValue)
        updateConsignment.bind(4, text: start, reference.count)
        updateConsignment.bind(5, Int64(sequence))
        updateConsignment.bind(6, run.id)
        updateConsignment.bind(7, Int64(document))
        updateConsignment.bind(8, number)
        _ = try updateConsignment.run()
        return .number(number)
    }

    /// The range's next number, not taken yet; 0: the flow has no range, or it has none left.
    private func nextNumber() throws -> Int64 {
        guard let run, let range = run.settings.range else { return 0 }
        let next: Int64
        if let known = run.counters.next {
            next = known
        } else {
            next = max(try storedNext(range, mode: run.mode), run.settings.rangeNumbers.lowerBound)
            run.counters.next = next
        }
        return next <= run.settings.rangeNumbers.upperBound ? next : 0
    }

    private func storedNext(_ range: String, mode: String) throws -> Int64 {
        let select = try HotStatement(
            connection, "SELECT next FROM ranges WHERE name = ?1 AND mode = ?2")
        var (range, mode) = (range, mode)
        return try range.withUTF8 { range throws in
            try mode.withUTF8 { mode throws in
                select.bind(1, text: range)
                select.bind(2, text: mode)
                return try select.step() ? select.int(0) : 0
            }
        }
    }

    /// Stores how far the range is drawn.
    func storeRange() throws {
        guard let run, var range = run.settings.range, let next = run.counters.next else { return }
        let store = try HotStatement(
            connection,
            """
            INSERT INTO ranges(name, mode, next) VALUES(?1, ?2, ?3)
            ON CONFLICT(name, mode) DO UPDATE SET next = max(next, excluded.next)
            """)
        var mode = run.mode
        _ = try range.withUTF8 { range throws in
            try mode.withUTF8 { mode throws in
                store.bind(1, text: range)
                store.bind(2, text: mode)
                store.bind(3, next)
                return try store.run()
            }
        }
    }

    /// Opens a document of the run; one that a crash left behind keeps its clock.
    func clock(of document: Int) throws -> Int64 {
        guard let run else { return 0 }
        openDocument.bind(1, run.settings.arrival)
        openDocument.bind(2, Int64(document))
        openDocument.bind(3, run.id)
        openDocument.bind(4, run.settings.now)
        defer { openDocument.reset() }
        return try openDocument.step() ? openDocument.int(0) : run.settings.now
    }

    /// Takes the consignment of an order back that has not left: its number will never be used, and why.
    func withdraw(_ row: OrderRow, _ reference: UnsafeRawBufferPointer, word: Int64) throws {
        guard let run, row.state == .ship, !row.key.isEmpty, let start = reference.baseAddress else {
            return
        }
        let account = try facts(of: row.run).account
        _ = try row.key.withUnsafeBytes { key throws in
            guard let first = key.baseAddress else { return false }
            voidConsignment.bind(1, account)
            voidConsignment.bind(2, text: first, key.count)
            voidConsignment.bind(3, word)
            voidConsignment.bind(4, run.settings.space.rawValue)
            voidConsignment.bind(5, text: start, reference.count)
            return try voidConsignment.run()
        }
    }

    private func leaveGap(
        _ range: String, _ number: Int64, space: Int64, _ reference: [UInt8], run id: Int64, word: Int64
    ) throws {
        var (range, mode) = (range, run?.mode ?? "")
        try range.withUTF8 { range throws in
            try mode.withUTF8 { mode throws in
                try reference.withUnsafeBytes { reference throws in
                    insertVoid.bind(1, text: range)
                    insertVoid.bind(2, text: mode)
                    insertVoid.bind(3, number)
                    insertVoid.bind(4, space)
                    insertVoid.bind(5, text: UnsafeRawBufferPointer(reference).bindMemory(to: UInt8.self))
                    insertVoid.bind(6, id)
                    insertVoid.bind(7, word)
                    _ = try insertVoid.run()
                }
            }
        }
    }

    /// Row id of a word.
    func word(_ text: String) throws -> Int64 {
        let insert = try HotStatement(
            connection,
            "INSERT INTO words(word) VALUES(?1) ON CONFLICT(word) DO UPDATE SET word = word RETURNING id")
        var text = text
        return try text.withUTF8 { text throws in
            insert.bind(1, text: text)
            return try insert.step() ? insert.int(0) : 0
        }
    }
}

extension HotStatement {
    func bind(_ index: Int32, text: UnsafeBufferPointer<UInt8>) {
        // An empty text has no address, and NULL would be another value; no byte of the stand-in is read.
        bind(index, text: text.baseAddress.map { UnsafeRawPointer($0) } ?? address, text.count)
    }
}
