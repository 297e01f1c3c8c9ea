import GatewayCore

/// Tells what a spreadsheet does to a cell that nobody touched from what a person changed.
///
/// One way only: what was stored, and a damaged form of it. So `02138` that comes back as `2138` is untouched, and `2138`
/// that comes back as `02138` is a correction.
enum DamagedForm {
    /// Whether `cell` is what was stored, or what a spreadsheet made of it.
    static func isUntouched(stored: [UInt8], cell: [UInt8]) -> Bool {
        if stored == cell { return true }
        let old = plain(stored)
        let new = plain(cell)
        if old == new { return true }
        // As the receipt showed it, its apostrophe at the start there or hidden.
        if let shown = stored.withUnsafeBytes({ SpreadsheetGuard.guarded($0) }).map(plain) {
            if shown == new || shown.hasPrefix("'") && trimmed(String(shown.dropFirst())) == new { return true }
        }
        // The receipt's apostrophe, or the sender's own one, which spreadsheets hide. Blanks behind it count no more than outer ones.
        let oldBare = old.hasPrefix("'") ? trimmed(String(old.dropFirst())) : old
        let newBare = new.hasPrefix("'") ? trimmed(String(new.dropFirst())) : new
        if oldBare == newBare || old == newBare { return true }
        return isNumber(oldBare, as: newBare) || isDate(oldBare, as: newBare) || isTruth(oldBare, as: newBare)
    }

    /// Without outer blanks, line ends as LF.
    private static func plain(_ cell: [UInt8]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(cell.count)
        for (n, byte) in cell.enumerated() {
            if byte == 0x0D {
                if n + 1 < cell.count, cell[n + 1] == 0x0A { continue }
                bytes.append(0x0A)
            } else {
                bytes.append(byte)
            }
        }
        return trimmed(String(decoding: bytes, as: UTF8.self))
    }

    // MARK: Numbers

    private struct Number {
        var isNegative = false
        var whole: [UInt8] = []
        var fraction: [UInt8] = []

        /// Sign, digits, one point or comma.
        init?(_ text: some StringProtocol) {
            var rest = Array(text.utf8)[...]
            if rest.first == 0x2D || rest.first == 0x2B {
                isNegative = rest.first == 0x2D
                rest = rest.dropFirst()
            }
            let parts = rest.split(omittingEmptySubsequences: false) { $0 == 0x2E || $0 == 0x2C }
            guard parts.count == 1 || parts.count == 2, !parts[0].isEmpty else { return nil }
            for part in parts where !part.allSatisfy({ (0x30...0x39).contains($0) }) { return nil }
            whole = Array(parts[0])
            if parts.count == 2 { fraction = Array(parts[1]) }
        }

        var wholeWithoutZeros: [UInt8] {
            let digits = whole.drop { $0 == 0x30 }
            return digits.isEmpty ? [0x30] : Array(digits)
        }
        var fractionWithoutZeros: [UInt8] {
            var digits = fraction
            while digits.last == 0x30 { digits.removeLast() }
            return digits
        }
    }

    /// Zeros lost in front or at the end, a `.0` gained, comma and point swapped, digits lost past the fifteenth, `1.23E+12`.
    private static func isNumber(_ old: String, as new: String) -> Bool {
        guard let stored = Number(old) else { return false }
        guard let number = Number(new) else { return isExponent(of: stored, new) }
        guard stored.isNegative == number.isNegative, number.whole.count <= stored.whole.count else { return false }
        if stored.wholeWithoutZeros == number.wholeWithoutZeros, stored.fractionWithoutZeros == number.fractionWithoutZeros {
            return number.whole == stored.whole || number.whole == stored.wholeWithoutZeros
        }
        let digits = stored.wholeWithoutZeros
        guard digits.count > 15, stored.fraction.isEmpty, number.fractionWithoutZeros.isEmpty else { return false }
        return number.whole == rounded(digits, to: 15) || number.whole == cut(digits, to: 15)
    }

