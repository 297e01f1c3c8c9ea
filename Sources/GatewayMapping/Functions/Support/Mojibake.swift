/// Text that was read in another character set than it was written in, and became UTF-8 that way.
///
/// Two kinds are known: UTF-8 that was read as windows-1252 or windows-1254 (`Ã¼` for `ü`, `ÅŸ` for `ş`), and windows-1254 that was read as
/// windows-1252 (`þ` for `ş`). Source: the mapping tables of both code pages, Unicode Consortium.
enum Mojibake {
    /// What a cell's letters are.
    enum Reading: Equatable {
        /// Nothing is wrong with it, or nobody could tell.
        case sound
        /// What it was before; no other reading is possible.
        case repaired([UInt8])
        /// It was misread, and what it was is not certain.
        case broken
    }

    /// Undoes UTF-8 that was read as windows-1252 or windows-1254, up to three times over.
    static func reading(of bytes: UnsafeRawBufferPointer) -> Reading {
        var text = scalars(bytes)
        var isChanged = false
        for _ in 0..<3 {
            guard showsMisreading(text) else { break }
            guard let before = asUTF8(text) else { return .broken }
            text = before
            isChanged = true
        }
        if showsMisreading(text) { return .broken }
        return isChanged ? .repaired(utf8(text)) : .sound
    }

    static func scalars(_ bytes: UnsafeRawBufferPointer) -> [UInt32] {
        var all: [UInt32] = []
        forEachScalar(bytes) { scalar, _ in all.append(scalar) }
        return all
    }

    static func utf8(_ text: [UInt32]) -> [UInt8] {
        var view = String.UnicodeScalarView()
        for value in text { view.append(Unicode.Scalar(value) ?? "\u{FFFD}") }
        return Array(String(view).utf8)
    }

    /// Whether a lead byte of UTF-8 stands as a letter before what a byte inside of a character looks like.
    ///
    /// `Å–B` and `AMANHÃ”` are such pairs too, and may be meant; `Ã–mer` is not: no word is only an Ã.
    private static func showsMisreading(_ text: [UInt32]) -> Bool {
        var doubtful = 0
        for n in 0..<max(text.count - 1, 0) where [0xC3, 0xC4, 0xC5, 0xD0].contains(text[n]) {
            guard let byte = byte(of: text[n + 1]), byte >= 0x80, byte < 0xC0 else { continue }
            let beginsWord = n == 0 || !isLetter(text[n - 1])
            if !isPunctuation(text[n + 1]) || text[n] == 0xC3 && beginsWord { return true }
            doubtful += 1
        }
        return doubtful > 1
    }

    /// The text when its characters' bytes are UTF-8 of letters and usual signs; nil when they are not.
    private static func asUTF8(_ text: [UInt32]) -> [UInt32]? {
        var bytes: [UInt8] = []
        for scalar in text {
            guard let byte = byte(of: scalar) else { return nil }
            bytes.append(byte)
        }
        guard let read = String(validating: bytes, as: UTF8.self) else { return nil }
        let values = read.unicodeScalars.map(\.value)
        return values.allSatisfy(isUsual) ? values : nil
    }

    /// The byte that a character is in windows-1252 or, for Turkish letters, windows-1254; C1 controls stand for what has no character there.
    private static func byte(of scalar: UInt32) -> UInt8? {
        if scalar < 0x100 { return UInt8(scalar) }
        return high[scalar]
    }

    private static let high: [UInt32: UInt8] = [
        0x20AC: 0x80, 0x201A: 0x82, 0x192: 0x83, 0x201E: 0x84, 0x2026: 0x85, 0x2020: 0x86, 0x2021: 0x87, 0x2C6: 0x88, 0x2030: 0x89,
        0x160: 0x8A, 0x2039: 0x8B, 0x152: 0x8C, 0x17D: 0x8E, 0x2018: 0x91, 0x2019: 0x92, 0x201C: 0x93, 0x201D: 0x94, 0x2022: 0x95,
        0x2013: 0x96, 0x2014: 0x97, 0x2DC: 0x98, 0x2122: 0x99, 0x161: 0x9A, 0x203A: 0x9B, 0x153: 0x9C, 0x17E: 0x9E, 0x178: 0x9F,
        0x11E: 0xD0, 0x130: 0xDD, 0x15E: 0xDE, 0x11F: 0xF0, 0x131: 0xFD, 0x15F: 0xFE,
    ]

