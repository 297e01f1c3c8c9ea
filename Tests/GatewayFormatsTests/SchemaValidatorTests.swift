import GatewayCore
import GatewayFormats
import Testing

@Suite struct SchemaValidatorTests {
    private let schema = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
          <xs:element name="Order"><xs:complexType><xs:sequence>
            <xs:element name="Name"><xs:simpleType><xs:restriction base="xs:string"><xs:maxLength value="5"/></xs:restriction></xs:simpleType></xs:element>
            <xs:element name="Count" type="xs:int" minOccurs="0"/>
          </xs:sequence></xs:complexType></xs:element>
        </xs:schema>
        """

    private func problems(_ document: String) throws -> [SchemaProblem] {
        let scratch = try Scratch()
        let source = FileSource(descriptor: try scratch.file("order.xsd", Array(schema.utf8)), shown: "order.xsd", hashes: false)
        _ = source
        let validator = try SchemaValidator(schemaPath: scratch.folder + "/order.xsd", shownAs: "order.xsd")
        return Array(document.utf8).withUnsafeBytes { validator.problems(in: $0) }
    }

    @Test func aValidDocument() throws {
        #expect(try problems("<Order><Name>İzmir</Name><Count>1</Count></Order>") == [])
    }

    @Test func problemsNameTheElement() throws {
        #expect(
            try problems("<Order>\n<Name>too long</Name>\n<Count>one</Count></Order>") == [
                SchemaProblem(
                    line: 2, path: "Order/Name",
                    message:
                        "Element 'Name': [facet 'maxLength'] The value has a length of '8'; this exceeds the allowed maximum length of '5'."
                ),
                SchemaProblem(
                    line: 3, path: "Order/Count", message: "Element 'Count': 'one' is not a valid value of the atomic type 'xs:int'."),
            ])
    }

    @Test func doctypesAndBrokenTextAreRefused() throws {
        #expect(try problems("<!DOCTYPE Order><Order/>").map(\.message) == ["The document has a DOCTYPE."])
        #expect(try problems("<Order>").map(\.line) == [1])
        #expect(try problems("").count == 1)
    }

    @Test func aSchemaThatCannotBeRead() throws {
        let text = sentence { () throws(Finding) in _ = try SchemaValidator(schemaPath: "/nowhere/x.xsd", shownAs: "x.xsd") }
        #expect(
            text == """
                x.xsd: found "failed to load external entity "x.xsd"", expected a valid XML schema.
                Put the carrier's schema files there as it hands them out, with the files that they include. [read.schema.unreadable]
                """)
    }
}
