@_spi(HotPath) import GatewayCore

/// Lines by the long way: they are pieces of cells, count once, or are tested by what was computed.
extension ChannelMachine {
    /// Lines that are pieces of cells, count once, or are tested by what was computed.
    @inline(never) mutating func mapPieces(_ first: Int, _ end: Int, _ batch: inout Batch) {
        isUnread = false
        var seen = false
        for record in first..<end where batch.flags[record] & Batch.blankRecord == 0 {
            state.ends = batch.ends + Int(batch.rows[record])
            state.row = UInt16(truncatingIfNeeded: record - first)
            guard let program = program.pieces else {
                seen = true
                mapLine(record, &batch)
                continue
            }
            for (n, column) in program.columns.enumerated() {
                let cell = column < 0 ? .none : cell(column, &batch)
                pieces.begin(cell, &batch)
                var step = pieces.step(&batch)
                // A line of numbered columns is there when one of its columns holds something.
                if case .end = step, fill(n, program, &batch) { step = .piece }
                while case .piece = step {
                    _ = fill(n, program, &batch)
                    state.pieces = pieces.slots
                    seen = true
                    mapLine(record, &batch)
                    step = pieces.step(&batch)
                }
                if case .unreadable = step { say(.mappingPiecesUnreadable, cell, &batch) }
            }
        }
        if !seen, !isUnread { say(.mappingPiecesNone, .none, &batch) }
    }

    private func cell(_ column: Int, _ batch: inout Batch) -> Value {
        program.literalQuotes
            ? Interpreter.loadLiteral(state.ends, column, state.row, batch.base) : Interpreter.load(state.ends, column, state.row, &batch)
    }

    /// Puts the numbered columns of line `n` into their slots; whether one of them holds something.
    private func fill(_ n: Int, _ pieces: PieceProgram, _ batch: inout Batch) -> Bool {
        let slots = self.pieces.slots
        var isThere = false
        for (index, slot) in pieces.slots.enumerated() {
            guard case .columns(let columns) = slot else { continue }
            slots[index] = columns[n] < 0 ? .none : cell(columns[n], &batch)
            if slots[index].count > 0 { isThere = true }
        }
        return isThere
    }

    private mutating func mapLine(_ record: Int, _ batch: inout Batch) {
        batch.reserveLine()
        let index = batch.lineCount
        let mark = batch.findings.count
        state.line = batch.lines + index * batch.lineSlots
        state.line.initialize(repeating: .none, count: batch.lineSlots)
        state.quantity = 0
        state.fate = Fate.ship.rawValue
        Interpreter.run(program.code, program.line.lowerBound, program.line.upperBound, &state, &batch, &sink)
        if state.fate == Fate.skip.rawValue {
            // What was computed for the test holds nothing.
            batch.findings.removeSubrange(mark...)
            return
        }
        if state.fate == Fate.hold.rawValue { sayUndecided(record, &batch) }
        if !program.oncePer.isEmpty, isRepeated(index, record, &batch) { return }
        var line = LineEntry()
        line.quantity = state.quantity
        line.record = UInt32(record)
        batch.lineEntries[index] = line
        batch.lineCount = index + 1
    }

    /// Whether the line is one that the order has already, in all its fields. One that only claims to be is said, and holds the order.
    private func isRepeated(_ index: Int, _ record: Int, _ batch: inout Batch) -> Bool {
        let line = batch.lines + index * batch.lineSlots
        guard program.oncePer.allSatisfy({ line[$0].count > 0 }) else { return false }
        var other = index
        while other > firstLine {
            other -= 1
            let before = batch.lines + other * batch.lineSlots
            guard program.oncePer.allSatisfy({ isSame(line[$0], before[$0], batch.base) }) else { continue }
            if (0..<batch.lineSlots).allSatisfy({ isSame(line[$0], before[$0], batch.base) }) { return true }
            let key = program.oncePer.first.map { line[$0] } ?? .none
            Interpreter.report(.orderLineDouble, note: program.lineNote, code: program.code, key, state, &batch)
            return false
        }
        return false
    }

    private func isSame(_ a: Value, _ b: Value, _ base: UnsafeMutableRawPointer) -> Bool {
        a.count == b.count && equalLoose(base + Int(a.offset), base + Int(b.offset), Int(a.count))
    }

    private mutating func say(_ code: FindingCode, _ cell: Value, _ batch: inout Batch) {
        isUnread = true
        guard let note = program.pieces?.note else { return }
        Interpreter.report(code, note: note, code: program.code, cell, state, &batch)
    }
}
