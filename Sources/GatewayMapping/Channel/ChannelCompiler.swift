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
        let slots = PieceSlots(columns.headings, family: lineSource.flatMap { $0.isFamily ? $0.column.text : nil })
        let zone = try Zone.named(zone)
        var emitter = Emitter(
            code: CodeBuilder(pool: pool), zone: zone, tables: FixedTables(mapping),
            resolve: { (name) throws(Finding) in
                if mapping.lineSource != nil, let slot = slots.slot(name.text) { return .op(.piece(UInt16(slot))) }
                if let line = mapping.lineFieldNamed(name.text) { return .op(.lineSlot(UInt16(line.field.slot))) }
                // An exact field name is the field, unless a heading is written just so.
                if let field = mapping.fieldNamed(name.text), !header.names.contains(name.text) { return .op(.slot(UInt16(field.slot))) }
                guard let column = try columns.index(name) else { return .absent }
                return .op(literalQuotes ? .literalField(UInt16(column)) : .field(UInt16(column)))
            })

        let ordered = try ordered().get()
        for line in ordered { try emit(line, &emitter) }
        let undecided = try emitJudgement(columns, &emitter)
        let headEnd = emitter.code.ops.count

        // What stands below a tree's lines is the line's own: blank, it is nothing, and not the first line's.
        let below = linesPath.map { $0.prefix { $0 != "," }.replacing("[]", with: "") + "." }
        let ownColumns = Set(header.names.indices.filter { n in below.map { header.names[n].hasPrefix($0) } ?? false })
        emitter.firstFieldFallback = { !ownColumns.contains(Int($0)) }
        let tested = testedFields
        for line in lines where tested.contains(line.field) { try emit(line, &emitter, beforeTest: true) }
        try emitLineTest(&emitter)
        for line in lines { tested.contains(line.field) ? checkQuantity(line, &emitter) : try emit(line, &emitter) }
        let lineEnd = emitter.code.ops.count

        return ChannelProgram(
            headSlots: OrderField.heads.count, lineSlots: OrderField.lines.count,
            code: Code(emitter.code, headings: header.names), head: 0..<headEnd, line: headEnd..<lineEnd,
            keyColumns: try keyColumns.map { (choice) throws(Finding) in try columns.index(choice) },
            keylessRowsFollow: keylessRowsFollow, fillsShortRows: fillsShortRows, hasLines: hasLines,
            pieces: try pieceProgram(columns, slots), oncePer: oncePer.map(\.slot),
            isPlain: lineSource == nil && oncePer.isEmpty && tested.isEmpty, literalQuotes: literalQuotes, columnCount: header.names.count,
            orderRecords: min(orderRecords, 60_000),
            digestSlots: DigestList(
                OrderField.heads.compactMap { field in
                    guard let block = field.block, digestSlots.contains(field.slot) else { return nil }
                    return (field.slot, block.rawValue)
                }), key: key, reference: note(for: "reference", isLine: false), damagedHeads: identifiers.filter { !$0.isLine }.map(\.slot),
            damagedLines: identifiers.filter(\.isLine).map(\.slot), damageNotes: identifiers.map { note(for: $0.name, isLine: $0.isLine) },
            texts: textFields,
            undecidedNote: undecided, lineNote: Note(resume: nil, field: "", isPersonal: false, mapping: linesPlace.asMapping))
    }

    /// Line fields that the tests of lines look at: they are computed first.
    private var testedFields: [OrderField] {
        let names = (skipLines + shipLines).flatMap(\.names).map(\.text)
        return lines.map(\.field).filter { names.contains($0.name) }
    }

    private func pieceProgram(_ columns: Columns, _ slots: PieceSlots) throws(Finding) -> PieceProgram? {
        guard let source = lineSource else { return nil }
        let note = Note(
            resume: nil, field: "", isPersonal: false, mapping: source.place.asMapping, arguments: ["column": source.column.text])
        var program = PieceProgram(columns: [], separator: source.separator, form: source.form, slots: slots.all, note: note)
        if source.isFamily {
            program.columns = slots.columns(of: source.column.text)
            guard !program.columns.isEmpty else { throw columns.missing([source.column]) }
        } else {
            guard let column = try columns.index(source.column) else { throw columns.missing([source.column]) }
            program.columns = [column]
        }
        return program
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

    /// The check of a quantity that was computed before the tests.
    private func checkQuantity(_ line: FieldLine, _ emitter: inout Emitter) {
        guard line.field.name == "line.quantity" else { return }
        let slot = UInt16(line.field.slot)
        let note = emitter.code.note(Note(resume: nil, field: line.field.name, isPersonal: false, mapping: line.expression.place.asMapping))
        emitter.code.ops += [.lineSlot(slot), .storeQuantity(slot, note)]
    }

    private func emit(_ line: FieldLine, _ emitter: inout Emitter, beforeTest: Bool = false) throws(Finding) {
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
                if line.field.name != "line.quantity" || beforeTest { return }
                exits = []
            }
            emitter.code.ops.append(emitter.code.constant(known))
        }
        emitter.code.resumeHere(from: firstNote)
        if line.field.name == "line.quantity" && !beforeTest {
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

    /// All fields, of the order and of its lines.
    private var textFields: TextFields {
        let identifiers = Set(identifiers.map(\.name))
        func listed(_ all: [FieldLine]) -> [TextFields.Field] {
            all.map { line in
                TextFields.Field(
                    slot: line.field.slot,
                    note: Note(
                        resume: nil, field: line.field.name, isPersonal: line.field.isPersonal, mapping: line.expression.place.asMapping),
                    isIdentifier: identifiers.contains(line.field.name))
            }
        }
        return TextFields(
            heads: listed(fields), lines: listed(lines), country: OrderField.named("consignee.country")?.slot ?? 0)
    }

    /// Columns that the profile cannot do without: of its own keys, and single sources that are required.
    private func checkRequired(_ columns: Columns) throws(Finding) {
        for choice in recognisedBy + keyColumns where choice.found(in: columns.headings) == nil { throw columns.missing(choice.names) }
        for line in fields + lines {
            guard line.expression.sources.count == 1, case .name(let name)? = line.expression.sources.first,
                line.expression.conditions.isEmpty, line.expression.steps.contains(where: { $0.function.name == "required" }),
                !isOwn(name.text), !columns.headings.has(name.text)
            else { continue }
            throw columns.missing([name])
        }
    }
}

