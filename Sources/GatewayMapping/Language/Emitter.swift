@_spi(HotPath) import GatewayCore

/// What a name stands for when it is compiled.
enum Load {
    case op(Op)
    case constant([UInt8])
    /// Bytes of the document, not of a value: a secret's place.
    case mark([UInt8])
    case absent
}

/// Turns expressions and conditions into ops. What is known before a file is there is worked out at once.
struct Emitter {
    var code: CodeBuilder
    let zone: Zone
    let tables: any TableSource
    /// What a name stands for; throws when it stands for nothing.
    var resolve: (SourceText) throws(Finding) -> Load
    /// Whether a second source inside a line falls back to the order's first record, by column; nil: outside of lines.
    var firstFieldFallback: ((UInt16) -> Bool)?

    /// Whose value it is, for findings.
    struct Subject {
        var field: String
        var isPersonal: Bool
        var arguments: [String: String] = [:]
    }

    // MARK: Expressions

    /// Emits ops that leave the value in the accumulator, or gives the value when it is known already (then nothing is emitted).
    ///
    /// Conditions (`only when`) are the caller's.
    mutating func emit(_ expression: Expression, for subject: Subject) throws(Finding) -> [UInt8]? {
        var known = try emitSources(expression.sources)
        var before = ""
        for step in expression.steps {
            var arguments = FunctionArguments(step: step, zone: zone, tables: tables)
            var compiled = try step.function.compile(&arguments)
            if step.function.name == "or null", before == "as number" || before == "as boolean" {
                compiled.kernel = { if $0.count == 0 { $0.set("null".utf8) } }
            }
            before = step.function.name
            let sides = try sideLoads(compiled)
            if let constant = known, let value = try fold(constant, compiled, sides, step) {
                known = value
                continue
            }
            if let constant = known {
                code.ops.append(code.constant(constant))
                known = nil
            }
            let note = code.note(
                Note(
                    resume: -1, field: subject.field, isPersonal: subject.isPersonal, mapping: step.place.asMapping,
                    arguments: compiled.words.merging(subject.arguments) { own, _ in own }, function: step.function.name))
            if compiled.isRequired {
                code.ops.append(.require(Refusal.missing.rawValue, note))
                continue
            }
            let kernel = code.kernel(compiled.kernel, room: compiled.room)
            let call: Op = compiled.takesEmpty ? .callAlways(kernel, note) : .call(kernel, note)
            for (side, source) in zip(sides, compiled.sides) { emit(side: side, staysInRow: source.staysInRow, then: call) }
            if compiled.sides.isEmpty { code.ops.append(call) }
        }
        return known
    }

    private mutating func emitSources(_ sources: [Source]) throws(Finding) -> [UInt8]? {
        var exits: [Int] = []
        var hasLoad = false
        for source in sources {
            let load: Load =
                switch source {
                case .text(let bytes): .constant(bytes)
                case .name(let name): try resolve(name)
                case .secret(let name): try resolve(SourceText("secret " + name.text, at: name.place))
                }
            switch load {
            case .absent: continue
            case .mark(let bytes): return bytes
            case .constant(let bytes):
                if bytes.isEmpty { continue }
                guard hasLoad else { return bytes }
                exits.append(code.jumpLater { .jumpIfPresent($0) })
                code.ops.append(code.constant(bytes))
                for exit in exits { code.land(exit) }
                return nil
            case .op(let op):
                if hasLoad { exits.append(code.jumpLater { .jumpIfPresent($0) }) }
                code.ops.append(op)
                hasLoad = true
            }
        }
        for exit in exits { code.land(exit) }
        return hasLoad ? nil : []
    }

    private func sideLoads(_ compiled: CompiledStep) throws(Finding) -> [Load] {
        var loads: [Load] = []
        for side in compiled.sides {
            do throws(Finding) {
                let load = try resolve(side.name)
                if case .absent = load, side.isLiteral(side.name.text) {
                    loads.append(.constant(Array(side.name.text.utf8)))
                } else {
                    loads.append(load)
                }
            } catch {
                if side.isImplied {
                    loads.append(.absent)
                } else if side.isLiteral(side.name.text) {
                    loads.append(.constant(Array(side.name.text.utf8)))
                } else {
                    throw error
                }
            }
        }
        return loads
    }

