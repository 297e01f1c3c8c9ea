import GatewayCore

/// A JSON text as a tree that keeps where everything stands and the blanks between.
indirect enum JSONTree {
    /// Raw text of a string without its quotes.
    case string(Range<Int>)
    /// Number, `true`, `false`, `null`.
    case literal(Range<Int>)
    case array([Element], closing: Range<Int>)
    case object([Member], closing: Range<Int>, at: Int)

    struct Element {
        /// Blanks before it.
        var blanks: Range<Int>
        var value: JSONTree
    }
    struct Member {
        var blanks: Range<Int>
        /// From the key's quote to before the value: `"key": `.
        var head: Range<Int>
        var keyAt: Int
        var key: String
        var value: JSONTree
    }
}

/// Parses JSON strictly (RFC 8259), to a bounded depth.
struct JSONTreeParser {
    /// Bounds the recursion. Not `limits: depth`, which is for dropped files: a stricter one must not stop a carrier's template.
    private static let depthLimit = 64
    private let text: TemplateText
    private var at = 0

    init(_ text: TemplateText) { self.text = text }

    mutating func parse() throws(Finding) -> JSONTree {
        _ = blanks()
        let tree = try value(depth: 0)
        _ = blanks()
        guard at == text.bytes.count else { throw wrong("nothing after the end of the document") }
        return tree
    }

    private func wrong(_ detail: String) -> Finding { text.syntax("well-formed JSON", detail, at: at) }

    private var byte: UInt8? { at < text.bytes.count ? text.bytes[at] : nil }

    private mutating func blanks() -> Range<Int> {
        let start = at
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x09 { at += 1 }
        return start..<at
    }

    private mutating func take(_ wanted: Unicode.Scalar, _ detail: String) throws(Finding) {
        guard byte == UInt8(ascii: wanted) else { throw wrong(detail) }
        at += 1
    }

    private mutating func value(depth: Int) throws(Finding) -> JSONTree {
        guard depth <= Self.depthLimit else { throw wrong("at most \(Self.depthLimit) levels") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        default: return .literal(try literal())
        }
    }

    /// The range between the quotes.
    private mutating func string() throws(Finding) -> Range<Int> {
        let open = at
        at += 1
        while let byte {
            switch byte {
            case UInt8(ascii: "\""):
                at += 1
                return open + 1..<at - 1
            case UInt8(ascii: "\\"):
                at += 1
                guard let escape = self.byte, "\"\\/bfnrtu".utf8.contains(escape) else { throw wrong("a known escape after \\") }
                at += 1
                guard escape == UInt8(ascii: "u") else { continue }
                for _ in 0..<4 {
                    guard let digit = self.byte, JSONText.hex(digit) != nil else { throw wrong("four hexadecimal digits after \\u") }
                    at += 1
                }
            case 0..<0x20: throw wrong("no control character inside a string")
            default: at += 1
            }
        }
        at = open
        throw wrong("a closing quote")
    }

    private mutating func literal() throws(Finding) -> Range<Int> {
        let start = at
        while let byte, "+-.0123456789".utf8.contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x45 { at += 1 }
        let word = text.text(start..<at)
        guard ["true", "false", "null"].contains(word) || JSONText.isNumber(word) else {
            at = start
            throw wrong("a string, number, true, false, null, object or array")
        }
        return start..<at
    }

    private mutating func array(_ depth: Int) throws(Finding) -> JSONTree {
        at += 1
        var elements: [JSONTree.Element] = []
        while true {
            let before = blanks()
            if byte == UInt8(ascii: "]"), elements.isEmpty {
                at += 1
                return .array([], closing: before)
            }
            elements.append(JSONTree.Element(blanks: before, value: try value(depth: depth + 1)))
            let after = blanks()
            if byte == UInt8(ascii: "]") {
                at += 1
                return .array(elements, closing: after)
            }
            try take(",", "a comma or ] after an element")
        }
    }

    private mutating func object(_ depth: Int) throws(Finding) -> JSONTree {
        let start = at
        at += 1
        var members: [JSONTree.Member] = []
        while true {
            let before = blanks()
            if byte == UInt8(ascii: "}"), members.isEmpty {
                at += 1
                return .object([], closing: before, at: start)
            }
            guard byte == UInt8(ascii: "\"") else { throw wrong("a key in quotes") }
            let keyAt = at
            let key = JSONText.decoded(text.text(try string()))
            guard !members.contains(where: { $0.key == key }) else {
                at = keyAt
                throw wrong("each key once")
            }
            _ = blanks()
            try take(":", "a colon after the key")
            _ = blanks()
            let head = keyAt..<at
            members.append(
                JSONTree.Member(blanks: before, head: head, keyAt: keyAt, key: key, value: try value(depth: depth + 1)))
            let after = blanks()
            if byte == UInt8(ascii: "}") {
                at += 1
                return .object(members, closing: after, at: start)
            }
            try take(",", "a comma or } after a member")
        }
    }
}

/// The few rules of JSON text that templates need.
enum JSONText {
    static func hex(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte) - 0x30
        case 0x41...0x46: UInt32(byte) - 0x37
        case 0x61...0x66: UInt32(byte) - 0x57
        default: nil
        }
    }

    /// A raw string with its escapes replaced.
    static func decoded(_ raw: String) -> String {
        guard raw.contains("\\") else { return raw }
        let bytes = Array(raw.utf8)
        var units: [UInt16] = []
        var at = 0
        var out: [UInt8] = []
        func flush() {
            if !units.isEmpty { out += Array(String(decoding: units, as: UTF16.self).utf8) }
            units = []
        }
        while at < bytes.count {
            guard bytes[at] == 0x5C, at + 1 < bytes.count else {
                flush()
                out.append(bytes[at])
                at += 1
                continue
            }
            let escape = bytes[at + 1]
            at += 2
            if escape == UInt8(ascii: "u"), at + 4 <= bytes.count {
                let unit = bytes[at..<at + 4].reduce(UInt32(0)) { $0 << 4 | (hex($1) ?? 0) }
                units.append(UInt16(truncatingIfNeeded: unit))
                at += 4
                continue
            }
            flush()
            switch escape {
            case UInt8(ascii: "b"): out.append(0x08)
            case UInt8(ascii: "f"): out.append(0x0C)
            case UInt8(ascii: "n"): out.append(0x0A)
            case UInt8(ascii: "r"): out.append(0x0D)
            case UInt8(ascii: "t"): out.append(0x09)
            default: out.append(escape)
            }
        }
        flush()
        return String(decoding: out, as: UTF8.self)
    }

    /// `-`, digits without a leading zero, then perhaps a fraction and an exponent.
    static func isNumber(_ word: String) -> Bool {
        var rest = Array(word.utf8)[...]
        func digits() -> Int {
            let count = rest.prefix { (0x30...0x39).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == 0x2D { rest = rest.dropFirst() }
        let startsWithZero = rest.first == 0x30
        let whole = digits()
        guard whole > 0, !(startsWithZero && whole > 1) else { return false }
        if rest.first == 0x2E {
            rest = rest.dropFirst()
            guard digits() > 0 else { return false }
        }
        if let byte = rest.first, byte == 0x65 || byte == 0x45 {
            rest = rest.dropFirst()
            if let sign = rest.first, sign == 0x2B || sign == 0x2D { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}
