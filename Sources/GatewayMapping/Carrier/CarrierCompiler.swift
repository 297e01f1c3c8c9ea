@_spi(HotPath) import GatewayCore

extension CarrierMapping {
    /// Compiles the profile for one flow.
    ///
    /// - Parameters:
    ///   - constants: values of the configuration by name; absent ones are left out.
    ///   - zone: the flow's, by its IANA name.
    ///   - pool: shared by the programs of one pipeline.
    /// - Throws: a value that the template needs and the configuration lacks, or one that the carrier would refuse.
    package func compile(constants: [String: String], zone: String, pool: ConstantPool) throws(Finding) -> CarrierProgram {
        let zone = try Zone.named(zone)
        var compiler = CarrierCompiler(mapping: self, constants: constants, zone: zone, pool: pool)
        return try compiler.compile()
    }
}

/// One compilation of a carrier's mapping.
private struct CarrierCompiler {
    private let mapping: CarrierMapping
    private let constants: [String: String]
    private let pool: ConstantPool
    private var emitter: Emitter
    private var secrets: [SecretUse] = []
    private var used: UInt32 = 0
    private var orderUses: UInt32 = 0
    /// Constant bytes that wait for the next value.
    private var pending: [UInt8] = []
    /// Inside an `if`: what the configuration lacks may be what the `if` is for.
    private var isConditional = false

    init(mapping: CarrierMapping, constants: [String: String], zone: Zone, pool: ConstantPool) {
        self.mapping = mapping
        self.constants = constants
        self.pool = pool
        emitter = Emitter(
            code: CodeBuilder(pool: pool), zone: zone, tables: FixedTables(mapping.tables), resolve: { (_) throws(Finding) in .absent })
        emitter.resolve = resolver(escape: .none)
    }

    /// What names stand for. A secret's mark depends on the escape where it stands, so each value gets a resolver of its own.
    private func resolver(escape: Escape) -> (SourceText) throws(Finding) -> Load {
        let (mapping, constants, secrets) = (mapping, constants, secrets)
        return { (name) throws(Finding) in
            switch CarrierNames.meaning(name.text, settings: mapping.settings) {
            case .field(let field)?: return .op(field.isLine ? .lineSlot(UInt16(field.slot)) : .slot(UInt16(field.slot)))
            case .register(let register)?: return .op(.register(register.rawValue))
            case .setting?:
                guard let value = constants[name.text], !value.isEmpty else { return .absent }
                return .constant(Array(value.utf8))
            case .secret(let secret)?:
                let index = secrets.firstIndex(of: SecretUse(name: secret, escape: escape)) ?? secrets.count
                return .mark([Output.secretMark, UInt8(index + 1)])
            case nil:
                throw Finding(
                    .mappingNameUnknown, at: name.place, found: .plain(name.text),
                    ["nearest": .plain(proposal(name.text, among: CarrierNames.all(settings: mapping.settings, secrets: mapping.secrets)))])
            }
        }
    }

    mutating func compile() throws(Finding) -> CarrierProgram {
        noteUsed()
        let key = try emitKey()
        let hasEach = mapping.nodes.contains { if case .each(.consignment, _) = $0 { true } else { false } }
        var head = emitter.code.ops.count..<emitter.code.ops.count
        var order = head
        var tail = head
        if hasEach {
            var start = emitter.code.ops.count
            for node in mapping.nodes {
                if case .each(.consignment, let body) = node {
                    flush()
                    head = start..<emitter.code.ops.count
                    start = emitter.code.ops.count
                    try emitRules()
                    try emit(body)
                    flush()
                    order = start..<emitter.code.ops.count
                    start = emitter.code.ops.count
                } else {
                    try emit([node])
                }
            }
            flush()
            tail = start..<emitter.code.ops.count
        } else {
            let start = emitter.code.ops.count
            try emitRules()
            try emit(mapping.nodes)
            flush()
            order = start..<emitter.code.ops.count
        }
        emitter.code.closeNotes(from: 0)
        let contents = Array((constants["parcel.contents"] ?? "").utf8)
        let contentsValue = pool.add(contents)
        return CarrierProgram(
            secrets: secrets, fileExtension: mapping.fileExtension, isBatch: hasEach, code: Code(emitter.code, headings: []), key: key,
            head: head, order: order, tail: tail, keyLimit: mapping.keyLimit ?? Int.max,
            keyNote: Note(
                resume: nil, field: "key", isPersonal: false, mapping: mapping.key.place.asMapping,
                arguments: ["max": mapping.keyLimit.map(String.init) ?? ""]), used: used, orderUses: orderUses, pool: pool.bytes,
            weight: whole("parcel.weight", atMost: 1_000_000_000),
            volume: whole("parcel.length") * whole("parcel.width") * whole("parcel.height"),
            contents: contents, contentsValue: contentsValue)
    }

