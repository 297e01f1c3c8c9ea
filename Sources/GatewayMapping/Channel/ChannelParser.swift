@_spi(HotPath) import GatewayCore

extension ChannelMapping {
    static let keys: [ProfileKey] = [
        ProfileKey(name: "channel", shape: .text, isRequired: true, summary: "the profile's name, as its file is called"),
        ProfileKey(
            name: "extends", shape: .text,
            summary: "another channel profile: what this one does not write is taken from there, fields and lines one by one"),
        ProfileKey(name: "family", shape: .text, summary: "name of the flow that its files belong to"),
        ProfileKey(name: "source", shape: .text, isRequired: true, summary: "where its facts come from and when they were read"),
        ProfileKey(name: "format", shape: .text, isRequired: true, summary: "csv or another format; the dialect is found out"),
        ProfileKey(name: "charset", shape: .text, summary: "of text that is no UTF-8: its character set; found out when left out"),
        ProfileKey(
            name: "records at", shape: .text, summary: "of JSON and XML: path to the order objects; the format's own rule when left out"),
        ProfileKey(
            name: "columns", shape: .map,
            summary: "of fixed width: columns and their places, such as 1-10, or H 2-11 for rows that begin with H"),
        ProfileKey(name: "lines at", shape: .text, summary: "of JSON and XML: path below an order to its line objects"),
        ProfileKey(name: "recognised by", shape: .textOrList, isRequired: true, summary: "headings that tell this export from others"),
        ProfileKey(name: "not recognised by", shape: .textOrList, summary: "headings of look-alikes"),
        ProfileKey(
            name: "one order per", shape: .textOrList, isRequired: true,
            summary: "columns whose values are the same in all rows of an order"),
        ProfileKey(
            name: "rows without a key", shape: .text,
            summary: "stand alone (the default), or belong to the order above: rows in which those columns are blank"),
        ProfileKey(name: "short rows", shape: .text, summary: "hold (the default) or fill"),
        ProfileKey(name: "skip when", shape: .list, summary: "conditions with a reason: CONDITION -> reason"),
        ProfileKey(name: "hold when", shape: .list, summary: "conditions with a reason: CONDITION -> reason"),
        ProfileKey(
            name: "ship when", shape: .list, isRequired: true, summary: "conditions; one that holds is enough; always for every order"),
        ProfileKey(
            name: "skip lines when", shape: .list,
            summary: "conditions; lines for which one holds are left out, and lines that neither list knows hold the order"),
        ProfileKey(name: "ship lines when", shape: .list, summary: "conditions; lines for which none holds are left out"),
        ProfileKey(name: "fields", shape: .map, isRequired: true, summary: "order fields and the mapping lines that fill them"),
        ProfileKey(
            name: "lines from", shape: .text,
            summary: "a column that holds all lines of an order: COLUMN | split \";\" | pairs \"|\" \":\", or COLUMN | json"),
        ProfileKey(
            name: "lines from each", shape: .text,
            summary: "numbered columns that hold a line each: \"line_item_{n}\" | pairs \"|\" \":\", or \"Item {n} name\""),
        ProfileKey(
            name: "one line per", shape: .textOrList,
            summary: "line fields, such as id: a line with the same values counts once, and one that differs in others holds the order"),
        ProfileKey(name: "lines", shape: .map, summary: "fields of the order's lines"),
        ProfileKey(name: "examples", shape: .list, summary: "FILE gives FILE: inputs and what must come out"),
    ]

    /// A profile with what it takes from the one that it extends: whole keys, and of `fields` and `lines` each entry.
    ///
    /// Never taken: what a profile is recognised by belongs to its own files, and so do its examples.
    package static func extending(_ base: ConfigNode, by node: ConfigNode) -> ConfigNode {
        guard case .map(let own, let place) = node, case .map(let others, _) = base else { return node }
        let never = ["channel", "recognised by", "not recognised by", "examples", "extends"]
        let lineKeys = ["lines from", "lines from each"]
        var merged = own.map { entry -> (key: SourceText, value: ConfigNode) in
            guard entry.key.text == "fields" || entry.key.text == "lines", case .map(let inner, let innerPlace) = entry.value,
                case .map(let shared, _)? = base[entry.key.text]
            else { return entry }
            let rest = shared.filter { shared in !inner.contains { $0.key.text == shared.key.text } }
            return (entry.key, .map(inner + rest, innerPlace))
        }
        for entry in others where !never.contains(entry.key.text) && node[entry.key.text] == nil {
            // A profile that says where lines come from replaces the other's way.
            if lineKeys.contains(entry.key.text), lineKeys.contains(where: { node[$0] != nil }) { continue }
            merged.append(entry)
        }
        return .map(merged, place)
    }

