import GatewayCore

/// Parses a template in the shape of the partner's own JSON.
///
/// Values are strings that hold expressions: `"{consignee.name}"`. Inside an object of an array `"dg:each": "parcel"`
/// makes that object repeat; `"dg:if": "condition"` leaves an object, with its key, out. A string that is one expression
/// whose last step is `as number`, `as boolean` or `or null` loses its quotes.
package enum JSONTemplateParser {
    /// - Parameter file: shown name, for findings.
    /// - Throws: the first finding `read.template.…`, with its line and column.
    package static func parse(_ bytes: [UInt8], file: String) throws(Finding) -> Template {
        let text = try TemplateText(bytes, file: file)
        var parser = JSONTreeParser(text)
        let tree = try parser.parse()
        var run = JSONTemplateRun(text)
        let nodes = try run.build(tree)
        return Template(file: file, nodes: nodes, fileExtension: "json")
    }
}

/// Turns the tree to nodes.
struct JSONTemplateRun {
    private let text: TemplateText
    private var nodes: [TemplateNode] = []
    private var pending: [UInt8] = []

    init(_ text: TemplateText) { self.text = text }

    mutating func build(_ tree: JSONTree) throws(Finding) -> [TemplateNode] {
        if case .object(let members, _, _) = tree, let marks = try marks(members) {
            let body = try within { (run) throws(Finding) in try run.write(tree, path: "") }
            nodes += wrapped(body, marks)
        } else {
            try write(tree, path: "")
        }
        write("\n")
        flush()
        return nodes
    }

    // MARK: Output

    private mutating func write(_ constant: String) { pending += Array(constant.utf8) }
    private mutating func write(_ range: Range<Int>) { pending += text.bytes[range] }
    private mutating func flush() {
        if !pending.isEmpty { nodes.append(.constant(pending)) }
        pending = []
    }
    private mutating func separator() {
        flush()
        nodes.append(.separator)
    }

    /// The nodes that `body` writes, apart from those before.
    private mutating func within(_ body: (inout JSONTemplateRun) throws(Finding) -> Void) throws(Finding) -> [TemplateNode] {
        flush()
        var inner = JSONTemplateRun(text)
        try body(&inner)
        inner.flush()
        return inner.nodes
    }

    // MARK: Marks

    private struct Marks {
        var each: (subject: TemplateSubject, place: Place)?
        var condition: SourceText?
    }

    /// What an object's `dg:` members say; nil when it has none.
    private func marks(_ members: [JSONTree.Member]) throws(Finding) -> Marks? {
        var marks = Marks()
        var isMarked = false
        for member in members where member.key.hasPrefix("dg:") {
            isMarked = true
            guard case .string(let range) = member.value else {
                throw word(member.key, "a string as the value of \(member.key)", member.keyAt)
            }
            let value = source(range)
            switch member.key {
            case "dg:each":
                guard let subject = TemplateSubject(rawValue: value.text) else {
                    throw word(value.text, "consignment, parcel or line", range.lowerBound)
                }
                marks.each = (subject, text.place(member.keyAt))
            case "dg:if": marks.condition = value
            default: throw word(member.key, "dg:each or dg:if", member.keyAt)
            }
        }
        return isMarked ? marks : nil
    }

    private func wrapped(_ body: [TemplateNode], _ marks: Marks) -> [TemplateNode] {
        var body = body
        if let condition = marks.condition { body = [.when(condition: condition, body: body)] }
        if let each = marks.each { body = [.each(each.subject, body: body, place: each.place)] }
        return body
    }

    private func word(_ found: String, _ expected: String, _ offset: Int) -> Finding {
        Finding(.templateWord, at: text.place(offset), found: .plain(found), ["expected": .plain(expected)])
    }

    // MARK: Values

    private mutating func write(_ tree: JSONTree, path: String) throws(Finding) {
        switch tree {
        case .literal(let range): write(range)
        case .string(let range): try writeString(range, path: path)
        case .array(let elements, let closing):
            write("[")
            for element in elements {
                try writeEntry(element.value) { (run) throws(Finding) in
                    run.write(element.blanks)
                    try run.write(element.value, path: path)
                }
            }
            write(closing)
            write("]")
        case .object(let members, let closing, _):
            write("{")
            for member in members where !member.key.hasPrefix("dg:") {
                if case .object(let inner, _, _) = member.value, let each = try marks(inner)?.each {
                    throw Finding(
                        .templateWord, at: each.place, found: .plain("dg:each"),
                        ["expected": .plain("dg:each inside an object of an array")])
                }
                try writeEntry(member.value) { (run) throws(Finding) in
                    run.write(member.blanks)
                    run.write(member.head)
                    try run.write(member.value, path: path.isEmpty ? member.key : path + "/" + member.key)
                }
            }
            write(closing)
            write("}")
        }
    }

    /// An element or member with the comma before it; repeated or left out as its object says.
    private mutating func writeEntry(_ value: JSONTree, _ body: (inout JSONTemplateRun) throws(Finding) -> Void) throws(Finding) {
        var found: Marks?
        if case .object(let members, _, _) = value { found = try marks(members) }
        guard let found else {
            separator()
            try body(&self)
            return
        }
        let inner = try within { (run) throws(Finding) in
            run.separator()
            try body(&run)
        }
        nodes += wrapped(inner, found)
    }

    private mutating func writeString(_ range: Range<Int>, path: String) throws(Finding) {
        let pieces = try text.pieces(range, quotes: [Array("\\\"".utf8)])
        if pieces.count == 1, case .expression(let inner) = pieces[0] {
            let expression = source(inner)
            let isBare = Self.isBare(expression.text)
            if !isBare { write("\"") }
            flush()
            nodes.append(.value(TemplateValue(expression: expression, escape: isBare ? .none : .jsonString, path: path)))
            if !isBare { write("\"") }
            return
        }
        write("\"")
        for piece in pieces {
            switch piece {
            case .constant(let bytes): pending += bytes
            case .expression(let inner):
                flush()
                nodes.append(.value(TemplateValue(expression: source(inner), escape: .jsonString, path: path)))
            }
        }
        write("\"")
    }

    private func source(_ range: Range<Int>) -> SourceText {
        let raw = text.text(range)
        let blanks = raw.utf8.prefix { $0 == 0x20 }.count
        return SourceText(trimmed(JSONText.decoded(raw)), at: text.place(range.lowerBound + blanks))
    }

    /// Whether the last step gives JSON's own syntax. A `|` inside quotes is no step.
    private static func isBare(_ expression: String) -> Bool {
        var isQuoted = false
        var last = ""
        var hasStep = false
        for character in expression {
            if character == "\"" { isQuoted.toggle() }
            if character == "|", !isQuoted {
                hasStep = true
                last = ""
            } else {
                last.append(character)
            }
        }
        let words = last.split(separator: " ")
        return hasStep && ["as number", "as boolean", "or null"].contains(words.prefix(2).joined(separator: " "))
    }
}
