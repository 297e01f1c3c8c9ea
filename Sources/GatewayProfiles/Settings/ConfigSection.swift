import GatewayCore

/// A group of keys of a configuration file, with its name for findings.
struct ConfigSection {
    let name: String
    let place: Place
    let entries: [(key: SourceText, value: ConfigNode)]

    subscript(key: String) -> ConfigNode? { entries.first { $0.key.text == key }?.value }
}

// What SettingsReader's parts are made of: each looks a value up and says what is wrong with it.
extension SettingsReader {
    mutating func add(_ code: FindingCode, _ text: SourceText) {
        findings.append(Finding(code, at: text.place, found: .plain(text.text)))
    }

    mutating func addUnknown(_ code: FindingCode, _ text: SourceText, among known: [String]) {
        let nearest = Nearest.name(to: text.text, among: known) ?? "none"
        findings.append(Finding(code, at: text.place, found: .plain(text.text), ["nearest": .plain(nearest)]))
    }

    func missing(_ key: String, of part: ConfigSection, example: String) -> Finding {
        Finding(.configKeyMissing, at: part.place, ["key": .plain(key), "section": .plain(part.name), "example": .plain(example)])
    }

    func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }

    /// The keys below `node`; an empty value counts as no keys.
    mutating func entries(_ node: ConfigNode, _ key: String) -> [(key: SourceText, value: ConfigNode)]? {
        switch node {
        case .map(let entries, _): return entries
        case .text(let text) where text.text.isEmpty: return []
        case .text, .list:
            findings.append(Finding(.configTypeMap, at: node.place, found: shown(node), ["key": .plain(key)]))
            return nil
        }
    }

    /// The keys below `node`, each a known one.
    mutating func section(_ node: ConfigNode, _ name: String, keys: [String]) -> ConfigSection? {
        guard let entries = entries(node, name) else { return nil }
        for (key, _) in entries where !keys.contains(key.text) {
            let nearest = Nearest.name(to: key.text, among: keys) ?? ""
            findings.append(
                Finding(
                    .configKeyUnknown, at: key.place, found: .plain(key.text),
                    ["nearest": .plain(nearest), "section": .plain(name), "known": .plain(keys.joined(separator: ", "))]))
        }
        return ConfigSection(name: name, place: node.place, entries: entries)
    }

    /// The keys below `node` where people choose them: names of folders and of ledger spaces.
    mutating func named(_ node: ConfigNode, _ key: String) -> [(SourceText, ConfigNode)] {
        guard let entries = entries(node, key) else { return [] }
        return entries.filter { name, _ in
            let allowed = name.text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F }
            if allowed && (1...40).contains(name.text.utf8.count) { return true }
            add(.configNameInvalid, name)
            return false
        }.map { ($0.key, $0.value) }
    }

    /// One value.
    mutating func scalar(_ node: ConfigNode, _ key: String) -> SourceText? {
        if case .text(let text) = node { return text }
        findings.append(Finding(.configTypeText, at: node.place, found: shown(node), ["key": .plain(key)]))
        return nil
    }

    /// A value that must be there and not empty.
    mutating func text(_ part: ConfigSection, _ key: String, example: String) -> SourceText? {
        guard let node = part[key] else {
            findings.append(missing(key, of: part, example: example))
            return nil
        }
        guard let text = scalar(node, key) else { return nil }
        guard !text.text.isEmpty else {
            var finding = missing(key, of: part, example: example)
            finding.place = text.place
            findings.append(finding)
            return nil
        }
        return text
    }

    mutating func word<T>(_ text: SourceText, _ words: [String: T]) -> T? {
        if let value = words[text.text] { return value }
        let known = words.keys.sorted()
        let nearest = Nearest.name(to: text.text, among: known) ?? ""
        let arguments: [String: Finding.Shown] = ["known": .plain(known.joined(separator: ", ")), "nearest": .plain(nearest)]
        findings.append(Finding(.configWordUnknown, at: text.place, found: .plain(text.text), arguments))
        return nil
    }

    mutating func quantity<T>(_ part: ConfigSection, _ key: String, _ code: FindingCode, _ parse: (String) -> T?) -> T? {
        guard let node = part[key], let text = scalar(node, key) else { return nil }
        if let value = parse(text.text) { return value }
        add(code, text)
        return nil
    }

    mutating func duration(_ part: ConfigSection, _ key: String) -> Int64? {
        quantity(part, key, .configDurationUnreadable, Quantity.milliseconds)
    }

    mutating func size(_ part: ConfigSection, _ key: String) -> Int? {
        quantity(part, key, .configSizeUnreadable) { Quantity.bytes($0).flatMap { $0 > 0 ? $0 : nil } }
    }

    /// - Parameter required: an example when the key must be there.
    mutating func count(_ part: ConfigSection, _ key: String, _ bounds: ClosedRange<Int>, required: String? = nil) -> Int? {
        guard let node = part[key] else {
            if let required { findings.append(missing(key, of: part, example: required)) }
            return nil
        }
        guard let text = scalar(node, key) else { return nil }
        if let count = Quantity.count(text.text), bounds.contains(count) { return count }
        let arguments: [String: Finding.Shown] = ["least": .plain("\(bounds.lowerBound)"), "most": .plain("\(bounds.upperBound)")]
        findings.append(Finding(.configCountUnreadable, at: text.place, found: .plain(text.text), arguments))
        return nil
    }

    /// `a, b` as two names, each with its place.
    func commaList(_ text: SourceText) -> [SourceText] {
        var found: [SourceText] = []
        var column = text.place.column ?? 1
        for piece in text.text.split(separator: ",", omittingEmptySubsequences: false) {
            let name = piece.drop { $0 == " " }
            var place = text.place
            place.column = column + (piece.count - name.count)
            let trimmed = String(name.reversed().drop { $0 == " " }.reversed())
            if !trimmed.isEmpty { found.append(SourceText(trimmed, at: place)) }
            column += piece.count + 1
        }
        return found
    }

    func shown(_ node: ConfigNode) -> Finding.Shown? {
        switch node {
        case .text(let text): text.text.isEmpty ? nil : .plain(text.text)
        case .list(let items, _): .plain("[\(items.count)]")
        case .map(let entries, _): .plain(entries.map(\.key.text).prefix(3).joined(separator: ", "))
        }
    }
}
