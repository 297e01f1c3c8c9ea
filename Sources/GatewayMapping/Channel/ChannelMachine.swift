@_spi(HotPath) import GatewayCore

/// Runs a channel's program: groups records to orders, judges them, and fills the order tables of a batch. One thread.
package struct ChannelMachine: ~Copyable {
    let program: ChannelProgram
    var state: RunState
    var sink = Output(capacity: 256)
    var pieces: PieceReader
    /// The order's first line in the batch.
    var firstLine = 0
    /// The order's cells could not be taken apart, or hold no line.
    var isUnread = false
    /// Room for the bytes that digests are taken of.
    private var scratch = Output(capacity: 4096)

    package init(_ program: ChannelProgram) {
        self.program = program
        // A channel's ops read no registers; the pointers are set before each run.
        let none = UnsafeMutablePointer<Value>.allocate(capacity: 1)
        none.initialize(to: .none)
        let ends = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
        ends.initialize(to: 0)
        state = RunState(ends: ends, firstEnds: ends, head: none, line: none, registers: none)
        nowhere = ends
        pieces = PieceReader(program.pieces ?? .none)
    }
    private let nowhere: UnsafeMutablePointer<UInt32>

    deinit {
        state.registers.deallocate()
        nowhere.deallocate()
    }

    /// Makes orders of the batch's records. What belongs to an order that may go on in the next batch stays behind ``Batch/usedRecords``.
    ///
    /// - Throws: `order.records.limit`, when more records follow each other in one order than allowed: the file is refused.
    package mutating func map(_ batch: inout Batch, isLast: Bool) throws(Finding) {
        batch.clearOrders()
        let count = batch.recordCount
        var record = 0
        while record < count {
            if batch.flags[record] & Batch.blankRecord != 0 {
                record += 1
                continue
            }
            var end = record + 1
            var next = end
            while next < count {
                if batch.flags[next] & Batch.blankRecord == 0 {
                    guard isSameOrder(record, next, &batch) else { break }
                    end = next + 1
                }
                next += 1
            }
            if end - record > program.orderRecords {
                throw Finding(
                    .orderRecordsLimit, at: .row(batch.rowNumber(record)), found: .plain("\(end - record)"),
                    ["limit": .plain("\(program.orderRecords)")])
            }
            if next == count && !isLast { break }
            mapOrder(record, end, &batch)
            record = end
        }
        batch.usedRecords = record
    }

    // MARK: Groups

    /// Whether two records have the same, not empty key.
    @inline(__always) private mutating func isSameOrder(_ first: Int, _ second: Int, _ batch: inout Batch) -> Bool {
        let a = batch.ends + Int(batch.rows[first])
        let b = batch.ends + Int(batch.rows[second])
        for column in program.keyColumns {
            let one = Interpreter.load(a, column, 0, &batch)
            let other = Interpreter.load(b, column, 0, &batch)
            if one.count == 0 || one.count != other.count { return program.keylessRowsFollow && isKeyless(second, &batch) }
            if !equalLoose(batch.base + Int(one.offset), batch.base + Int(other.offset), Int(one.count)) { return false }
        }
        return true
    }

    /// Whether all key columns of a record are blank.
    @inline(never) private func isKeyless(_ record: Int, _ batch: inout Batch) -> Bool {
        let ends = batch.ends + Int(batch.rows[record])
        return program.keyColumns.allSatisfy { Interpreter.load(ends, $0, 0, &batch).count == 0 }
    }

    private mutating func mapOrder(_ first: Int, _ end: Int, _ batch: inout Batch) {
        batch.reserveOrder()
        let order = batch.orderCount
        let mark = batch.findings.count
        var entry = OrderEntry()
        entry.firstRecord = UInt32(first)
        entry.endRecord = UInt32(end)
        entry.firstLine = UInt32(batch.lineCount)
        state.order = order
        state.firstRecord = first
        state.row = 0
        state.head = batch.heads + order * batch.headSlots
        state.head.initialize(repeating: .none, count: batch.headSlots)
        state.ends = batch.ends + Int(batch.rows[first])
        state.firstEnds = state.ends
        state.isRefused = false
        firstLine = batch.lineCount

        state.fate = Fate.hold.rawValue
        Interpreter.run(program.code, program.head.lowerBound, program.head.upperBound, &state, &batch, &sink)
        var fate = Fate(rawValue: state.fate) ?? .hold
        entry.reason = fate == .skip ? state.word : 0
        let note = Int(state.word)

        if !program.hasLines {
            wholeOrder(first, &batch)
        } else if program.isPlain {
            mapLines(first, end, &batch)
        } else {
            mapPieces(first, end, &batch)
        }
        let hasLine = batch.lineCount > Int(entry.firstLine)
        // Nothing is left to ship: no rule has a say any more.
        if fate != .skip && !hasLine && !isUnread {
            fate = .skip
            entry.reason = 0
        }

        switch fate {
        case .skip:
            if batch.findings.count > mark { batch.findings.removeSubrange(mark...) }
        case .hold:
            sayHeld(note, &batch)
        case .ship:
            break
        }
        if fate != .skip {
            if mayBeDamaged(first, end, batch) { mendTexts(Int(entry.firstLine), &batch) }
            checkIdentity(first, end, Int(entry.firstLine), &batch)
            if batch.isStopped(from: mark) { fate = .hold }
        }
        entry.endLine = UInt32(batch.lineCount)
        entry.fate = fate
        if fate == .ship { digest(&entry, &batch) }
        batch.orders[order] = entry
        batch.orderCount = order + 1
    }

    @inline(__always) private mutating func mapLines(_ first: Int, _ end: Int, _ batch: inout Batch) {
        for record in first..<end where batch.flags[record] & Batch.blankRecord == 0 {
            state.ends = batch.ends + Int(batch.rows[record])
            state.row = UInt16(truncatingIfNeeded: record - first)
            batch.reserveLine()
            let index = batch.lineCount
            state.line = batch.lines + index * batch.lineSlots
            state.line.initialize(repeating: .none, count: batch.lineSlots)
            state.quantity = 0
            state.fate = Fate.ship.rawValue
            Interpreter.run(program.code, program.line.lowerBound, program.line.upperBound, &state, &batch, &sink)
            if state.fate == Fate.skip.rawValue { continue }
            if state.fate == Fate.hold.rawValue { sayUndecided(record, &batch) }
            var line = LineEntry()
            line.quantity = state.quantity
            line.record = UInt32(record)
            batch.lineEntries[index] = line
            batch.lineCount = index + 1
        }
    }

    /// A profile without lines: the order is one thing.
    private mutating func wholeOrder(_ first: Int, _ batch: inout Batch) {
        batch.reserveLine()
        let index = batch.lineCount
        (batch.lines + index * batch.lineSlots).initialize(repeating: .none, count: batch.lineSlots)
        var line = LineEntry()
        line.quantity = 1
        line.record = UInt32(first)
        batch.lineEntries[index] = line
        batch.lineCount = index + 1
    }

    // MARK: Findings about the order

    private func sayHeld(_ index: Int, _ batch: inout Batch) {
        let note = program.code.notes[index]
        let value = note.column < 0 ? .none : Interpreter.load(state.firstEnds, note.column, 0, &batch)
        let finding = index == program.undecidedNote ? FindingCode.orderUndecided : .orderHoldRule
        Interpreter.report(finding, note: note, code: program.code, value, state, &batch)
    }

    /// Reference, ragged rows, identifiers that a spreadsheet has rounded.
    @inline(__always) private func checkIdentity(_ first: Int, _ end: Int, _ firstLine: Int, _ batch: inout Batch) {
        if state.head[0].count == 0 { sayMissingReference(&batch) }
        let ragged = Batch.longRecord | (program.fillsShortRows ? 0 : Batch.shortRecord)
        let suspect = ragged | Batch.oddQuotes
        for record in first..<end where batch.flags[record] & suspect != 0 {
            if batch.flags[record] & ragged != 0 { sayRagged(record, &batch) }
            if batch.flags[record] & Batch.oddQuotes != 0 { sayQuotes(record, &batch) }
        }
        for (n, slot) in program.damagedHeads.enumerated() where isDamaged(state.head[slot], batch.base) {
            sayDamaged(program.damageNotes[n], state.head[slot], &batch)
        }
        for (n, slot) in program.damagedLines.enumerated() {
            for line in firstLine..<batch.lineCount {
                let value = batch.lines[line * batch.lineSlots + slot]
                if isDamaged(value, batch.base) { sayDamaged(program.damageNotes[program.damagedHeads.count + n], value, &batch) }
            }
        }
    }

    /// `1.23E+12`, `8,69E+12`, `#REF!`, `#N/A`.
    @inline(__always) private func isDamaged(_ value: Value, _ base: UnsafeMutableRawPointer) -> Bool {
        if value.count < 4 { return false }
        let second = base.load(fromByteOffset: Int(value.offset) + 1, as: UInt8.self)
        let first = base.load(fromByteOffset: Int(value.offset), as: UInt8.self)
        if first == 0x23 ? !isLetter(second) : !isDigit(first) || second != 0x2E && second != 0x2C && second | 0x20 != 0x65 { return false }
        return isDamagedText(UnsafeRawBufferPointer(start: base + Int(value.offset), count: Int(value.count)))
    }

    @inline(never) private func isDamagedText(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if bytes[0] == 0x23 {
            return SpreadsheetErrors.contain(bytes)
        }
        guard isDigit(bytes[0]), let exponent = bytes.firstIndex(where: { $0 | 0x20 == 0x65 }), exponent + 2 < bytes.count,
            bytes[exponent + 1] == 0x2B
        else { return false }
        return bytes[exponent + 2..<bytes.count].allSatisfy(isDigit)
            && bytes[1..<exponent].allSatisfy { isDigit($0) || $0 == 0x2E || $0 == 0x2C }
    }

    @inline(never) private func sayMissingReference(_ batch: inout Batch) {
        // A step that refused the reference has said why.
        if batch.findings.last.map({ $0.order == state.order && $0.finding.arguments["field"]?.text == "reference" }) == true { return }
        Interpreter.report(.orderReferenceMissing, note: program.reference, code: program.code, state.head[0], state, &batch)
    }
    @inline(never) func sayUndecided(_ record: Int, _ batch: inout Batch) {
        Interpreter.report(
            .orderLineUndecided, note: program.lineNote, code: program.code, Value(offset: 0, count: 0, column: 0, row: state.row), state,
            &batch)
        batch.findings[batch.findings.count - 1].finding.place = .row(batch.rowNumber(record))
    }
    @inline(never) private func sayRagged(_ record: Int, _ batch: inout Batch) {
        batch.findings.append(
            OrderFinding(
                order: state.order,
                Finding(
                    .rowRagged, at: .row(batch.rowNumber(record)),
                    found: .plain("\(batch.realFieldCount(record))"),
                    ["columns": .plain("\(program.columnCount)")])))
    }
    @inline(never) private func sayQuotes(_ record: Int, _ batch: inout Batch) {
        batch.findings.append(OrderFinding(order: state.order, Finding(.quoteMisplaced, at: .row(batch.rowNumber(record)))))
    }
    @inline(never) func sayDamaged(_ note: Note, _ value: Value, _ batch: inout Batch) {
        Interpreter.report(.mappingSpreadsheetDamage, note: note, code: program.code, value, state, &batch)
    }

    // MARK: Digests

    /// Keyed digests of the order's blocks and of what identifies each line.
    @inline(__always) private mutating func digest(_ entry: inout OrderEntry, _ batch: inout Batch) {
        let ends = program.digestSlots.ends
        entry.digests.0 = digest(0, ends.0, batch.base)
        entry.digests.1 = digest(ends.0, ends.1, batch.base)
        entry.digests.2 = digest(ends.1, ends.2, batch.base)
        entry.digests.3 = digest(ends.2, ends.3, batch.base)
        for index in Int(entry.firstLine)..<batch.lineCount { batch.lineEntries[index].key = lineKey(index, Int(entry.firstLine), batch) }
    }

    /// Of the present values of some slots; 0 when there are none.
    @inline(__always) private mutating func digest(_ from: Int, _ to: Int, _ base: UnsafeMutableRawPointer) -> UInt64 {
        let slots = program.digestSlots.slots
        scratch.rewind(to: 0)
        var n = from
        while n < to {
            let slot = Int(slots[n])
            let value = state.head[slot]
            if value.count > 0 { add(slot, value, base) }
            n += 1
        }
        return scratch.count == 0 ? 0 : program.key.digest(scratch.bytes)
    }

    /// Slot and length stand before the bytes, so that no two lists of values look alike.
    @inline(__always) private mutating func add(_ slot: Int, _ value: Value, _ base: UnsafeMutableRawPointer) {
        scratch.reserve(Int(value.count) + 32)
        let target = scratch.base + scratch.count
        target.storeBytes(of: UInt64(slot + 1) << 32 | UInt64(value.count), as: UInt64.self)
        copyLoose(base + Int(value.offset), to: target + 8, Int(value.count))
        scratch.count += 8 + Int(value.count)
    }

    /// By the channel's line identifier, else article number and barcode, else the name; the n-th of equal lines is told apart.
    @inline(__always) private mutating func lineKey(_ index: Int, _ first: Int, _ batch: borrowing Batch) -> UInt64 {
        let slots = batch.lines + index * batch.lineSlots
        scratch.rewind(to: 0)
        if slots[LineSlot.id].count > 0 {
            add(LineSlot.id, slots[LineSlot.id], batch.base)
        } else if slots[LineSlot.sku].count > 0 || slots[LineSlot.barcode].count > 0 {
            add(LineSlot.sku, slots[LineSlot.sku], batch.base)
            add(LineSlot.barcode, slots[LineSlot.barcode], batch.base)
        } else {
            add(LineSlot.name, slots[LineSlot.name], batch.base)
        }
        var key = program.key.digest(scratch.bytes)
        var other = first
        while other < index {
            if batch.lineEntries[other].key == key {
                // The next of the same kind: start over, an even later one may be there.
                key = key &* 0x9E37_79B9_7F4A_7C15 &+ 1
                other = first
            } else {
                other += 1
            }
        }
        return key
    }

    /// Slots of the fields that identify a line.
    private enum LineSlot {
        static let id = 0, sku = 1, barcode = 2, name = 3
    }
}
