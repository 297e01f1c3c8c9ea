import Testing

@_spi(HotPath) @testable import GatewayCore
@testable import GatewayMapping

@Suite struct LintTests {
    private func findings(_ text: String) -> [String] {
        var report = LintReport()
        _ = ChannelMapping.parse(config(text), file: "mappings/channels/test.yaml", tables: testTables, report: &report)
        return report.findings.map { $0.sentence() }
    }

    private func line(_ mappingLine: String) -> [String] {
        findings(
            """
            channel: test
            source: this test
            format: csv
            recognised by: Order
            one order per: Order
            ship when:
              - always
            fields:
              reference: Order
              note: \(mappingLine)
            """)
    }

    @Test func aSoundProfileHasNoFindings() {
        #expect(line("Total, net, else Name | upper tr").count == 1)
        #expect(line("\"Total, net\", else Name | upper tr | cut at word 20 | only when Order is present") == [])
    }

    @Test func namesTheNearestFunctionWithItsPlace() {
        #expect(
            line("Name | uper") == [
                """
                mappings/channels/test.yaml:10:16: found "uper", expected a function of docs/MAPPING.md.
                Did you mean "upper"? [mapping.function.unknown]
                """
            ])
        #expect(
            line("Name | cut five") == [
                """
                mappings/channels/test.yaml:10:20: found "five", expected cut N.
                Correct the arguments of cut. [mapping.function.arguments]
                """
            ])
        #expect(
            line("Name | upper tr now") == [
                """
                mappings/channels/test.yaml:10:25: found "now", expected upper [tr].
                Correct the arguments of upper. [mapping.function.arguments]
                """
            ])
        #expect(line("Name | cut").first?.hasPrefix("mappings/channels/test.yaml:10:16: found nothing, expected cut N.") == true)
        #expect(line("Name | instant in Europe/Istambul").first?.contains("an IANA zone such as Europe/Istanbul") == true)
    }

    @Test func namesUnknownTablesFieldsAndKeys() {
        #expect(
            line("Name | translate servces") == [
                """
                mappings/channels/test.yaml:10:26: found "servces", expected a file of mappings/tables.
                Did you mean "services"? Or add mappings/tables/servces.csv. [mapping.table.unknown]
                """
            ])
        #expect(line("Name | only when Name is in table cod-word").first?.contains("Did you mean \"cod-words\"?") == true)
        #expect(line("consignee.nam").first?.contains("[mapping.field.unknown]") != true)
        #expect(line("consignee.name").first?.contains("[mapping.field.unknown]") == true)
        let wrong = findings(
            """
            chanel: test
            source: this test
            format: csv
            recognised by: Order
            one order per: Order
            ship when:
              - always
            fields:
              reference: Order
              consignee.nmae: Name
            """)
        #expect(wrong.count == 3)
        #expect(wrong[0].hasPrefix("mappings/channels/test.yaml:1:1: found \"chanel\", expected one of channel, extends, family, source"))
        #expect(wrong[0].hasSuffix("Did you mean \"channel\"? Correct or remove the key. [mapping.key.unknown]"))
        #expect(wrong[1].contains("expected the key channel"))
        #expect(
            wrong[2] == """
                mappings/channels/test.yaml:10:3: found "consignee.nmae", expected a field of the order (docs/ORDER.md).
                Did you mean "consignee.name"? [mapping.field.unknown]
                """)
    }

    @Test func circlesAreRefused() {
        let found = findings(
            """
            channel: test
            source: this test
            format: csv
            recognised by: Order
            one order per: Order
            ship when:
              - always
            fields:
              reference: Order
              consignee.name: consignee.company
              consignee.company: consignee.name
            """)
        #expect(found.count == 1)
        #expect(found[0].hasSuffix("Let one of consignee.name, consignee.company read its column. [mapping.field.cycle]"))
    }

    @Test func conditionsAreReadWhole() {
        for text in [
            "Status", "Status is present", "Status is not A, B", "Total is more than 10.5", "\"A is B\" is C", "always",
            "Note is longer than 5 and Total is less than 3",
        ] {
            #expect(line("Name | only when \(text)") == [], "\(text)")
        }
        for text in ["Status is", "Total is more than ten", "A, B is C", "Status is ,"] {
            #expect(line("Name | only when \(text)").first?.hasSuffix("[mapping.condition.syntax]") == true, "\(text)")
        }
    }

    /// Tests of other languages would be headings and values that no file has, and decide silently.
    @Test func wordsThatLookLikeTestsAreRefused() {
        for text in [
            "Cancelled at exists", "Total equals 0", "Total equal 0", "Total > 5", "Total>5", "Total <= 5", "Total != 0", "Tags contains x",
            "Tags contains gift card", "Tags has x", "Notes empty", "Notes not blank", "Notes missing", "Status in paid, x",
            "not Cancelled at",
            "Status in paid", "Status is paid and Notes exists", "Notes is empty", "Notes is not blank", "Cancelled at is exists",
            "Total is equal to 5", "Total is > 5", "Total is greater than 5", "Tags is contains x", "Status is paid or Total is 5",
            "Status is paid or pending",
        ] {
            #expect(line("Name | only when \(text)").first?.hasSuffix("[mapping.condition.syntax]") == true, "\(text)")
        }
        #expect(
            line("Name | only when Cancelled at exists") == [
                """
                mappings/channels/test.yaml:10:26: found "Cancelled at exists", expected NAME is present, is absent, is A, B, is not A, \
                is in table T, is more than 5, is less than 5, is longer than 5 or is same as NAME, joined by and.
                Write the condition in one of these forms; quote a heading or value that holds such a word: "Weight in kg" is present. \
                [mapping.condition.syntax]
                """
            ])
        for text in [
            "\"Weight in kg\"", "\"Weight in kg\" is present", "Weight in kg is present", "\"Cancelled at exists\"", "Missing", "In stock",
            "Status is \"empty\"", "Status is in transit", "Status is not \"paid or pending\"", "Status is \"missing\", \"> 5\"",
            "Exists is Missing parts",
        ] {
            #expect(line("Name | only when \(text)") == [], "\(text)")
        }
    }

    /// Places of mappings and missing proposals are said in the reader's language.
    @Test func turkishSentencesAreWhollyTurkish() {
        func remedy(_ code: FindingCode, _ arguments: [String: String]) -> String {
            Finding(code, arguments.mapValues { .plain($0) }).remedy(in: .turkish)
        }
        #expect(
            remedy(.mappingValueMissing, ["mapping": Place(file: "mappings/channels/test.yaml", line: 20).asMapping])
                == "Hücreyi doldurun; mappings/channels/test.yaml, satır 20 bunu gerektiriyor.")
        #expect(remedy(.mappingNumberNotWhole, ["mapping": Place(line: 20).asMapping]) == "Hücreyi düzeltin; okuyan yer: satır 20.")
        #expect(remedy(.mappingNumberNotWhole, ["mapping": Place().asMapping]) == "Hücreyi düzeltin; okuyan yer: eşleme.")
        #expect(remedy(.mappingNumberNotWhole, ["mapping": "line of x"]) == "Hücreyi düzeltin; okuyan yer: line of x.")
        #expect(
            remedy(.mappingFunctionUnknown, ["nearest": proposal("zzzzzzzz", among: ["trim"])])
                == "docs/MAPPING.md içindeki bir ad mi demek istediniz?")
        #expect(
            Finding(.mappingColumnUnknown, found: .plain("Sehir"), ["nearest": .plain("none")]).sentence(in: .turkish) == """
                "Sehir" bulundu, beklenen: profilin örneklerindeki bir başlık (en yakını: yok).
                Başlığı düzeltin ya da dosyasında bu sütun olan bir örnek verin. [mapping.column.unknown]
                """)
    }

    @Test func everyCodeHasItsWords() {
        for code in FindingCode.mappingCodes + FindingCode.orderCodes + FindingCode.carrierCodes {
            #expect(!code.when.isEmpty && code.when.hasSuffix("."))
            #expect(!code.english.remedy.isEmpty && !code.turkish.remedy.isEmpty)
        }
        #expect(Set(Refusal.allCases.dropFirst().map(\.code)).count == Refusal.allCases.count - 1)
    }

    @Test func theEditorsSchemaNamesEveryKeyAndField() {
        let schema = editorSchema()
        for key in ChannelMapping.keys + CarrierMapping.keys { #expect(schema.contains("\"\(key.name)\": {"), "\(key.name)") }
        for field in OrderField.heads { #expect(schema.contains("\"\(field.name)\": {"), "\(field.name)") }
        #expect(schema.hasPrefix("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\""))
    }
}
