@_spi(HotPath) import GatewayCore

extension ChannelMapping {
    /// Compiles the profile for files with this header.
    ///
    /// - Parameters:
    ///   - zone: the flow's, by its IANA name.
    ///   - digestSlots: what the carrier's mapping uses.
    ///   - pool: shared by the programs of one pipeline.
    ///   - literalQuotes: quotes of the file are characters like others.
    ///   - orderRecords: most records of one order.
    /// - Throws: what the file lacks or has twice, or a zone that is not there.
    package func compile(
        header: Header, zone: String, digestSlots: DigestSlots, key: DigestKey, pool: ConstantPool, literalQuotes: Bool = false,
        orderRecords: Int = 5_000
    ) throws(Finding) -> ChannelProgram {
        let columns = Columns(header)
        let mapping = self
        try checkRequired(columns)
        let zone = try Zone.named(zone)
        var emitter = Emitter(
            code: CodeBuilder(pool: pool), zone: zone, tables: FixedTables(mapping),
            resolve: { (name) throws(Finding) in
                // An exact field name is the field, unless a heading is written just so.
                if let field = mapping.fieldNamed(name.text), !header.names.contains(name.text) { return .op(.slot(UInt16(field.slot))) }
                guard let column = try columns.index(name) else { return .absent }
                return .op(literalQuotes ? .literalField(UInt16(column)) : .field(UInt16(column)))
            })

        let ordered = try ordered().get()
        for line in ordered { try emit(line, &emitter) }
        let undecided = try emitJudgement(columns, &emitter)
        let headEnd = emitter.code.ops.count

        emitter.firstFieldFallback = true
        try emitLineTest(&emitter)
        for line in lines { try emit(line, &emitter) }
        let lineEnd = emitter.code.ops.count

        return ChannelProgram(
            headSlots: OrderField.heads.count, lineSlots: OrderField.lines.count,
            code: Code(emitter.code, headings: header.names), head: 0..<headEnd, line: headEnd..<lineEnd,
            keyColumns: try keyColumns.map { (name) throws(Finding) in
                guard let column = try columns.index(name) else { throw columns.missing(name) }
                return column
            }, fillsShortRows: fillsShortRows, hasLines: hasLines, columnCount: header.names.count,
            orderRecords: min(orderRecords, 60_000),
            digestSlots: DigestList(
                OrderField.heads.compactMap { field in
                    guard let block = field.block, digestSlots.contains(field.slot) else { return nil }
                    return (field.slot, block.rawValue)
                }), key: key, reference: note(for: "reference", isLine: false), damagedHeads: identifiers.filter { !$0.isLine }.map(\.slot),
            damagedLines: identifiers.filter(\.isLine).map(\.slot), damageNotes: identifiers.map { note(for: $0.name, isLine: $0.isLine) },
            undecidedNote: undecided, lineNote: Note(resume: nil, field: "", isPersonal: false, mapping: linesPlace.asMapping))
    }

    /// Skip, hold, ship, in this order; none: undecided.
    private func emitJudgement(_ columns: Columns, _ emitter: inout Emitter) throws(Finding) -> Int {
        for rule in skips {
            let exits = try emitter.emitJumps(unless: rule.condition)
            emitter.code.ops.append(.decide(Fate.skip.rawValue, UInt16(rule.reason)))
            emitter.land(exits)
        }
        for rule in holds {
            let exits = try emitter.emitJumps(unless: rule.condition)
            let note = emitter.code.note(
                Note(
                    resume: nil, field: "", isPersonal: isPersonal(rule.condition), mapping: rule.condition.place.asMapping,
                    arguments: ["reason": rule.reason],
                    column: try firstColumn(rule.condition, columns)))
            emitter.code.ops.append(.decide(Fate.hold.rawValue, note))
            emitter.land(exits)
        }
        for condition in ships {
            let exits = try emitter.emitJumps(unless: condition)
            emitter.code.ops.append(.decide(Fate.ship.rawValue, 0))
            emitter.land(exits)
        }
        let undecided = emitter.code.note(
            Note(
                resume: nil, field: "", isPersonal: isPersonal(ships.first), mapping: shipPlace.asMapping,
                column: try firstColumn(ships.first, columns)))
        emitter.code.ops.append(.decide(Fate.hold.rawValue, undecided))
        return Int(undecided)
    }

    /// Whether what a rule tests first may be personal: not when a field reads it that is not.
    private func isPersonal(_ condition: Condition?) -> Bool {
        guard let name = condition?.tests.first?.name.text else { return false }
        let readers = fields.filter { names(of: $0.expression).contains { HeaderName.fold($0.text) == HeaderName.fold(name) } }
        return readers.isEmpty || readers.contains(where: \.field.isPersonal)
    }

    private func firstColumn(_ condition: Condition?, _ columns: Columns) throws(Finding) -> Int {
        guard let name = condition?.tests.first?.name, fieldNamed(name.text) == nil else { return -1 }
        return try columns.index(name) ?? -1
    }

