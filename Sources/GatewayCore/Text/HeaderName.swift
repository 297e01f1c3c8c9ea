/// How headings and words of code tables are compared: without regard to case, Turkish dots, composition and blanks.
///
/// Cyrillic letters that look like Latin ones are Latin in a word that has Latin letters too: exports were seen whose `Сustomer` begins
/// with a Cyrillic one. `İ`, `I`, `ı` and `i` fold to `i`; decomposed letters fold like composed ones; outer blanks go, inner ones become one.
/// `lowercased()` would turn `İ` into two scalars and needs a `String`; this works on bytes.
package enum HeaderName {
    /// The folded form of UTF-8 bytes.
    package static func fold(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        var pendingBlank = false
        for scalar in String(decoding: Array(bytes), as: UTF8.self).unicodeScalars {
            let value = scalar.value
            if value <= 0x20 || value == 0xA0 || value == 0xFEFF || value == 0x200B || value == 0x202F {
                pendingBlank = !out.isEmpty
                continue
            }
            // A combining mark joins the letter before it; the dot above `i` goes.
            if value >= 0x300 && value <= 0x36F {
                if let mark = combined(value, onto: out) {
                    out = mark
                }
                continue
            }
            if pendingBlank { out.append(0x20) }
            pendingBlank = false
            append(lower(value), to: &out)
        }
        return out.contains(where: { $0 == 0xD0 || $0 == 0xD1 }) ? withoutLookAlikes(out) : out
    }

    /// The folded form of `text`.
    package static func fold(_ text: String) -> String { String(decoding: fold(text.utf8), as: UTF8.self) }

    /// Cyrillic letters as the Latin ones that they look like, in words that mix both scripts.
    private static func withoutLookAlikes(_ folded: [UInt8]) -> [UInt8] {
        let words = folded.split(separator: 0x20, omittingEmptySubsequences: false).map { word -> [UInt8] in
            guard word.contains(where: { $0 >= 0x61 && $0 <= 0x7A }) else { return Array(word) }
            var out: [UInt8] = []
            for scalar in String(decoding: word, as: UTF8.self).unicodeScalars { append(latin(scalar.value), to: &out) }
            return out
        }
        return Array(words.joined(separator: [0x20]))
    }

    /// а в е к м н о р с т у х і ѕ ј: small letters whose capitals or themselves look Latin.
    private static func latin(_ value: UInt32) -> UInt32 {
        switch value {
        case 0x430: 0x61
        case 0x432: 0x62
        case 0x435: 0x65
        case 0x43A: 0x6B
        case 0x43C: 0x6D
        case 0x43D: 0x68
        case 0x43E: 0x6F
        case 0x440: 0x70
        case 0x441: 0x63
        case 0x442: 0x74
        case 0x443: 0x79
        case 0x445: 0x78
        case 0x455: 0x73
        case 0x456: 0x69
        case 0x458: 0x6A
        default: value
        }
    }

    private static func append(_ value: UInt32, to out: inout [UInt8]) {
        guard let scalar = Unicode.Scalar(value) else { return }
        out.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
    }

    private static func lower(_ value: UInt32) -> UInt32 {
        switch value {
        case 0x41...0x5A: value + 0x20
        case 0x130, 0x131: 0x69
        case 0xC0...0xD6, 0xD8...0xDE: value + 0x20
        // Latin Extended-A: capitals are even up to U+0137 and from U+014A on, odd between.
        case 0x100...0x137, 0x14A...0x177: value | 1
        case 0x139...0x148, 0x179...0x17E: value.isMultiple(of: 2) ? value : value + 1
        case 0x178: 0xFF
        case 0x391...0x3A9: value + 0x20
        case 0x410...0x42F: value + 0x20
        case 0x400...0x40F: value + 0x50
        default: value
        }
    }

    /// `out` with the mark joined to its last letter, nil when the mark changes nothing that is compared.
    private static func combined(_ mark: UInt32, onto out: [UInt8]) -> [UInt8]? {
        guard let last = out.last, last < 0x80 else { return nil }
        let letter = UInt32(last)
        let joined: UInt32? =
            switch (letter, mark) {
            case (0x63, 0x327): 0xE7
            case (0x73, 0x327): 0x15F
            case (0x67, 0x306): 0x11F
            case (0x6F, 0x308): 0xF6
            case (0x75, 0x308): 0xFC
            case (0x61, 0x308): 0xE4
            case (0x61, 0x302): 0xE2
            case (0x69, 0x302): 0xEE
            case (0x75, 0x302): 0xFB
            case (0x65, 0x301): 0xE9
            case (0x65, 0x300): 0xE8
            case (0x61, 0x301): 0xE1
            case (0x61, 0x300): 0xE0
            case (0x6F, 0x301): 0xF3
            case (0x6E, 0x303): 0xF1
            default: nil
            }
        guard let joined else { return nil }
        var changed = Array(out.dropLast())
        append(joined, to: &changed)
        return changed
    }

    /// The candidate nearest to `name` by folded edit distance, nil when none is near enough to propose.
    package static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = Array(fold(name.utf8))
        var best: (distance: Int, name: String)?
        for candidate in candidates {
            let folded = Array(fold(candidate.utf8))
            guard abs(folded.count - wanted.count) <= 4 else { continue }
            let distance = editDistance(wanted, folded)
            if distance <= max(2, wanted.count / 3), distance < max(wanted.count, 1), distance < (best?.distance ?? .max) {
                best = (distance, candidate)
            }
        }
        return best?.name
    }

    /// Whether `heading` is probably the column `name` under another name: two letters of eight differ, or one of four, and no digits do.
    ///
    /// Columns such as `Address 1` and `Address 2` differ by a digit and are two.
    package static func isRenamed(_ name: String, to heading: String) -> Bool {
        let (a, b) = (Array(fold(name.utf8)), Array(fold(heading.utf8)))
        let limit = a.count < 4 ? 0 : a.count < 8 ? 1 : 2
        func digits(_ bytes: [UInt8]) -> [UInt8] { bytes.filter { $0 >= 0x30 && $0 <= 0x39 } }
        guard abs(a.count - b.count) <= limit, digits(a) == digits(b) else { return false }
        return editDistance(a, b) <= limit
    }

    /// Optimal string alignment: insertions, deletions, substitutions and swapped neighbours each cost one.
    private static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var before: [Int] = []
        var previous = Array(0...b.count)
        for i in 1...a.count {
            var row = [i] + Array(repeating: 0, count: b.count)
            for j in 1...b.count {
                let cost = a[i - 1] == b[j - 1] ? 0 : 1
                row[j] = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + cost)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { row[j] = min(row[j], before[j - 2] + 1) }
            }
            before = previous
            previous = row
        }
        return previous[b.count]
    }
}
