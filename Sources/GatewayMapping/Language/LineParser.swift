@_spi(HotPath) import GatewayCore

/// Reads mapping lines, template expressions and conditions.
///
/// Total: one pass, no recursion. Problems go to the report and give nil.
struct LineParser {
    /// Whether `"…"` as a source is a name (channel profiles) or a text (templates).
    enum Quotes {
        case name, text
    }
    let quotes: Quotes
    let tables: any TableSource
    var report: LintReport
    /// Tables that were used, for the mapping's hash.
    var usedTables: Set<String> = []

    init(quotes: Quotes, tables: any TableSource, report: LintReport) {
        self.quotes = quotes
        self.tables = tables
        self.report = report
    }

    // MARK: Expressions

    /// `source { ", else " source } { " | " step }`
    mutating func expression(_ text: SourceText) -> Expression? {
        let pieces = split(text, at: "|")
        guard let first = pieces.first else { return nil }
        var result = Expression(sources: [], place: text.place)
        var isSound = true
        for piece in split(first, at: ", else ") {
            if let source = source(piece) { result.sources.append(source) } else { isSound = false }
        }
        for piece in pieces.dropFirst() where !step(piece, &result) { isSound = false }
        return isSound ? result : nil
    }

    /// `if CONDITION: expression, else expression`, or an expression.
    mutating func choice(_ text: SourceText) -> Choice? {
        let trimmed = trim(text)
        guard trimmed.text.hasPrefix("if ") else { return expression(trimmed).map { Choice(condition: nil, then: $0, otherwise: nil) } }
        let head = split(dropFirst(3, of: trimmed), at: ": ")
        guard head.count >= 2 else {
            report.say(.mappingLineSyntax, at: trimmed.place, found: trimmed.text, ["syntax": "if CONDITION: VALUE, else VALUE"])
            return nil
        }
        let condition = condition(head[0])
        // What follows the first colon is one text again: a value may hold `: `.
        let rest = dropFirst(3 + head[0].text.unicodeScalars.count + 2, of: trimmed)
        let branches = split(rest, at: ", else ")
        guard branches.count <= 2 else {
            report.say(.mappingLineSyntax, at: rest.place, found: rest.text, ["syntax": "one else"])
            return nil
        }
        let then = expression(branches[0])
        let otherwise = branches.count == 2 ? expression(branches[1]) : nil
        guard let condition, let then, branches.count == 1 || otherwise != nil else { return nil }
        return Choice(condition: condition, then: then, otherwise: otherwise)
    }

    private mutating func source(_ text: SourceText) -> Source? {
        let piece = trim(text)
        if piece.text.isEmpty {
            report.say(.mappingLineSyntax, at: piece.place, ["syntax": "a source: a name, \"a quoted name\" or always \"a text\""])
            return nil
        }
        if piece.text.hasPrefix("always ") {
            let rest = trim(dropFirst(7, of: piece))
            return .text(Array((unquoted(rest.text) ?? rest.text).utf8))
        }
        if quotes == .text, piece.text.hasPrefix("secret ") { return .secret(trim(dropFirst(7, of: piece))) }
        if let inner = unquoted(piece.text) {
            return quotes == .name ? .name(SourceText(inner, at: piece.place)) : .text(Array(inner.utf8))
        }
        if quotes == .text, let first = piece.text.utf8.first, isDigit(first) || first == 0x2D { return .text(Array(piece.text.utf8)) }
        if piece.text.contains("\"") || piece.text.contains(",") {
            report.say(
                .mappingLineSyntax, at: piece.place, found: piece.text, ["syntax": "one name, quoted when it holds a comma or a quote"])
            return nil
        }
        return .name(piece)
    }

