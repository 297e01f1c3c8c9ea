extension Finding {
    /// The finding in words: place, found, expected, remedy, code; two lines for a terminal.
    ///
    ///     orders.csv:17: column 9 "Weight (kg)": found "1,5", expected a decimal number such as 1.25.
    ///     Put decimal comma before mass, line 42 of mappings/channels/shop.yaml. [mapping.mass.unreadable]
    package func sentence(in language: Language = .english) -> String {
        let head = placeText(in: language)
        return (head.isEmpty ? "" : head + ": ") + problem(in: language) + "\n" + remedy(in: language) + " [\(code.id)]"
    }

    /// For logs: personal values as a keyed digest, so that the same one can be recognised and none can be read.
    package func masked(by key: DigestKey) -> Finding {
        func mask(_ shown: Shown) -> Shown {
            guard case .personal(let text) = shown else { return shown }
            let digits = String(key.digest(text), radix: 16)
            return .plain("•" + String(repeating: "0", count: 16 - digits.count) + digits)
        }
        var finding = self
        finding.found = found.map(mask)
        finding.arguments = arguments.mapValues(mask)
        return finding
    }

    /// What is wrong, without the place: `found "1,5", expected a decimal number such as 1.25.`
    package func problem(in language: Language = .english) -> String {
        let shown = found.map { "\"\(Finding.visible($0.text))\"" }
        switch language {
        case .english: return "found \(shown ?? "nothing"), expected \(fill(code.english.expected, .english))."
        case .turkish:
            let expected = fill(code.turkish.expected, .turkish)
            return shown.map { "\($0) bulundu, beklenen: \(expected)." } ?? "Boş, beklenen: \(expected)."
        }
    }

    /// What to do.
    package func remedy(in language: Language = .english) -> String {
        switch language {
        case .english: fill(code.english.remedy, .english)
        case .turkish: fill(code.turkish.remedy, .turkish)
        }
    }

    /// `orders.csv:17: column 9 "Weight (kg)"` for a dropped file, `dropgate.yaml:3:9` for an edited one.
    package func placeText(in language: Language = .english) -> String {
        var parts: [String] = []
        if place.isRecord, let sheet = place.part {
            if let file = place.file { parts.append(file) }
            parts.append((language == .turkish ? "sayfa" : "sheet") + " \"\(Finding.visible(sheet))\"")
            let cell = [place.cell, place.name.map { "\"\(Finding.visible($0))\"" }].compactMap { $0 }.joined(separator: " ")
            if !cell.isEmpty { parts.append(cell) }
        } else if let edi = place.edi {
            if let file = place.file { parts.append(file) }
            let words = edi.words(in: language)
            if !words.isEmpty { parts.append(words) }
        } else if place.isRecord {
            let row = place.line.map { place.file == nil ? (language == .turkish ? "satır \($0)" : "row \($0)") : ":\($0)" } ?? ""
            let head = (place.file ?? "") + row
            if !head.isEmpty { parts.append(head) }
            let word = language == .turkish ? "sütun" : "column"
            switch (place.column, place.name) {
            case (let column?, let name?): parts.append("\(word) \(column) \"\(Finding.visible(name))\"")
            case (let column?, nil): parts.append("\(word) \(column)")
            case (nil, let name?): parts.append("\"\(Finding.visible(name))\"")
            case (nil, nil): break
            }
        } else {
            let head = [place.file, place.line.map(String.init), place.column.map(String.init)].compactMap { $0 }
            if !head.isEmpty { parts.append(head.joined(separator: ":")) }
            if let name = place.name { parts.append(name) }
        }
        return parts.joined(separator: ": ")
    }

    private func fill(_ template: String, _ language: Language) -> String {
        guard template.contains("{") else { return template }
        var out = ""
        var rest = Substring(template)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            out += rest[..<open]
            let name = String(rest[rest.index(after: open)..<close])
            let own = name == "found" ? found?.text ?? "" : name == "cell" ? place.cell ?? "" : "{\(name)}"
            let value = arguments[name]?.text ?? own
            out += Finding.visible(language == .turkish ? Finding.turkish(value, of: name) : value)
            rest = rest[rest.index(after: close)...]
        }
        return out + rest
    }

    /// The few arguments that are words and not values: where a mapping stands, and that there is no name to propose.
    private static func turkish(_ value: String, of argument: String) -> String {
        switch (argument, value) {
        case ("nearest", "none"), ("known", "none"): return "yok"
        case ("nearest", "one of docs/MAPPING.md"): return "docs/MAPPING.md içindeki bir ad"
        case ("mapping", "the mapping"): return "eşleme"
        case ("mapping", _) where value.hasPrefix("line "):
            // "line 42 of FILE"
            let rest = value.dropFirst("line ".count)
            let number = rest.prefix { ("0"..."9").contains($0) }
            guard !number.isEmpty else { return value }
            let file = rest.dropFirst(number.count)
            if file.isEmpty { return "satır \(number)" }
            return file.hasPrefix(" of ") ? "\(file.dropFirst(" of ".count)), satır \(number)" : value
        case (_, _): return value
        }
    }

    /// Text with control and bidirectional characters made visible, cut at 120 characters: safe on a terminal and in a log.
    package static func visible(_ text: String) -> String {
        var out = ""
        for (n, scalar) in text.unicodeScalars.enumerated() {
            if n == 120 { return out + "…" }
            switch scalar.value {
            case 0x0A: out += "\\n"
            case 0x0D: out += "\\r"
            case 0x09: out += "\\t"
            case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF:
                out += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}

extension EDIPlace {
    /// `interchange 000000055, set 0001, segment 12 SE02, byte 512`.
    func words(in language: Language) -> String {
        let isTurkish = language == .turkish
        var parts: [String] = []
        func add(_ english: String, _ turkish: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            parts.append((isTurkish ? turkish : english) + " " + Finding.visible(value))
        }
        add("interchange", "değişim", interchange)
        add("group", "grup", group)
        add("set", "set", set)
        let number = element.map { $0 < 10 ? "0\($0)" : "\($0)" } ?? ""
        let part = component.map { "-\($0)" } ?? ""
        add("segment", "segment", segment.map { [String($0), (tag ?? "") + number + part].filter { !$0.isEmpty }.joined(separator: " ") })
        add("byte", "bayt", byte.map(String.init))
        return parts.joined(separator: ", ")
    }
}
