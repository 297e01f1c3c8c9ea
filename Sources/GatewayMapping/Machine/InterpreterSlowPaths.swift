@_spi(HotPath) import GatewayCore

/// What the interpreter calls seldom: quotes, blanks, other scripts, refusals.
extension Interpreter {
    @inline(never) static func loadLiteral(
        _ ends: UnsafeMutablePointer<UInt32>, _ column: Int, _ row: UInt16, _ base: UnsafeMutableRawPointer
    ) -> Value {
        let start = Int(ends[column]) + 1
        let value = Value(
            offset: UInt32(start), count: ends[column + 1] - UInt32(start), column: UInt16(truncatingIfNeeded: column + 1), row: row)
        return trim(value, base)
    }

    @inline(never) static func clean(_ raw: Value, _ batch: inout Batch) -> Value {
        var value = raw
        let base = batch.base
        if base.load(fromByteOffset: Int(raw.offset), as: UInt8.self) == 0x22 { value = unquote(raw, &batch) }
        return trim(value, batch.base)
    }

    /// A quoted cell without its quotes; doubled ones inside become one, in the arena.
    static func unquote(_ raw: Value, _ batch: inout Batch) -> Value {
        var start = Int(raw.offset) + 1
        var end = Int(raw.offset) + Int(raw.count)
        if end > start && batch.base.load(fromByteOffset: end - 1, as: UInt8.self) == 0x22 { end -= 1 }
        var value = raw
        value.offset = UInt32(start)
        value.count = UInt32(end - start)
        var at = start
        while at < end {
            let hit = zeroBytes(batch.base.loadUnaligned(fromByteOffset: at, as: UInt64.self) ^ splat(0x22))
            if hit != 0 {
                at += hit.trailingZeroBitCount >> 3
                break
            }
            at += 8
        }
        if at >= end { return value }
        batch.reserveArena(end - start)
        let base = batch.base
        var target = batch.arenaEnd
        value.offset = UInt32(target)
        while start < end {
            let byte = base.load(fromByteOffset: start, as: UInt8.self)
            base.storeBytes(of: byte, toByteOffset: target, as: UInt8.self)
            target += 1
            start += 1
            if byte == 0x22, start < end, base.load(fromByteOffset: start, as: UInt8.self) == 0x22 { start += 1 }
        }
        value.count = UInt32(target - batch.arenaEnd)
        batch.arenaEnd = target
        return value
    }

    /// Without outer blanks, control characters and no-break spaces.
    static func trim(_ value: Value, _ base: UnsafeMutableRawPointer) -> Value {
        var start = Int(value.offset)
        var end = start + Int(value.count)
        func at(_ n: Int) -> UInt8 { base.load(fromByteOffset: n, as: UInt8.self) }
        while start < end {
            if at(start) <= 0x20 {
                start += 1
            } else if end - start >= 2, at(start) == 0xC2, at(start + 1) == 0xA0 {
                start += 2
            } else {
                break
            }
        }
        while end > start {
            if at(end - 1) <= 0x20 {
                end -= 1
            } else if end - start >= 2, at(end - 2) == 0xC2, at(end - 1) == 0xA0 {
                end -= 2
            } else {
                break
            }
        }
        var trimmed = value
        trimmed.offset = UInt32(start)
        trimmed.count = UInt32(end - start)
        return trimmed
    }

    /// Folds text that is not ASCII or has inner blanks; rare.
    @inline(never) static func slowIsAny(_ code: Code, _ list: Int, _ source: UnsafeRawPointer, _ count: Int) -> Bool {
        let bytes = UnsafeRawBufferPointer(start: source, count: count)
        guard bytes.contains(where: { $0 >= 0x80 }) else { return false }
        let folded = HeaderName.fold(bytes)
        let words = code.lists[list]
        for n in Int(words.start)..<Int(words.start + words.count) {
            let word = code.words[n]
            if UnsafeRawBufferPointer(start: code.bytes + Int(word.offset), count: Int(word.count)).elementsEqual(folded) { return true }
        }
        return false
    }

    // MARK: Refusals

    /// Says why, and gives the op before the one to go on with; a repaired value goes on after `op`.
    @inline(never) static func refuse(
        _ code: Code, _ note: Int, _ refusal: Refusal, _ value: inout Value, _ state: inout RunState, _ batch: inout Batch, _ end: Int,
        at op: Int = 0
    ) -> Int {
        if refusal == .repaired {
            let repaired = batch.leftover
            sayRepaired(code.notes[note], value, repaired, code, state, &batch)
            value = repaired
            return op
        }
        var extra: [String: Finding.Shown] = [:]
        if refusal == .place {
            let nearest = batch.text(batch.leftover)
            extra["nearest"] = .plain(nearest.isEmpty ? "none" : nearest)
        }
        report(refusal.code, note: code.notes[note], code: code, value, state, &batch, extra)
        value.count = 0
        if let resume = code.notes[note].resume { return resume - 1 }
        state.isRefused = true
        return end
    }

    /// Says that `repaired` was taken instead of `value`.
    @inline(never) static func sayRepaired(
        _ note: Note, _ value: Value, _ repaired: Value, _ code: Code, _ state: RunState, _ batch: inout Batch
    ) {
        let written = batch.text(repaired)
        report(
            .mappingValueRepaired, note: note, code: code, value, state, &batch,
            ["written": note.isPersonal ? .personal("\"\(written)\"") : .plain("\"\(written)\"")])
    }

    @inline(never) static func refuseDirty(
        _ code: Code, _ value: Value, _ state: inout RunState, _ batch: inout Batch, _ end: Int
    ) -> Int {
        let note = Note(resume: nil, field: "", isPersonal: true, mapping: "")
        report(.carrierControlCharacter, note: note, code: code, value, state, &batch)
        state.isDirty = false
        state.isRefused = true
        return end
    }

    @inline(never) static func refuseQuantity(
        _ code: Code, _ note: Int, _ value: Value, _ state: RunState, _ batch: inout Batch
    ) {
        // A step before has refused the value already.
        if let last = batch.findings.last, last.order == state.order, last.finding.code.stops != .nothing,
            last.finding.place.line == batch.rowNumber(state.firstRecord + Int(state.row)),
            last.finding.arguments["field"]?.text == code.notes[note].field
        {
            return
        }
        report(.orderQuantity, note: code.notes[note], code: code, value, state, &batch)
    }

    /// Appends the finding with its place in the file.
    static func report(
        _ finding: FindingCode, note: Note, code: Code, _ value: Value, _ state: RunState, _ batch: inout Batch,
        _ extra: [String: Finding.Shown] = [:]
    ) {
        let column = value.column == 0 ? nil : Int(value.column)
        let row = batch.rowNumber(state.firstRecord + Int(value.column == 0 ? 0 : value.row))
        var arguments = note.arguments.mapValues(Finding.Shown.plain)
        arguments["field"] = .plain(note.field)
        arguments["mapping"] = .plain(note.mapping)
        arguments["function"] = .plain(note.function)
        arguments.merge(extra) { _, own in own }
        let text = batch.text(value)
        batch.findings.append(
            OrderFinding(
                order: state.order,
                Finding(
                    finding,
                    at: .row(
                        row, column: column, name: column.flatMap { code.headings.indices.contains($0 - 1) ? code.headings[$0 - 1] : nil }),
                    found: value.count == 0 ? nil : note.isPersonal ? .personal(text) : .plain(text), arguments)))
    }
}