    private func whole(_ name: String, atMost limit: Int = 100_000) -> Int {
        let number = constants[name].flatMap { Int($0) } ?? 0
        // 100 m at most, so that no volume of a thousand parcels overflows.
        return number > 0 && number <= limit ? number : 0
    }

    private func bits(_ names: [String]) -> UInt32 {
        var bits: UInt32 = 0
        for name in names {
            if case .register(let register)? = CarrierNames.meaning(name, settings: mapping.settings) { bits |= register.bit }
        }
        return bits
    }

    private mutating func noteUsed() {
        used = bits(mapping.allNames)
        orderUses = bits(mapping.orderNames)
    }

    private mutating func emitKey() throws(Finding) -> Range<Int> {
        let start = emitter.code.ops.count
        let subject = Emitter.Subject(field: "key", isPersonal: false)
        if let known = try emitter.emit(mapping.key, for: subject) { emitter.code.ops.append(emitter.code.constant(known)) }
        emitter.code.ops.append(.storeRegister(Register.consignmentKey.rawValue))
        emitter.code.closeNotes(from: 0)
        return start..<emitter.code.ops.count
    }

    private mutating func emitRules() throws(Finding) {
        for rule in mapping.rules {
            let exits = try emitter.emitJumps(unless: rule.condition)
            let note = emitter.code.note(
                Note(
                    resume: nil, field: "", isPersonal: true, mapping: rule.condition.place.asMapping,
                    arguments: ["sentence": rule.sentence, "code": rule.code]))
            emitter.code.ops.append(.refuse(note))
            emitter.land(exits)
        }
    }

    // MARK: Nodes

    private mutating func flush() {
        guard !pending.isEmpty else { return }
        emitter.code.ops.append(.literal(emitter.code.literal(pending)))
        pending = []
    }

    private mutating func emit(_ nodes: [CarrierMapping.Node]) throws(Finding) {
        for node in nodes {
            switch node {
            case .constant(let bytes): pending += bytes
            case .separator:
                if let last = pending.last {
                    // What was written before is known.
                    if last != 0x7B && last != 0x5B { pending.append(0x2C) }
                } else {
                    emitter.code.ops.append(.separator)
                }
            case .value(let value, let choice, let limit):
                try emit(value, choice, limit)
            case .when(let condition, let body):
                // A condition on the configuration alone is decided now: what it leaves out needs no value.
                if let holds = constant(condition) {
                    if holds { try emitConditional(body) }
                    continue
                }
                if emitFused(condition, body) { continue }
                flush()
                emitter.resolve = resolver(escape: .none)
                let exits = try emitter.emitJumps(unless: condition)
                try emitConditional(body)
                flush()
                emitter.land(exits)
            case .each(let subject, let body):
                flush()
                let loop = emitter.code.jumpLater { subject == .line ? .eachLine($0) : .eachParcel($0) }
                try emit(body)
                flush()
                emitter.code.land(loop)
            }
        }
    }

    private mutating func emitConditional(_ body: [CarrierMapping.Node]) throws(Finding) {
        let before = isConditional
        isConditional = true
        try emit(body)
        isConditional = before
    }

    /// Whether a condition holds that tests the presence of settings only; nil: only a run can tell.
    private func constant(_ condition: Condition) -> Bool? {
        var holds = true
        for test in condition.tests {
            guard case .setting? = CarrierNames.meaning(test.name.text, settings: mapping.settings), case .present = test.kind else {
                return nil
            }
            let isPresent = !(constants[test.name.text] ?? "").isEmpty
            if isPresent == test.isNegated { holds = false }
        }
        return holds
    }

    // MARK: Values