/// The columns of a file, with what is wrong about them.
private struct Columns: Sendable {
    let headings: Headings
    private var header: Header { headings.header }

    init(_ header: Header) { headings = Headings(header) }

    /// The column of the first name of a choice that the file has.
    func index(_ choice: HeadingChoice) throws(Finding) -> Int {
        guard let name = choice.found(in: headings), let column = try index(name) else { throw missing(choice.names) }
        return column
    }

    /// The column called `name`, nil when there is none.
    func index(_ name: SourceText) throws(Finding) -> Int? {
        let found = headings.columns(name.text)
        guard let first = found.first else { return nil }
        guard found.count == 1 else {
            throw Finding(
                .mappingColumnDouble, at: .row(max(header.row, 1), column: found[1] + 1, name: header.names[found[1]]),
                found: .plain(header.names[found[1]]),
                ["column": .plain(name.text), "columns": .plain(found.map { String($0 + 1) }.joined(separator: ", "))])
        }
        return first
    }

    func missing(_ names: [SourceText]) -> Finding {
        let nearest = names.compactMap { HeaderName.nearest(to: $0.text, among: header.names) }.first
        return Finding(
            .mappingColumnMissing, at: .row(max(header.row, 1)),
            [
                "column": .plain(names.map(\.text).joined(separator: "\" or \"")), "mapping": .plain(names.first?.place.asMapping ?? ""),
                "nearest": .plain(nearest.map { "\"\($0)\"" } ?? "none"),
            ])
    }
}

/// Gives each name of a piece that lines read its slot.
private final class PieceSlots {
    private(set) var all: [PieceProgram.Slot] = []
    private let headings: Headings
    /// The numbers that the file has columns of.
    private let numbers: [Int]

    /// - Parameter family: the columns of which each holds a line; nil: there is one column.
    init(_ headings: Headings, family: String?) {
        self.headings = headings
        numbers = family.map { headings.numbers(of: $0) } ?? []
    }

    /// The columns of a family by number, -1 where there is none.
    func columns(of family: String) -> [Int] { numbers.map { headings.column(of: family, $0) ?? -1 } }

    /// Nil: it is no name of a piece.
    func slot(_ name: String) -> Int? {
        if let key = LineSource.key(name) { return slot(.key(Array(key.utf8))) }
        return Headings.isFamily(name) ? slot(.columns(columns(of: name))) : nil
    }

    private func slot(_ wanted: PieceProgram.Slot) -> Int {
        if let known = all.firstIndex(of: wanted) { return known }
        all.append(wanted)
        return all.count - 1
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
