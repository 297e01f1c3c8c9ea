@_spi(HotPath) import GatewayCore

/// Walks a JSON text in a cell: finds the objects of an array, and values by path. Total and without recursion; nothing is built.
///
/// Numbers keep their digits. Source of the grammar: RFC 8259. A text that breaks it is refused as a whole.
struct JSONWalk {
    private let base: UnsafeMutableRawPointer
    private let cell: Value
    private var at: Int
    private let end: Int
    /// Nesting at most.
    private static let depthLimit = 32

    init(_ base: UnsafeMutableRawPointer, _ cell: Value) {
        self.base = base
        self.cell = cell
        at = Int(cell.offset)
        end = at + Int(cell.count)
    }

    /// The objects of an array, or the one object that the text is. False: it is neither.
    mutating func objects(into pieces: inout [Value]) -> Bool {
        blanks()
        if byte == 0x7B {
            guard let one = skipValue() else { return false }
            pieces.append(one)
        } else {
            guard take(0x5B) else { return false }
            blanks()
            if !take(0x5D) {
                repeat {
                    blanks()
                    guard byte == 0x7B, let one = skipValue() else { return false }
                    pieces.append(one)
                    blanks()
                } while take(0x2C)
                guard take(0x5D) else { return false }
            }
        }
        blanks()
        return at == end
    }

    /// The value at a dotted path of an object; empty when it is not there or null. Nil: the text is no object, or a key stands there twice.
    mutating func value(at path: [UInt8]) -> (value: Value, isString: Bool)? {
        var rest = path[...]
        while true {
            blanks()
            guard take(0x7B) else { return nil }
            // A key may hold a point itself: the whole rest of the path is tried as well as its first part.
            let dot = rest.firstIndex(of: 0x2E) ?? rest.endIndex
            guard let found = member(rest[..<dot], or: rest) else { return nil }
            guard let value = found.value else { return (.none, false) }
            if found.isWhole || dot == rest.endIndex { return result(value) }
            rest = rest[(dot + 1)...]
            at = Int(value.offset)
            if base.load(fromByteOffset: at, as: UInt8.self) != 0x7B { return (.none, false) }
        }
    }

    private func result(_ value: Value) -> (value: Value, isString: Bool) {
        let first = base.load(fromByteOffset: Int(value.offset), as: UInt8.self)
        if first == 0x22 {
            return (PieceReader.part(value, Int(value.offset) + 1, Int(value.offset) + Int(value.count) - 1), true)
        }
        if first == 0x6E { return (.none, false) }
        return (value, false)
    }

    /// Looks through an object whose brace was taken for a key or for another.
    private mutating func member(
        _ key: ArraySlice<UInt8>, or whole: ArraySlice<UInt8>
    ) -> (value: Value?, isWhole: Bool)? {
        var found: (value: Value?, isWhole: Bool) = (nil, false)
        blanks()
        if take(0x7D) { return found }
        repeat {
            blanks()
            guard let name = skipString() else { return nil }
            blanks()
            guard take(0x3A) else { return nil }
            blanks()
            guard let value = skipValue() else { return nil }
            let isWhole = equals(name, whole)
            if isWhole || equals(name, key) {
                if found.value != nil, found.isWhole == isWhole { return nil }
                if found.value == nil || isWhole { found = (value, isWhole) }
            }
            blanks()
        } while take(0x2C)
        return take(0x7D) ? found : nil
    }

    // MARK: Values

    /// The range of the value that begins here; moves behind it. Nil: it is none.
    private mutating func skipValue() -> Value? {
        let start = at
        var open: [UInt8] = []
        while true {
            blanks()
            switch byte {
            case 0x7B, 0x5B:
                let close: UInt8 = byte == 0x7B ? 0x7D : 0x5D
                at += 1
                blanks()
                guard open.count < Self.depthLimit else { return nil }
                if take(close) { break }
                open.append(close)
                if close == 0x7D, !key() { return nil }
                continue
            case 0x22: guard skipString() != nil else { return nil }
            case 0x74: guard word("true") else { return nil }
            case 0x66: guard word("false") else { return nil }
            case 0x6E: guard word("null") else { return nil }
            case _: guard number() else { return nil }
            }
            while let close = open.last {
                blanks()
                if take(0x2C) {
                    if close == 0x7D, !key() { return nil }
                    break
                }
                guard take(close) else { return nil }
                open.removeLast()
            }
            if open.isEmpty { return PieceReader.part(cell, start, at) }
        }
    }

