/// Numbers with units as `dropgate.yaml` writes them: `1.2 kg`, `30 cm`, `15 min`, `4 GB`.
package enum Quantity {
    /// Whole grams, rounded half up. Pounds and ounces by the international avoirdupois pound, 453.59237 g.
    package static func grams(_ text: String) -> Int? {
        scaled(text, micro: ["g": 1_000_000, "kg": 1_000_000_000, "oz": 28_349_523, "lb": 453_592_370], upTo: 100_000_000)
    }

    /// Whole millimetres, rounded half up.
    package static func millimetres(_ text: String) -> Int? {
        scaled(text, micro: ["mm": 1_000_000, "cm": 10_000_000, "m": 1_000_000_000, "in": 25_400_000], upTo: 100_000)
    }

    /// Whole milliseconds.
    package static func milliseconds(_ text: String) -> Int64? {
        let minute = 60_000
        let units = [
            "ms": 1, "s": 1000, "min": minute, "h": 60 * minute, "hour": 60 * minute, "hours": 60 * minute, "day": 1440 * minute,
            "days": 1440 * minute,
        ]
        return whole(text, units: units).map(Int64.init)
    }

    /// Bytes; kB, MB and GB are powers of 1024.
    package static func bytes(_ text: String) -> Int? {
        whole(text, units: ["B": 1, "kB": 1 << 10, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30])
    }

    /// A whole number in ASCII digits.
    package static func count(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 18, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }

    private static func parts(_ text: String) -> (number: Substring, unit: String)? {
        let number = text.prefix { ("0"..."9").contains($0) || $0 == "." }
        let unit = text[number.endIndex...].drop { $0 == " " }
        return number.isEmpty || unit.isEmpty ? nil : (number, String(unit))
    }

    private static func whole(_ text: String, units: [String: Int]) -> Int? {
        guard let (number, unit) = parts(text), let factor = units[unit], let count = count(number) else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    /// - Parameter micro: millionths of the result's unit in one of each unit.
    private static func scaled(_ text: String, micro: [String: Int], upTo limit: Int) -> Int? {
        guard let (number, unit) = parts(text), let factor = micro[unit] else { return nil }
        let pieces = number.split(separator: ".", omittingEmptySubsequences: false)
        guard pieces.count <= 2, let integer = count(pieces[0]), integer <= limit else { return nil }
        var total = integer * factor
        if pieces.count == 2 {
            guard let fraction = count(pieces[1]), pieces[1].utf8.count <= 6 else { return nil }
            let divisor = (0..<pieces[1].utf8.count).reduce(1) { product, _ in product * 10 }
            total += fraction * factor / divisor
        }
        let rounded = (total + 500_000) / 1_000_000
        return rounded <= limit ? rounded : nil
    }
}
