import GatewayCore
import GatewayFormats

/// A channel profile that is drafted from a file: columns guessed by their headings and cells, each guess with how sure it is.
///
/// Nothing ships by a draft: every state that the file shows stands under `hold when` until somebody decides.
struct ChannelDraft {
    /// How a column was found.
    enum Confidence: String {
        case sure = "sure: the heading is a known word"
        case likely = "likely: the heading holds a known word"
        case content = "by its cells only: look at it"
    }

    private struct Guess {
        var column: Int
        var confidence: Confidence
    }

    private let name: String
    private let file: String
    private let format: String
    private let records: String?
    private let headings: [String]
    /// The first rows, each as wide as the headings.
    private let rows: [[String]]
    private var guesses: [String: Guess] = [:]

    private static let required = [
        "reference", "consignee.name", "consignee.address1", "consignee.city", "consignee.country", "line.quantity",
    ]

    /// - Parameters:
    ///   - records: of a tree the path to its orders.
    ///   - words: field and the words that exports use for it.
    init(
        name: String, file: String, format: String, records: String? = nil, headings: [String], rows: [[String]],
        words: [(field: String, words: [String])]
    ) {
        self.name = name
        self.file = file
        self.format = format
        self.records = records
        self.headings = headings
        self.rows = rows
        guess(words)
    }

    // MARK: Guessing

    private mutating func guess(_ words: [(field: String, words: [String])]) {
        let folded = headings.map { HeaderName.fold($0).map { $0 == "_" || $0 == "-" || $0 == "." ? " " : $0 }.map(String.init).joined() }
        var taken = Set(headings.indices.filter { !isUsable(headings[$0]) })
        func plain(_ word: String) -> String { HeaderName.fold(word).map { $0 == "-" ? " " : String($0) }.joined() }
        let known = words.map { entry in (field: entry.field, words: entry.words.map(plain)) }
        for (field, words) in known {
            for word in words where guesses[field] == nil {
                guard let column = folded.indices.first(where: { !taken.contains($0) && folded[$0] == word }) else { continue }
                guesses[field] = Guess(column: column, confidence: .sure)
                taken.insert(column)
            }
        }
        for (field, words) in known where guesses[field] == nil {
            let padded = folded.map { " \($0) " }
            var found: Int?
            for word in words where found == nil && word.count > 2 {
                found = padded.indices.first { column in
                    !taken.contains(column) && padded[column].contains(" \(word) ") && !cells(column).isEmpty
                        && !Self.elsewhere.contains { padded[column].contains($0) }
                }
            }
            guard let column = found else { continue }
            guesses[field] = Guess(column: column, confidence: .likely)
            taken.insert(column)
        }
        for (field, test) in Self.tests where guesses[field] == nil {
            guard
                let column = headings.indices.first(where: { column in
                    let cells = self.cells(column)
                    return !taken.contains(column) && !cells.isEmpty && cells.allSatisfy(test)
                })
            else { continue }
            guesses[field] = Guess(column: column, confidence: .content)
            taken.insert(column)
        }
        // Something must tell the orders apart: the first column that can be named.
        if guesses["reference"] == nil, let column = headings.indices.first(where: { isUsable(headings[$0]) && !cells($0).isEmpty }) {
            guesses = guesses.filter { $1.column != column }
            guesses["reference"] = Guess(column: column, confidence: .content)
        }
    }

    /// Words of columns that hold somebody else's name and address.
    private static let elsewhere = [" billing ", " invoice ", " fatura ", " bill "]

