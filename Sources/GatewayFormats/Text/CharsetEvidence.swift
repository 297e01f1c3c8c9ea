import CScan
import GatewayCore

/// What the bytes of a whole file say of its character set.
///
/// Nothing is guessed: where two sets would give different text and neither has clear evidence, the verdict names both.
package struct CharsetEvidence: Sendable {
    package enum Verdict: Sendable, Hashable {
        /// UTF-8 to the last byte.
        case utf8
        /// UTF-8, with some bytes in between that are none: they concern their rows.
        case utf8WithDamage
        /// Another set, and why, for people.
        case other(Charset, because: String)
        /// Any of these could be meant.
        case undecided([String])
    }

    private var bytes = dg_bytes()

    package init() {}

    /// Looks at the next piece.
    package mutating func look(_ piece: UnsafeRawBufferPointer) {
        if let start = piece.baseAddress { dg_count_bytes(&bytes, start.assumingMemoryBound(to: UInt8.self), piece.count) }
    }

    /// Looks at a whole file.
    package static func of(_ input: LayoutInput) throws(Finding) -> CharsetEvidence {
        var evidence = CharsetEvidence()
        let source = input.bytes()
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { piece.deallocate() }
        while true {
            let got = try source.read(into: piece)
            if got == 0 { return evidence }
            evidence.look(UnsafeRawBufferPointer(rebasing: piece[..<got]))
        }
    }

    /// UTF-16 by its mark, or without one by where the NULs of ASCII characters stand; nil: it is not.
    package static func utf16(_ start: [UInt8]) -> Charset? {
        // UTF-32 begins alike, and nobody sends it.
        if start.starts(with: [0xFF, 0xFE]) { return start.starts(with: [0xFF, 0xFE, 0, 0]) ? nil : .utf16LittleEndian }
        if start.starts(with: [0xFE, 0xFF]) { return .utf16BigEndian }
        guard start.count >= 16, start.contains(0) else { return nil }
        var nuls = (even: 0, odd: 0)
        for (n, byte) in start.enumerated() where byte == 0 {
            if n.isMultiple(of: 2) { nuls.even += 1 } else { nuls.odd += 1 }
        }
        let half = start.count / 2
        if nuls.odd * 2 > half, nuls.even * 20 < half { return .utf16LittleEndian }
        if nuls.even * 2 > half, nuls.odd * 20 < half { return .utf16BigEndian }
        return nil
    }

    // MARK: The verdict

    private func count(_ all: [UInt8]) -> UInt64 { all.reduce(0) { $0 + number($1) } }
    private func number(_ byte: UInt8) -> UInt64 {
        withUnsafeBytes(of: bytes.count) { $0.loadUnaligned(fromByteOffset: Int(byte) * 8, as: UInt64.self) }
    }
    private func afterLetter(_ all: [UInt8]) -> UInt64 {
        withUnsafeBytes(of: bytes.after_letter) { table in
            all.reduce(0) { $0 + table.loadUnaligned(fromByteOffset: Int($1) * 8, as: UInt64.self) }
        }
    }
    private var high: UInt64 { count(Array(0x80...0xFF)) }

    /// Where windows-1254 and windows-1252 differ: Ğ İ Ş ğ ı ş, or Ð Ý Þ ð ý þ.
    private static let differing: [UInt8] = [0xD0, 0xDD, 0xDE, 0xF0, 0xFD, 0xFE]
    /// á é í ó ú æ and their capitals: every text with Ð, Ý or Þ is full of them, and Turkish has none.
    private static let northern: [UInt8] = [0xC1, 0xC6, 0xC9, 0xCD, 0xD3, 0xDA, 0xE1, 0xE6, 0xE9, 0xED, 0xF3, 0xFA]
    /// ç ö ü and their capitals.
    private static let turkish: [UInt8] = [0xC7, 0xD6, 0xDC, 0xE7, 0xF6, 0xFC]
    /// In the single-byte sets of Western Europe these are signs that stand inside no word; in others they are letters.
    private static let signs: [UInt8] =
        [0x8C, 0x8F, 0x9C, 0x9F] + Array(0xA1...0xA9) + Array(0xAB...0xAF) + Array(0xB1...0xB6) + [0xB8, 0xB9] + Array(0xBB...0xBF)
    private static let carons: [UInt8] = [0x8A, 0x8E, 0x9A, 0x9E]

    package var verdict: Verdict {
        let broken = bytes.utf8_bad + (bytes.rest > 0 ? 1 : 0)
        if broken == 0 { return .utf8 }
        // Text of a single-byte set has next to no pair that is UTF-8 by chance.
        if bytes.utf8_good >= broken * 10 { return .utf8WithDamage }
        if bytes.utf8_good * 2 > broken { return .undecided(["UTF-8", "windows-1254", "windows-1252"]) }
        if let japanese { return japanese }
        // Cyrillic, Greek and others write words of nothing but such letters.
        if bytes.high_pairs * 4 > high { return .undecided(["cp932", "windows-1251", "windows-1253"]) }
        if afterLetter(Self.signs) * 10 > high { return .undecided(["windows-1250", "windows-1254", "windows-1252"]) }
        return western
    }

    private var japanese: Verdict? {
        guard bytes.pairs >= 2, bytes.pairs_bad * 100 <= bytes.pairs, bytes.usual_pairs * 2 > bytes.pairs,
            bytes.narrow_kana <= bytes.pairs * 4
        else { return nil }
        // Kanji and kana stand beside one another; an accented letter has ASCII letters around it.
        guard bytes.high_pairs * 3 > high else { return nil }
        return .other(.cp932, because: "\(bytes.usual_pairs) of \(bytes.pairs) pairs of bytes are common Japanese characters")
    }

    private var western: Verdict {
        let differing = count(Self.differing)
        let northern = count(Self.northern)
        if differing == 0 {
            if count(Self.carons) > 0 { return caron }
            // Both give the same text.
            return .other(.windows1254, because: "no byte in it has another meaning in windows-1252")
        }
        let dotless = number(0xFD)
        if count([0x8E, 0x9E]) > 0 { return .undecided(["windows-1254", "windows-1252", "windows-1250"]) }
        if differing >= 2 || count(Self.turkish) > 0, northern * 3 <= differing, dotless + number(0xFE) + number(0xDD) + number(0xDE) > 0 {
            return .other(
                .windows1254, because: "\(differing) times ğ, ı, ş, İ, Ğ or Ş, and \(northern) times á, é, í, ó, ú or æ")
        }
        if northern >= differing, northern >= 3, dotless * 4 <= differing {
            return .other(.windows1252, because: "\(northern) times á, é, í, ó, ú or æ beside \(differing) times ð, þ or ý")
        }
        return .undecided(["windows-1254", "windows-1252"])
    }

    /// Š and Ž are at the same places in windows-1250, whose other letters are not.
    private var caron: Verdict {
        if count([0xE8, 0xEC, 0xF8, 0xC8, 0xCC, 0xD8]) > 0 || count([0x8E, 0x9E]) > 0 {
            return .undecided(["windows-1250", "windows-1252"])
        }
        return .other(.windows1252, because: "š beside Western letters")
    }
}
