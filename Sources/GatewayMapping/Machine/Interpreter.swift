@_spi(HotPath) import GatewayCore

/// Where a run stands: the record, order and line it works on, and what it decided.
struct RunState {
    /// Ends of the fields of the current record and of the order's first one.
    var ends: UnsafeMutablePointer<UInt32>
    var firstEnds: UnsafeMutablePointer<UInt32>
    var head: UnsafeMutablePointer<Value>
    var line: UnsafeMutablePointer<Value>
    let registers: UnsafeMutablePointer<Value>
    /// Row of the current record within its order.
    var row: UInt16 = 0
    /// Index of the order and its first record in the batch.
    var order = 0
    var firstRecord = 0
    /// Lines of the order, for `each line`.
    var firstLine = 0
    var endLine = 0
    var parcels = 1
    var lineNumber = 0
    var quantity: UInt32 = 0
    /// Values of the current piece, where lines are pieces of cells.
    var pieces: UnsafeMutablePointer<Value>?
    var fate: UInt8 = RunState.undecided
    /// Reason of a skip, note of a hold.
    var word: UInt16 = 0
    /// The last value had a control character that the format cannot hold.
    var isDirty = false
    /// A refusal ended the run.
    var isRefused = false
    /// The byte before the first of this run's output, for separators.
    var lastByte: UInt8 = 0
    /// Registers that are used, by bit.
    var used: UInt32 = 0
    /// Computes the registers of a parcel.
    var parcelSource = ParcelSource()

    static let undecided: UInt8 = 0xFF
}

