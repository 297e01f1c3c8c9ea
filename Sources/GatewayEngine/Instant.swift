/// Reads the canonical instant of an order: `2026-11-24T09:30:00Z` or with an offset such as `+03:00`.
enum Instant {
    /// Milliseconds since 1970; nil when it is not such a text.
    static func milliseconds(_ text: UnsafeRawBufferPointer) -> Int64? {
        func number(_ start: Int, _ count: Int) -> Int64? {
            guard start + count <= text.count else { return nil }
            var value: Int64 = 0
            for n in start..<start + count {
                guard (48...57).contains(text[n]) else { return nil }
                value = value * 10 + Int64(text[n] - 48)
            }
            return value
        }
        guard let year = number(0, 4), let month = number(5, 2), let day = number(8, 2), let hour = number(11, 2),
            let minute = number(14, 2), let second = number(17, 2), text.count > 19
        else { return nil }
        var offset: Int64 = 0
        var at = 19
        if text[at] == UInt8(ascii: ".") {
            at += 1
            while at < text.count, (48...57).contains(text[at]) { at += 1 }
        }
        guard at < text.count else { return nil }
        if text[at] != UInt8(ascii: "Z") {
            guard let hours = number(at + 1, 2), let minutes = number(at + 4, 2) else { return nil }
            offset = (hours * 60 + minutes) * (text[at] == UInt8(ascii: "-") ? -1 : 1)
        }
        return ((days(year, month, day) * 24 + hour) * 60 + minute - offset) * 60_000 + second * 1000
    }

    /// Days since 1970-01-01 of a date of the Gregorian calendar.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let y = month > 2 ? year : year - 1
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// A length of time in words: `14 d`, `36 h`, `15 min`.
    static func span(_ milliseconds: Int64) -> String {
        let minutes = milliseconds / 60_000
        if minutes % 1440 == 0 { return "\(minutes / 1440) d" }
        if minutes % 60 == 0 { return "\(minutes / 60) h" }
        return "\(minutes) min"
    }
}
