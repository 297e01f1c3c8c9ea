import GatewayCore
import GatewayFormats
import Testing

@Suite struct JSONTemplateTests {
    private func parse(_ text: String) throws(Finding) -> [TemplateNode] {
        try JSONTemplateParser.parse(Array(text.utf8), file: "order.json").nodes
    }
    private func problem(_ text: String) -> String? {
        sentence { () throws(Finding) in _ = try parse(text) }
    }
    private let template = """
        {
          "order": {
            "key": "{consignment.key | strip \\"#\\"}",
            "text": "{{a}} \\u015f {reference}",
            "cod": { "dg:if": "payment.cod is present", "amount": "{payment.cod | as number}" },
            "flags": [true, null, -1.5e3]
          },
          "pieces": [
            {
              "dg:each": "parcel",
              "barcode": "{parcel.barcode}",
              "kg": "{parcel.weight | kilograms | or null}"
            }
          ]
        }
        """

    @Test func whatStandsInTheTemplateGoesOut() throws {
        #expect(
            drawing(try parse(template)) == """
                {¸
                  "order": {¸
                    "key": "⟨consignment.key | strip "#"⟩"¸
                    "text": "{a} \\u015f ⟨reference⟩"⟦if payment.cod is present:¸
                    "cod": {¸ "amount": ⟨payment.cod | as number⟩ }⟧¸
                    "flags": [¸true¸ null¸ -1.5e3]
                  }¸
                  "pieces": [⟦each parcel:¸
                    {¸
                      "barcode": "⟨parcel.barcode⟩"¸
                      "kg": ⟨parcel.weight | kilograms | or null⟩
                    }⟧
                  ]
                }

                """)
    }

    @Test func commasStandBetweenWhatIsThere() throws {
        let nodes = try parse(template)
        #expect(
            rendering(nodes, count: 2, keeps: false) == """
                {
                  "order": {
                    "key": "ORDER/KEY",
                    "text": "{a} \\u015f ORDER/TEXT",
                    "flags": [true, null, -1.5e3]
                  },
                  "pieces": [
                    {
                      "barcode": "PIECES/BARCODE",
                      "kg": 0
                    },
                    {
                      "barcode": "PIECES/BARCODE",
                      "kg": 0
                    }
                  ]
                }

                """)
        #expect(rendering(nodes, count: 0).contains("\"pieces\": [\n  ]"))
        #expect(rendering(nodes).contains("\n    \"cod\": { \"amount\": 0 },\n"))
    }

    @Test func theRootMayRepeat() throws {
        #expect(drawing(try parse("{ \"dg:each\": \"consignment\", \"a\": 1 }")) == "⟦each consignment:{¸ \"a\": 1 }⟧\n")
    }

    @Test func onlyTheLastStepTakesTheQuotesAway() throws {
        #expect(drawing(try parse("[\"{a | as number | cut 3}\"]")) == "[¸\"⟨a | as number | cut 3⟩\"]\n")
        #expect(drawing(try parse("[\"{a, else \\\"| as number\\\"}\"]")) == "[¸\"⟨a, else \"| as number\"⟩\"]\n")
        #expect(drawing(try parse("[\"x{a | as number}\"]")) == "[¸\"x⟨a | as number⟩\"]\n")
        #expect(
            drawing(try parse("[\"{if a: 1 | as boolean, else 0 | as boolean}\"]")) == "[¸⟨if a: 1 | as boolean, else 0 | as boolean⟩]\n")
    }

    @Test func mistakesAreSaidWithLineAndColumn() {
        #expect(
            problem("{\n  \"a\": 1,\n  \"b\" 2\n}") == """
                order.json:3:7: found "2", expected well-formed JSON.
                Correct the template: a colon after the key. [read.template.syntax]
                """)
        #expect(
            problem("[01]") == """
                order.json:1:2: found "01]", expected well-formed JSON.
                Correct the template: a string, number, true, false, null, object or array. [read.template.syntax]
                """)
        #expect(
            problem("{\"a\": 1, \"a\": 2}") == """
                order.json:1:10: found ""a": 2}", expected well-formed JSON.
                Correct the template: each key once. [read.template.syntax]
                """)
        #expect(
            problem("{\"a\": {\"dg:each\": \"parcel\"}}") == """
                order.json:1:8: found "dg:each", expected dg:each inside an object of an array.
                Correct or remove it. [read.template.word]
                """)
        #expect(
            problem("[{\"dg:every\": \"parcel\"}]") == """
                order.json:1:3: found "dg:every", expected dg:each or dg:if.
                Correct or remove it. [read.template.word]
                """)
        #expect(problem(String(repeating: "[", count: 70))?.contains("at most 64 levels") == true)
    }
}
