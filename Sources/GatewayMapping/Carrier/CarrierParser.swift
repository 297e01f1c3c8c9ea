@_spi(HotPath) import GatewayCore

extension CarrierMapping {
    static let keys: [ProfileKey] = [
        ProfileKey(name: "carrier", shape: .text, isRequired: true, summary: "the profile's name, as its file is called"),
        ProfileKey(name: "source", shape: .text, isRequired: true, summary: "where its facts come from and when they were read"),
        ProfileKey(name: "request", shape: .text, isRequired: true, summary: "the template, a file in the carrier's folder"),
        ProfileKey(name: "limits", shape: .text, summary: "the field table, a file in the carrier's folder"),
        ProfileKey(name: "documents", shape: .text, summary: "batch, or one per consignment"),
        ProfileKey(name: "orders per document", shape: .text, summary: "the most orders that the carrier takes in one document"),
        ProfileKey(
            name: "key", shape: .text, isRequired: true, summary: "mapping line of the key that the carrier knows the consignment by"),
        ProfileKey(name: "key limit", shape: .text, summary: "the most characters of the key"),
        ProfileKey(name: "rules", shape: .list, summary: "CODE when CONDITION -> sentence"),
        ProfileKey(name: "schema", shape: .text, summary: "XSD or JSON Schema beside the template"),
        ProfileKey(
            name: "settings", shape: .list,
            summary: "values of the account: name: what it is; with the word optional where it may be left out"),
        ProfileKey(name: "secrets", shape: .textOrList, summary: "names of secrets of the account"),
        ProfileKey(
            name: "sample", shape: .map, summary: "values that convert uses where only a ledger or the configuration could give them"),
        ProfileKey(name: "examples", shape: .list, summary: "FILE through CHANNEL gives FILE"),
    ]

    /// The files that a profile names, before it is read: template, field table, schema.
    package static func files(_ node: ConfigNode) -> (request: SourceText?, limits: SourceText?, schema: SourceText?) {
        func text(_ key: String) -> SourceText? {
            guard case .text(let text)? = node[key] else { return nil }
            return text
        }
        return (text("request"), text("limits"), text("schema"))
    }

    /// Reads a profile with its template and field table. Everything that is wrong goes to the report; nil when it cannot be used.
    package static func parse(
        _ node: ConfigNode, template: Template, limits: [[SourceText]]?, file: String, tables: any TableSource, report: inout LintReport
    ) -> CarrierMapping? {
        let before = report.findings.count
        var reader = ProfileReader(node, keys: keys, file: file, report: report)
        // In a profile `key:` and `rules:` read names, as everywhere in YAML.
        var parser = LineParser(quotes: .text, tables: tables, report: LintReport())
        let settings = settings(node, &reader)
        let secrets = reader.names("secrets").map(\.text)
        let key = reader.text("key").flatMap { parser.expression($0) }
        let rules = rules(&reader, &parser)
        let cap = whole("orders per document", &reader)
        let keyLimit = whole("key limit", &reader)
        let kind = reader.text("documents")
        if let kind, DocumentKind(rawValue: kind.text) == nil {
            reader.report.say(
                .mappingKeyShape, at: kind.place, found: kind.text, ["shape": "batch or one per consignment", "key": "documents"])
        }
        let sample = Dictionary(reader.entries("sample").map { ($0.key.text, $0.value.text) }, uniquingKeysWith: { _, last in last })
        let examples = reader.examples()

        let table = FieldTable(limits ?? [], report: &parser.report)
        var builder = TemplateReader(parser: parser, table: table)
        let nodes = builder.read(template.nodes)
        if builder.size > 3_000 {
            builder.parser.report.say(.carrierTemplateSize, at: Place(file: template.file), found: String(builder.size))
        }
        parser = builder.parser
        report.findings += reader.report.findings.dropFirst(before) + parser.report.findings
        let hasEach = nodes.contains { if case .each(.consignment, _) = $0 { true } else { false } }
        guard report.findings.count == before, let key else { return nil }
        let mapping = CarrierMapping(
            name: reader.text("carrier")?.text ?? "", source: reader.text("source")?.text ?? "", file: file,
            fileExtension: template.fileExtension,
            documents: kind.flatMap { DocumentKind(rawValue: $0.text) } ?? (hasEach ? .batch : .onePerConsignment),
            ordersPerDocument: cap, keyLimit: keyLimit, settings: settings, secrets: secrets, schema: reader.text("schema"), sample: sample,
            examples: examples, usedTables: parser.usedTables.sorted(), key: key, rules: rules, nodes: nodes,
            tables: Dictionary(uniqueKeysWithValues: parser.usedTables.compactMap { name in tables.table(name).map { (name, $0) } }))
        mapping.check(hasEach: hasEach, template: template, kind: kind, &report)
        return report.findings.count == before ? mapping : nil
    }

    /// `- name: what it is`, or a map of these.
    private static func settings(_ node: ConfigNode, _ reader: inout ProfileReader) -> [CarrierSetting] {
        var out: [CarrierSetting] = []
        func add(_ name: String, _ value: ConfigNode) {
            guard case .text(let summary) = value else {
                reader.report.say(.mappingKeyShape, at: reader.place(value.place), ["shape": "a text", "key": name])
                return
            }
            let words = summary.text.split { !$0.isLetter }
            out.append(CarrierSetting(name: name, summary: summary.text, isOptional: words.contains("optional")))
        }
        guard case .list(let items, _)? = node["settings"] else { return [] }
        for item in items {
            switch item {
            case .map(let entries, _):
                for (key, value) in entries { add(key.text, value) }
            case .text, .list:
                reader.report.say(.mappingKeyShape, at: reader.place(item.place), ["shape": "NAME: what it is", "key": "settings"])
            }
        }
        return out
    }