    private static func isExponent(of stored: Number, _ text: String) -> Bool {
        let parts = text.uppercased().split(separator: "E", omittingEmptySubsequences: false)
        guard parts.count == 2, let mantissa = Number(parts[0]), let exponent = Int(parts[1]), mantissa.whole.count == 1,
            stored.fraction.isEmpty, stored.isNegative == mantissa.isNegative, exponent >= 0, exponent < 60
        else { return false }
        let digits = stored.wholeWithoutZeros
        guard digits.count == exponent + 1 else { return false }
        let all = mantissa.whole + mantissa.fraction
        let shown = all.count <= digits.count ? all : mantissa.whole + mantissa.fractionWithoutZeros
        guard shown.count <= digits.count else { return false }
        let wanted = shown + [UInt8](repeating: 0x30, count: digits.count - shown.count)
        return wanted == rounded(digits, to: shown.count) || wanted == cut(digits, to: shown.count)
    }

    private static func cut(_ digits: [UInt8], to count: Int) -> [UInt8] {
        Array(digits.prefix(count)) + [UInt8](repeating: 0x30, count: max(0, digits.count - count))
    }

    private static func rounded(_ digits: [UInt8], to count: Int) -> [UInt8] {
        guard count < digits.count, digits[count] >= 0x35 else { return cut(digits, to: count) }
        var kept = Array(digits.prefix(count))
        var at = count - 1
        while at >= 0 {
            if kept[at] < 0x39 {
                kept[at] += 1
                break
            }
            kept[at] = 0x30
            at -= 1
        }
        if at < 0 { kept = [0x31] + kept }
        return kept + [UInt8](repeating: 0x30, count: digits.count - count)
    }

    // MARK: Dates

    private struct Moment {
        /// Separator between day, month and year; how they are ordered is not certain unless the year is first.
        var separator: Character
        var parts: [Int]
        var yearFirst: Bool
        /// Hour, minute, perhaps second; empty: none.
        var time: [Int]

        init?(_ text: String) {
            let words = text.split { $0 == " " || $0 == "T" }
            guard let first = words.first, let separator = first.first(where: { "-./".contains($0) }) else { return nil }
            let parts = first.split(separator: separator, omittingEmptySubsequences: false).map { Int($0) }
            guard parts.count == 3, let a = parts[0], let b = parts[1], let c = parts[2], [a, b, c].allSatisfy({ (0...9999).contains($0) })
            else { return nil }
            self.separator = separator
            yearFirst = a > 31
            self.parts = yearFirst || c > 99 ? [a, b, c] : [a, b, c + 2000]
            time = []
            guard words.count > 1 else { return }
            let clock = words[1].prefix { $0.isNumber || $0 == ":" }.split(separator: ":").compactMap { Int($0) }
            guard clock.count == 2 || clock.count == 3 else { return nil }
            time = clock
            let half = words.last?.uppercased() ?? ""
            if half == "PM", clock[0] < 12 { time[0] += 12 }
            if half == "AM", clock[0] == 12 { time[0] = 0 }
        }

        /// What day it may be, as year, month, day.
        var days: [[Int]] {
            if yearFirst { return [parts] }
            return [[parts[2], parts[1], parts[0]], [parts[2], parts[0], parts[1]]].filter {
                (1...12).contains($0[1]) && (1...31).contains($0[2])
            }
        }
    }

    /// The same day in another notation, the time shorter or gone.
    private static func isDate(_ old: String, as new: String) -> Bool {
        guard let stored = Moment(old), let shown = Moment(new) else { return false }
        // The same notation with other numbers is a change.
        if stored.separator == shown.separator, stored.yearFirst == shown.yearFirst {
            guard stored.parts == shown.parts else { return false }
        } else if !stored.days.contains(where: { shown.days.contains($0) }) {
            return false
        }
        if stored.time.isEmpty { return shown.time.allSatisfy { $0 == 0 } }
        return stored.time.starts(with: shown.time)
    }

    // MARK: Truth

    private static let truths = [["true", "doğru", "wahr", "vrai", "verdadero"], ["false", "yanlış", "falsch", "faux", "falso"]]
        .map { $0.map { HeaderName.fold($0) } }

    /// The word of truth in the spreadsheet's language, in capitals or not.
    private static func isTruth(_ old: String, as new: String) -> Bool {
        let words = (HeaderName.fold(old), HeaderName.fold(new))
        return truths.contains { $0[0] == words.0 && $0.contains(words.1) }
    }
}