    /// `"name" :`
    private mutating func key() -> Bool {
        blanks()
        guard skipString() != nil else { return false }
        blanks()
        return take(0x3A)
    }

    /// The string's inside, escapes included; moves behind it.
    private mutating func skipString() -> Value? {
        guard take(0x22) else { return nil }
        let start = at
        while at < end {
            let byte = base.load(fromByteOffset: at, as: UInt8.self)
            if byte == 0x22 {
                at += 1
                return PieceReader.part(cell, start, at - 1)
            }
            if byte < 0x20 { return nil }
            at += byte == 0x5C ? 2 : 1
        }
        return nil
    }

    private mutating func number() -> Bool {
        let start = at
        if take(0x2D) {}
        guard digits() else { return false }
        if take(0x2E), !digits() { return false }
        if byte | 0x20 == 0x65 {
            at += 1
            if byte == 0x2B || byte == 0x2D { at += 1 }
            guard digits() else { return false }
        }
        return at > start
    }

    private mutating func digits() -> Bool {
        let start = at
        while isDigit(byte) { at += 1 }
        return at > start
    }

    private mutating func word(_ text: StaticString) -> Bool {
        let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        for wanted in bytes where !take(wanted) { return false }
        return true
    }

    private mutating func blanks() {
        while byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
    }
    private mutating func take(_ wanted: UInt8) -> Bool {
        guard byte == wanted else { return false }
        at += 1
        return true
    }
    /// The byte here, 0 at the end.
    private var byte: UInt8 { at < end ? base.load(fromByteOffset: at, as: UInt8.self) : 0 }

    private func equals(_ name: Value, _ text: ArraySlice<UInt8>) -> Bool {
        guard Int(name.count) == text.count else { return false }
        for (n, wanted) in text.enumerated() where base.load(fromByteOffset: Int(name.offset) + n, as: UInt8.self) != wanted {
            return false
        }
        return true
    }

    // MARK: Strings

    /// A string's inside as text, its escapes resolved; a lone half of a pair becomes U+FFFD.
    static func text(_ value: Value, _ batch: inout Batch) -> Value {
        let start = Int(value.offset)
        let end = start + Int(value.count)
        guard batch.bytes(value).contains(0x5C) else { return Interpreter.trim(value, batch.base) }
        batch.reserveArena(Int(value.count) + 16)
        let base = batch.base
        var target = batch.arenaEnd
        let first = target
        func put(_ byte: UInt8) {
            base.storeBytes(of: byte, toByteOffset: target, as: UInt8.self)
            target += 1
        }
        func unit(_ at: Int) -> UInt32? {
            guard at + 6 <= end, base.load(fromByteOffset: at, as: UInt8.self) == 0x5C,
                base.load(fromByteOffset: at + 1, as: UInt8.self) == 0x75
            else { return nil }
            var number: UInt32 = 0
            for n in 2..<6 {
                let digit = base.load(fromByteOffset: at + n, as: UInt8.self)
                guard let value = isDigit(digit) ? digit - 0x30 : (digit | 0x20) &- 0x61 < 6 ? (digit | 0x20) - 0x61 + 10 : nil else {
                    return nil
                }
                number = number << 4 | UInt32(value)
            }
            return number
        }
        var at = start
        while at < end {
            let byte = base.load(fromByteOffset: at, as: UInt8.self)
            guard byte == 0x5C, at + 1 < end else {
                put(byte)
                at += 1
                continue
            }
            if var code = unit(at) {
                at += 6
                if code >= 0xD800, code < 0xDC00, let low = unit(at), low >= 0xDC00, low < 0xE000 {
                    code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
                    at += 6
                }
                for byte in UTF8.encode(Unicode.Scalar(code) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter { put(byte) }
                continue
            }
            let escaped = base.load(fromByteOffset: at + 1, as: UInt8.self)
            switch escaped {
            case 0x6E: put(0x0A)
            case 0x74: put(0x09)
            case 0x72: put(0x0D)
            case 0x62: put(0x08)
            case 0x66: put(0x0C)
            case _: put(escaped)
            }
            at += 2
        }
        batch.arenaEnd = target
        return Interpreter.trim(
            Value(offset: UInt32(first), count: UInt32(target - first), column: value.column, row: value.row), batch.base)
    }
}
