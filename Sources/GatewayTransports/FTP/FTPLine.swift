/// Reads single lines of listings.
enum FTPLine {
    enum Reading: Hashable, Sendable {
        case entry(FTPEntry)
        /// The folder itself, the one above it, a sum.
        case passedOver
        case unreadable
    }

    // MARK: MLSD

    /// `type=file;size=5;modify=20251124101112.123;unique=8U1; orders.csv`. Source: RFC 3659, section 7.
    static func facts(_ line: [UInt8]) -> Reading {
        // Facts hold no space; the name begins after the first one.
        guard let space = line.firstIndex(of: UInt8(ascii: " ")), space > 0, line[space - 1] == UInt8(ascii: ";") else {
            return .unreadable
        }
        var entry = FTPEntry(name: Array(line[(space + 1)...]), kind: .other, isExact: true)
        for fact in line[..<space].split(separator: UInt8(ascii: ";")) {
            guard let equals = fact.firstIndex(of: UInt8(ascii: "=")) else { return .unreadable }
            let value = fact[(equals + 1)...]
            switch String(decoding: fact[..<equals], as: UTF8.self).lowercased() {
            case "type":
                switch String(decoding: value, as: UTF8.self).lowercased() {
                case "file": entry.kind = .file
                case "dir": entry.kind = .folder
                case "cdir", "pdir": return .passedOver
                case let other where other.hasPrefix("os.unix=slink") || other.hasPrefix("os.unix=symlink"): entry.kind = .link
                case _: entry.kind = .other
                }
            case "size": entry.size = number(value)
            case "modify": entry.modified = stamp(value)
            case "unique": entry.unique = value.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
            case _: break
            }
        }
        return .entry(entry)
    }

    /// `20251124101112.123` as seconds since 1970; UTC by the RFC.
    private static func stamp(_ text: ArraySlice<UInt8>) -> Int64? {
        let digits = text.prefix { $0 != UInt8(ascii: ".") }
        guard digits.count == 14, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        func part(_ from: Int, _ count: Int) -> Int64 {
            digits[(digits.startIndex + from)..<(digits.startIndex + from + count)].reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }
        return seconds(part(0, 4), part(4, 2), part(6, 2), hour: part(8, 2), minute: part(10, 2)).map { $0 + part(12, 2) }
    }

    // MARK: LIST

    static func text(_ line: [UInt8], now: Int64) -> Reading {
        let words = self.words(line)
        guard let first = words.first else { return .passedOver }
        if line[first].elementsEqual("total".utf8), words.count == 2, number(line[words[1]]) != nil { return .passedOver }
        switch line[first.lowerBound] {
        case 0x30...0x39: return windows(line, words)
        case _: return unix(line, words, now: now)
        }
    }

    /// `-rw-r--r--    1 owner    group         264 Nov 25 01:19 orders.csv`; owner and group may have spaces or be missing.
    private static func unix(_ line: [UInt8], _ words: [Range<Int>], now: Int64) -> Reading {
        guard words[0].count >= 10, let kind = kind(line[words[0].lowerBound]) else { return .unreadable }
        // The size stands before the date, and the first date is the right one: a name may look like one.
        var n = 2
        while n + 2 < words.count {
            defer { n += 1 }
            guard let size = number(line[words[n - 1]]), n >= 3 || kind != .file || words.count <= 6 else { continue }
            let isMonthFirst = month(line[words[n]]) != nil
            guard let month = month(line[words[n]]) ?? month(line[words[n + 1]]),
                let day = number(line[words[isMonthFirst ? n + 1 : n]]), (1...31).contains(day),
                let time = self.time(line[words[n + 2]], month, day, now)
            else { continue }
            // One space ends the date; a name may begin with more.
            let start = words[n + 2].upperBound + 1
            guard start < line.count else { return .unreadable }
            var name = Array(line[start...])
            if kind == .link, let arrow = name.firstRange(of: Array(" -> ".utf8)) { name.removeSubrange(arrow.lowerBound...) }
            if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { return .passedOver }
            return .entry(FTPEntry(name: name, kind: kind, size: size, modified: time))
        }
        return .unreadable
    }