    private mutating func emit(_ value: TemplateValue, _ choice: Choice, _ limit: FieldLimit?) throws(Finding) {
        addSecrets(of: choice, escape: value.escape)
        emitter.resolve = resolver(escape: value.escape)
        if emitFused(value, choice, limit) { return }
        let opsBefore = emitter.code.ops.count
        let subject = subject(value, choice, limit)
        var known: [UInt8]?
        if let condition = choice.condition {
            // What stands before must be written before the branches.
            flush()
            let toElse = try emitter.emitJumps(unless: condition)
            if let constant = try emitter.emit(choice.then, for: subject) { emitter.code.ops.append(emitter.code.constant(constant)) }
            let toEnd = emitter.code.jumpLater { .jump($0) }
            emitter.land(toElse)
            var other: [UInt8]? = []
            if let otherwise = choice.otherwise { other = try emitter.emit(otherwise, for: subject) }
            if let other { emitter.code.ops.append(emitter.code.constant(other)) }
            emitter.code.land(toEnd)
        } else {
            known = try emitter.emit(choice.then, for: subject)
        }
        if let known {
            try write(known: known, value, choice, limit)
            return
        }
        emitChecks(value, subject, limit, isDigits: CarrierNames.isDigits(choice, settings: mapping.settings))
        // The literal stands before the value, so it was collected before the value's ops; it is written with the value.
        let literal = emitter.code.literal(pending)
        pending = []
        switch value.escape {
        case .none: emitter.code.ops.append(.emitRaw(literal))
        case .xmlText: emitter.code.ops.append(.emitText(literal))
        case .xmlAttribute: emitter.code.ops.append(.emitAttribute(literal))
        case .jsonString: emitter.code.ops.append(.emitJSON(literal))
        case .csvCell: emitter.code.ops.append(.emitCell(literal))
        }
        precondition(emitter.code.ops.count > opsBefore)
    }

    private mutating func addSecrets(of choice: Choice, escape: Escape) {
        for case .secret(let name) in choice.then.sources + (choice.otherwise?.sources ?? []) {
            let use = SecretUse(name: name.text, escape: escape)
            if !secrets.contains(use) { secrets.append(use) }
        }
    }

    private func subject(_ value: TemplateValue, _ choice: Choice, _ limit: FieldLimit?) -> Emitter.Subject {
        let isPersonal = CarrierMapping.names(choice).contains { OrderField.named($0.text)?.isPersonal == true }
        let words = limit?.words(path: value.path) ?? ["path": value.path, "code": ""]
        return Emitter.Subject(field: value.path, isPersonal: isPersonal, arguments: words)
    }

    /// The slot of a value that is a field and nothing more, as the fused ops name it; nil for all others.
    private func plainSlot(_ value: TemplateValue, _ choice: Choice, _ limit: FieldLimit?) -> (name: String, slot: UInt16)? {
        guard value.escape == .xmlText, choice.condition == nil, choice.then.sources.count == 1, choice.then.steps.isEmpty,
            choice.then.conditions.isEmpty, case .name(let name)? = choice.then.sources.first,
            case .field(let field)? = CarrierNames.meaning(name.text, settings: mapping.settings), limit?.contentKernel == nil
        else { return nil }
        return (name.text, UInt16(field.slot) | (field.isLine ? Op.lineBit : 0))
    }

    /// `<X dg:if="f is present">{f}</X>` in one op.
    private mutating func emitFused(_ condition: Condition, _ body: [CarrierMapping.Node]) -> Bool {
        guard condition.tests.count == 1, let test = condition.tests.first, case .present = test.kind, !test.isNegated else { return false }
        var open: [UInt8] = []
        var close: [UInt8] = []
        var found: (value: TemplateValue, choice: Choice, limit: FieldLimit?)?
        for node in body {
            switch node {
            case .constant(let bytes):
                if found == nil { open += bytes } else { close += bytes }
            case .value(let value, let choice, let limit):
                guard found == nil else { return false }
                found = (value, choice, limit)
            case .each, .when, .separator: return false
            }
        }
        guard let (value, choice, limit) = found, let plain = plainSlot(value, choice, limit), plain.name == test.name.text else {
            return false
        }
        flush()
        let longest = UInt16(min(limit?.max ?? 0xFFFF, 0xFFFF))
        let literal = emitter.code.literal(open)
        // The closing literal is the next one: the op counts on it.
        let closing = emitter.code.literal(close)
        emitter.code.ops.append(.emitIfPresent(plain.slot, longest, literal))
        emitter.code.ops.append(load(plain.slot))
        emitSlowLimit(longest, limit, note(value, subject(value, choice, limit)))
        emitter.code.ops += [.emitText(literal), .literal(closing)]
        return true
    }

    private func load(_ slot: UInt16) -> Op { slot & Op.lineBit == 0 ? .slot(slot) : .lineSlot(slot & ~Op.lineBit) }

