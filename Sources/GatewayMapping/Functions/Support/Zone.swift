import FoundationEssentials
@_spi(HotPath) import GatewayCore

/// A time zone by its IANA name, out of the machine's zone files.
///
/// FoundationEssentials knows fixed offsets only, and the whole of Foundation costs memory on every run, so the files are read here.
/// Source: RFC 9636 (TZif).
struct Zone: Sendable {
    let name: String
    /// Instants from which on the offset of the same index holds, ascending.
    private let transitions: [Int]
    /// Seconds east of UTC; one more than transitions: the first holds before them all.
    private let offsets: [Int]
    /// What holds after the last transition.
    private let rule: ZoneRule?

    static let utc = Zone(name: "UTC", transitions: [], offsets: [0], rule: nil)

    private init(name: String, transitions: [Int], offsets: [Int], rule: ZoneRule?) {
        self.name = name
        self.transitions = transitions
        self.offsets = offsets
        self.rule = rule
    }

    /// - Throws: a finding when the machine has no such zone.
    static func named(_ name: String, at place: Place = Place()) throws(Finding) -> Zone {
        if name == "UTC" { return .utc }
        let isSound = name.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == 0x2F || $0 == 0x5F || $0 == 0x2D || $0 == 0x2B }
        if isSound, !name.hasPrefix("/"), let data = FileManager.default.contents(atPath: "/usr/share/zoneinfo/" + name),
            let zone = Zone(name: name, file: [UInt8](data))
        {
            return zone
        }
        throw Finding(.mappingZoneUnknown, at: place, found: .plain(name))
    }

    /// Reads the 64-bit part of a TZif file; nil when it has none.
    private init?(name: String, file: [UInt8]) {
        func number(_ at: Int, _ length: Int) -> Int? {
            guard at >= 0, at + length <= file.count else { return nil }
            var value: UInt64 = 0
            for byte in file[at..<at + length] { value = value << 8 | UInt64(byte) }
            return length == 4 ? Int(Int32(truncatingIfNeeded: value)) : Int(truncatingIfNeeded: value)
        }
        func counts(_ at: Int) -> [Int]? {
            guard file.count >= at + 44, Array(file[at..<at + 4]) == Array("TZif".utf8) else { return nil }
            return (0..<6).compactMap { number(at + 20 + $0 * 4, 4) }
        }
        guard file.count > 5, file[4] >= 0x32, let first = counts(0), first.count == 6 else { return nil }
        // The 32-bit part is skipped: UT and standard indicators, leaps, transitions, types, abbreviations.
        let head = 44 + first[3] * 5 + first[4] * 6 + first[5] + first[2] * 8 + first[1] + first[0]
        guard let sizes = counts(head), sizes.count == 6 else { return nil }
        let times = head + 44
        let types = times + sizes[3] * 8
        let infos = types + sizes[3]
        let footer = infos + sizes[4] * 6 + sizes[5] + sizes[2] * 12 + sizes[1] + sizes[0]
        func offset(_ type: Int) -> Int? { type < sizes[4] ? number(infos + type * 6, 4) : nil }
        guard footer < file.count, let before = offset(0) else { return nil }
        var transitions: [Int] = []
        var offsets = [before]
        for n in 0..<sizes[3] {
            guard let at = number(times + n * 8, 8), let shift = offset(Int(file[types + n])) else { return nil }
            transitions.append(at)
            offsets.append(shift)
        }
        let text = file[(footer + 1)...].prefix { $0 != 0x0A }
        self.init(name: name, transitions: transitions, offsets: offsets, rule: ZoneRule(Array(text)))
    }

    /// Seconds east of UTC at an instant (seconds since 1970).
    func offset(at instant: Int) -> Int {
        if let last = transitions.last, instant >= last {
            return rule?.offset(at: instant) ?? offsets[transitions.count]
        }
        if transitions.isEmpty { return rule?.offset(at: instant) ?? offsets[0] }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= instant { low = middle + 1 } else { high = middle }
        }
        return offsets[low]
    }

    /// Offset of a local time (seconds since 1970 as if it were UTC). Nil when the clocks skip it; the first of two when they repeat it.
    func offset(ofLocal local: Int) -> Int? {
        // The larger offset is the earlier instant.
        let candidates = [offset(at: local - 86_400), offset(at: local + 86_400)].sorted(by: >)
        return candidates.first { offset(at: local - $0) == $0 }
    }
}

/// The rule at the end of a zone file: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule: Sendable {
    private var standard = 0
    private var summer: Summer?

    private struct Summer {
        var offset: Int
        var start: Day
        var end: Day
    }
    /// The `week`-th `weekday` (0 Sunday) of a month at `time` local seconds.
    private struct Day {
        var month = 1
        var week = 1
        var weekday = 0
        var time = 7_200
    }

    init?(_ text: [UInt8]) {
        var at = 0
        func peek() -> UInt8 { at < text.count ? text[at] : 0 }
        func name() {
            if peek() == 0x3C {
                while at < text.count && peek() != 0x3E { at += 1 }
                at += 1
            } else {
                while isLetter(peek()) { at += 1 }
            }
        }
        func whole() -> Int {
            var value = 0
            while isDigit(peek()), value < 100_000 {
                value = value * 10 + Int(peek() - 0x30)
                at += 1
            }
            return value
        }
        func time() -> Int {
            var sign = 1
            if peek() == 0x2D { sign = -1 }
            if peek() == 0x2D || peek() == 0x2B { at += 1 }
            var seconds = whole() * 3600
            if peek() == 0x3A {
                at += 1
                seconds += whole() * 60
                if peek() == 0x3A {
                    at += 1
                    seconds += whole()
                }
            }
            return sign * seconds
        }
        func day() -> Day? {
            guard peek() == 0x2C else { return nil }
            at += 1
            guard peek() == 0x4D else { return nil }
            at += 1
            var day = Day()
            day.month = whole()
            at += 1
            day.week = whole()
            at += 1
            day.weekday = whole()
            if peek() == 0x2F {
                at += 1
                day.time = time()
            }
            return (1...12).contains(day.month) && (1...5).contains(day.week) && (0...6).contains(day.weekday) ? day : nil
        }
        guard !text.isEmpty else { return nil }
        name()
        // POSIX counts west of Greenwich.
        standard = -time()
        if at == text.count { return }
        name()
        var offset = standard + 3600
        if peek() != 0x2C { offset = -time() }
        guard let start = day(), let end = day() else { return nil }
        summer = Summer(offset: offset, start: start, end: end)
    }

    func offset(at instant: Int) -> Int {
        guard let summer else { return standard }
        let year = Civil(seconds: instant + standard).year
        let start = Self.seconds(summer.start, in: year) - standard
        let end = Self.seconds(summer.end, in: year) - summer.offset
        let isSummer = start < end ? instant >= start && instant < end : instant >= start || instant < end
        return isSummer ? summer.offset : standard
    }

    private static func seconds(_ day: Day, in year: Int) -> Int {
        let first = Civil.days(year: year, month: day.month, day: 1)
        // 1970-01-01 was a Thursday.
        let weekday = ((first + 4) % 7 + 7) % 7
        var date = 1 + (day.weekday - weekday + 7) % 7 + (day.week - 1) * 7
        while date > Civil.length(ofMonth: day.month, in: year) { date -= 7 }
        return (first + date - 1) * 86_400 + day.time
    }
}
