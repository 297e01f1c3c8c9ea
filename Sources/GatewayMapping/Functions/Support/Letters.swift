/// Letters beyond ASCII: case and plain equals. Latin with its extensions, Greek and Cyrillic for case.
enum Letters {
    static func upper(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0x61...0x7A, 0xE0...0xF6, 0xF8...0xFE, 0x3B1...0x3C1, 0x3C3...0x3C9, 0x430...0x44F: scalar - 0x20
        case 0x131: 0x49
        case 0xFF: 0x178
        case 0x100...0x130, 0x132...0x137, 0x14A...0x177: scalar & ~1
        case 0x139...0x148, 0x179...0x17E: scalar.isMultiple(of: 2) ? scalar - 1 : scalar
        case 0x450...0x45F: scalar - 0x50
        default: scalar
        }
    }
    static func lower(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0x41...0x5A, 0xC0...0xD6, 0xD8...0xDE, 0x391...0x3A1, 0x3A3...0x3A9, 0x410...0x42F: scalar + 0x20
        case 0x130: 0x69
        case 0x178: 0xFF
        case 0x100...0x12F, 0x132...0x137, 0x14A...0x177: scalar | 1
        case 0x139...0x148, 0x179...0x17E: scalar.isMultiple(of: 2) ? scalar : scalar + 1
        case 0x400...0x40F: scalar + 0x50
        default: scalar
        }
    }
    static func upperTurkish(_ scalar: UInt32) -> UInt32 { scalar == 0x69 ? 0x130 : upper(scalar) }
    static func lowerTurkish(_ scalar: UInt32) -> UInt32 { scalar == 0x49 ? 0x131 : lower(scalar) }

    /// The letters of ASCII that stand for `scalar`, nil when there are none; empty for a mark that only goes.
    static func ascii(_ scalar: UInt32) -> [UInt8]? {
        switch scalar {
        case 0x300...0x36F, 0xAD, 0x200B...0x200F, 0xFEFF: []
        case 0xA0, 0x2000...0x200A, 0x202F: [0x20]
        case 0xC0...0x17F: plain[Int(scalar) - 0xC0].isEmpty ? nil : plain[Int(scalar) - 0xC0]
        case 0x218, 0x219, 0x21A, 0x21B: [[0x53], [0x73], [0x54], [0x74]][Int(scalar) - 0x218]
        case 0x1E9E: [0x53, 0x53]
        case 0x2010...0x2015, 0x2212: [0x2D]
        case 0x2018...0x201B, 0x2032, 0xB4, 0x2B9, 0x2BC: [0x27]
        case 0x201C...0x201F, 0x2033, 0xAB, 0xBB: [0x22]
        case 0x2026: [0x2E, 0x2E, 0x2E]
        case 0x20AC: Array("EUR".utf8)
        case 0x20BA: Array("TL".utf8)
        case 0xA3: Array("GBP".utf8)
        case 0x2116: Array("No".utf8)
        case 0xB0, 0xBA: [0x6F]
        case 0xAA: [0x61]
        case 0xB7, 0x2022: [0x2E]
        default: nil
        }
    }

    /// U+00C0 to U+017F, one word each; `-` for none.
    private static let plain: [[UInt8]] =
        """
        A A A A A A AE C E E E E I I I I D N O O O O O x O U U U U Y Th ss a a a a a a ae c e e e e i i i i d n o o o o o / o u u u u y th y \
        A a A a A a C c C c C c C c D d D d E e E e E e E e E e G g G g G g G g H h H h I i I i I i I i I i IJ ij J j K k k L l L l L l L l L l \
        N n N n N n n N n O o O o O o OE oe R r R r R r S s S s S s S s T t T t T t U u U u U u U u U u U u W w Y y Y Z z Z z Z z s
        """.split(separator: " ").map { Array($0.utf8) }
}

/// Calls `body` with each scalar and where its bytes are. Malformed bytes count as one scalar each.
@inline(__always) func forEachScalar(_ bytes: UnsafeRawBufferPointer, _ body: (UInt32, Range<Int>) -> Void) {
    var n = 0
    while n < bytes.count {
        let lead = bytes[n]
        let length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        let end = min(n + length, bytes.count)
        var scalar = UInt32(length == 1 ? lead : lead & (0x7F >> UInt8(length)))
        for k in n + 1..<max(end, n + 1) { scalar = scalar << 6 | UInt32(bytes[k] & 0x3F) }
        body(scalar, n..<end)
        n = end
    }
}

/// Copies a part of `bytes`; gives its length.
@inline(__always) func copy(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, to out: UnsafeMutablePointer<UInt8>, at start: Int) -> Int
{
    guard let base = bytes.baseAddress, !range.isEmpty else { return 0 }
    UnsafeMutableRawPointer(out + start).copyMemory(from: base + range.lowerBound, byteCount: range.count)
    return range.count
}

/// Changes every scalar by `change`; ASCII alone goes byte by byte.
@inline(__always) func changeCase(_ context: inout KernelContext, ascii: ((UInt8) -> UInt8)?, _ change: (UInt32) -> UInt32) {
    let bytes = context.bytes
    if let ascii {
        var isPlain = true
        var changes = false
        for byte in bytes {
            if byte >= 0x80 { isPlain = false }
            if ascii(byte) != byte { changes = true }
        }
        if isPlain {
            guard changes else { return }
            return context.write { out in
                for n in 0..<bytes.count { out[n] = ascii(bytes[n]) }
                return bytes.count
            }
        }
    }
    context.write { out in
        var n = 0
        forEachScalar(bytes) { scalar, range in
            let changed = change(scalar)
            if changed == scalar { n += copy(bytes, range, to: out, at: n) } else { n += encode(changed, to: out, at: n) }
        }
        return n
    }
}

/// Writes a scalar below U+10000 as UTF-8.
func encode(_ scalar: UInt32, to out: UnsafeMutablePointer<UInt8>, at n: Int) -> Int {
    if scalar < 0x80 {
        out[n] = UInt8(scalar)
        return 1
    }
    if scalar < 0x800 {
        out[n] = UInt8(0xC0 | scalar >> 6)
        out[n + 1] = UInt8(0x80 | scalar & 0x3F)
        return 2
    }
    out[n] = UInt8(0xE0 | scalar >> 12)
    out[n + 1] = UInt8(0x80 | scalar >> 6 & 0x3F)
    out[n + 2] = UInt8(0x80 | scalar & 0x3F)
    return 3
}

/// Whether a scalar beyond ASCII is a letter or a mark on one.
func isLetterScalar(_ scalar: UInt32) -> Bool {
    guard let scalar = Unicode.Scalar(scalar) else { return false }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark: return true
    case .enclosingMark, .decimalNumber, .letterNumber, .otherNumber, .connectorPunctuation, .dashPunctuation, .openPunctuation,
        .closePunctuation, .initialPunctuation, .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol,
        .otherSymbol, .spaceSeparator, .lineSeparator, .paragraphSeparator, .control, .format, .surrogate, .privateUse, .unassigned:
        return false
    @unknown default: return false
    }
}