    private mutating func emitSlowLimit(_ longest: UInt16, _ limit: FieldLimit?, _ slow: Note) {
        if let limit, limit.max != nil {
            emitter.code.ops.append(.limit(longest, emitter.code.kernel(limit.lengthKernel), emitter.code.note(slow)))
        } else {
            emitter.code.ops.append(.jump(0))
        }
    }

    /// Load, length and emit in one op: the most frequent case.
    private mutating func emitFused(_ value: TemplateValue, _ choice: Choice, _ limit: FieldLimit?) -> Bool {
        guard let (_, slot) = plainSlot(value, choice, limit) else { return false }
        let longest = UInt16(min(limit?.max ?? 0xFFFF, 0xFFFF))
        let literal = emitter.code.literal(pending)
        pending = []
        let isRequired = limit?.isRequired == true
        let subject = subject(value, choice, limit)
        let slow = note(value, subject)
        emitter.code.ops.append(isRequired ? .emitRequired(slot, longest, literal) : .emitSlot(slot, longest, literal))
        // The four ops of the slow path.
        emitter.code.ops.append(load(slot))
        emitter.code.ops.append(isRequired ? .require(Refusal.carrierMissing.rawValue, emitter.code.note(slow)) : load(slot))
        emitSlowLimit(longest, limit, slow)
        emitter.code.ops.append(.emitText(literal))
        return true
    }

    private func note(_ value: TemplateValue, _ subject: Emitter.Subject) -> Note {
        Note(
            resume: nil, field: value.path, isPersonal: subject.isPersonal, mapping: value.expression.place.asMapping,
            arguments: subject.arguments)
    }

    private mutating func emitChecks(_ value: TemplateValue, _ subject: Emitter.Subject, _ limit: FieldLimit?, isDigits: Bool) {
        // A number in JSON has to be there: `"x":` alone is no document.
        if limit?.isRequired == true || value.escape == .none {
            emitter.code.ops.append(.require(Refusal.carrierMissing.rawValue, emitter.code.note(note(value, subject))))
        }
        guard let limit else { return }
        if !(isDigits && limit.takesDigits), let kernel = limit.contentKernel {
            emitter.code.ops.append(.call(emitter.code.kernel(kernel), emitter.code.note(note(value, subject))))
        }
        if let max = limit.max {
            emitter.code.ops.append(
                .limit(UInt16(min(max, 0xFFFF)), emitter.code.kernel(limit.lengthKernel), emitter.code.note(note(value, subject))))
        }
    }

    /// A value that is the same in every document: checked and escaped once.
    private mutating func write(known: [UInt8], _ value: TemplateValue, _ choice: Choice, _ limit: FieldLimit?) throws(Finding) {
        if known.first == Output.secretMark {
            pending += known
            return
        }
        let mapping = value.expression.place.asMapping
        if known.isEmpty {
            guard limit?.isRequired == true || value.escape == .none || (limit == nil && isNeeded(choice)) else { return }
            let name = CarrierMapping.names(choice).first?.text ?? value.path
            throw Finding(
                .carrierSettingMissing, at: value.expression.place,
                ["name": .plain(name), "where": .plain(CarrierNames.whereToWrite(name)), "mapping": .plain(mapping)])
        }
        var bytes = known
        if let limit {
            var kernels: [KernelSlot] = []
            if let content = limit.contentKernel { kernels.append(content) }
            if limit.max != nil { kernels.append(limit.lengthKernel) }
            for kernel in kernels {
                let (result, refusal) = Emitter.run(kernel.run, kernel.room, bytes, [])
                guard refusal == .none else {
                    let words = limit.words(path: value.path).mapValues { Finding.Shown.plain($0) }
                    throw Finding(
                        .mappingConstantRefused, at: value.expression.place, found: .plain(String(decoding: bytes, as: UTF8.self)),
                        ["expected": .plain(Finding(refusal.code, words).expectation), "mapping": .plain(mapping)])
                }
                bytes = result
            }
        }
        pending += escaped(bytes, as: value.escape)
    }

    /// Whether a setting that is absent everywhere has to be there: not when it is optional, or an `if` stands around it.
    private func isNeeded(_ choice: Choice) -> Bool {
        if isConditional || choice.then.sources.count != 1 { return false }
        guard case .name(let name)? = choice.then.sources.first,
            case .setting? = CarrierNames.meaning(name.text, settings: mapping.settings)
        else { return false }
        return mapping.settings.first { "account." + $0.name == name.text }?.isOptional != true
    }
}