    private mutating func emit(side: Load, staysInRow: Bool, then call: Op) {
        code.ops.append(.save)
        switch side {
        case .absent, .mark: code.ops.append(code.constant([]))
        case .constant(let bytes): code.ops.append(code.constant(bytes))
        case .op(let op):
            code.ops.append(op)
            if !staysInRow, let firstFieldFallback, case .field(let column) = op, firstFieldFallback(column) {
                // Order columns stand in the order's first row only.
                let exit = code.jumpLater { .jumpIfPresent($0) }
                code.ops.append(.firstField(column))
                code.land(exit)
            }
        }
        code.ops += [.side, call]
    }

    /// The result of a step on a known value; nil when it depends on the file.
    private func fold(_ constant: [UInt8], _ compiled: CompiledStep, _ sides: [Load], _ step: Step) throws(Finding) -> [UInt8]? {
        var sideBytes: [[UInt8]] = []
        for side in sides {
            switch side {
            case .constant(let bytes): sideBytes.append(bytes)
            case .absent: sideBytes.append([])
            case .op, .mark: return nil
            }
        }
        if constant.isEmpty && !compiled.takesEmpty {
            // Absent for every order: let the run say so.
            return compiled.isRequired ? nil : []
        }
        if compiled.isRequired { return constant }
        var value = constant
        for side in compiled.sides.isEmpty ? [[]] : sideBytes {
            let (result, refusal) = Self.run(compiled.kernel, compiled.room, value, side)
            guard refusal == .none || refusal == .repaired else {
                throw Finding(
                    .mappingConstantRefused, at: step.place, found: .plain(String(decoding: value, as: UTF8.self)),
                    [
                        "expected": .plain(Finding(refusal.code, compiled.words.mapValues { .plain($0) }).expectation),
                        "mapping": .plain(step.place.asMapping),
                    ])
            }
            value = result
        }
        return value
    }

    /// Runs a kernel on bytes of its own.
    static func run(_ kernel: Kernel, _ room: Room, _ value: [UInt8], _ side: [UInt8]) -> ([UInt8], Refusal) {
        let head = value.count + 64 + side.count + 64
        let size = head + (value.count + side.count) * room.perByte + room.fixed + 64
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        defer { memory.deallocate() }
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        value.withUnsafeBytes { if let start = $0.baseAddress { memory.copyMemory(from: start, byteCount: $0.count) } }
        let sideStart = value.count + 64
        side.withUnsafeBytes { if let start = $0.baseAddress { (memory + sideStart).copyMemory(from: start, byteCount: $0.count) } }
        var context = KernelContext(
            base: memory, arenaEnd: head, value: Value(offset: 0, count: UInt32(value.count)),
            side: Value(offset: UInt32(sideStart), count: UInt32(side.count)))
        kernel(&context)
        return (Array(context.bytes), context.refusal)
    }

    // MARK: Conditions

    /// Emits ops that leave the test's outcome.
    mutating func emit(_ condition: Condition) throws(Finding) {
        if condition.tests.isEmpty {
            code.ops += [code.constant([]), .testAbsent]
            return
        }
        var exits: [Int] = []
        for (n, test) in condition.tests.enumerated() {
            if n > 0 { exits.append(code.jumpLater { .jumpIfFalse($0) }) }
            try emit(test)
        }
        for exit in exits { code.land(exit) }
    }

    /// Emits ops that jump when the condition does not hold, and gives the jumps, to be landed by the caller.
    mutating func emitJumps(unless condition: Condition) throws(Finding) -> [Int] {
        var exits: [Int] = []
        for test in condition.tests {
            if let fused = try fusedJump(test) {
                exits.append(code.jumpLater { _ in fused })
            } else {
                try emit(test)
                exits.append(code.jumpLater { .jumpIfFalse($0) })
            }
        }
        return exits
    }

