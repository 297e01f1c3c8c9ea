@_spi(HotPath) import GatewayCore

/// Why a scan of JSON stopped.
enum JSONStop: Error {
    /// The bytes end here.
    case more
    case wrong(JSONProblem)
}

/// What is wrong with a JSON text, by what was expected instead.
enum JSONProblem: String, Sendable {
    case value = "a JSON value: an object, list, string, number, true, false or null"
    case key = "a key in double quotes"
    case colon = ": after a key"
    case comma = ", or the end of the object or list"
    case control = "a string without line ends and control characters"
    case escape = "one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u"
    case surrogate = "both halves of a \\u pair"
    case number = "a number such as -1.5e3, without a leading zero or plus"
    case depth = "fewer levels"
    case keyDouble = "each key once in an object"
}

/// A place in a JSON text that is gone through byte by byte; strict (RFC 8259).
///
/// Behind `end` stand at least 64 bytes of zero, which no scan passes: nothing here compares a place with `end` but to tell that more is needed.
struct JSONCursor {
    var at: UnsafePointer<UInt8>
    var end: UnsafePointer<UInt8>
    let depthLimit: Int

    @inline(__always) func wrong(_ problem: JSONProblem) -> JSONStop { at >= end ? .more : .wrong(problem) }

    @inline(__always) mutating func blanks() {
        while at.pointee == 0x20 || at.pointee == 0x0A || at.pointee == 0x0D || at.pointee == 0x09 { at += 1 }
    }

    // MARK: Strings

    /// Goes past a string, whose opening quote is behind. True: it has escapes.
    @inline(__always) mutating func string() throws(JSONStop) -> Bool {
        var isEscaped = false
        while true {
            let mask = Self.marks(UnsafeRawPointer(at).loadUnaligned(as: UInt64.self).littleEndian)
            if mask == 0 {
                at += 8
                continue
            }
            at += mask.trailingZeroBitCount >> 3
            if at.pointee == 0x22 {
                at += 1
                return isEscaped
            }
            guard at.pointee == 0x5C else { throw wrong(.control) }
            isEscaped = true
            try escape()
        }
    }

    /// High bits of the bytes that are a quote, a backslash or a control character; exact up to the first.
    @inline(__always) private static func marks(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let quote = word ^ (ones &* 0x22)
        let slash = word ^ (ones &* 0x5C)
        let found =
            ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((word &- (ones &* 0x20)) & ~word)
        return found & highs
    }

    private mutating func escape() throws(JSONStop) {
        at += 1
        switch at.pointee {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: at += 1
        case 0x75:
            at += 1
            let unit = try hexadecimal()
            if unit >> 10 == 0x37 { throw wrong(.surrogate) }
            guard unit >> 10 == 0x36 else { return }
            for byte: UInt8 in [0x5C, 0x75] {
                guard at.pointee == byte else { throw wrong(.surrogate) }
                at += 1
            }
            let low = try hexadecimal()
            guard low >> 10 == 0x37 else { throw wrong(.surrogate) }
        default: throw wrong(.escape)
        }
    }

