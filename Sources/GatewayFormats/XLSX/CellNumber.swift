/// A number as a workbook stores it, and the text that a person sees of it.
struct CellNumber {
    private var isNegative = false
    /// Significant digits, without zeros at either end; empty for zero.
    private var digits: [UInt8] = []
    /// Digits before the point; negative: zeros follow it.
    private var point = 0
    private var hasExponent = false

    /// Digits that a spreadsheet keeps. Source: Excel specifications and limits, "number precision".
    private static let precision = 15

    /// Nil: no number.
    init?(_ bytes: some Collection<UInt8>) {
        var rest = bytes[...]
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        if rest.first == 0x2D || rest.first == 0x2B {
            isNegative = rest.first == 0x2D
            rest = rest.dropFirst()
        }
        let whole = rest.prefix(while: isDigit)
        rest = rest.dropFirst(whole.count)
        var fraction = rest.prefix(0)
        if rest.first == 0x2E {
            rest = rest.dropFirst()
            fraction = rest.prefix(while: isDigit)
            rest = rest.dropFirst(fraction.count)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        var exponent = 0
        if rest.first == 0x45 || rest.first == 0x65 {
            guard let stated = Int(String(decoding: rest.dropFirst(), as: UTF8.self)), abs(stated) < 400 else { return nil }
            exponent = stated
            hasExponent = true
            rest = rest.prefix(0)
        }
        guard rest.isEmpty, whole.count + fraction.count < 400 else { return nil }
        let all = Array(whole) + Array(fraction)
        let leading = all.prefix { $0 == 0x30 }.count
        digits = Array(all.dropFirst(leading))
        while digits.last == 0x30 { digits.removeLast() }
        point = digits.isEmpty ? 0 : whole.count - leading + exponent
    }

    var isWhole: Bool { digits.count <= point || digits.isEmpty }

    /// Plain digits. A number with an exponent whose digits go beyond those that are exact keeps it: zeros in their place
    /// would look like an identifier.
    func plain() -> [UInt8] {
        var number = self
        // A whole number written out is what its writer meant, however long.
        if hasExponent || !isWhole { number.round() }
        if number.hasExponent, number.point > Self.precision || number.point < -Self.precision { return number.scientific() }
        return number.written()
    }

    private func written() -> [UInt8] {
        guard !digits.isEmpty else { return [0x30] }
        var out: [UInt8] = isNegative ? [0x2D] : []
        if point <= 0 {
            out += [0x30, 0x2E] + [UInt8](repeating: 0x30, count: -point) + digits
        } else if digits.count <= point {
            out += digits + [UInt8](repeating: 0x30, count: point - digits.count)
        } else {
            out += digits[..<point] + [0x2E] + digits[point...]
        }
        // 2.175 could be taken for two thousand one hundred and seventy-five; 2.1750 can't.
        if point > 0, digits.count - point == 3 { out.append(0x30) }
        return out
    }

    private func scientific() -> [UInt8] {
        var out: [UInt8] = isNegative ? [0x2D] : []
        out.append(digits[0])
        if digits.count > 1 { out += [0x2E] + digits[1...] }
        let exponent = point - 1
        return out + [0x45, exponent < 0 ? 0x2D : 0x2B] + Array((abs(exponent) < 10 ? "0" : "").utf8) + Array("\(abs(exponent))".utf8)
    }

    /// To fifteen digits, half up.
    private mutating func round() {
        guard digits.count > Self.precision else { return }
        let isUp = digits[Self.precision] >= 0x35
        digits.removeLast(digits.count - Self.precision)
        if isUp {
            var at = digits.count - 1
            while at >= 0, digits[at] == 0x39 {
                digits[at] = 0x30
                at -= 1
            }
            if at < 0 {
                digits.insert(0x31, at: 0)
                point += 1
            } else {
                digits[at] += 1
            }
        }
        while digits.last == 0x30 { digits.removeLast() }
    }

    /// The number in a format; plain digits where the format can't show it, as for a date before the year 1900.
    func text(_ format: NumberFormat, is1904: Bool) -> [UInt8] {
        switch format {
        case .plain: return plain()
        case .mask(let mask): return isWhole && !isNegative ? masked(mask) ?? plain() : plain()
        case .date, .time, .dateAndTime, .duration: break
        }
        guard !isNegative, let (day, second) = moment() else { return plain() }
        switch format {
        case .duration:
            let hours = day * 24 + second / 3600
            return Array((hours < 10 ? "0" : "").utf8) + Array("\(hours)".utf8) + Self.clock(second).dropFirst(2)
        case .time where day == 0: return Self.clock(second)
        case .date, .time, .dateAndTime, .plain, .mask: break
        }
        guard let date = Self.date(day, is1904: is1904) else { return plain() }
        // What a date's cell holds beyond the day is not shown, and kept all the same.
        if format == .date && second == 0 { return date }
        return date + [0x20] + Self.clock(second)
    }

    /// Whole days, and seconds of the day rounded to the nearest.
    private func moment() -> (day: Int, second: Int)? {
        guard point <= 7 else { return nil }
        var day = 0
        for n in 0..<max(point, 0) { day = day * 10 + (n < digits.count ? Int(digits[n]) - 0x30 : 0) }
        var fraction = 0
        var unit = 1
        for n in point..<(point + 12) {
            fraction = fraction * 10 + (n >= 0 && n < digits.count ? Int(digits[n]) - 0x30 : 0)
            unit *= 10
            if n < point { break }
        }
        let second = (fraction * 86_400 + unit / 2) / unit
        return second == 86_400 ? (day + 1, 0) : (day, second)
    }

    /// `2026-11-24` of a day's number. Day 60 of the 1900 system is a 29 February that never was; the days before it are one off.
    private static func date(_ day: Int, is1904: Bool) -> [UInt8]? {
        guard is1904 ? day >= 0 : day > 0 && day != 60, day < 2_958_466 else { return nil }
        // Days since 1970-01-01.
        let days = is1904 ? day - 24_107 : day - 25_569 + (day < 60 ? 1 : 0)
        // Source: H. Hinnant, "chrono-compatible low-level date algorithms".
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
        let year = yearOfEra + era * 400 + (month < 10 ? 0 : 1)
        return digits(year, 4) + [0x2D] + digits(month < 10 ? month + 3 : month - 9, 2) + [0x2D] + digits(dayOfMonth, 2)
    }

    private static func clock(_ second: Int) -> [UInt8] {
        digits(second / 3600, 2) + [0x3A] + digits(second / 60 % 60, 2) + [0x3A] + digits(second % 60, 2)
    }

    private static func digits(_ value: Int, _ count: Int) -> [UInt8] {
        var out = [UInt8](repeating: 0x30, count: count)
        var rest = value
        for n in stride(from: count - 1, through: 0, by: -1) {
            out[n] = 0x30 + UInt8(rest % 10)
            rest /= 10
        }
        return out
    }

    /// Digits in the places of a mask, from the right; what is left over stands before the first. Nil: a sign would be lost.
    private func masked(_ mask: [UInt8]) -> [UInt8]? {
        var rest = digits.isEmpty ? [] : digits + [UInt8](repeating: 0x30, count: point - digits.count)
        guard rest.count <= 32 else { return nil }
        var out: [UInt8] = []
        let first = mask.firstIndex { $0 == 0x30 || $0 == 0x23 } ?? 0
        for (n, place) in mask.enumerated().reversed() {
            if place == 0x30 || place == 0x23 {
                if let digit = rest.popLast() { out.append(digit) } else if place == 0x30 { out.append(0x30) }
                if n == first { while let digit = rest.popLast() { out.append(digit) } }
            } else {
                out.append(place)
            }
        }
        return out.reversed()
    }
}