/// Runs compiled mappings. One interpreter for channels and carriers: only loads and sinks differ.
enum Interpreter {
    /// Runs `from ..< to`. A refusal appends to `batch.findings`.
    static func run(
        _ code: Code, _ from: Int, _ to: Int, _ state: inout RunState, _ batch: inout Batch, _ out: inout Output
    ) {
        let ops = code.ops
        var pc = from
        var value = Value.none
        var saved = Value.none
        var side = Value.none
        var test = false
        while pc < to {
            switch ops[pc] {
            case .field(let column):
                value = load(state.ends, Int(column), state.row, &batch)
            case .literalField(let column):
                value = loadLiteral(state.ends, Int(column), state.row, batch.base)
            case .firstField(let column):
                value = load(state.firstEnds, Int(column), 0, &batch)
            case .slot(let slot):
                value = state.head[Int(slot)]
            case .lineSlot(let slot):
                value = state.line[Int(slot)]
            case .constant(let constant):
                value = code.constants[Int(constant)]
            case .register(let register):
                value = state.registers[Int(register)]
            case .piece(let slot):
                value = piece(slot, state)

            case .save:
                saved = value
            case .side:
                side = value
                value = saved
            case .restore:
                value = saved

            case .testPresent:
                test = value.count > 0
            case .testAbsent:
                test = value.count == 0
            case .testAny(let list):
                test = isAny(code, Int(list), value, batch.base)
            case .fieldIsAny(let column, let list):
                test = isAny(code, Int(list), load(state.ends, Int(column), state.row, &batch), batch.base)
            case .testCall(let kernel):
                test = value.count > 0 && holds(code, Int(kernel), value, &batch)
            case .flip:
                test.toggle()
            case .jump(let distance):
                pc += Int(distance)
            case .jumpIfPresent(let distance):
                if value.count > 0 { pc += Int(distance) }
            case .jumpIfTrue(let distance):
                if test { pc += Int(distance) }
            case .jumpIfFalse(let distance):
                if !test { pc += Int(distance) }

            case .jumpIfSlotAbsent(let slot, let distance):
                value = state.head[Int(slot)]
                if value.count == 0 { pc += Int(distance) }
            case .jumpIfFieldAbsent(let column, let distance):
                value = load(state.ends, Int(column), state.row, &batch)
                if value.count == 0 { pc += Int(distance) }
            case .jumpUnlessFieldIsAny(let column, let list, let distance):
                value = load(state.ends, Int(column), state.row, &batch)
                if !isAny(code, Int(list), value, batch.base) { pc += Int(distance) }

            case .call(let kernel, let note):
                if value.count > 0 {
                    let refusal = call(code, Int(kernel), &value, side, &batch)
                    if refusal != .none { pc = refuse(code, Int(note), refusal, &value, &state, &batch, to, at: pc) }
                }
            case .callAlways(let kernel, let note):
                let refusal = call(code, Int(kernel), &value, side, &batch)
                if refusal != .none { pc = refuse(code, Int(note), refusal, &value, &state, &batch, to, at: pc) }
            case .require(let refusal, let note):
                if value.count == 0 {
                    pc = refuse(code, Int(note), Refusal(rawValue: refusal) ?? .missing, &value, &state, &batch, to)
                }
            case .limit(let characters, let kernel, let note):
                if value.count > UInt32(characters) {
                    let refusal = call(code, Int(kernel), &value, side, &batch)
                    if refusal != .none { pc = refuse(code, Int(note), refusal, &value, &state, &batch, to, at: pc) }
                }
            case .refuse(let note):
                pc = refuse(code, Int(note), .rule, &value, &state, &batch, to)

            case .store(let slot):
                state.head[Int(slot)] = value
            case .storeLine(let slot):
                state.line[Int(slot)] = value
            case .fieldStore(let column, let slot):
                state.head[Int(slot)] = load(state.ends, Int(column), state.row, &batch)
            case .fieldStoreLine(let column, let slot):
                state.line[Int(slot)] = load(state.ends, Int(column), state.row, &batch)
            case .storeRegister(let register):
                state.registers[Int(register)] = value
            case .storeQuantity(let slot, let note):
                state.line[Int(slot)] = value
                state.quantity = quantity(value, batch.base)
                if state.quantity == 0 { refuseQuantity(code, Int(note), value, state, &batch) }
            case .mark(let fate): state.fate = fate
            case .decide(let fate, let word):
                state.fate = fate
                state.word = word
                return

            case .literal(let literal):
                put(code, Int(literal), &out, room: 0)
            case .emitText(let literal):
                put(code, Int(literal), &out, room: Int(value.count) * 6)
                if value.count > 0, !Escaping.text(batch.base + Int(value.offset), Int(value.count), &out) { state.isDirty = true }
                if state.isDirty { pc = refuseDirty(code, value, &state, &batch, to) }
            case .emitAttribute(let literal):
                put(code, Int(literal), &out, room: Int(value.count) * 6)
                if value.count > 0, !Escaping.attribute(batch.base + Int(value.offset), Int(value.count), &out) { state.isDirty = true }
                if state.isDirty { pc = refuseDirty(code, value, &state, &batch, to) }
            case .emitJSON(let literal):
                put(code, Int(literal), &out, room: Int(value.count) * 6)
                if value.count > 0 { _ = Escaping.json(batch.base + Int(value.offset), Int(value.count), &out) }
            case .emitCell(let literal):
                put(code, Int(literal), &out, room: 0)
                Escaping.cell(batch.base + Int(value.offset), Int(value.count), &out)
            case .emitRaw(let literal):
                put(code, Int(literal), &out, room: Int(value.count))
                out.append(batch.base + Int(value.offset), Int(value.count))
            case .emitSlot(let slot, let longest, let literal):
                value = any(slot, state)
                if value.count <= UInt32(longest) {
                    put(code, Int(literal), &out, room: Int(value.count) * 6)
                    if value.count > 0, !Escaping.text(batch.base + Int(value.offset), Int(value.count), &out) { state.isDirty = true }
                    if state.isDirty { pc = refuseDirty(code, value, &state, &batch, to) } else { pc += 4 }
                }
            case .emitRequired(let slot, let longest, let literal):
                value = any(slot, state)
                if value.count &- 1 < UInt32(longest) {
                    put(code, Int(literal), &out, room: Int(value.count) * 6)
                    if !Escaping.text(batch.base + Int(value.offset), Int(value.count), &out) { state.isDirty = true }
                    if state.isDirty { pc = refuseDirty(code, value, &state, &batch, to) } else { pc += 4 }
                }
            case .emitIfPresent(let slot, let longest, let literal):
                value = any(slot, state)
                if value.count == 0 {
                    pc += 4
                } else if value.count <= UInt32(longest) {
                    put(code, Int(literal), &out, room: Int(value.count) * 6)
                    if !Escaping.text(batch.base + Int(value.offset), Int(value.count), &out) { state.isDirty = true }
                    put(code, Int(literal) + 1, &out, room: 0)
                    if state.isDirty { pc = refuseDirty(code, value, &state, &batch, to) } else { pc += 4 }
                }
            case .separator:
                let last = out.count > 0 ? out.base.load(fromByteOffset: out.count - 1, as: UInt8.self) : state.lastByte
                if last != 0x7B && last != 0x5B && last != 0 { out.append(0x2C) }
            case .eachParcel(let length):
                let body = pc + 1
                pc += Int(length)
                var parcel = 1
                while parcel <= state.parcels && !state.isRefused {
                    state.parcelSource.fill(parcel, of: state.parcels, state.used, state.registers, &batch)
                    run(code, body, body + Int(length), &state, &batch, &out)
                    parcel += 1
                }
                state.parcelSource.fill(0, of: state.parcels, state.used, state.registers, &batch)
                if state.isRefused { return }
            case .eachLine(let length):
                let body = pc + 1
                pc += Int(length)
                eachLine(code, body, body + Int(length), &state, &batch, &out)
                if state.isRefused { return }
            }
            pc += 1
        }
    }

    // MARK: Loads and sinks