    /// Four digits.
    private mutating func hexadecimal() throws(JSONStop) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            let digit = Self.digit(at.pointee)
            guard digit < 16 else { throw wrong(.escape) }
            unit = unit << 4 | digit
            at += 1
        }
        return unit
    }

    private static func digit(_ byte: UInt8) -> UInt32 {
        switch byte {
        case 0x30...0x39: UInt32(byte) - 0x30
        case 0x41...0x46: UInt32(byte) - 0x37
        case 0x61...0x66: UInt32(byte) - 0x57
        default: 16
        }
    }

    /// The text of a string that ``string()`` went past, between its quotes, without escapes.
    static func decode(_ start: UnsafePointer<UInt8>, _ count: Int, into out: inout Output) {
        out.rewind(to: 0)
        out.reserve(count)
        var n = 0
        func unit(_ at: Int) -> UInt32 { (0..<4).reduce(0) { $0 << 4 | digit(start[at + $1]) } }
        while n < count {
            guard start[n] == 0x5C else {
                out.append(start[n])
                n += 1
                continue
            }
            let letter = start[n + 1]
            n += 2
            switch letter {
            case 0x62: out.append(0x08)
            case 0x66: out.append(0x0C)
            case 0x6E: out.append(0x0A)
            case 0x72: out.append(0x0D)
            case 0x74: out.append(0x09)
            case 0x75:
                var code = unit(n)
                n += 4
                if code >> 10 == 0x36 {
                    code = 0x10000 + (code & 0x3FF) << 10 + unit(n + 2) & 0x3FF
                    n += 6
                }
                if let scalar = Unicode.Scalar(code) { for byte in UTF8.encode(scalar) ?? .init() { out.append(byte) } }
            default: out.append(letter)
            }
        }
    }

    // MARK: Values

    /// Goes past a number, `true`, `false` or `null`.
    @inline(__always) mutating func literal() throws(JSONStop) {
        switch at.pointee {
        case 0x74: try word("true")
        case 0x66: try word("false")
        case 0x6E: try word("null")
        case 0x2D, 0x30...0x39: try number()
        default: throw wrong(.value)
        }
    }

    private mutating func word(_ text: StaticString) throws(JSONStop) {
        for n in 0..<text.utf8CodeUnitCount {
            guard at.pointee == text.utf8Start[n] else { throw wrong(.value) }
            at += 1
        }
    }

    private mutating func number() throws(JSONStop) {
        if at.pointee == 0x2D { at += 1 }
        if at.pointee == 0x30 { at += 1 } else { try digits() }
        if at.pointee == 0x2E {
            at += 1
            try digits()
        }
        if at.pointee | 0x20 == 0x65 {
            at += 1
            if at.pointee == 0x2B || at.pointee == 0x2D { at += 1 }
            try digits()
        }
        // It may go on behind the end.
        if at >= end { throw .more }
        if (0x30...0x39).contains(at.pointee) { throw .wrong(.number) }
    }

    @inline(__always) private mutating func digits() throws(JSONStop) {
        guard at.pointee >= 0x30, at.pointee <= 0x39 else { throw wrong(.number) }
        while at.pointee >= 0x30, at.pointee <= 0x39 { at += 1 }
    }

    /// Goes past a key and its colon, to its value; `at` is on the quote.
    @inline(__always) mutating func key() throws(JSONStop) -> (start: UnsafePointer<UInt8>, count: Int, isEscaped: Bool) {
        guard at.pointee == 0x22 else { throw wrong(.key) }
        at += 1
        let start = at
        let isEscaped = try string()
        let count = at - start - 1
        blanks()
        guard at.pointee == 0x3A else { throw wrong(.colon) }
        at += 1
        blanks()
        return (start, count, isEscaped)
    }

    /// After a value of an object or list: whether another one follows; `at` is on it then, else behind the bracket.
    @inline(__always) mutating func another(_ bracket: UInt8) throws(JSONStop) -> Bool {
        blanks()
        if at.pointee == 0x2C {
            at += 1
            blanks()
            return true
        }
        guard at.pointee == bracket else { throw wrong(.comma) }
        at += 1
        return false
    }

    /// Opens an object or list: false when it is empty, and `at` is behind it.
    @inline(__always) mutating func open(_ bracket: UInt8, _ depth: Int) throws(JSONStop) -> Bool {
        if depth >= depthLimit { throw wrong(.depth) }
        at += 1
        blanks()
        guard at.pointee == bracket else { return true }
        at += 1
        return false
    }

    /// Goes past a value, and checks all of it.
    mutating func skip(_ depth: Int) throws(JSONStop) {
        switch at.pointee {
        case 0x22:
            at += 1
            _ = try string()
        case 0x7B:
            guard try open(0x7D, depth) else { return }
            repeat {
                _ = try key()
                try skip(depth + 1)
            } while try another(0x7D)
        case 0x5B:
            guard try open(0x5D, depth) else { return }
            repeat { try skip(depth + 1) } while try another(0x5D)
        default: try literal()
        }
    }
}
