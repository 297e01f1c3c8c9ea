@_spi(HotPath) import GatewayCore

/// What is drawn once for a document and stored by the ledger.
package struct DocumentDraw: Hashable, Sendable {
    /// Milliseconds since 1970.
    package var time: Int64
    /// Within the arrival, from 1.
    package var number: Int
    /// 32 hexadecimal digits.
    package var reference: String

    package init(time: Int64, number: Int, reference: String) {
        self.time = time
        self.number = number
        self.reference = reference
    }
}

/// What is drawn once for a consignment and stored by the ledger.
package struct ConsignmentDraw: Hashable, Sendable {
    /// 1 for the order's first consignment.
    package var sequence: Int
    /// From the flow's range; 0: none.
    package var number: Int64

    package init(sequence: Int, number: Int64) {
        self.sequence = sequence
        self.number = number
    }
}

/// Runs a carrier's program: writes the documents of orders that the ledger lets go. One thread.
package struct CarrierMachine: ~Copyable {
    private let program: CarrierProgram
    private var state: RunState
    private let nowhere: UnsafeMutablePointer<UInt32>
    private let registers: UnsafeMutablePointer<Value>
    /// Where head and tail compute: there is no order's batch then.
    private var scratch: Batch
    private var sink = Output(capacity: 256)
    private var texts = DocumentTexts()
    private var orders = 0
    private var parcels = 0
    /// Headings of the file's columns, for findings about values that go back to a cell.
    private let headings: [String]

    /// - Parameter headings: of the channel's file.
    package init(_ program: CarrierProgram, headings: [String] = []) {
        self.program = program
        self.headings = headings
        registers = .allocate(capacity: Register.allCases.count)
        registers.initialize(repeating: .none, count: Register.allCases.count)
        nowhere = .allocate(capacity: 1)
        nowhere.initialize(to: 0)
        state = RunState(ends: nowhere, firstEnds: nowhere, head: registers, line: registers, registers: registers)
        state.used = program.orderUses
        scratch = Batch(pool: program.pool, window: 4096, headSlots: 1, lineSlots: 1)
    }

    deinit {
        registers.deallocate()
        nowhere.deallocate()
    }

    // MARK: Keys

    /// Fills ``OrderEntry/key`` of every order that ships. One without a usable key is held.
    package mutating func keys(_ batch: inout Batch) {
        for index in 0..<batch.orderCount where batch.orders[index].fate == .ship {
            begin(index, batch)
            let before = batch.findings.count
            Interpreter.run(program.code, program.key.lowerBound, program.key.upperBound, &state, &batch, &sink)
            let key = registers[Int(Register.consignmentKey.rawValue)]
            if !batch.isStopped(from: before) {
                if key.count == 0 {
                    say(.carrierKeyMissing, program.keyNote, key, &batch)
                } else if key.count > program.keyLimit, characterCount(batch.bytes(key)) > program.keyLimit {
                    say(.carrierKeyLong, program.keyNote, key, &batch)
                }
            }
            if !batch.isStopped(from: before) {
                batch.orders[index].key = key
            } else {
                batch.orders[index].fate = .hold
            }
            nameColumn(&batch, from: before)
        }
    }

    private mutating func begin(_ index: Int, _ batch: borrowing Batch) {
        let entry = batch.orders[index]
        state.order = index
        state.firstRecord = Int(entry.firstRecord)
        state.head = batch.heads + index * batch.headSlots
        state.firstLine = Int(entry.firstLine)
        state.endLine = Int(entry.endLine)
        state.line = batch.lines + Int(entry.firstLine) * batch.lineSlots
        state.row = 0
        state.isRefused = false
        state.isDirty = false
    }

    private func say(_ code: FindingCode, _ note: Note, _ value: Value, _ batch: inout Batch) {
        Interpreter.report(code, note: note, code: program.code, value, state, &batch)
    }

    /// The program knows no header; the machine does.
    private func nameColumn(_ batch: inout Batch, from first: Int) {
        for n in first..<batch.findings.count {
            guard let column = batch.findings[n].finding.place.column, headings.indices.contains(column - 1) else { continue }
            batch.findings[n].finding.place.name = headings[column - 1]
        }
    }

    // MARK: Documents

    /// Begins a document: what stands before the consignments.
    package mutating func head(_ out: inout Output, _ document: DocumentDraw) {
        var instant = Instant(seconds: Int(document.time / 1000))
        instant.civil.millisecond = Int(document.time % 1000)
        texts = DocumentTexts(
            time: instant.text, reference: Array(document.reference.utf8), number: Array(String(document.number).utf8))
        orders = 0
        parcels = 0
        state.lastByte = 0
        runAround(program.head, &out)
    }

    /// Ends a document: what stands behind the consignments.
    package mutating func tail(_ out: inout Output) {
        runAround(program.tail, &out)
    }

    private mutating func runAround(_ range: Range<Int>, _ out: inout Output) {
        scratch.clear()
        Self.documentRegisters(texts, program.used, registers, &scratch)
        set(.documentOrders, decimal(orders, &scratch))
        set(.documentParcels, decimal(parcels, &scratch))
        state.isRefused = false
        state.isDirty = false
        let start = out.count
        Interpreter.run(program.code, range.lowerBound, range.upperBound, &state, &scratch, &out)
        rememberLast(out, from: start)
    }

    private mutating func rememberLast(_ out: borrowing Output, from start: Int) {
        if out.count > start { state.lastByte = out.base.load(fromByteOffset: out.count - 1, as: UInt8.self) }
    }

    private func set(_ register: Register, _ value: Value) { registers[Int(register.rawValue)] = value }
    @inline(__always) private func uses(_ register: Register) -> Bool { program.orderUses & register.bit != 0 }

    private static func documentRegisters(
        _ texts: DocumentTexts, _ used: UInt32, _ registers: UnsafeMutablePointer<Value>, _ batch: inout Batch
    ) {
        if used & Register.documentTime.bit != 0 { registers[Int(Register.documentTime.rawValue)] = stored(texts.time, &batch) }
        if used & Register.documentReference.bit != 0 {
            registers[Int(Register.documentReference.rawValue)] = stored(texts.reference, &batch)
        }
        if used & Register.documentNumber.bit != 0 { registers[Int(Register.documentNumber.rawValue)] = stored(texts.number, &batch) }
    }

    /// The document's draw as text.
    private struct DocumentTexts {
        var time: [UInt8] = []
        var reference: [UInt8] = []
        var number: [UInt8] = []
    }

    /// Writes one order. Gives nil, or why it cannot be written for this carrier: then nothing of it is in `out`, and it must be held.
    package mutating func order(
        _ batch: inout Batch, _ index: Int, _ consignment: ConsignmentDraw, _ out: inout Output
    ) -> Finding? {
        begin(index, batch)
        let before = batch.findings.count
        let start = out.count
        let arena = batch.arenaEnd
        if program.orderUses & Register.ofDocument != 0 { Self.documentRegisters(texts, program.orderUses, registers, &batch) }
        consignmentRegisters(consignment, batch.orders[index].key, &batch)
        if prepareParcels(&batch) {
            state.parcelSource.fill(0, of: state.parcels, program.orderUses, registers, &batch)
            Interpreter.run(program.code, program.order.lowerBound, program.order.upperBound, &state, &batch, &out)
        }
        batch.arenaEnd = arena
        if batch.findings.count > before {
            nameColumn(&batch, from: before)
            let finding = batch.findings[before...].first { $0.finding.code.stops != .nothing }?.finding
            batch.findings.removeSubrange(before...)
            if let finding {
                out.rewind(to: start)
                return finding
            }
        }
        orders += 1
        parcels += state.parcels
        rememberLast(out, from: start)
        return nil
    }

    private mutating func consignmentRegisters(_ consignment: ConsignmentDraw, _ key: Value, _ batch: inout Batch) {
        var whole = key
        if consignment.sequence > 1 {
            whole = stored(Array(batch.bytes(key)) + Array("-\(consignment.sequence)".utf8), &batch)
            whole.column = key.column
            if characterCount(batch.bytes(whole)) > program.keyLimit { say(.carrierKeyLong, program.keyNote, whole, &batch) }
        }
        set(.consignmentKey, whole)
        state.parcelSource.key = whole
        if uses(.consignmentNumber) {
            set(.consignmentNumber, consignment.number == 0 ? .none : decimal(Int(consignment.number), &batch))
        }
        if uses(.consignmentSequence) { set(.consignmentSequence, decimal(consignment.sequence, &batch)) }
    }

    /// Number and weight of the parcels; false when the order states one that is not usable.
    private mutating func prepareParcels(_ batch: inout Batch) -> Bool {
        let count = state.head[Slots.parcelCount]
        state.parcels = 1
        if count.count > 0 {
            guard let number = readWhole(batch.bytes(count)), (1...999).contains(number) else { return refuseParcels(count, &batch) }
            state.parcels = number
        }
        let weight = state.head[Slots.parcelWeight]
        var grams = 0
        if weight.count > 0 {
            guard let number = readWhole(batch.bytes(weight)), number > 0 else { return refuseParcels(weight, &batch) }
            grams = number
        }
        let goods = state.head[Slots.goods]
        state.parcelSource.totalWeight = grams
        state.parcelSource.defaultWeight = program.weight
        state.parcelSource.volume = program.volume
        state.parcelSource.contents = goods.count > 0 ? goods : program.contentsValue
        return true
    }

    private func refuseParcels(_ value: Value, _ batch: inout Batch) -> Bool {
        say(.carrierParcels, Note(resume: nil, field: "parcel", isPersonal: false, mapping: ""), value, &batch)
        return false
    }

    private enum Slots {
        static let parcelCount = OrderField.named("parcel.count")?.slot ?? 0
        static let parcelWeight = OrderField.named("parcel.weight")?.slot ?? 0
        static let goods = OrderField.named("goods")?.slot ?? 0
    }
}

extension Instant {
    /// Of seconds since 1970, in UTC.
    init(seconds: Int) {
        civil = Civil(seconds: seconds)
        offset = 0
    }

    /// `2026-11-24T09:30:00Z`.
    var text: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 96) { room, count in
            if let start = room.baseAddress { count = write(to: start) }
        }
    }
}
