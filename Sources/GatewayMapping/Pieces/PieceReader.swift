@_spi(HotPath) import GatewayCore

/// Takes cells with several lines of an order apart: values as ranges of the cell's bytes, copied only where escapes go.
///
/// One thread; its buffers are used again for each cell.
struct PieceReader: ~Copyable {
    private let program: PieceProgram
    /// Values of the current piece by slot: what ``Op/piece(_:)`` loads.
    let slots: UnsafeMutablePointer<Value>
    /// Pieces of the current cell that are still to come, and the one that is next.
    private var pieces: [Value] = []
    private var next = 0
    private var isBad = false
    private var fields: [(key: Value, value: Value)] = []

    init(_ program: PieceProgram) {
        self.program = program
        slots = .allocate(capacity: max(program.slots.count, 1))
        slots.initialize(repeating: .none, count: max(program.slots.count, 1))
    }

    deinit { slots.deallocate() }

    /// How the next piece came out.
    enum Step {
        case piece
        case end
        /// The cell cannot be taken apart with certainty.
        case unreadable
    }

    /// Begins with a cell.
    mutating func begin(_ cell: Value, _ batch: inout Batch) {
        pieces.removeAll(keepingCapacity: true)
        next = 0
        isBad = false
        clearSlots()
        guard cell.count > 0 else { return }
        if case .json = program.form {
            var walk = JSONWalk(batch.base, cell)
            isBad = !walk.objects(into: &pieces)
        } else if let separator = program.separator {
            isBad = !Self.split(cell, separator, batch.base, &pieces)
        } else {
            pieces.append(cell)
        }
    }

    /// Fills ``slots`` with the next piece that is not blank.
    mutating func step(_ batch: inout Batch) -> Step {
        if isBad { return .unreadable }
        while next < pieces.count {
            let piece = Interpreter.trim(pieces[next], batch.base)
            next += 1
            if piece.count == 0 { continue }
            return fill(piece, &batch) ? .piece : .unreadable
        }
        return .end
    }

    private mutating func fill(_ piece: Value, _ batch: inout Batch) -> Bool {
        clearSlots()
        switch program.form {
        case .whole: break
        case .json:
            guard fillJSON(piece, &batch) else { return false }
        case .pairs(let pairs):
            guard
                pairs.order.isEmpty || pairs.between.escape != nil
                    ? readPairs(piece, pairs, batch.base) : readInOrder(piece, pairs, batch.base)
            else { return false }
            for field in fields {
                guard let slot = program.slot(batch.bytes(field.key)) else { continue }
                // A key that is there twice: nobody knows which one is meant.
                guard slots[slot].count == 0 else { return false }
                slots[slot] = field.value.count == 0 ? .none : unescaped(field.value, pairs, &batch)
            }
        }
        if let whole = program.wholeSlot { slots[whole] = piece }
        return true
    }

    private func clearSlots() {
        for n in 0..<program.slots.count { slots[n] = .none }
    }

    // MARK: Pairs

    /// Splits at separators that no escape stands before; false when the escape itself may be a character of the text.
    static func split(
        _ cell: Value, _ separator: LineSource.Separator, _ base: UnsafeMutableRawPointer, _ pieces: inout [Value]
    ) -> Bool {
        var start = Int(cell.offset)
        let end = start + Int(cell.count)
        var at = start
        while at < end {
            guard Self.matches(separator.text, at, end, base) else {
                at += 1
                continue
            }
            let escapes = separator.escape.map { count($0, before: at, from: start, base) } ?? 0
            // Two of them: an escaped separator after a stray one, or a real separator after one in the text.
            if escapes > 1 { return false }
            if escapes == 0 {
                pieces.append(part(cell, start, at))
                start = at + separator.text.count
            }
            at += separator.text.count
        }
        pieces.append(part(cell, start, end))
        return true
    }