    /// Reads a profile. Everything that is wrong with it goes to the report; nil when it cannot be used.
    package static func parse(
        _ node: ConfigNode, file: String, tables: any TableSource, report: inout LintReport
    ) -> ChannelMapping? {
        let before = report.findings.count
        var reader = ProfileReader(node, keys: keys, file: file, report: report)
        var parser = LineParser(quotes: .name, tables: tables, report: LintReport())

        var reasons = [nothingToShip]
        var skips: [(condition: Condition, reason: Int)] = []
        for (condition, reason) in rules("skip when", &reader, &parser) {
            let index = reasons.firstIndex(of: reason) ?? reasons.count
            if index == reasons.count { reasons.append(reason) }
            skips.append((condition, index))
        }
        let holds = rules("hold when", &reader, &parser)
        reader.checkTexts("ship when")
        let ships = reader.texts("ship when").compactMap { parser.condition($0) }
        reader.checkTexts("ship lines when")
        let shipLines = reader.texts("ship lines when").compactMap { parser.condition($0) }
        reader.checkTexts("skip lines when")
        let skipLines = reader.texts("skip lines when").compactMap { parser.condition($0) }
        let lineSource = lineSource(&reader, &parser)
        let fields = fieldLines("fields", isLine: false, &reader, &parser)
        let lines = fieldLines("lines", isLine: true, &reader, &parser)

        let short = reader.text("short rows")
        if let short, short.text != "hold" && short.text != "fill" {
            reader.report.say(.mappingKeyShape, at: short.place, found: short.text, ["shape": "hold or fill", "key": "short rows"])
        }
        let keyless = reader.text("rows without a key")
        if let keyless, keyless.text != Self.standAlone && keyless.text != Self.belongAbove {
            reader.report.say(
                .mappingKeyShape, at: keyless.place, found: keyless.text,
                ["shape": "\(Self.standAlone), or \(Self.belongAbove)", "key": "rows without a key"])
        }
        let oncePer = oncePer(lines, &reader)
        checkFields(fields, lines, hasLines: node["lines"] != nil, place: reader.place(node["fields"]?.place ?? node.place), &reader)
        let examples = reader.examples()
        report.findings += reader.report.findings.dropFirst(before) + parser.report.findings
        let mapping = ChannelMapping(
            name: reader.text("channel")?.text ?? "", family: reader.text("family")?.text ?? reader.text("channel")?.text ?? "",
            source: reader.text("source")?.text ?? "", format: reader.text("format")?.text ?? "csv",
            charset: reader.text("charset"), recordsPath: reader.text("records at")?.text, linesPath: reader.text("lines at")?.text,
            columnPlaces: reader.entries("columns").map { ($0.key.text, $0.value.text) }, file: file, examples: examples,
            skipReasons: reasons, usedTables: parser.usedTables.sorted(), recognisedBy: reader.choices("recognised by"),
            notRecognisedBy: reader.names("not recognised by"), keyColumns: reader.choices("one order per"),
            keylessRowsFollow: keyless?.text == Self.belongAbove, lineSource: lineSource, oncePer: oncePer,
            fillsShortRows: short?.text == "fill", skips: skips, holds: holds, ships: ships, shipLines: shipLines,
            skipLines: skipLines, linesPlace: reader.place(node["ship lines when"]?.place ?? node.place), fields: fields, lines: lines,
            hasLines: node["lines"] != nil, shipPlace: reader.place(node["ship when"]?.place ?? node.place),
            tables: Dictionary(uniqueKeysWithValues: parser.usedTables.compactMap { name in tables.table(name).map { (name, $0) } }))
        if report.findings.count == before { mapping.checkNames(&report) }
        return report.findings.count == before ? mapping : nil
    }

    private static let standAlone = "stand alone"
    private static let belongAbove = "belong to the order above"

    private static func lineSource(_ reader: inout ProfileReader, _ parser: inout LineParser) -> LineSource? {
        let (one, each) = (reader.text("lines from"), reader.text("lines from each"))
        if let one, each != nil {
            reader.report.say(
                .mappingKeyShape, at: one.place, found: one.text, ["shape": "one of lines from and lines from each", "key": "lines"])
        }
        guard let text = one ?? each, let source = parser.lineSource(text) else { return nil }
        let isRight = one != nil ? !source.isFamily : source.isFamily && source.separator == nil
        if !isRight {
            reader.report.say(
                .mappingKeyShape, at: text.place, found: text.text,
                [
                    "shape": one != nil ? "a column" : "columns with {n} for their number",
                    "key": one != nil ? "lines from" : "lines from each",
                ])
        }
        return source
    }

    /// The line fields of `one line per`.
    private static func oncePer(_ lines: [FieldLine], _ reader: inout ProfileReader) -> [OrderField] {
        reader.names("one line per").compactMap { name in
            if let line = lines.first(where: { $0.field.name == "line." + name.text }) { return line.field }
            reader.report.say(
                .mappingFieldUnknown, at: name.place, found: name.text,
                ["nearest": proposal(name.text, among: lines.map { String($0.field.name.dropFirst(5)) })])
            return nil
        }
    }