    @inline(__always) static func load(
        _ ends: UnsafeMutablePointer<UInt32>, _ column: Int, _ row: UInt16, _ batch: inout Batch
    ) -> Value {
        let start = Int(ends[column]) + 1
        let count = Int(ends[column + 1]) - start
        let value = Value(
            offset: UInt32(truncatingIfNeeded: start), count: UInt32(truncatingIfNeeded: count),
            column: UInt16(truncatingIfNeeded: column + 1), row: row)
        if count == 0 { return value }
        let first = batch.base.load(fromByteOffset: start, as: UInt8.self)
        let last = batch.base.load(fromByteOffset: start + count - 1, as: UInt8.self)
        // Above the blank, `!` and the quote, and no part of a no-break space: nothing to take off.
        if first > 0x22 && last > 0x20 && first != 0xC2 && last != 0xA0 { return value }
        return clean(value, &batch)
    }

    /// A value of the current piece.
    @inline(never) static func piece(_ slot: UInt16, _ state: borrowing RunState) -> Value { state.pieces?[Int(slot)] ?? .none }

    /// The order's or the line's slot.
    @inline(__always) static func any(_ slot: UInt16, _ state: borrowing RunState) -> Value {
        slot & Op.lineBit == 0 ? state.head[Int(slot)] : state.line[Int(slot & ~Op.lineBit)]
    }

    @inline(__always) static func put(_ code: Code, _ index: Int, _ out: inout Output, room: Int) {
        let literal = code.literals[index]
        out.reserve(Int(literal.count) + room + 16)
        copyLoose(code.bytes + Int(literal.offset), to: out.base + out.count, Int(literal.count))
        out.count += Int(literal.count)
    }

    @inline(never) static func eachLine(
        _ code: Code, _ from: Int, _ to: Int, _ state: inout RunState, _ batch: inout Batch, _ out: inout Output
    ) {
        let before = (state.line, state.lineNumber)
        var number = 0
        for index in state.firstLine..<state.endLine where batch.lineEntries[index].quantity > 0 && !state.isRefused {
            number += 1
            state.line = batch.lines + index * batch.lineSlots
            state.parcelSource.fillLine(number, batch.lineEntries[index], state.used, state.registers, &batch)
            run(code, from, to, &state, &batch, &out)
        }
        (state.line, state.lineNumber) = before
    }

    // MARK: Steps

    @inline(__always) static func call(
        _ code: Code, _ kernel: Int, _ value: inout Value, _ side: Value, _ batch: inout Batch
    ) -> Refusal {
        let room = code.rooms[kernel]
        batch.reserveArena((Int(value.count) + Int(side.count)) * room.perByte + room.fixed)
        var context = KernelContext(base: batch.base, arenaEnd: batch.arenaEnd, value: value, side: side)
        code.kernels[kernel]._withUnsafeGuaranteedRef { $0.run(&context) }
        batch.arenaEnd = context.arenaEnd
        if context.refusal == .none { value = context.value } else { batch.leftover = context.value }
        return context.refusal
    }

    @inline(never) static func holds(_ code: Code, _ kernel: Int, _ value: Value, _ batch: inout Batch) -> Bool {
        var tested = value
        let refusal = call(code, kernel, &tested, .none, &batch)
        return (refusal == .none || refusal == .repaired) && tested.count > 0
    }

    /// Whether the value is one of the list's folded words. ASCII is compared as it stands, other text is folded first.
    @inline(__always) static func isAny(_ code: Code, _ list: Int, _ value: Value, _ base: UnsafeMutableRawPointer) -> Bool {
        let words = code.lists[list]
        let source = base + Int(value.offset)
        let count = Int(value.count)
        if count == 0 { return false }
        for n in Int(words.start)..<Int(words.start + words.count) {
            let word = code.words[n]
            if Int(word.count) != count { continue }
            var at = 0
            var differs: UInt64 = 0
            while at < count && differs == 0 {
                let left = count - at
                let mask: UInt64 = left < 8 ? (1 << UInt64(left * 8)) &- 1 : ~0
                let found = source.loadUnaligned(fromByteOffset: at, as: UInt64.self) & mask
                differs = lowered(found) ^ ((code.bytes + Int(word.offset)).loadUnaligned(fromByteOffset: at, as: UInt64.self) & mask)
                at += 8
            }
            if differs == 0 { return true }
        }
        return slowIsAny(code, list, source, count)
    }

    /// Eight bytes with A-Z lowered.
    @inline(__always) static func lowered(_ word: UInt64) -> UInt64 {
        let low = word & splat(0x7F)
        // High bit set where the byte is at least 'A', and where it is above 'Z'.
        let above = (low &+ splat(0x80 - 0x41)) & ~(low &+ splat(0x80 - 0x5B)) & ~word & splat(0x80)
        return word | (above >> 2)
    }

    /// The quantity to ship, 0 when the value is not a whole number from 1 on.
    @inline(__always) static func quantity(_ value: Value, _ base: UnsafeMutableRawPointer) -> UInt32 {
        var number: UInt32 = 0
        if value.count > 7 { return 0 }
        for n in 0..<Int(value.count) {
            let digit = base.load(fromByteOffset: Int(value.offset) + n, as: UInt8.self) &- 0x30
            if digit > 9 { return 0 }
            number = number * 10 + UInt32(digit)
        }
        return number
    }
}