    private mutating func readPairs(_ piece: Value, _ pairs: LineSource.Pairs, _ base: UnsafeMutableRawPointer) -> Bool {
        var parts: [Value] = []
        fields.removeAll(keepingCapacity: true)
        guard Self.split(piece, pairs.between, base, &parts) else { return false }
        var wanted = 0
        for part in parts where part.count > 0 {
            guard let colon = Self.colon(in: part, pairs, base) else { return false }
            let key = Interpreter.trim(Self.part(part, Int(part.offset), colon), base)
            let value = Interpreter.trim(
                Self.part(part, colon + pairs.colon.count, Int(part.offset) + Int(part.count)), base)
            fields.append((key, value))
            if wanted < pairs.order.count, Self.equals(key, pairs.order[wanted], base) { wanted += 1 }
        }
        return wanted == pairs.order.count
    }

    /// Without escapes: each of the stated keys begins where `|key:` stands, once in the piece; what lies between belongs to the key before.
    private mutating func readInOrder(_ piece: Value, _ pairs: LineSource.Pairs, _ base: UnsafeMutableRawPointer) -> Bool {
        fields.removeAll(keepingCapacity: true)
        let end = Int(piece.offset) + Int(piece.count)
        var at = Int(piece.offset)
        var open: Value?
        var valueStart = at
        for (n, key) in pairs.order.enumerated() {
            let marker = (n == 0 ? [] : pairs.between.text) + key + pairs.colon
            let found: Int
            if n == 0 {
                guard Self.matches(marker, at, end, base) else { return false }
                found = at
            } else {
                guard let first = Self.find(marker, from: at, end, base), Self.find(marker, from: first + 1, end, base) == nil else {
                    return false
                }
                found = first
            }
            if let open { fields.append((open, Interpreter.trim(Self.part(piece, valueStart, found), base))) }
            let keyStart = found + (n == 0 ? 0 : pairs.between.text.count)
            open = Self.part(piece, keyStart, keyStart + key.count)
            valueStart = found + marker.count
            at = valueStart
        }
        guard let open else { return false }
        let rest = Self.find(pairs.between.text, from: at, end, base) ?? end
        fields.append((open, Interpreter.trim(Self.part(piece, valueStart, rest), base)))
        guard rest < end else { return true }
        // What follows is of no stated order; a part without a colon belongs to the one before it.
        var parts: [Value] = []
        guard Self.split(Self.part(piece, rest + pairs.between.text.count, end), pairs.between, base, &parts) else { return false }
        for part in parts {
            guard let colon = Self.colon(in: part, pairs, base) else { continue }
            let key = Self.part(part, Int(part.offset), colon)
            let isStated = pairs.order.contains { Self.equals(key, $0, base) }
            if isStated { return false }
            let value = Self.part(part, colon + pairs.colon.count, Int(part.offset) + Int(part.count))
            if !fields.contains(where: { Self.same($0.key, key, base) }) { fields.append((key, Interpreter.trim(value, base))) }
        }
        return true
    }

    private static func colon(in part: Value, _ pairs: LineSource.Pairs, _ base: UnsafeMutableRawPointer) -> Int? {
        let end = Int(part.offset) + Int(part.count)
        var at = Int(part.offset)
        while let found = find(pairs.colon, from: at, end, base) {
            let escapes = pairs.between.escape.map { count($0, before: found, from: Int(part.offset), base) } ?? 0
            if escapes == 0 { return found }
            at = found + 1
        }
        return nil
    }

