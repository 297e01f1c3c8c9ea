/// What a cell's number format makes of its number. Source: ECMA-376 part 1, 18.8.30 and 18.8.31.
enum NumberFormat: Hashable {
    /// The number as it is: `General`, `0`, `#,##0.00 ₺`, percentages.
    case plain
    case date
    case time
    case dateAndTime
    /// `[h]:mm`: hours go on beyond 24.
    case duration
    /// `00000`, `000-000`: digits filled into places, zeros in front; only `0` places show a zero.
    case mask([UInt8])

    /// Formats that a file names by number only. 27 to 36 and 50 to 58 are the dates of East Asian settings.
    static func builtIn(_ id: Int) -> NumberFormat {
        switch id {
        case 14...17, 27...31, 36, 50...54, 57, 58: .date
        case 18...21, 32...35, 45, 47, 55, 56: .time
        case 22: .dateAndTime
        case 46: .duration
        default: .plain
        }
    }

    /// - Parameter code: such as `dd.mm.yyyy\ hh:mm;@`.
    init(code: String) {
        var hasDate = false
        var hasTime = false
        var hasMinutes = false
        var isDuration = false
        var mask: [UInt8]? = []
        var places = (zeros: 0, all: 0)
        let bytes = Array(code.utf8)
        var at = 0
        // The first part is the one for numbers from 0 on.
        while at < bytes.count, bytes[at] != 0x3B {
            let byte = bytes[at] | (0x41...0x5A).contains(bytes[at]) * 0x20
            switch byte {
            case 0x22:  // quoted text
                let end = bytes[(at + 1)...].firstIndex(of: 0x22) ?? bytes.count
                mask = Self.literal(bytes[(at + 1)..<end], onto: mask)
                at = end
            case 0x5C:  // \x: the next character
                at += 1
                mask = at < bytes.count ? Self.literal(bytes[at...at], onto: mask) : mask
            case 0x5F, 0x2A:  // _x and *x: room and filling
                at += 1
            case 0x5B:  // [h], [Red], [$-41F], [>100]
                let end = bytes[at...].firstIndex(of: 0x5D) ?? bytes.count
                let inner = bytes[(at + 1)..<max(at + 1, end)]
                let letters = Set(inner.map { $0 | 0x20 })
                if letters.count == 1, let letter = letters.first, letter == 0x68 || letter == 0x6D || letter == 0x73 { isDuration = true }
                if inner.first == 0x3C || inner.first == 0x3E || inner.first == 0x3D { mask = nil }
                at = end
            case 0x79, 0x64, 0x65, 0x67:  // y d e g
                // `General` is a word, not a date.
                if Self.isGeneral(bytes, at) {
                    at += 6
                    mask = nil
                } else {
                    hasDate = true
                }
            case 0x68, 0x73:
                hasTime = true
            case 0x6D:
                hasMinutes = true
            case 0x30:
                places = (places.zeros + 1, places.all + 1)
                mask?.append(0x30)
            case 0x23, 0x3F:
                places.all += 1
                mask?.append(0x23)
            case 0x2D, 0x20, 0x28, 0x29, 0x2B, 0x2F:
                mask = Self.literal(bytes[at...at], onto: mask)
            default:
                // A point, a comma, %, E, a letter: no mask of digits.
                mask = nil
            }
            at += 1
        }
        // m is minutes beside hours or seconds, else months.
        if hasMinutes, !hasTime, !isDuration { hasDate = true }
        if isDuration, !hasDate {
            self = .duration
        } else if hasDate || hasTime {
            self = hasDate && hasTime ? .dateAndTime : hasDate ? .date : .time
        } else if let mask, places.zeros >= 2 {
            self = .mask(mask)
        } else {
            self = .plain
        }
    }

    private static func isGeneral(_ bytes: [UInt8], _ at: Int) -> Bool {
        bytes[at...].prefix(7).map { $0 | 0x20 }.elementsEqual("general".utf8)
    }

    /// Signs that stand between digits stay; words (a currency, a unit) make it no mask.
    private static func literal(_ bytes: some Sequence<UInt8>, onto mask: [UInt8]?) -> [UInt8]? {
        guard let mask, bytes.allSatisfy({ [0x2D, 0x20, 0x28, 0x29, 0x2B, 0x2F].contains($0) }) else { return nil }
        return mask + bytes
    }
}

private func * (condition: Bool, value: UInt8) -> UInt8 { condition ? value : 0 }
