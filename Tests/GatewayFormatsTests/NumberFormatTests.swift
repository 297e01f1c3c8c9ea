import Testing

@testable import GatewayFormats

/// What a person sees of a number, by its format. Numbers stand as spreadsheets write them into their files.
@Suite struct NumberFormatTests {
    struct Sight: CustomTestStringConvertible, Sendable {
        var stored: String
        var code: String
        var seen: String
        var is1904 = false
        var testDescription: String { "\(stored) as \(code)" }
    }

    static let sights: [Sight] = [
        // Numbers without a format of their own.
        Sight(stored: "8690000000001", code: "General", seen: "8690000000001"),
        Sight(stored: "8.690000000001E12", code: "General", seen: "8690000000001"),
        Sight(stored: "8.69E+12", code: "0.00E+00", seen: "8690000000000"),
        Sight(stored: "0", code: "General", seen: "0"),
        Sight(stored: "-0", code: "General", seen: "0"),
        Sight(stored: "-12.50", code: "#,##0.00", seen: "-12.5"),
        Sight(stored: "1234.5", code: "#,##0.00\\ \"TL\"", seen: "1234.5"),
        Sight(stored: "0.30000000000000004", code: "General", seen: "0.3"),
        Sight(stored: "1.1499999999999999", code: "General", seen: "1.15"),
        Sight(stored: "999.9999999999999999", code: "General", seen: "1000"),
        // Three decimals could be thousands.
        Sight(stored: "2.175", code: "General", seen: "2.1750"),
        Sight(stored: "1E-3", code: "General", seen: "0.001"),
        Sight(stored: "123456789012345", code: "General", seen: "123456789012345"),
        // A library writes all digits: they are what it meant.
        Sight(stored: "72602420957047276000", code: "General", seen: "72602420957047276000"),
        // A spreadsheet writes such a number with an exponent: digits are lost, and that must be seen.
        Sight(stored: "7.2602420957047202E+19", code: "General", seen: "7.26024209570472E+19"),
        Sight(stored: "1.5E+300", code: "General", seen: "1.5E+300"),
        Sight(stored: "0.25", code: "0%", seen: "0.25"),
        Sight(stored: "5", code: "0 \"TL\"", seen: "5"),
        // Zeros that a format puts in front.
        Sight(stored: "1234", code: "00000", seen: "01234"),
        Sight(stored: "123456", code: "00000", seen: "123456"),
        Sight(stored: "690000000001", code: "0000000000000", seen: "0690000000001"),
        Sight(stored: "12345678", code: "000\\-00\\-0000", seen: "012-34-5678"),
        Sight(stored: "5321234567", code: "\\(000\\)\\ 000\\ 00\\ 00", seen: "(532) 123 45 67"),
        Sight(stored: "12.5", code: "00000", seen: "12.5"),
        Sight(stored: "-7", code: "00000", seen: "-7"),
        Sight(stored: "0", code: "00000", seen: "00000"),
        // Dates.
        Sight(stored: "46350", code: "dd.mm.yyyy", seen: "2026-11-24"),
        Sight(stored: "46350", code: "[$-41F]d mmmm yyyy;@", seen: "2026-11-24"),
        Sight(stored: "46350.5625", code: "dd.mm.yyyy\\ hh:mm", seen: "2026-11-24 13:30:00"),
        Sight(stored: "46350", code: "dd.mm.yyyy\\ hh:mm", seen: "2026-11-24 00:00:00"),
        Sight(stored: "46350.562499999996", code: "yyyy-mm-dd hh:mm:ss", seen: "2026-11-24 13:30:00"),
        // The day's format hides the time; it is not lost.
        Sight(stored: "46350.5625", code: "m/d/yy", seen: "2026-11-24 13:30:00"),
        Sight(stored: "46350.99999999999", code: "dd.mm.yyyy", seen: "2026-11-25"),
        Sight(stored: "44889", code: "dd.mm.yyyy", seen: "2026-11-25", is1904: true),
        Sight(stored: "0", code: "dd.mm.yyyy", seen: "1904-01-01", is1904: true),
        Sight(stored: "1", code: "dd.mm.yyyy", seen: "1900-01-01"),
        Sight(stored: "59", code: "dd.mm.yyyy", seen: "1900-02-28"),
        // 29 February 1900 never was.
        Sight(stored: "60", code: "dd.mm.yyyy", seen: "60"),
        Sight(stored: "61", code: "dd.mm.yyyy", seen: "1900-03-01"),
        Sight(stored: "2958465", code: "dd.mm.yyyy", seen: "9999-12-31"),
        Sight(stored: "2958466", code: "dd.mm.yyyy", seen: "2958466"),
        Sight(stored: "-1", code: "dd.mm.yyyy", seen: "-1"),
        Sight(stored: "4.6350562500000002E4", code: "dd.mm.yyyy hh:mm", seen: "2026-11-24 13:30:00"),
        // Times.
        Sight(stored: "0.5625", code: "hh:mm", seen: "13:30:00"),
        Sight(stored: "5.6250000000000001E-2", code: "h:mm AM/PM", seen: "01:21:00"),
        Sight(stored: "1.25", code: "[h]:mm", seen: "30:00:00"),
        Sight(stored: "0.000011574074074", code: "[ss]", seen: "00:00:01"),
        // Minutes beside hours are no months; words in quotes and colours are no dates.
        Sight(stored: "0.5", code: "mm:ss", seen: "12:00:00"),
        Sight(stored: "46350", code: "mmm yyyy", seen: "2026-11-24"),
        Sight(stored: "5", code: "0\" day\"", seen: "5"),
        Sight(stored: "5", code: "[Red]0", seen: "5"),
        Sight(stored: "5", code: "General\"d\"", seen: "5"),
        Sight(stored: "5", code: "@", seen: "5"),
        // What is no number stays.
        Sight(stored: "12,5", code: "General", seen: "12,5"),
        Sight(stored: "1E999", code: "General", seen: "1E999"),
    ]

    @Test(arguments: sights)
    func aPersonSees(_ sight: Sight) {
        let stored = Array(sight.stored.utf8)
        let text = CellNumber(stored)?.text(NumberFormat(code: sight.code), is1904: sight.is1904) ?? stored
        #expect(String(decoding: text, as: UTF8.self) == sight.seen)
    }

    @Test func formatsByNumber() {
        #expect(NumberFormat.builtIn(0) == .plain)
        #expect(NumberFormat.builtIn(14) == .date)
        #expect(NumberFormat.builtIn(20) == .time)
        #expect(NumberFormat.builtIn(22) == .dateAndTime)
        #expect(NumberFormat.builtIn(46) == .duration)
        #expect(NumberFormat.builtIn(49) == .plain)
    }

    /// Every day that a spreadsheet knows from March 1900 on, counted by another rule: one more than the day before.
    @Test func daysFollowOneAnother() throws {
        var (year, month, day) = (1900, 3, 1)
        for serial in 61..<200_000 {
            let shown = try #require(CellNumber(Array("\(serial)".utf8))).text(.date, is1904: false)
            let wanted = "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
            guard String(decoding: shown, as: UTF8.self) == wanted else {
                Issue.record("day \(serial) is \(String(decoding: shown, as: UTF8.self)), not \(wanted)")
                return
            }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let length = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
            day += 1
            if day > length { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
    }
}
