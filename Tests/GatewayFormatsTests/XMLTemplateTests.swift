import GatewayCore
import GatewayFormats
import Testing

@Suite struct XMLTemplateTests {
    private func parse(_ text: String) throws(Finding) -> [TemplateNode] {
        try XMLTemplateParser.parse(Array(text.utf8), file: "order.xml").nodes
    }
    private func problem(_ text: String) -> String? {
        sentence { () throws(Finding) in _ = try parse(text) }
    }

    @Test func whatStandsInTheTemplateGoesOut() throws {
        let nodes = try parse(
            """
            <?xml version="1.0"?>
            <!-- from the partner's sample -->
            <r:Orders xmlns:r="urn:partner" xmlns:dg="urn:dropgate:template" version='1.0'>
              <!-- each of them -->
              <Order dg:each="consignment" id="A-{reference}-{{x}}">
                <Name>{consignee.name | strip "}"}</Name>
                <Cod dg:if="payment.cod is present">{payment.cod | decimal 2} {currency}</Cod>
                <Empty a='1 "2"' />
                <Note><![CDATA[a < b]]></Note>
              </Order>
            </r:Orders>
            """)
        #expect(
            drawing(nodes) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <r:Orders xmlns:r="urn:partner" version="1.0">⟦each consignment:
                  <Order id="A-⟨reference⟩-{x}">
                    <Name>⟨consignee.name | strip "}"⟩</Name>⟦if payment.cod is present:
                    <Cod>⟨payment.cod | decimal 2⟩ ⟨currency⟩</Cod>⟧
                    <Empty a="1 &quot;2&quot;" />
                    <Note><![CDATA[a < b]]></Note>
                  </Order>⟧
                </r:Orders>

                """)
    }

    @Test func eachGoesOutsideAndIfInside() throws {
        let nodes = try parse(
            "<a xmlns:t=\"urn:dropgate:template\"><b t:if=\"x is present\" t:each=\"line\"/><t t:each=\"parcel\" n=\"{parcel.number}\"/></a>"
        )
        #expect(
            drawing(nodes) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <a>⟦each line:⟦if x is present:<b/>⟧⟧⟦each parcel:<t n="⟨parcel.number⟩"/>⟧</a>

                """)
    }

    @Test func valuesKnowTheirPathEscapeAndPlace() throws {
        let nodes = try parse(
            "<s:a xmlns:s=\"u\">\n  <b c=\"x{ one }\">ş {two | strip &quot;&amp;&quot;}</b>\n  <d><![CDATA[<{three}&]]></d>\n</s:a>")
        #expect(
            drawing(nodes, details: true) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <s:a xmlns:s="u">
                  <b c="x⟨one xmlAttribute a/b/@c⟩">ş ⟨two | strip "&" xmlText a/b⟩</b>
                  <d>&lt;⟨three xmlText a/d⟩&amp;</d>
                </s:a>

                """)
        var places: [Place] = []
        for node in nodes { if case .value(let value) = node { places.append(value.expression.place) } }
        #expect(
            places == [
                Place(file: "order.xml", line: 2, column: 12), Place(file: "order.xml", line: 2, column: 22),
                Place(file: "order.xml", line: 3, column: 17),
            ])
    }

    @Test func carriageReturnsAndTheMarkAreDropped() throws {
        let nodes = try XMLTemplateParser.parse([0xEF, 0xBB, 0xBF] + Array("<a>\r\n</a>\r\n".utf8), file: "a.xml").nodes
        #expect(drawing(nodes) == "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>\n</a>\n")
    }

    @Test func mistakesAreSaidWithLineAndColumn() {
        #expect(
            problem("<a>\n  <b>x</c>\n</a>") == """
                order.xml:2:11: found nothing, expected well-formed XML.
                Correct the template: Opening and ending tag mismatch: b line 2 and c. [read.template.syntax]
                """)
        #expect(
            problem("<a>\n  {x\n</a>") == """
                order.xml:2:3: found "{x", expected an expression between { and }.
                Close the brace, or write it twice where it is meant as a character. [read.template.brace]
                """)
        #expect(
            problem("<a>}</a>") == """
                order.xml:1:4: found "}", expected an expression between { and }.
                Close the brace, or write it twice where it is meant as a character. [read.template.brace]
                """)
        #expect(
            problem("<a xmlns:dg=\"urn:dropgate:template\">\n<b dg:each=\"order\"/></a>") == """
                order.xml:2:13: found "order", expected consignment, parcel or line.
                Correct or remove it. [read.template.word]
                """)
        #expect(
            problem("<a xmlns:dg=\"urn:dropgate:template\"><b dg:when=\"x\"/></a>") == """
                order.xml:1:40: found "when", expected each or if.
                Correct or remove it. [read.template.word]
                """)
        #expect(
            problem("<!DOCTYPE a [<!ENTITY x \"y\">]><a/>") == """
                order.xml:1: found "<!DOCTYPE", expected no document type.
                Correct the template: remove the DOCTYPE. [read.template.syntax]
                """)
    }

    @Test func theExtensionDecidesTheFormat() {
        let text = sentence { () throws(Finding) in _ = try TemplateParser.parse([], file: "order.txt") }
        #expect(
            text == """
                order.txt: found "order.txt", expected a template named .xml or .json.
                Correct the template: name it by its format. [read.template.syntax]
                """)
    }
}