    /// What cells of a field look like.
    private static let tests: [(String, @Sendable (String) -> Bool)] = [
        ("consignee.email", { $0.contains("@") && $0.contains(".") && !$0.contains(" ") }),
        (
            "consignee.phone",
            { text in
                let digits = text.utf8.count { (0x30...0x39).contains($0) }
                return (10...13).contains(digits) && (text.hasPrefix("+") || text.hasPrefix("05") || text.hasPrefix("00"))
            }
        ),
        ("created", { text in DateLook(text) != nil }),
        ("currency", { ["TRY", "USD", "EUR", "GBP"].contains($0) }),
        ("consignee.country", { $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x41...0x5A).contains($0) } }),
    ]

    /// A heading that the mapping language can name.
    private func isUsable(_ heading: String) -> Bool {
        !heading.isEmpty && !heading.contains("\"") && headings.count { HeaderName.fold($0) == HeaderName.fold(heading) } == 1
    }

    private func cells(_ column: Int) -> [String] { rows.compactMap { column < $0.count && !$0[column].isEmpty ? $0[column] : nil } }

    /// How a file writes its dates.
    private enum DateLook: String {
        case iso = ""
        case points = "dd.MM.yyyy"
        case slashes = "dd/MM/yyyy"

        init?(_ text: String) {
            let shape = text.prefix(10).map { $0.isNumber ? "9" : String($0) }.joined()
            switch shape {
            case "9999-99-99": self = .iso
            case "99.99.9999": self = .points
            case "99/99/9999": self = .slashes
            case _: return nil
            }
        }
    }

    // MARK: Writing

    /// The profile's text.
    func text() -> String {
        let reference = guesses["reference"].map { headings[$0.column] } ?? headings.first ?? ""
        var out = """
            # Draft of a channel profile, made from \(comment(file)) by `dropgate new channel`. Each guess says how sure it is.
            # Look at every line, decide which orders ship, then: dropgate check, dropgate preview FILE. Manual: docs/MAPPING.md, "Your own export".
            channel: \(name)
            source: \(yaml("drafted from " + file))
            format: \(format)\(records.map { "\nrecords at: \(yaml($0))" } ?? "")
            recognised by: \(yaml(recognised(reference).map(quoted).joined(separator: ", ")))
            one order per: \(yaml(quoted(reference)))

            """
        out += rules(reference)
        out += "\nfields:\n" + fields(guesses.keys.filter { $0 != "status" && !$0.hasPrefix("line.") }, drop: "")
        let lines = guesses.keys.filter { $0.hasPrefix("line.") }
        if !lines.isEmpty { out += "\nlines:\n" + fields(lines, drop: "line.") }
        let missing = Self.required.filter { guesses[$0] == nil }
        if !missing.isEmpty {
            out += "\n# A carrier needs these, and no column looks like them: \(missing.joined(separator: ", ")).\n"
            out += "# Write such as   consignee.country: always \"TR\"   when it is the same for every order.\n"
        }
        let used = Set(guesses.values.map(\.column))
        let rest = headings.indices.filter { !used.contains($0) && !headings[$0].isEmpty }
        if !rest.isEmpty { out += "\n# Columns that nothing reads: \(rest.map { comment(headings[$0]) }.joined(separator: " · ")).\n" }
        return out
    }

    /// Headings that tell this file from others: those that are sure, four of them at most.
    private func recognised(_ reference: String) -> [String] {
        var names = [reference]
        for field in ["consignee.name", "consignee.address1", "line.quantity", "status", "line.sku"] where names.count < 4 {
            if let guess = guesses[field], guess.confidence != .content { names.append(headings[guess.column]) }
        }
        return names
    }

    private func rules(_ reference: String) -> String {
        guard let status = guesses["status"] else {
            return """

                # No column looks like a state. Nothing ships until you take this list away or write conditions of your own.
                hold when:
                  - \(yaml(quoted(reference) + " is present -> nobody has decided yet which orders of this file ship"))
                ship when:
                  - always

                """
        }
        let column = quoted(headings[status.column])
        var states: [String] = []
        for state in cells(status.column) where !states.contains(state) && !state.contains("\"") && states.count < 40 {
            states.append(state)
        }
        let held = states.map { "  - " + yaml("\(column) is \"\($0)\" -> nobody has decided yet what this state means") }
        return """

            # \(status.confidence.rawValue)
            # The states that the file shows. Move each line to `ship when` (without the reason) or `skip when`; an unknown one is always held.
            hold when:
            \(held.isEmpty ? "  - " + yaml("\(column) is absent -> no state") : held.joined(separator: "\n"))
            ship when:
              - \(yaml("\(column) is \"write a state that ships\""))

            """
    }

    private func fields(_ names: some Sequence<String>, drop prefix: String) -> String {
        let order = OrderField.all.map(\.name)
        let sorted = names.sorted { (order.firstIndex(of: $0) ?? 0) < (order.firstIndex(of: $1) ?? 0) }
        return sorted.map { field in
            guard let guess = guesses[field] else { return "" }
            let line = quoted(headings[guess.column]) + steps(field, guess.column)
            return "  \(field.dropFirst(prefix.count)): \(yaml(line))  # \(guess.confidence.rawValue)\n"
        }.joined()
    }

    private func steps(_ field: String, _ column: Int) -> String {
        switch field {
        case "consignee.name", "reference": return " | required"
        case "consignee.country": return " | country"
        // Without a country a number's country is not known.
        case "consignee.phone": return guesses["consignee.country"] == nil ? " | drop text mark" : " | drop text mark | phone"
        case "consignee.postcode": return " | drop text mark"
        case "currency": return " | currency"
        case "line.quantity": return " | whole number | required"
        case "created":
            let cells = cells(column)
            guard let look = cells.first.flatMap({ DateLook($0) }), look != .iso else { return " | instant" }
            let time = cells.first.map { $0.count > 16 ? " HH:mm:ss" : $0.count > 10 ? " HH:mm" : "" } ?? ""
            return " | instant \"\(look.rawValue)\(time)\""
        case _: return ""
        }
    }

    /// A heading as the mapping language writes it.
    private func quoted(_ heading: String) -> String { "\"\(heading)\"" }

    /// A text as a YAML value; always in single quotes, so that nothing of it is YAML.
    private func yaml(_ text: String) -> String {
        "'" + comment(text).split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    /// One line, without control characters.
    private func comment(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }
}