    private static func isUsual(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0xA0...0x24F, 0x370...0x52F, 0x590...0x6FF, 0x1E00...0x1FFF, 0x2010...0x203A, 0x20A0...0x20BF,
            0x2116, 0x2122, 0x3000...0x9FFF, 0xAC00...0xD7A3, 0xFF00...0xFFEF:
            true
        default: false
        }
    }

    /// Quotes, dashes and blanks that may well stand behind a letter.
    private static func isPunctuation(_ scalar: UInt32) -> Bool {
        [0xA0, 0xAB, 0xBB, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2026, 0x2039, 0x203A].contains(scalar)
    }

    static func isLetter(_ scalar: UInt32) -> Bool {
        scalar < 0x80 ? (scalar | 0x20) &- 0x61 < 26 : scalar >= 0xC0 && !(0x2000...0x206F).contains(scalar)
    }

    // MARK: Turkish that was read as windows-1252

    /// What `Ý Þ Ð ý þ ð` are in the texts of one order that goes to Türkiye.
    enum Turkish {
        /// They are meant, or there are none.
        case sound
        /// They stand for `İ Ş Ğ ı ş ğ`: a word of them can be nothing else, and a file is misread as a whole.
        case misread
        /// They may be either.
        case undecided
    }

    static func turkish(_ texts: [[UInt32]]) -> Turkish {
        // A file that has one letter right was not misread.
        if texts.contains(where: { $0.contains { [0x11E, 0x11F, 0x130, 0x131, 0x15E, 0x15F].contains($0) } }) { return .sound }
        var isThere = false
        var isProven = false
        for text in texts {
            for word in text.split(whereSeparator: { !isLetter($0) }) where word.contains(where: { meant[$0] != nil }) {
                isThere = true
                // Letters that Icelandic or Czech has, and windows-1254 text in Turkish has not.
                if word.contains(where: isNorthern) { return .sound }
                if isNeverIcelandic(Array(word)) { isProven = true }
            }
        }
        return isProven ? .misread : isThere ? .undecided : .sound
    }

    /// The letters that Turkish has in the places of `Ý Þ Ð ý þ ð`; nil when the text has none of them.
    static func asTurkish(_ text: [UInt32]) -> [UInt8]? {
        guard text.contains(where: { meant[$0] != nil }) else { return nil }
        return utf8(text.map { meant[$0] ?? $0 })
    }

    private static let meant: [UInt32: UInt32] = [0xDD: 0x130, 0xDE: 0x15E, 0xD0: 0x11E, 0xFD: 0x131, 0xFE: 0x15F, 0xF0: 0x11F]

    /// á é í ó ú æ ø å, and the hooks of Czech and Slovak.
    private static func isNorthern(_ scalar: UInt32) -> Bool {
        let small = Letters.lower(scalar)
        return [0xE1, 0xE9, 0xED, 0xF3, 0xFA, 0xE6, 0xF8, 0xE5, 0x10D, 0x11B, 0x148, 0x159, 0x161, 0x16F, 0x17E].contains(small)
    }

    /// Whether no Icelandic word has these letters in this order: c, ç, q, w, z or ü in it; þ at its end or before a consonant other than j, r
    /// and v; ð at its start. Source: Icelandic orthography, as its dictionaries have it.
    private static func isNeverIcelandic(_ word: [UInt32]) -> Bool {
        let small = word.map(Letters.lower)
        if small.contains(where: { [0x63, 0xE7, 0x71, 0x77, 0x7A, 0xFC].contains($0) }) || small.first == 0xF0 { return true }
        for (n, letter) in small.enumerated() where letter == 0xFE {
            guard n + 1 < small.count else { return small.count > 1 }
            if [0x62, 0x64, 0x66, 0x67, 0x68, 0x6B, 0x6C, 0x6D, 0x6E, 0x70, 0x73, 0x74, 0x78].contains(small[n + 1]) { return true }
        }
        return false
    }
}

/// What a spreadsheet writes where a formula failed, in English and in Turkish. Source: Excel's list of error values.
enum SpreadsheetErrors {
    private static let all: Set<[UInt8]> = Set(
        [
            "#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#GETTING_DATA",
            "#BAŞV!", "#YOK", "#AD?", "#DEĞER!", "#SAYI/0!", "#SAYI!", "#BOŞ!",
        ].map { Array($0.utf8) })

    static func contain(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.count < 16 && all.contains(Array(bytes)) }
}