    private mutating func fusedJump(_ test: Condition.Test) throws(Finding) -> Op? {
        guard !test.isNegated, case .op(let op) = try resolve(test.name) else { return nil }
        switch (test.kind, op) {
        case (.present, .slot(let slot)): return .jumpIfSlotAbsent(slot, 0)
        case (.present, .field(let column)): return .jumpIfFieldAbsent(column, 0)
        case (.any(let words), .field(let column)):
            return .jumpUnlessFieldIsAny(column, code.list(words.map { Array($0.utf8) }), 0)
        case (.present, _), (.any, _), (.same, _), (.inTable, _), (.more, _), (.less, _), (.longer, _): return nil
        }
    }

    mutating func land(_ exits: [Int]) {
        for exit in exits { code.land(exit) }
    }

    private mutating func emit(_ test: Condition.Test) throws(Finding) {
        let op: Op =
            switch try resolve(test.name) {
            case .op(let op): op
            case .constant(let bytes): code.constant(bytes)
            case .absent, .mark: code.constant([])
            }
        switch test.kind {
        case .present:
            code.ops += [op, test.isNegated ? .testAbsent : .testPresent]
            return
        case .any(let words):
            let list = code.list(words.map { Array($0.utf8) })
            if case .field(let column) = op { code.ops.append(.fieldIsAny(column, list)) } else { code.ops += [op, .testAny(list)] }
        case .same(let other):
            let second: Op =
                switch try resolve(other) {
                case .op(let op): op
                case .constant(let bytes): code.constant(bytes)
                case .absent, .mark: code.constant([])
                }
            let kernel = code.kernel({ if !isSame($0.bytes, $0.sideBytes) { $0.drop() } }, room: Room())
            let note = code.note(Note(resume: nil, field: "", isPersonal: false, mapping: test.name.place.asMapping))
            code.ops += [op, .save, second, .side, .call(kernel, note), .testPresent, .restore]
        case .inTable(let table):
            code.ops.append(op)
            emit { if table.row($0.bytes) == nil { $0.drop() } }
        case .more(let bound):
            code.ops.append(op)
            emitComparison(bound) { number, bound in bound.isLess(than: number) }
        case .less(let bound):
            code.ops.append(op)
            emitComparison(bound) { number, bound in number.isLess(than: bound) }
        case .longer(let characters):
            code.ops.append(op)
            emit { if characterCount($0.bytes) <= characters { $0.drop() } }
        }
        if test.isNegated { code.ops.append(.flip) }
    }

    private mutating func emit(test kernel: @escaping Kernel) {
        code.ops.append(.testCall(code.kernel(kernel, room: Room())))
    }

    private mutating func emitComparison(_ bound: String, _ holds: @escaping @Sendable (DecimalText, DecimalText) -> Bool) {
        guard let bound = DecimalText(Array(bound.utf8)) else { return }
        emit { context in
            // What is no number is neither more nor less.
            guard let number = DecimalText(context.bytes), holds(number, bound) else { return context.drop() }
        }
    }
}

extension Finding {
    /// What the code expects, with its arguments.
    var expectation: String {
        let text = problem()
        guard let range = text.range(after: ", expected ") else { return text }
        return String(text[range].dropLast())
    }
}

extension String {
    /// What follows the first `marker`.
    fileprivate func range(after marker: String) -> Range<String.Index>? {
        var at = startIndex
        while at < endIndex {
            if self[at...].hasPrefix(marker) { return index(at, offsetBy: marker.count)..<endIndex }
            at = index(after: at)
        }
        return nil
    }
}

/// Whether two values are equal without regard to ASCII case.
private func isSame(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    guard a.count == b.count else { return false }
    for n in 0..<a.count where asciiLower(a[n]) != asciiLower(b[n]) { return false }
    return true
}
