import GatewayCore

/// Parses a template in the shape of the partner's own XML.
///
/// libxml2 says whether it is well-formed; the bytes are then taken as they stand, so that what goes out reads like the
/// sample it was made from. Comments and the template's namespace are dropped; the blanks before an element belong to it,
/// so that an element that is left out leaves no blank line.
package enum XMLTemplateParser {
    /// Namespace of the attributes `each` and `if`.
    package static let namespace = "urn:dropgate:template"

    /// - Parameter file: shown name, for findings.
    /// - Throws: the first finding `read.template.…`, with its line and column.
    package static func parse(_ bytes: [UInt8], file: String) throws(Finding) -> Template {
        let text = try TemplateText(bytes, file: file)
        try XMLSyntax.check(text)
        var run = XMLTemplateRun(text)
        return Template(file: file, nodes: try run.parse(), fileExtension: "xml")
    }
}

/// One pass over well-formed bytes.
struct XMLTemplateRun {
    private let text: TemplateText
    private var bytes: [UInt8] { text.bytes }
    private var at = 0
    private var open: [OpenElement] = []
    private var frames: [Frame] = [Frame()]

    private struct OpenElement {
        var path: String
        var prefixes: Set<String>
        /// It has a frame of its own, since it repeats or may be left out.
        var hasFrame: Bool
    }
    private struct Frame {
        var nodes: [TemplateNode] = []
        var pending: [UInt8] = []
        var each: (subject: TemplateSubject, place: Place)?
        var condition: SourceText?

        mutating func flush() {
            if !pending.isEmpty { nodes.append(.constant(pending)) }
            pending = []
        }
    }

    init(_ text: TemplateText) { self.text = text }

    mutating func parse() throws(Finding) -> [TemplateNode] {
        write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        while at < bytes.count {
            if bytes[at] != 0x3C {
                try characters()
            } else if starts("<!--") {
                if !open.isEmpty { dropBlanksBefore() }
                at = end(after: "-->")
            } else if starts("<![CDATA[") {
                try cdata()
            } else if starts("<?") {
                let stop = end(after: "?>")
                if !(starts("<?xml ") && open.isEmpty) {
                    write(bytes[at..<stop])
                    if open.isEmpty { write("\n") }
                }
                at = stop
            } else if starts("</") {
                closeTag()
            } else {
                try openTag()
            }
        }
        write("\n")
        frames[0].flush()
        return frames[0].nodes
    }

    // MARK: Output

    private mutating func write(_ constant: some Collection<UInt8>) { frames[frames.count - 1].pending += constant }
    private mutating func write(_ constant: String) { write(constant.utf8) }

    private mutating func write(_ pieces: [TemplatePiece], escape: Escape, path: String, decodes: Bool, rewrite: (UInt8) -> [UInt8]?) {
        for piece in pieces {
            switch piece {
            case .constant(let constant):
                for byte in constant { if let other = rewrite(byte) { write(other) } else { write([byte]) } }
            case .expression(let range):
                frames[frames.count - 1].flush()
                frames[frames.count - 1].nodes.append(
                    .value(TemplateValue(expression: source(range, decodes: decodes), escape: escape, path: path)))
            }
        }
    }

    /// Text of a range without outer blanks, at its first character's place.
    private func source(_ range: Range<Int>, decodes: Bool) -> SourceText {
        let raw = text.text(range)
        let blanks = raw.utf8.prefix { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }.count
        let value = trimmed(decodes ? XMLSyntax.decoded(raw) : raw)
        return SourceText(value, at: text.place(range.lowerBound + blanks))
    }

    private mutating func dropBlanksBefore() { _ = takeBlanksBefore() }

    private mutating func takeBlanksBefore() -> [UInt8] {
        let pending = frames[frames.count - 1].pending
        let count = pending.reversed().prefix { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }.count
        frames[frames.count - 1].pending.removeLast(count)
        return Array(pending.suffix(count))
    }

    // MARK: Input

    private func starts(_ mark: String) -> Bool { bytes[at...].starts(with: mark.utf8) }

    /// The offset after the next `mark`. It is there, since the text is well-formed.
    private func end(after mark: String) -> Int {
        let mark = Array(mark.utf8)
        var here = at
        while here < bytes.count, !bytes[here...].starts(with: mark) { here += 1 }
        return min(here + mark.count, bytes.count)
    }

    private mutating func characters() throws(Finding) {
        let stop = bytes[at...].firstIndex(of: 0x3C) ?? bytes.count
        defer { at = stop }
        // Outside the root element there are only blanks.
        guard let path = open.last?.path else { return }
        let pieces = try text.pieces(at..<stop, quotes: XMLSyntax.quotes)
        write(pieces, escape: .xmlText, path: path, decodes: true) { _ in nil }
    }

    private mutating func cdata() throws(Finding) {
        let stop = end(after: "]]>")
        let inner = at + 9..<stop - 3
        let pieces = try text.pieces(inner, quotes: [[0x22]])
        let hasValue = pieces.contains { if case .expression = $0 { true } else { false } }
        if hasValue {
            write(pieces, escape: .xmlText, path: open.last?.path ?? "", decodes: false, rewrite: XMLSyntax.escapedText)
        } else {
            write("<![CDATA[")
            write(pieces, escape: .xmlText, path: "", decodes: false) { _ in nil }
            write("]]>")
        }
        at = stop
    }

