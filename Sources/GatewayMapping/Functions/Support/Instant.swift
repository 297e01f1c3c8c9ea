@_spi(HotPath) import GatewayCore

/// A date and time of the Gregorian calendar, without a zone.
struct Civil {
    var year = 1970
    var month = 1
    var day = 1
    var hour = 0
    var minute = 0
    var second = 0
    var millisecond = 0

    init() {}

    /// Of seconds since 1970.
    init(seconds: Int) {
        let days = seconds >= 0 ? seconds / 86_400 : -((86_399 - seconds) / 86_400)
        var rest = seconds - days * 86_400
        hour = rest / 3600
        rest %= 3600
        minute = rest / 60
        second = rest % 60
        // Days to a date by eras of 400 years from 0000-03-01. Source: H. Hinnant, "chrono-compatible low-level date algorithms".
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Seconds since 1970 as if it were UTC.
    var seconds: Int { Self.days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second }

    var isValid: Bool {
        (1...9999).contains(year) && (1...12).contains(month) && day >= 1 && day <= Self.length(ofMonth: month, in: year)
            && (0...23).contains(hour) && (0...59).contains(minute) && (0...59).contains(second)
    }

    static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    static func length(ofMonth month: Int, in year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// An instant as texts write it: a civil time and seconds east of UTC.
struct Instant {
    var civil: Civil
    /// Nil: not said.
    var offset: Int?
    var seconds: Int { civil.seconds - (offset ?? 0) }

    /// Of seconds since 1970.
    init(utc seconds: Int) {
        civil = Civil(seconds: seconds)
        offset = 0
    }

    /// `2026-11-24T09:30:00Z`, `2025-04-01 17:18:52 -0700`, `2026-11-24 09:30`, `2026-11-24`.
    init?(iso bytes: UnsafeRawBufferPointer) {
        var scan = DigitScan(bytes)
        civil = Civil()
        guard let year = scan.number(4, 4), scan.skip(0x2D), let month = scan.number(2, 2), scan.skip(0x2D), let day = scan.number(2, 2)
        else {
            return nil
        }
        (civil.year, civil.month, civil.day) = (year, month, day)
        if !scan.isAtEnd {
            guard scan.skip(0x54) || scan.skip(0x20), let hour = scan.number(2, 2), scan.skip(0x3A), let minute = scan.number(2, 2) else {
                return nil
            }
            (civil.hour, civil.minute) = (hour, minute)
            if scan.skip(0x3A) {
                guard let second = scan.number(2, 2) else { return nil }
                civil.second = second
                if scan.skip(0x2E) {
                    guard let fraction = scan.fraction() else { return nil }
                    civil.millisecond = fraction
                }
            }
            _ = scan.skip(0x20)
            if !scan.isAtEnd {
                guard let found = scan.offset() else { return nil }
                offset = found
            }
        }
        guard scan.isAtEnd, civil.isValid else { return nil }
    }

    /// By a pattern of `yyyy MM dd HH mm ss SSS XXX` and other characters that must stand as they are; `'T'` is a T.
    init?(_ bytes: UnsafeRawBufferPointer, pattern: DatePattern) {
        var scan = DigitScan(bytes)
        civil = Civil()
        var isAfternoon: Bool?
        for part in pattern.parts {
            switch part {
            case .year:
                guard let number = scan.number(4, 4) else { return nil }
                civil.year = number
            case .month(let width):
                guard let number = scan.number(width, 2) else { return nil }
                civil.month = number
            case .day(let width):
                guard let number = scan.number(width, 2) else { return nil }
                civil.day = number
            case .hour(let width):
                guard let number = scan.number(width, 2) else { return nil }
                civil.hour = number
            case .hour12(let width):
                guard let number = scan.number(width, 2), (1...12).contains(number) else { return nil }
                civil.hour = number % 12
            case .afternoon:
                guard let found = scan.afternoon() else { return nil }
                isAfternoon = found
            case .minute:
                guard let number = scan.number(2, 2) else { return nil }
                civil.minute = number
            case .second:
                guard let number = scan.number(2, 2) else { return nil }
                civil.second = number
            case .millisecond:
                guard let number = scan.fraction() else { return nil }
                civil.millisecond = number
            case .offset, .offsetPlain:
                guard let found = scan.offset() else { return nil }
                offset = found
            case .text(let byte):
                guard scan.skip(byte) else { return nil }
            }
        }
        if isAfternoon == true { civil.hour += 12 }
        guard scan.isAtEnd, civil.isValid else { return nil }
    }

    /// Writes `2026-11-24T09:30:00+03:00`, `Z` for UTC.
    func write(to out: UnsafeMutablePointer<UInt8>) -> Int {
        DatePattern.canonical.write(civil, offset: offset ?? 0, to: out)
    }
}

/// Reads digits one after the other.
struct DigitScan {
    private let bytes: UnsafeRawBufferPointer
    private var at = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { at == bytes.count }

    mutating func number(_ fewest: Int, _ most: Int) -> Int? {
        var value = 0
        var count = 0
        while count < most, at < bytes.count, isDigit(bytes[at]) {
            value = value * 10 + Int(bytes[at] - 0x30)
            at += 1
            count += 1
        }
        return count >= fewest ? value : nil
    }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    /// Up to nine digits, as milliseconds.
    mutating func fraction() -> Int? {
        let start = at
        guard let value = number(1, 9) else { return nil }
        let digits = at - start
        return digits <= 3 ? value * powerOfTen(3 - digits) : value / powerOfTen(digits - 3)
    }

    /// `Z`, `+03:00`, `-0700`, `+03`.
    mutating func offset() -> Int? {
        if skip(0x5A) { return 0 }
        let isWest = at < bytes.count && bytes[at] == 0x2D
        guard skip(0x2B) || skip(0x2D), let hours = number(2, 2) else { return nil }
        _ = skip(0x3A)
        let minutes = isAtEnd ? 0 : number(2, 2)
        guard let minutes, hours <= 14, minutes < 60 else { return nil }
        return (isWest ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    mutating func afternoon() -> Bool? {
        guard at + 2 <= bytes.count, bytes[at + 1] | 0x20 == 0x6D else { return nil }
        let letter = bytes[at] | 0x20
        at += 2
        return letter == 0x70 ? true : letter == 0x61 ? false : nil
    }
}

/// A pattern of dates: `yyyy-MM-dd HH:mm`.
struct DatePattern: Sendable {
    enum Part: Sendable {
        case year, minute, second, millisecond, offset, offsetPlain, afternoon
        case month(Int)
        case day(Int)
        case hour(Int)
        case hour12(Int)
        case text(UInt8)
    }
    let parts: [Part]

    static let canonical = DatePattern(
        parts: [
            .year, .text(0x2D), .month(2), .text(0x2D), .day(2), .text(0x54), .hour(2), .text(0x3A), .minute, .text(0x3A), .second, .offset,
        ])

    private init(parts: [Part]) { self.parts = parts }

    /// Nil when a letter is none of the pattern's and not between apostrophes.
    init?(_ pattern: [UInt8]) {
        var parts: [Part] = []
        var at = 0
        while at < pattern.count {
            let byte = pattern[at]
            if byte == 0x27 {
                guard let end = pattern[(at + 1)...].firstIndex(of: 0x27) else { return nil }
                parts += pattern[at + 1..<end].map { .text($0) }
                at = end + 1
                continue
            }
            guard isLetter(byte) else {
                parts.append(.text(byte))
                at += 1
                continue
            }
            let run = pattern[at...].prefix { $0 == byte }.count
            let word = String(decoding: pattern[at..<at + run], as: UTF8.self)
            at += run
            switch word {
            case "yyyy": parts.append(.year)
            case "MM", "M": parts.append(.month(run))
            case "dd", "d": parts.append(.day(run))
            case "HH", "H": parts.append(.hour(run))
            case "hh", "h": parts.append(.hour12(run))
            case "mm": parts.append(.minute)
            case "ss": parts.append(.second)
            case "SSS": parts.append(.millisecond)
            case "a": parts.append(.afternoon)
            case "XXX": parts.append(.offset)
            case "xx": parts.append(.offsetPlain)
            default: return nil
            }
        }
        self.parts = parts
    }

    /// Writes a civil time; at most 64 bytes more than the pattern has.
    func write(_ civil: Civil, offset: Int, to out: UnsafeMutablePointer<UInt8>) -> Int {
        var n = 0
        func put(_ number: Int, _ width: Int) {
            var rest = number
            for k in stride(from: width - 1, through: 0, by: -1) {
                out[n + k] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
                rest /= 10
            }
            n += width
        }
        func short(_ number: Int, _ width: Int) { put(number, number > 9 ? 2 : width) }
        func shift(_ isColon: Bool) {
            out[n] = offset < 0 ? 0x2D : 0x2B
            n += 1
            put(abs(offset) / 3600, 2)
            if isColon {
                out[n] = 0x3A
                n += 1
            }
            put(abs(offset) % 3600 / 60, 2)
        }
        for part in parts {
            switch part {
            case .year: put(civil.year, 4)
            case .month(let width): short(civil.month, width)
            case .day(let width): short(civil.day, width)
            case .hour(let width): short(civil.hour, width)
            case .hour12(let width): short((civil.hour + 11) % 12 + 1, width)
            case .afternoon:
                out[n] = civil.hour < 12 ? 0x41 : 0x50
                out[n + 1] = 0x4D
                n += 2
            case .minute: put(civil.minute, 2)
            case .second: put(civil.second, 2)
            case .millisecond: put(civil.millisecond, 3)
            case .offset:
                if offset == 0 {
                    out[n] = 0x5A
                    n += 1
                } else {
                    shift(true)
                }
            case .offsetPlain: shift(false)
            case .text(let byte):
                out[n] = byte
                n += 1
            }
        }
        return n
    }
}
