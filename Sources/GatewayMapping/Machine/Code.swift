@_spi(HotPath) import GatewayCore

/// What a person must be told when a step refuses a value. Off the hot path.
struct Note: Sendable {
    /// Op to go on with after the refusal; nil: the run ends.
    var resume: Int?
    /// Field or path, for `{field}`.
    var field: String
    var isPersonal: Bool
    /// `line 42 of mappings/channels/x.yaml`.
    var mapping: String
    var arguments: [String: String] = [:]
    /// Name of the function, for `{function}`.
    var function = ""
    /// Column that a rule tests first, for what the finding shows; -1: none.
    var column = -1
}

/// Constants of the programs of one pipeline: they stand at the head of every batch, so that a value can point to them.
package final class ConstantPool {
    /// What ``Batch/init(pool:window:headSlots:lineSlots:)`` takes.
    package private(set) var bytes: [UInt8] = []
    private var known: [[UInt8]: Value] = [:]

    package init() {}

    func add(_ constant: [UInt8]) -> Value {
        if constant.isEmpty { return .none }
        if let value = known[constant] { return value }
        // The batch's pool begins at offset 0 of its memory.
        let value = Value(offset: UInt32(bytes.count), count: UInt32(constant.count))
        bytes += constant
        known[constant] = value
        return value
    }
}

/// Collects the ops and tables of a program.
struct CodeBuilder {
    var ops: [Op] = []
    var kernels: [KernelSlot] = []
    var notes: [Note] = []
    var constants: [Value] = []
    var literals: [[UInt8]] = []
    var lists: [[[UInt8]]] = []
    let pool: ConstantPool

    init(pool: ConstantPool) { self.pool = pool }

    mutating func constant(_ bytes: [UInt8]) -> Op {
        constants.append(pool.add(bytes))
        return .constant(UInt16(constants.count - 1))
    }
    mutating func kernel(_ kernel: @escaping Kernel, room: Room) -> UInt16 {
        kernels.append(KernelSlot(run: kernel, room: room))
        return UInt16(kernels.count - 1)
    }
    mutating func kernel(_ slot: KernelSlot) -> UInt16 {
        kernels.append(slot)
        return UInt16(kernels.count - 1)
    }
    mutating func note(_ note: Note) -> UInt16 {
        notes.append(note)
        return UInt16(notes.count - 1)
    }
    mutating func literal(_ bytes: [UInt8]) -> UInt16 {
        literals.append(bytes)
        return UInt16(literals.count - 1)
    }
    mutating func list(_ words: [[UInt8]]) -> UInt16 {
        lists.append(words)
        return UInt16(lists.count - 1)
    }

    /// Appends a jump to be aimed later.
    mutating func jumpLater(_ make: (UInt16) -> Op) -> Int {
        ops.append(make(0))
        return ops.count - 1
    }
    /// Lets the jump at `index` lead to the next op.
    mutating func land(_ index: Int) {
        let distance = UInt16(ops.count - index - 1)
        switch ops[index] {
        case .jump: ops[index] = .jump(distance)
        case .jumpIfPresent: ops[index] = .jumpIfPresent(distance)
        case .jumpIfTrue: ops[index] = .jumpIfTrue(distance)
        case .jumpIfFalse: ops[index] = .jumpIfFalse(distance)
        case .jumpIfSlotAbsent(let slot, _): ops[index] = .jumpIfSlotAbsent(slot, distance)
        case .jumpIfFieldAbsent(let column, _): ops[index] = .jumpIfFieldAbsent(column, distance)
        case .jumpUnlessFieldIsAny(let column, let list, _): ops[index] = .jumpUnlessFieldIsAny(column, list, distance)
        case .eachParcel: ops[index] = .eachParcel(distance)
        case .eachLine: ops[index] = .eachLine(distance)
        case .field, .literalField, .firstField, .slot, .lineSlot, .constant, .register, .piece, .save, .side, .restore, .testPresent,
            .testAbsent,
            .testAny, .fieldIsAny, .testCall, .flip, .call, .callAlways, .require, .limit, .refuse, .store, .storeLine, .fieldStore,
            .fieldStoreLine, .storeRegister, .storeQuantity, .decide, .mark, .literal, .emitText, .emitAttribute, .emitJSON, .emitCell,
            .emitRaw,
            .emitSlot, .emitRequired, .emitIfPresent,
            .separator:
            preconditionFailure("not a jump")
        }
    }
    /// Where notes from `first` on go on after a refusal: the next op.
    mutating func resumeHere(from first: Int) {
        for n in first..<notes.count where notes[n].resume == -1 { notes[n].resume = ops.count }
    }
    /// Makes nothing more resume: the notes still open end the run.
    mutating func closeNotes(from first: Int) {
        for n in first..<notes.count where notes[n].resume == -1 { notes[n].resume = nil }
    }
}