    private mutating func closeTag() {
        let stop = end(after: ">")
        write(bytes[at..<stop])
        at = stop
        finishElement()
    }

    private mutating func finishElement() {
        guard let element = open.popLast(), element.hasFrame, var frame = frames.popLast() else { return }
        frame.flush()
        var body = frame.nodes
        if let condition = frame.condition { body = [.when(condition: condition, body: body)] }
        if let each = frame.each { body = [.each(each.subject, body: body, place: each.place)] }
        frames[frames.count - 1].flush()
        frames[frames.count - 1].nodes += body
    }

    private mutating func openTag() throws(Finding) {
        let tag = try XMLTag(text, at: at)
        var prefixes = open.last?.prefixes ?? []
        for attribute in tag.attributes where attribute.name.hasPrefix("xmlns:") {
            let prefix = String(attribute.name.dropFirst(6))
            if text.text(attribute.value) == XMLTemplateParser.namespace { prefixes.insert(prefix) } else { prefixes.remove(prefix) }
        }
        func isOurs(_ name: String) -> Bool { name.contains(":") && prefixes.contains(String(name.prefix { $0 != ":" })) }
        guard !isOurs(tag.name) else { throw word(tag.name, "an element of the partner's own; only attributes belong to the template", at) }
        let path = (open.last.map { $0.path + "/" } ?? "") + local(tag.name)
        var frame = Frame()
        for attribute in tag.attributes where isOurs(attribute.name) {
            let value = source(attribute.value, decodes: true)
            switch local(attribute.name) {
            case "each":
                guard let subject = TemplateSubject(rawValue: value.text) else {
                    throw word(value.text, "consignment, parcel or line", attribute.value.lowerBound)
                }
                frame.each = (subject, text.place(attribute.nameStart))
            case "if": frame.condition = value
            case let other: throw word(other, "each or if", attribute.nameStart)
            }
        }
        let hasFrame = frame.each != nil || frame.condition != nil
        if hasFrame {
            if !open.isEmpty { frame.pending = takeBlanksBefore() }
            frames.append(frame)
        }
        open.append(OpenElement(path: path, prefixes: prefixes, hasFrame: hasFrame))
        write("<" + tag.name)
        for attribute in tag.attributes where !isOurs(attribute.name) {
            if attribute.name.hasPrefix("xmlns:"), text.text(attribute.value) == XMLTemplateParser.namespace { continue }
            try write(attribute, path: path)
        }
        write(bytes[tag.tail])
        at = tag.tail.upperBound
        if tag.isEmpty { finishElement() }
    }

    private mutating func write(_ attribute: XMLTag.Attribute, path: String) throws(Finding) {
        let isNamespace = attribute.name == "xmlns" || attribute.name.hasPrefix("xmlns:")
        let pieces = isNamespace ? [.constant(Array(bytes[attribute.value]))] : try text.pieces(attribute.value, quotes: XMLSyntax.quotes)
        write(bytes[attribute.blanks])
        write(attribute.name + "=\"")
        write(pieces, escape: .xmlAttribute, path: path + "/@" + local(attribute.name), decodes: true) { byte in
            byte == 0x22 ? Array("&quot;".utf8) : nil
        }
        write("\"")
    }

    private func local(_ name: String) -> String { name.contains(":") ? String(name.drop { $0 != ":" }.dropFirst()) : name }

    private func word(_ found: String, _ expected: String, _ offset: Int) -> Finding {
        Finding(.templateWord, at: text.place(offset), found: .plain(found), ["expected": .plain(expected)])
    }
}

/// A start tag of well-formed XML, taken apart.
struct XMLTag {
    struct Attribute {
        /// Blanks before it.
        var blanks: Range<Int>
        var nameStart: Int
        var name: String
        /// Between its quotes.
        var value: Range<Int>
    }
    var name: String
    var attributes: [Attribute] = []
    /// From after the last attribute to after `>`.
    var tail: Range<Int>
    var isEmpty: Bool

    init(_ text: TemplateText, at start: Int) throws(Finding) {
        let bytes = text.bytes
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 }
        func skip(_ from: Int, while test: (UInt8) -> Bool) -> Int { bytes[from...].firstIndex { !test($0) } ?? bytes.count }
        var at = skip(start + 1) { !isBlank($0) && $0 != 0x3E && $0 != 0x2F }
        name = text.text(start + 1..<at)
        while true {
            let here = skip(at, while: isBlank)
            guard here < bytes.count else { throw text.syntax("well-formed XML", "the tag does not end", at: start) }
            if bytes[here] == 0x3E || bytes[here] == 0x2F {
                isEmpty = bytes[here] == 0x2F
                tail = at..<here + (isEmpty ? 2 : 1)
                return
            }
            let nameEnd = skip(here) { !isBlank($0) && $0 != 0x3D }
            let quoteAt = skip(nameEnd) { isBlank($0) || $0 == 0x3D }
            guard quoteAt < bytes.count, let end = bytes[(quoteAt + 1)...].firstIndex(of: bytes[quoteAt]) else {
                throw text.syntax("well-formed XML", "the attribute does not end", at: here)
            }
            attributes.append(
                Attribute(blanks: at..<here, nameStart: here, name: text.text(here..<nameEnd), value: quoteAt + 1..<end))
            at = end + 1
        }
    }
}
