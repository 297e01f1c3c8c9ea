import GatewayCore

/// Where the lines of an order come from, when they are not the rows themselves: `lines from:` or `lines from each:`.
struct LineSource: Sendable {
    /// The column, or the family of numbered columns.
    var column: SourceText
    /// What stands between the pieces of one cell; nil: a cell is one piece.
    var separator: Separator?
    var form: Form
    var place: Place

    /// Text that divides, perhaps with a character that takes its meaning away.
    struct Separator: Sendable {
        var text: [UInt8]
        var escape: UInt8?
    }

    /// How a piece reads.
    enum Form: Sendable {
        /// One text: only `piece` has a value.
        case whole
        case pairs(Pairs)
        /// A JSON object, or an array of them in the cell.
        case json
    }

    /// `key:value|key:value`
    struct Pairs: Sendable {
        var between: Separator
        var colon: [UInt8]
        /// Keys that every piece has, in this order.
        var order: [[UInt8]] = []
    }

    /// Columns of a file that a name with `{n}` stands for.
    var isFamily: Bool { Headings.isFamily(column.text) }

    /// The name by which a line's field reads a piece: `piece` or `piece.KEY`; nil for others. An empty key is the piece itself.
    static func key(_ name: String) -> String? {
        if name == "piece" { return "" }
        return name.hasPrefix("piece.") ? String(name.dropFirst(6)) : nil
    }
}

extension LineParser {
    /// `COLUMN { | split TEXT [escape CHARACTER] | pairs TEXT TEXT [escape CHARACTER] [in order KEY …] | json }`
    mutating func lineSource(_ text: SourceText) -> LineSource? {
        let pieces = split(text, at: "|")
        let first = trim(pieces[0])
        let column = SourceText(unquoted(first.text) ?? first.text, at: first.place)
        var source = LineSource(column: column, separator: nil, form: .whole, place: text.place)
        var isSound = !column.text.isEmpty
        for piece in pieces.dropFirst() where isSound {
            var words = self.words(trim(piece))[...]
            switch words.popFirst()?.text.text {
            case "split":
                guard case .whole = source.form, source.separator == nil, let between = separator(&words) else {
                    isSound = false
                    break
                }
                source.separator = between
            case "pairs":
                guard case .whole = source.form, let pairs = pairs(&words) else {
                    isSound = false
                    break
                }
                source.form = .pairs(pairs)
            case "json":
                guard case .whole = source.form, source.separator == nil else {
                    isSound = false
                    break
                }
                source.form = .json
            case _: isSound = false
            }
            if !words.isEmpty { isSound = false }
        }
        if isSound { return source }
        report.say(
            .mappingLineSyntax, at: text.place, found: text.text,
            ["syntax": "COLUMN | split \";\" escape \\ | pairs \"|\" \":\" escape \\ in order KEY KEY, or COLUMN | json"])
        return nil
    }

    private func separator(_ words: inout ArraySlice<Argument>) -> LineSource.Separator? {
        guard let text = words.popFirst()?.text.text, !text.isEmpty else { return nil }
        guard let escape = escape(&words) else { return nil }
        return LineSource.Separator(text: Array(text.utf8), escape: escape.first)
    }

    /// The character after `escape`: none when the word is not there, nil when it is wrong.
    private func escape(_ words: inout ArraySlice<Argument>) -> [UInt8]? {
        guard let word = words.first, !word.isQuoted, word.text.text == "escape" else { return [] }
        words.removeFirst()
        guard let character = words.popFirst()?.text.text, character.utf8.count == 1 else { return nil }
        return Array(character.utf8)
    }

    private func pairs(_ words: inout ArraySlice<Argument>) -> LineSource.Pairs? {
        guard let between = words.popFirst()?.text.text, let colon = words.popFirst()?.text.text, !between.isEmpty, !colon.isEmpty,
            let escape = escape(&words)
        else { return nil }
        var pairs = LineSource.Pairs(
            between: LineSource.Separator(text: Array(between.utf8), escape: escape.first), colon: Array(colon.utf8))
        guard let word = words.first, !word.isQuoted, word.text.text == "in" else { return pairs }
        words.removeFirst()
        guard words.popFirst()?.text.text == "order", !words.isEmpty else { return nil }
        pairs.order = words.map { Array($0.text.text.utf8) }
        words.removeAll()
        return pairs
    }
}