    private mutating func step(_ text: SourceText, _ expression: inout Expression) -> Bool {
        let piece = trim(text)
        if piece.text.hasPrefix("only when ") {
            guard let condition = condition(dropFirst(10, of: piece)) else { return false }
            expression.conditions.append(condition)
            return true
        }
        let words = words(piece)
        guard let first = words.first else {
            report.say(.mappingLineSyntax, at: piece.place, ["syntax": "a function after |"])
            return false
        }
        for length in stride(from: min(4, words.count), through: 1, by: -1) {
            guard !words.prefix(length).contains(where: \.isQuoted) else { continue }
            let name = words.prefix(length).map(\.text.text).joined(separator: " ")
            guard let function = FunctionCatalogue.named(name) else { continue }
            let step = Step(function: function, arguments: Array(words.dropFirst(length)), place: piece.place)
            return check(step, &expression)
        }
        report.say(
            .mappingFunctionUnknown, at: piece.place, found: first.text.text,
            [
                "nearest": proposal(
                    words.filter { !$0.isQuoted }.prefix(2).map(\.text.text).joined(separator: " "), among: FunctionCatalogue.names,
                    fallback: first.text.text)
            ])
        return false
    }

    /// Tries to compile the step, so that its arguments are checked where they stand.
    private mutating func check(_ step: Step, _ expression: inout Expression) -> Bool {
        var arguments = FunctionArguments(step: step, zone: .utc, tables: tables)
        do throws(Finding) {
            _ = try step.function.compile(&arguments)
            try arguments.end()
        } catch {
            report.findings.append(error)
            return false
        }
        usedTables.formUnion(arguments.usedTables)
        expression.steps.append(step)
        return true
    }

    private func proposal(_ name: String, among candidates: [String], fallback: String) -> String {
        let nearest = HeaderName.nearest(to: name, among: candidates) ?? HeaderName.nearest(to: fallback, among: candidates)
        return nearest.map { "\"\($0)\"" } ?? "one of docs/MAPPING.md"
    }

    // MARK: Conditions

    /// `TEST { " and " TEST }`
    mutating func condition(_ text: SourceText) -> Condition? {
        var tests: [Condition.Test] = []
        if trim(text).text == "always" { return Condition(tests: [], place: text.place) }
        for piece in split(text, at: " and ") {
            guard let test = test(trim(piece)) else { return nil }
            tests.append(test)
        }
        return Condition(tests: tests, place: text.place)
    }

    private mutating func test(_ text: SourceText) -> Condition.Test? {
        let parts = split(text, at: " is ")
        let name = trim(parts[0])
        let named = SourceText(unquoted(name.text) ?? name.text, at: name.place)
        if named.text.isEmpty || (unquoted(name.text) == nil && (name.text.contains("\"") || name.text.contains(","))) {
            report.say(.mappingConditionSyntax, at: text.place, found: text.text)
            return nil
        }
        if parts.count == 1, unquoted(name.text) == nil, TestWords.areIn(name.text) {
            report.say(.mappingConditionSyntax, at: text.place, found: text.text)
            return nil
        }
        guard parts.count > 1 else { return Condition.Test(name: named, kind: .present, isNegated: false) }
        var rest = trim(dropFirst(parts[0].text.unicodeScalars.count + 4, of: text))
        if rest.text == "present" { return Condition.Test(name: named, kind: .present, isNegated: false) }
        if rest.text == "absent" { return Condition.Test(name: named, kind: .present, isNegated: true) }
        var isNegated = false
        if rest.text.hasPrefix("not ") {
            isNegated = true
            rest = trim(dropFirst(4, of: rest))
        }
        guard let kind = kind(rest, in: text) else { return nil }
        return Condition.Test(name: named, kind: kind, isNegated: isNegated)
    }