    /// Without the escapes before what they escape.
    private func unescaped(_ value: Value, _ pairs: LineSource.Pairs, _ batch: inout Batch) -> Value {
        guard let escape = pairs.between.escape else { return value }
        let bytes = batch.bytes(value)
        guard bytes.contains(escape) else { return value }
        var specials: [UInt8] = [pairs.between.text[0], pairs.colon[0]]
        if let separator = program.separator { specials.append(separator.text[0]) }
        batch.reserveArena(Int(value.count))
        let start = batch.arenaEnd
        var target = start
        var at = Int(value.offset)
        let end = at + Int(value.count)
        while at < end {
            var byte = batch.base.load(fromByteOffset: at, as: UInt8.self)
            if byte == escape, at + 1 < end {
                let following = batch.base.load(fromByteOffset: at + 1, as: UInt8.self)
                if specials.contains(following) {
                    byte = following
                    at += 1
                }
            }
            batch.base.storeBytes(of: byte, toByteOffset: target, as: UInt8.self)
            target += 1
            at += 1
        }
        batch.arenaEnd = target
        return Value(offset: UInt32(start), count: UInt32(target - start), column: value.column, row: value.row)
    }

    // MARK: JSON

    private mutating func fillJSON(_ piece: Value, _ batch: inout Batch) -> Bool {
        for (n, slot) in program.slots.enumerated() where n != program.wholeSlot {
            guard case .key(let path) = slot else { continue }
            var walk = JSONWalk(batch.base, piece)
            guard let found = walk.value(at: path) else { return false }
            slots[n] = found.isString ? JSONWalk.text(found.value, &batch) : found.value
        }
        return true
    }

    // MARK: Bytes

    static func part(_ value: Value, _ start: Int, _ end: Int) -> Value {
        var part = value
        part.offset = UInt32(start)
        part.count = UInt32(max(0, end - start))
        return part
    }

    private static func matches(_ text: [UInt8], _ at: Int, _ end: Int, _ base: UnsafeMutableRawPointer) -> Bool {
        guard at + text.count <= end else { return false }
        for n in 0..<text.count where base.load(fromByteOffset: at + n, as: UInt8.self) != text[n] { return false }
        return true
    }

    private static func find(_ text: [UInt8], from start: Int, _ end: Int, _ base: UnsafeMutableRawPointer) -> Int? {
        var at = start
        while at + text.count <= end {
            if matches(text, at, end, base) { return at }
            at += 1
        }
        return nil
    }

    private static func count(_ byte: UInt8, before at: Int, from start: Int, _ base: UnsafeMutableRawPointer) -> Int {
        var n = at
        while n > start, base.load(fromByteOffset: n - 1, as: UInt8.self) == byte { n -= 1 }
        return at - n
    }

    private static func equals(_ value: Value, _ text: [UInt8], _ base: UnsafeMutableRawPointer) -> Bool {
        Int(value.count) == text.count && matches(text, Int(value.offset), Int(value.offset) + Int(value.count), base)
    }

    private static func same(_ a: Value, _ b: Value, _ base: UnsafeMutableRawPointer) -> Bool {
        a.count == b.count && equalLoose(base + Int(a.offset), base + Int(b.offset), Int(a.count))
    }
}

/// What the pieces of a profile's lines compile to for one header.
struct PieceProgram: Sendable {
    /// What a slot holds.
    enum Slot: Hashable, Sendable {
        /// A piece's value by its key or path; empty: the piece itself.
        case key([UInt8])
        /// The columns of a family by the place of its number, -1 where the file has none.
        case columns([Int])
    }
    /// The cells to read, in order; of families: of each number.
    var columns: [Int]
    var separator: LineSource.Separator?
    var form: LineSource.Form
    var slots: [Slot]
    /// For findings.
    var note: Note

    /// For profiles whose lines are rows.
    static let none = PieceProgram(
        columns: [], separator: nil, form: .whole, slots: [], note: Note(resume: nil, field: "", isPersonal: false, mapping: ""))

    var wholeSlot: Int? { slots.firstIndex(of: .key([])) }

    /// The slot of a key.
    func slot(_ key: UnsafeRawBufferPointer) -> Int? {
        for (n, slot) in slots.enumerated() {
            if case .key(let bytes) = slot, !bytes.isEmpty, bytes.elementsEqual(key) { return n }
        }
        return nil
    }
}