    /// Which lines ship: skip first, then ship; a line that two lists leave open is undecided. A line that ships goes on to its fields.
    private func emitLineTest(_ emitter: inout Emitter) throws(Finding) {
        for condition in skipLines {
            let exits = try emitter.emitJumps(unless: condition)
            emitter.code.ops.append(.decide(Fate.skip.rawValue, 0))
            emitter.land(exits)
        }
        guard !shipLines.isEmpty else { return }
        var ships: [Int] = []
        for condition in shipLines {
            let exits = try emitter.emitJumps(unless: condition)
            ships.append(emitter.code.jumpLater { .jump($0) })
            emitter.land(exits)
        }
        // An undecided line holds its order, and its fields are read all the same: a person will look at them.
        emitter.code.ops.append(skipLines.isEmpty ? .decide(Fate.skip.rawValue, 0) : .mark(Fate.hold.rawValue))
        emitter.land(ships)
    }

    private func emit(_ line: FieldLine, _ emitter: inout Emitter) throws(Finding) {
        let slot = UInt16(line.field.slot)
        let isLine = line.field.isLine
        let firstNote = emitter.code.notes.count
        let start = emitter.code.ops.count
        var exits: [Int] = []
        for condition in line.expression.conditions {
            exits += try emitter.emitJumps(unless: condition)
        }
        let subject = Emitter.Subject(field: line.field.name, isPersonal: line.field.isPersonal)
        let known = try emitter.emit(line.expression, for: subject)
        if let known {
            if known.isEmpty {
                // No column of the file feeds it: it stays absent.
                emitter.code.ops.removeSubrange(start...)
                if line.field.name != "line.quantity" { return }
                exits = []
            }
            emitter.code.ops.append(emitter.code.constant(known))
        }
        emitter.code.resumeHere(from: firstNote)
        if line.field.name == "line.quantity" {
            let note = emitter.code.note(
                Note(resume: nil, field: line.field.name, isPersonal: false, mapping: line.expression.place.asMapping))
            emitter.code.ops.append(.storeQuantity(slot, note))
        } else if emitter.code.ops.count == start + 1, case .field(let column) = emitter.code.ops[start] {
            emitter.code.ops[start] = isLine ? .fieldStoreLine(column, slot) : .fieldStore(column, slot)
        } else {
            emitter.code.ops.append(isLine ? .storeLine(slot) : .store(slot))
        }
        emitter.land(exits)
    }

    private func note(for field: String, isLine: Bool) -> Note {
        let line = (isLine ? lines : fields).first { $0.field.name == field }
        return Note(
            resume: nil, field: field, isPersonal: false, mapping: (line?.expression.place ?? Place(file: file)).asMapping)
    }

    /// Identifiers that a spreadsheet rounds; those of the order first.
    private var identifiers: [OrderField] {
        (fields + lines).map(\.field).filter { ["reference", "id", "line.id", "line.sku", "line.barcode"].contains($0.name) }
    }

    /// Columns that the profile cannot do without: of its own keys, and single sources that are required.
    private func checkRequired(_ columns: Columns) throws(Finding) {
        for name in recognisedBy + keyColumns where try columns.index(name) == nil { throw columns.missing(name) }
        for line in fields + lines {
            guard line.expression.sources.count == 1, case .name(let name)? = line.expression.sources.first,
                line.expression.conditions.isEmpty, line.expression.steps.contains(where: { $0.function.name == "required" }),
                fieldNamed(name.text) == nil, try columns.index(name) == nil
            else { continue }
            throw columns.missing(name)
        }
    }
}

/// The columns of a file by folded heading.
private struct Columns: Sendable {
    private let header: Header
    private let index: [String: [Int]]

    init(_ header: Header) {
        self.header = header
        index = Dictionary(grouping: header.names.indices) { HeaderName.fold(header.names[$0]) }
    }

    /// The column called `name`, nil when there is none.
    func index(_ name: SourceText) throws(Finding) -> Int? {
        guard let found = index[HeaderName.fold(name.text)], let first = found.first else { return nil }
        guard found.count == 1 else {
            throw Finding(
                .mappingColumnDouble, at: .row(max(header.row, 1), column: found[1] + 1, name: header.names[found[1]]),
                found: .plain(header.names[found[1]]),
                ["column": .plain(name.text), "columns": .plain(found.map { String($0 + 1) }.joined(separator: ", "))])
        }
        return first
    }

    func missing(_ name: SourceText) -> Finding {
        Finding(
            .mappingColumnMissing, at: .row(max(header.row, 1)),
            [
                "column": .plain(name.text), "mapping": .plain(name.place.asMapping),
                "nearest": .plain(HeaderName.nearest(to: name.text, among: header.names).map { "\"\($0)\"" } ?? "none"),
            ])
    }
}

/// Tables that the profile's steps and conditions hold already.
struct FixedTables: TableSource {
    private var tables: [String: CodeTable] = [:]
    var tableNames: [String] { tables.keys.sorted() }

    init(_ mapping: ChannelMapping) { tables = mapping.tables }
    init(_ tables: [String: CodeTable]) { self.tables = tables }

    func table(_ name: String) -> CodeTable? { tables[name] }
}