    /// `CONDITION -> reason`
    private static func rules(
        _ key: String, _ reader: inout ProfileReader, _ parser: inout LineParser
    ) -> [(condition: Condition, reason: String)] {
        reader.checkTexts(key)
        var out: [(condition: Condition, reason: String)] = []
        for text in reader.texts(key) {
            let parts = parser.split(text, at: " -> ")
            guard parts.count == 2 else {
                parser.report.say(.mappingLineSyntax, at: text.place, found: text.text, ["syntax": "CONDITION -> reason"])
                continue
            }
            if let condition = parser.condition(parts[0]) { out.append((condition, parser.trim(parts[1]).text)) }
        }
        return out
    }

    private static func fieldLines(
        _ key: String, isLine: Bool, _ reader: inout ProfileReader, _ parser: inout LineParser
    ) -> [FieldLine] {
        let known = (isLine ? OrderField.lines : OrderField.heads).map(\.name)
        var out: [FieldLine] = []
        for (name, value) in reader.entries(key) {
            let expression = parser.expression(value)
            let full = isLine && !name.text.hasPrefix("line.") ? "line." + name.text : name.text
            guard let field = OrderField.named(full), field.isLine == isLine else {
                let shown = isLine ? known.map { String($0.dropFirst(5)) } : known
                parser.report.say(.mappingFieldUnknown, at: name.place, found: name.text, ["nearest": proposal(name.text, among: shown)])
                continue
            }
            if let expression { out.append(FieldLine(field: field, expression: expression)) }
        }
        return out
    }

    private static func checkFields(
        _ fields: [FieldLine], _ lines: [FieldLine], hasLines: Bool, place: Place, _ reader: inout ProfileReader
    ) {
        if !fields.contains(where: { $0.field.name == "reference" }) {
            reader.report.say(
                .mappingKeyMissing, at: place, ["key": "reference", "summary": "the order's number, under fields"])
        }
        if hasLines, !lines.contains(where: { $0.field.name == "line.quantity" }) {
            reader.report.say(.mappingKeyMissing, at: place, ["key": "quantity", "summary": "pieces to ship, under lines"])
        }
    }

    /// Names with a dot that look like fields must be fields of this profile; circles are refused.
    private func checkNames(_ report: inout LintReport) {
        for line in fields + lines {
            for name in names(of: line.expression)
            where OrderField.named(name.text) != nil && name.text.contains(".") && !isOwn(name.text) {
                report.say(
                    .mappingFieldUnknown, at: name.place, found: name.text,
                    ["nearest": proposal(name.text, among: fields.map(\.field.name))])
            }
        }
        checkPlaces(&report)
        if case .failure(let finding) = ordered() { report.findings.append(finding) }
    }

    /// Pieces, numbered columns and computed line fields have a value inside of lines only.
    private func checkPlaces(_ report: inout LintReport) {
        let conditions = skips.map(\.condition) + holds.map(\.condition) + ships
        let outside = fields.flatMap { names(of: $0.expression) } + conditions.flatMap(\.names)
        for name in outside where LineSource.key(name.text) != nil || Headings.isFamily(name.text) || name.text.hasPrefix("line.") {
            report.say(.mappingPiecePlace, at: name.place, found: name.text)
        }
        let inside = lines.flatMap { names(of: $0.expression) } + (skipLines + shipLines).flatMap(\.names)
        for name in inside {
            let isWrong =
                LineSource.key(name.text) != nil ? lineSource == nil : Headings.isFamily(name.text) && lineSource?.isFamily != true
            if isWrong { report.say(.mappingPiecePlace, at: name.place, found: name.text) }
        }
    }

    /// Names that an expression reads, those of its steps included.
    ///
    /// - Parameter literals: whether words that stand for themselves, such as `TRY`, are among them.
    func names(of expression: Expression, literals: Bool = true) -> [SourceText] {
        var out: [SourceText] = []
        for case .name(let name) in expression.sources { out.append(name) }
        for condition in expression.conditions { out += condition.names }
        for step in expression.steps {
            var arguments = FunctionArguments(step: step, zone: .utc, tables: NoTables())
            // Only functions with a table fail here, and those read no second source.
            if let compiled = try? step.function.compile(&arguments) {
                out += compiled.sides.filter { literals || (!$0.isImplied && !$0.isLiteral($0.name.text)) }.map(\.name)
            }
        }
        return out
    }

    /// The fields in an order in which each comes after those that it reads.
    func ordered() -> Result<[FieldLine], Finding> {
        var out: [FieldLine] = []
        var waiting = fields
        while !waiting.isEmpty {
            let blocked = Set(waiting.map(\.field.name))
            let ready = waiting.filter { line in
                !names(of: line.expression).contains { blocked.contains($0.text) && $0.text != line.field.name }
            }
            if ready.isEmpty {
                let place = waiting.first?.expression.place ?? Place(file: file)
                let fields = waiting.map(\.field.name).joined(separator: ", ")
                return .failure(
                    Finding(.mappingFieldCycle, at: place, found: .plain(fields), ["fields": .plain(fields)]))
            }
            out += ready
            waiting.removeAll { line in ready.contains { $0.field == line.field } }
        }
        return .success(out)
    }
}
