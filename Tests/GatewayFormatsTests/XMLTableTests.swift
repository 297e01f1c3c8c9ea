@_spi(HotPath) import GatewayCore
import Testing

@testable import GatewayFormats

@Suite("XML laid out as a table")
struct XMLTableTests {
    static let report = """
        <?xml version="1.0"?>
        <e:Envelope xmlns:e="urn:example"><Header><Version>1.01</Version></Header>
          <Message><OrderReport><OrderID> 028-1 </OrderID>
            <Item kind="a &amp; b"><SKU>00123</SKU><Title><![CDATA[Cup, <big>]]> &amp; lid</Title>
              <Price><Component><Type>Shipping</Type><Amount currency="EUR">2.00</Amount></Component>
                     <Component><Type>Principal</Type><Amount currency="EUR">17.55</Amount></Component></Price></Item>
            <Item><SKU/><Title>Çay</Title></Item>
            <Address><Line>Via 3</Line><Line>Scala B</Line></Address></OrderReport></Message>
          <Message><OrderReport><OrderID>028-2</OrderID></OrderReport></Message>
        </e:Envelope>
        """
    static let columns = [
        "OrderID", "Address.Line", "Address.Line[1]", "Item.@kind", "Item.SKU", "Item.Title", "Item.Price.Component[Type=Principal].Amount",
        "Item.Price.Component[Type=Principal].Amount.@currency",
    ]

    @Test("elements, attributes and repeated elements", arguments: [1, 3, 17, 1 << 16])
    func rows(piece: Int) throws {
        let made = try table(
            Self.report, records: "Envelope.Message.OrderReport", lines: "Item", columns: Self.columns, xml: true, piece: piece)
        #expect(
            made == [
                Self.columns.joined(separator: ","), "028-1,\"Via 3, Scala B\",Scala B,a & b,00123,\"Cup, <big> & lid\",17.55,EUR",
                "028-1,\"Via 3, Scala B\",Scala B,,,Çay,,", "028-2,,,,,,,",
            ])
    }

    @Test("the root itself may be the order")
    func root() throws {
        #expect(try table("<Order><Id>7</Id></Order>", records: "Orders.Order, .", columns: ["Id"], xml: true) == ["Id", "7"])
    }

    @Test("a declared character set is read")
    func charset() throws {
        let bytes = Array("<?xml version=\"1.0\" encoding=\"ISO-8859-9\"?><o><n>".utf8) + [0xDE, 0xFD] + Array("</n></o>".utf8)
        #expect(try table(bytes, columns: ["n"], xml: true) == ["n", "Şı"])
    }

    @Test("what a file is recognised by")
    func recognition() throws {
        #expect(
            try glimpse(Array(Self.report.utf8), records: "Envelope.Message.OrderReport", columns: ["OrderID", "Item.ASIN"], xml: true)
                == [
                    "OrderID", "Item.@kind", "Item.SKU", "Item.Title", "Item.Price.Component.Type", "Item.Price.Component.Amount.@currency",
                    "Item.Price.Component.Amount", "Address.Line",
                ])
        #expect(try glimpse(Array("<a><b>1</b></a>".utf8), records: "Orders.Order", columns: ["Id"], xml: true) == ["a.b"])
    }

    @Test("mistakes, document types and what is too deep or too large are refused")
    func refused() {
        func found(_ text: String, _ limits: IntakeLimits = IntakeLimits()) -> String? {
            sentence { () throws(Finding) in
                _ = try table(text, records: "o", columns: ["id"], xml: true, limits: limits, file: "orders.xml")
            }
        }
        #expect(
            found("<o>\n<id>1</di></o>")?.split(separator: "\n").first
                == "orders.xml:2:11: found \"Opening and ending tag mismatch: id line 2 and di\", expected well-formed XML.")
        let bomb = "<!DOCTYPE o [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n<o><id>&b;</id></o>"
        #expect(
            found(bomb)
                == "orders.xml:1: found \"<!DOCTYPE\", expected XML without <!DOCTYPE.\nExport the file without a document type, or check that it is the right file. [read.xml.doctype]"
        )
        #expect(found("<!DOCTYPE o SYSTEM \"file:///etc/passwd\"><o/>")?.contains("[read.xml.doctype]") == true)
        #expect(found("<o><id>&b;</id></o>")?.contains("[read.xml.syntax]") == true)
        #expect(found("<o><id>1</id>")?.contains("[read.document.unfinished]") == true)
        #expect(found(String(repeating: "<a>", count: 5_000))?.contains("[read.tree.deep]") == true)
        var limits = IntakeLimits()
        limits.record = 1 << 12
        #expect(found("<o><id>\(String(repeating: "x", count: 1 << 13))</id></o>", limits)?.contains("[read.tree.order]") == true)
    }

    @Test("cut at any byte it is never taken for whole")
    func truncation() throws {
        let bytes = Array(Self.report.utf8)
        for end in 1..<bytes.count {
            let found = sentence { () throws(Finding) in
                _ = try table(
                    Array(bytes[..<end]), records: "Envelope.Message.OrderReport", lines: "Item", columns: Self.columns, xml: true,
                    piece: 16)
            }
            #expect(found != nil, "\(end)")
        }
    }
}