/// Holds a kernel for as long as its program lives: called through an unmanaged reference, it costs no reference counting.
final class KernelBox: Sendable {
    let run: Kernel
    init(_ run: @escaping Kernel) { self.run = run }
}

/// A finished program, flattened to pointers: immutable, so any thread may run it.
final class Code: @unchecked Sendable {
    let ops: UnsafeMutablePointer<Op>
    let count: Int
    let kernels: UnsafeMutablePointer<Unmanaged<KernelBox>>
    let rooms: UnsafeMutablePointer<Room>
    let constants: UnsafeMutablePointer<Value>
    /// Offset and length of each literal in `bytes`.
    let literals: UnsafeMutablePointer<(offset: UInt32, count: UInt32)>
    /// Start and number of each list's words in `words`.
    let lists: UnsafeMutablePointer<(start: UInt32, count: UInt32)>
    let words: UnsafeMutablePointer<(offset: UInt32, count: UInt32)>
    /// Literals and words; 64 bytes more than they need, so that word loads stay inside.
    let bytes: UnsafeMutableRawPointer
    let notes: [Note]
    /// Headings of the file's columns, for findings.
    let headings: [String]
    private let kernelCount: Int

    init(_ builder: CodeBuilder, headings: [String]) {
        count = builder.ops.count
        ops = Self.copy(builder.ops)
        kernelCount = builder.kernels.count
        kernels = Self.copy(builder.kernels.map { Unmanaged.passRetained(KernelBox($0.run)) })
        rooms = Self.copy(builder.kernels.map(\.room))
        constants = Self.copy(builder.constants)
        var memory: [UInt8] = []
        literals = Self.copy(builder.literals.map { Self.place($0, &memory) })
        var allWords: [(offset: UInt32, count: UInt32)] = []
        var allLists: [(start: UInt32, count: UInt32)] = []
        for list in builder.lists {
            allLists.append((UInt32(allWords.count), UInt32(list.count)))
            allWords += list.map { Self.place($0, &memory) }
        }
        lists = Self.copy(allLists)
        words = Self.copy(allWords)
        let block = UnsafeMutableRawPointer.allocate(byteCount: memory.count + 64, alignment: 16)
        block.initializeMemory(as: UInt8.self, repeating: 0, count: memory.count + 64)
        memory.withUnsafeBytes { if let start = $0.baseAddress { block.copyMemory(from: start, byteCount: $0.count) } }
        bytes = block
        notes = builder.notes
        self.headings = headings
    }

    deinit {
        for n in 0..<kernelCount { kernels[n].release() }
        ops.deallocate()
        kernels.deallocate()
        rooms.deallocate()
        constants.deallocate()
        literals.deallocate()
        lists.deallocate()
        words.deallocate()
        bytes.deallocate()
    }

    private static func place(_ bytes: [UInt8], _ memory: inout [UInt8]) -> (offset: UInt32, count: UInt32) {
        memory += bytes
        return (UInt32(memory.count - bytes.count), UInt32(bytes.count))
    }

    private static func copy<T>(_ array: [T]) -> UnsafeMutablePointer<T> {
        let copied = UnsafeMutablePointer<T>.allocate(capacity: max(array.count, 1))
        copied.initialize(from: array, count: array.count)
        return copied
    }
}