    private mutating func kind(_ rest: SourceText, in text: SourceText) -> Condition.Kind? {
        func number(_ prefix: String) -> String? {
            guard rest.text.hasPrefix(prefix) else { return nil }
            let digits = String(rest.text.dropFirst(prefix.count))
            return DecimalText(Array(digits.utf8)) == nil ? nil : digits
        }
        if rest.text.hasPrefix("in table ") {
            let name = trim(dropFirst(9, of: rest))
            guard let table = tables.table(name.text) else {
                report.say(
                    .mappingTableUnknown, at: name.place, found: name.text,
                    ["nearest": GatewayMapping.proposal(name.text, among: tables.tableNames)])
                return nil
            }
            usedTables.insert(name.text)
            return .inTable(table)
        }
        if rest.text.hasPrefix("same as ") {
            let other = trim(dropFirst(8, of: rest))
            return .same(SourceText(unquoted(other.text) ?? other.text, at: other.place))
        }
        if let digits = number("more than ") { return .more(digits) }
        if let digits = number("less than ") { return .less(digits) }
        if let digits = number("longer than "), let count = Int(digits) { return .longer(count) }
        let values = split(rest, at: ",").map { trim($0) }
        guard values.allSatisfy({ !$0.text.isEmpty }), !rest.text.hasPrefix("more than "), !rest.text.hasPrefix("less than "),
            !rest.text.hasPrefix("longer than "), !values.contains(where: { TestWords.areValue($0.text) })
        else {
            report.say(.mappingConditionSyntax, at: text.place, found: text.text)
            return nil
        }
        return .any(values.map { HeaderName.fold(unquoted($0.text) ?? $0.text) })
    }

    // MARK: Text

    /// Splits outside of quotes.
    func split(_ text: SourceText, at separator: String) -> [SourceText] {
        let scalars = Array(text.text.unicodeScalars)
        let wanted = Array(separator.unicodeScalars)
        var pieces: [SourceText] = []
        var isQuoted = false
        var start = 0
        var n = 0
        func piece(_ range: Range<Int>) -> SourceText {
            var inner = String.UnicodeScalarView()
            inner.append(contentsOf: scalars[range])
            return SourceText(String(inner), at: text.place.advanced(range.lowerBound))
        }
        while n < scalars.count {
            if scalars[n] == "\"" { isQuoted.toggle() }
            if !isQuoted, n + wanted.count <= scalars.count, scalars[n..<n + wanted.count].elementsEqual(wanted) {
                pieces.append(piece(start..<n))
                n += wanted.count
                start = n
            } else {
                n += 1
            }
        }
        return pieces + [piece(start..<scalars.count)]
    }

    /// Words of a step; quoted ones without their quotes.
    func words(_ text: SourceText) -> [Argument] {
        split(text, at: " ").filter { !$0.text.isEmpty }.map { word in
            let inner = unquoted(word.text)
            return Argument(text: SourceText(inner ?? word.text, at: word.place), isQuoted: inner != nil)
        }
    }

    /// The text between quotes that hold all of it; two quotes inside stand for one. Nil when it is not quoted.
    func unquoted(_ text: String) -> String? {
        guard text.utf8.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return nil }
        let inner = Array(text.utf8.dropFirst().dropLast())
        var out: [UInt8] = []
        var n = 0
        while n < inner.count {
            if inner[n] == 0x22 {
                guard n + 1 < inner.count, inner[n + 1] == 0x22 else { return nil }
                n += 1
            }
            out.append(inner[n])
            n += 1
        }
        return String(decoding: out, as: UTF8.self)
    }

    func trim(_ text: SourceText) -> SourceText {
        let scalars = Array(text.text.unicodeScalars)
        let leading = scalars.prefix { $0.value <= 0x20 }.count
        let trailing = scalars.dropFirst(leading).reversed().prefix { $0.value <= 0x20 }.count
        var inner = String.UnicodeScalarView()
        inner.append(contentsOf: scalars[leading..<scalars.count - trailing])
        return SourceText(String(inner), at: text.place.advanced(leading))
    }

    private func dropFirst(_ count: Int, of text: SourceText) -> SourceText {
        var inner = String.UnicodeScalarView()
        inner.append(contentsOf: text.text.unicodeScalars.dropFirst(count))
        return SourceText(String(inner), at: text.place.advanced(count))
    }
}
