import GatewayCore
import Testing

@testable import GatewayEngine

struct NamesAndTimesTests {
    @Test(arguments: [
        ("#1001", "1001"), ("TC-123/26-123456", "TC-123-26-123456"), ("../../etc/passwd", "etc-passwd"), ("İğne Örnek", "ne-rnek"),
        ("", "drop"), ("///", "drop"), (String(repeating: "a", count: 100), String(repeating: "a", count: 40)), ("a\nb\u{0}c", "a-b-c"),
        ("=cmd|' /C calc'!A0", "cmd-C-calc-A0"), ("CON", "CON"),
    ])
    func slugKeepsOnlySafeCharacters(subject: String, slug: String) {
        #expect(DropName.slug(subject) == slug)
    }

    @Test func documentNamesTellPlaceAndContentApart() {
        let one = ContentHash(of: Array("one".utf8))
        let two = ContentHash(of: Array("two".utf8))
        let names = [
            DropName.document("#1", arrival: 1, number: 1, content: one, fileExtension: "xml"),
            DropName.document("#1", arrival: 1, number: 1, content: two, fileExtension: "xml"),
            DropName.document("#1", arrival: 1, number: 2, content: one, fileExtension: "xml"),
            DropName.document("#1", arrival: 2, number: 1, content: one, fileExtension: "xml"),
        ]
        #expect(Set(names).count == 4)
        #expect(names[0].hasPrefix("1-1-001-") && names[0].hasSuffix(".xml"))
        #expect(names[0] == DropName.document("#1", arrival: 1, number: 1, content: one, fileExtension: "xml"))
    }

    @Test func receiptsAreNumberedFromTheSecondOn() {
        let first = DropName.receipt(of: "orders_export (2).csv", arrival: 12, revision: 1)
        #expect(first.hasPrefix("orders_export-2-12-") && first.hasSuffix(".receipt.csv"))
        #expect(DropName.receipt(of: "orders_export (2).csv", arrival: 12, revision: 3).hasSuffix(".receipt.r3.csv"))
    }

    @Test func documentReferencesHave32DigitsAndNeverRepeat() {
        let all = (1...50).flatMap { arrival in
            (1...20).map { DropName.reference(ledger: "abc", arrival: Int64(arrival), number: UInt32($0)) }
        }
        #expect(Set(all).count == 1000)
        #expect(all.allSatisfy { $0.utf8.count == 32 })
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-11-24T09:30:00Z", 1_795_512_600_000), ("2026-11-24T12:30:00+03:00", 1_795_512_600_000),
        ("2026-11-24T01:30:00-08:00", 1_795_512_600_000), ("2024-02-29T00:00:00.123Z", 1_709_164_800_000),
    ])
    func instantsAreRead(text: String, milliseconds: Int64) {
        #expect(Array(text.utf8).withUnsafeBytes { Instant.milliseconds($0) } == milliseconds)
    }

    @Test(arguments: ["", "2026-11-24", "2026-11-24T09:30:00", "yesterday at half past", "2026-1-24T09:30:00Z+"])
    func whatIsNoInstantIsRefused(text: String) {
        #expect(Array(text.utf8).withUnsafeBytes { Instant.milliseconds($0) } == nil)
    }

    @Test func spansReadAsPeopleSayThem() {
        #expect(Instant.span(14 * 86_400_000) == "14 d")
        #expect(Instant.span(36 * 3_600_000) == "36 h")
        #expect(Instant.span(15 * 60_000) == "15 min")
    }

    @Test func secretsAreShownAsDots() {
        #expect(String(decoding: Redaction.shown([0x3C, 0, 1, 0x3E, 0, 2]), as: UTF8.self) == "<•••>•••")
    }
}
