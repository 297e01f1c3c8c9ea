@_spi(HotPath) import GatewayCore

/// A key of a profile: what the reader accepts and the editors' schema says.
struct ProfileKey: Sendable {
    enum Shape: String, Sendable {
        case text = "a text"
        case list = "a list"
        case map = "a map"
        case textOrList = "a text or a list"
    }
    var name: String
    var shape: Shape
    var isRequired = false
    var summary: String
}

/// Reads the keys of a profile and reports those that do not belong.
struct ProfileReader {
    private let node: ConfigNode
    private let keys: [ProfileKey]
    let file: String
    var report: LintReport

    /// Checks the keys of `node` against `keys`.
    init(_ node: ConfigNode, keys: [ProfileKey], file: String, report: LintReport) {
        self.node = node
        self.keys = keys
        self.file = file
        self.report = report
        guard case .map(let entries, _) = node else {
            self.report.say(.mappingKeyShape, at: place(node.place), ["shape": ProfileKey.Shape.map.rawValue, "key": "the file"])
            return
        }
        for (key, value) in entries {
            guard let known = keys.first(where: { $0.name == key.text }) else {
                self.report.say(
                    .mappingKeyUnknown, at: place(key.place), found: key.text,
                    ["known": keys.map(\.name).joined(separator: ", "), "nearest": proposal(key.text, among: keys.map(\.name))])
                continue
            }
            if !fits(value, known.shape) {
                self.report.say(.mappingKeyShape, at: place(value.place), ["shape": known.shape.rawValue, "key": key.text])
            }
        }
        for key in keys where key.isRequired && node[key.name] == nil {
            self.report.say(.mappingKeyMissing, at: place(node.place), ["key": key.name, "summary": key.summary])
        }
    }

    private func fits(_ value: ConfigNode, _ shape: ProfileKey.Shape) -> Bool {
        switch (value, shape) {
        case (.text, .text), (.text, .textOrList), (.list, .list), (.list, .textOrList), (.map, .map): true
        case (.text, _), (.list, _), (.map, _): false
        }
    }

    /// The place with the profile's file.
    func place(_ place: Place) -> Place {
        var place = place
        if place.file == nil { place.file = file }
        return place
    }
    private func placed(_ text: SourceText) -> SourceText { SourceText(text.text, at: place(text.place)) }

    func text(_ key: String) -> SourceText? {
        guard case .text(let text)? = node[key] else { return nil }
        return placed(text)
    }

    /// A comma list, or a list of texts.
    func names(_ key: String) -> [SourceText] {
        switch node[key] {
        case .text(let text)?:
            let parser = LineParser(quotes: .name, tables: NoTables(), report: LintReport())
            return parser.split(placed(text), at: ",").map { piece in
                let trimmed = parser.trim(piece)
                let inner = trimmed.text
                return inner.utf8.count >= 2 && inner.hasPrefix("\"") && inner.hasSuffix("\"")
                    ? SourceText(String(inner.dropFirst().dropLast()), at: trimmed.place) : trimmed
            }.filter { !$0.text.isEmpty }
        case .list?: return texts(key)
        case .map?, nil: return []
        }
    }

    /// The same with alternatives: `order_number or order_id`. A heading that holds ` or ` is put in quotes.
    func choices(_ key: String) -> [HeadingChoice] {
        let parser = LineParser(quotes: .name, tables: NoTables(), report: LintReport())
        let wholes: [SourceText] =
            switch node[key] {
            case .text(let text)?: parser.split(placed(text), at: ",")
            case .list?: texts(key)
            case .map?, nil: []
            }
        return wholes.compactMap { whole in
            let names = parser.split(whole, at: " or ").map { piece in
                let trimmed = parser.trim(piece)
                return SourceText(parser.unquoted(trimmed.text) ?? trimmed.text, at: trimmed.place)
            }.filter { !$0.text.isEmpty }
            return names.isEmpty ? nil : HeadingChoice(names: names)
        }
    }

    /// The texts of a list; others were reported.
    func texts(_ key: String) -> [SourceText] {
        guard case .list(let items, _)? = node[key] else { return [] }
        return items.compactMap {
            guard case .text(let text) = $0 else { return nil }
            return placed(text)
        }
    }

    /// Reports items of a list that are no texts.
    mutating func checkTexts(_ key: String) {
        guard case .list(let items, _)? = node[key] else { return }
        for item in items {
            if case .text = item { continue }
            report.say(.mappingKeyShape, at: place(item.place), ["shape": "a text", "key": key])
        }
    }

    /// The entries of a map whose values are texts.
    mutating func entries(_ key: String) -> [(key: SourceText, value: SourceText)] {
        guard case .map(let entries, _)? = node[key] else { return [] }
        var out: [(key: SourceText, value: SourceText)] = []
        for (name, value) in entries {
            guard case .text(let text) = value else {
                report.say(.mappingKeyShape, at: place(value.place), ["shape": "a text", "key": name.text])
                continue
            }
            out.append((placed(name), placed(text)))
        }
        return out
    }

    /// `input gives output`, `input through channel gives output`.
    mutating func examples() -> [MappingExample] {
        checkTexts("examples")
        var out: [MappingExample] = []
        for text in texts("examples") {
            let words = text.text.split(separator: " ").map(String.init)
            switch words.count {
            case 3 where words[1] == "gives":
                out.append(MappingExample(input: words[0], through: nil, output: words[2], place: text.place))
            case 5 where words[1] == "through" && words[3] == "gives":
                out.append(MappingExample(input: words[0], through: words[2], output: words[4], place: text.place))
            default:
                report.say(
                    .mappingLineSyntax, at: text.place, found: text.text, ["syntax": "FILE gives FILE, or FILE through CHANNEL gives FILE"])
            }
        }
        return out
    }
}
