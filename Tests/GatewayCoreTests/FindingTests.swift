import GatewayCore
import Testing

@Suite struct FindingTests {
    private static let weight = FindingCode(
        "test.weight.unreadable", stops: .order, when: "A weight can't be read.",
        en: (expected: "a decimal number such as {sample}", remedy: "Put {step} before mass, {line}."),
        tr: (expected: "{sample} gibi ondalık bir sayı", remedy: "mass önüne {step} koyun, {line}."))

    private let finding = Finding(
        FindingTests.weight, at: .row(17, column: 9, name: "Weight (kg)", file: "orders.csv"), found: .plain("1,5"),
        ["sample": .plain("1.25"), "step": .plain("decimal comma"), "line": .plain("line 42 of mappings/channels/shop.yaml")])

    @Test func saysPlaceFoundExpectedRemedyAndCode() {
        #expect(
            finding.sentence() == """
                orders.csv:17: column 9 "Weight (kg)": found "1,5", expected a decimal number such as 1.25.
                Put decimal comma before mass, line 42 of mappings/channels/shop.yaml. [test.weight.unreadable]
                """)
        #expect(
            finding.sentence(in: .turkish) == """
                orders.csv:17: sütun 9 "Weight (kg)": "1,5" bulundu, beklenen: 1.25 gibi ondalık bir sayı.
                mass önüne decimal comma koyun, line 42 of mappings/channels/shop.yaml. [test.weight.unreadable]
                """)
    }

    @Test func nothingFound() {
        var empty = finding
        empty.found = nil
        #expect(empty.problem() == "found nothing, expected a decimal number such as 1.25.")
        #expect(empty.problem(in: .turkish) == "Boş, beklenen: 1.25 gibi ondalık bir sayı.")
    }

    @Test(arguments: [
        (Place(), ""),
        (Place(file: "dropgate.yaml", line: 3, column: 9), "dropgate.yaml:3:9"),
        (Place(file: "dropgate.yaml", line: 3, column: 9, name: "zone"), "dropgate.yaml:3:9: zone"),
        (Place(file: "dropgate.yaml"), "dropgate.yaml"),
        (.row(17), "row 17"),
        (.row(17, file: "orders.csv"), "orders.csv:17"),
        (.row(17, column: 9, file: "orders.csv"), "orders.csv:17: column 9"),
        (.row(17, name: "Weight", file: "orders.csv"), "orders.csv:17: \"Weight\""),
    ])
    func placesRead(_ place: Place, _ text: String) {
        #expect(Finding(FindingTests.weight, at: place).placeText() == text)
    }

    @Test func missingArgumentStaysVisible() {
        #expect(Finding(FindingTests.weight).problem() == "found nothing, expected a decimal number such as {sample}.")
    }

    @Test func hostileTextIsMadeVisible() {
        #expect(Finding.visible("a\u{1b}[2J\r\n\tb\u{202e}c\u{85}") == "a\\u{1b}[2J\\r\\n\\tb\\u{202e}c\\u{85}")
        #expect(Finding.visible("Çağrı Öz 東京") == "Çağrı Öz 東京")
        #expect(Finding.visible(String(repeating: "a", count: 121)) == String(repeating: "a", count: 120) + "…")
        var hostile = finding
        hostile.found = .personal("x\n[2026-11-24] all is well")
        #expect(hostile.problem() == #"found "x\n[2026-11-24] all is well", expected a decimal number such as 1.25."#)
    }
}