    /// `11-25-26  01:19AM                  264 orders.csv`, `11-25-2026  13:19  <DIR>  old`.
    private static func windows(_ line: [UInt8], _ words: [Range<Int>]) -> Reading {
        guard words.count >= 4 else { return .unreadable }
        let date = line[words[0]].split(separator: UInt8(ascii: "-")).compactMap { number($0) }
        guard date.count == 3, let clock = self.clock(line[words[1]]) else { return .unreadable }
        let (year, month, day) =
            date[0] > 31 ? (date[0], date[1], date[2]) : (date[2] < 100 ? 2000 + date[2] : date[2], date[0], date[1])
        guard let modified = seconds(year, month, day, hour: clock.hour, minute: clock.minute) else { return .unreadable }
        let start = words[2].upperBound + 1
        guard start < line.count else { return .unreadable }
        // IIS pads `<DIR>` to the width of sizes, so its names begin at the next word.
        var entry = FTPEntry(name: Array(line[start...]), kind: .file, modified: modified)
        if line[words[2]].elementsEqual("<DIR>".utf8) {
            entry.kind = .folder
            entry.name = Array(line[words[3].lowerBound...])
        } else if let size = number(line[words[2]]) {
            entry.size = size
        } else {
            entry.kind = .link
        }
        if entry.name.elementsEqual(".".utf8) || entry.name.elementsEqual("..".utf8) { return .passedOver }
        return .entry(entry)
    }

    // MARK: Parts

    private static func words(_ line: [UInt8]) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start: Int?
        for (n, byte) in line.enumerated() {
            if byte == UInt8(ascii: " ") {
                if let begun = start { words.append(begun..<n) }
                start = nil
            } else if start == nil {
                start = n
            }
            // A date stands among the first words.
            if words.count == 16 { return words }
        }
        if let start { words.append(start..<line.count) }
        return words
    }

    private static func kind(_ letter: UInt8) -> FTPEntry.Kind? {
        switch letter {
        case UInt8(ascii: "-"): .file
        case UInt8(ascii: "d"): .folder
        case UInt8(ascii: "l"): .link
        case UInt8(ascii: "p"), UInt8(ascii: "s"), UInt8(ascii: "b"), UInt8(ascii: "c"): .other
        case _: nil
        }
    }

    /// Nil: other characters than digits, or more than fit.
    private static func number(_ text: ArraySlice<UInt8>) -> Int64? {
        guard (1...18).contains(text.count), text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return text.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    private static func month(_ text: ArraySlice<UInt8>) -> Int64? {
        guard text.count == 3 else { return nil }
        let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        return names.firstIndex(of: String(decoding: text, as: UTF8.self).lowercased()).map { Int64($0) + 1 }
    }

    /// `01:19` of the last twelve months, or a year.
    private static func time(_ text: ArraySlice<UInt8>, _ month: Int64, _ day: Int64, _ now: Int64) -> Int64? {
        if let year = number(text), (1970...9999).contains(year) { return seconds(year, month, day, hour: 0, minute: 0) }
        guard let clock = clock(text) else { return nil }
        // A day ahead is still this year: the server's clock may be in another zone.
        let thisYear = 1970 + now / 31_556_952
        for year in [thisYear + 1, thisYear, thisYear - 1] {
            if let then = seconds(year, month, day, hour: clock.hour, minute: clock.minute), then <= now + 86_400 { return then }
        }
        return nil
    }

    /// `13:19`, `01:19PM`.
    private static func clock(_ text: ArraySlice<UInt8>) -> (hour: Int64, minute: Int64)? {
        guard text.count >= 4, let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let after = text[(colon + 1)...]
        guard after.count >= 2, var hour = number(text[..<colon]), let minute = number(after.prefix(2)), hour < 24, minute < 60 else {
            return nil
        }
        switch String(decoding: after.dropFirst(2), as: UTF8.self).lowercased() {
        case "": break
        case "am": hour %= 12
        case "pm": hour = hour % 12 + 12
        case _: return nil
        }
        return (hour, minute)
    }

    /// Nil: no such day. Days by H. Hinnant's `days_from_civil`.
    private static func seconds(_ year: Int64, _ month: Int64, _ day: Int64, hour: Int64, minute: Int64) -> Int64? {
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60 else { return nil }
        let y = month <= 2 ? year - 1 : year
        let era = y / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era * 146_097 + dayOfEra - 719_468) * 86_400 + hour * 3600 + minute * 60
    }
}