    private static func whole(_ key: String, _ reader: inout ProfileReader) -> Int? {
        guard let text = reader.text(key) else { return nil }
        guard let number = Int(text.text), number > 0 else {
            reader.report.say(.mappingKeyShape, at: text.place, found: text.text, ["shape": "a whole number from 1 on", "key": key])
            return nil
        }
        return number
    }

    private static func rules(_ reader: inout ProfileReader, _ parser: inout LineParser) -> [Rule] {
        reader.checkTexts("rules")
        var out: [Rule] = []
        for text in reader.texts("rules") {
            let parts = parser.split(text, at: " -> ")
            let head = parser.split(parts[0], at: " when ")
            guard parts.count == 2, head.count == 2 else {
                parser.report.say(.mappingLineSyntax, at: text.place, found: text.text, ["syntax": "CODE when CONDITION -> sentence"])
                continue
            }
            if let condition = parser.condition(head[1]) {
                out.append(Rule(code: parser.trim(head[0]).text, condition: condition, sentence: parser.trim(parts[1]).text))
            }
        }
        return out
    }

    // MARK: Names and places

    private func check(hasEach: Bool, template: Template, kind: SourceText?, _ report: inout LintReport) {
        for name in Self.names(key) { check(name, in: .consignment, isKey: true, &report) }
        for rule in rules {
            for name in Self.names(rule.condition) { check(name, in: .consignment, &report) }
        }
        if documents == .batch && !hasEach {
            report.say(
                .carrierEachPlace, at: kind?.place ?? Place(file: template.file), found: "documents: batch without each consignment")
        }
        var scope = hasEach ? Scope.head : .consignment
        for node in nodes {
            if case .each(.consignment, _) = node, scope == .tail {
                report.say(.carrierEachPlace, at: Place(file: template.file), found: "each consignment twice")
            }
            check(node, in: scope, depth: 0, &report)
            if case .each(.consignment, _) = node { scope = .tail }
        }
    }

    private func check(_ node: Node, in scope: Scope, depth: Int, _ report: inout LintReport) {
        switch node {
        case .constant, .separator: break
        case .value(_, let choice, _):
            for name in Self.names(choice) { check(name, in: scope, &report) }
        case .when(let condition, let body):
            for name in Self.names(condition) { check(name, in: scope, &report) }
            for inner in body { check(inner, in: scope, depth: depth + 1, &report) }
        case .each(let subject, let body):
            let inner: Scope? =
                switch subject {
                case .consignment: depth == 0 ? .consignment : nil
                case .parcel: scope == .consignment ? .parcel : nil
                case .line: scope == .consignment || scope == .parcel ? .line : nil
                }
            guard let inner else {
                report.say(.carrierEachPlace, at: Place(file: file), found: "each \(subject.rawValue)")
                return
            }
            for node in body { check(node, in: inner, depth: depth + 1, &report) }
        }
    }

    private func check(_ name: SourceText, in scope: Scope, isKey: Bool = false, _ report: inout LintReport) {
        switch CarrierNames.meaning(name.text, settings: settings) {
        case .field(let field)?:
            if !scope.has(field) {
                let advice = field.isLine ? "Use it inside each line." : "Use it inside each consignment."
                report.say(.carrierNamePlace, at: name.place, found: name.text, ["advice": advice])
            }
        case .register(let register)?:
            if !scope.has(register) || isKey {
                report.say(
                    .carrierNamePlace, at: name.place, found: name.text,
                    ["advice": isKey ? "Make the key of the order's fields." : advice(register)])
            }
        case .secret(let secret)?:
            if !secrets.contains(secret) {
                report.say(.mappingNameUnknown, at: name.place, found: name.text, ["nearest": proposal(secret, among: secrets)])
            }
        case .setting?: break
        case nil:
            report.say(
                .mappingNameUnknown, at: name.place, found: name.text,
                ["nearest": proposal(name.text, among: CarrierNames.all(settings: settings, secrets: secrets))])
        }
    }

    private func advice(_ register: Register) -> String {
        switch register.scope {
        case .document: "Use it anywhere."
        case .tail: "Use it after each consignment, where the figure is known."
        case .consignment: "Use it inside each consignment."
        case .parcel: "Use it inside each parcel."
        case .line: "Use it inside each line."
        }
    }
}

/// Reads the expressions of a template and finds each value's row of the field table.
private struct TemplateReader {
    var parser: LineParser
    let table: FieldTable
    /// Values, loops and conditions read: the program's jumps reach 65,535 ops.
    var size = 0

    init(parser: LineParser, table: FieldTable) {
        self.parser = parser
        self.table = table
    }

    mutating func read(_ nodes: [TemplateNode]) -> [CarrierMapping.Node] {
        var out: [CarrierMapping.Node] = []
        for node in nodes {
            size += 1
            switch node {
            case .constant(let bytes):
                size -= 1
                out.append(.constant(bytes))
            case .separator:
                size -= 1
                out.append(.separator)
            case .value(let value):
                let limit = table.limit(for: value.path, report: &parser.report)
                if let choice = parser.choice(value.expression) { out.append(.value(value, choice, limit)) }
            case .each(let subject, let body, _): out.append(.each(subject, read(body)))
            case .when(let condition, let body):
                let inner = read(body)
                if let condition = parser.condition(condition) { out.append(.when(condition, inner)) }
            }
        }
        return out
    }
}
