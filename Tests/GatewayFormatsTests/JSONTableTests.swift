@_spi(HotPath) import GatewayCore
import GatewayTesting
import Testing

@testable import GatewayFormats

@Suite("JSON laid out as a table")
struct JSONTableTests {
    static let orders = """
        {"page": {"size": 2, "sort": [{"by": "id"}]},
         "orders": [
          {"line_items": [{"sku": "A\\u00e7-1", "qty": 1.50, "meta": [{"key": "gift", "value": "yes"}, {"value": "red", "key": "colour"}]},
                          {"sku": null, "qty": 2}],
           "id": 820982911946154508, "name": "#1001", "paid": true, "note": "say \\"hi\\",\\nthen go \\ud83d\\ude00",
           "gateways": ["visa", "gift card"], "shipping_address": {"name": "Ada", "zip": "01234"}},
          {"id": 2, "name": "", "line_items": [], "shipping_address": null, "gateways": []}
         ]}
        """
    static let columns = [
        "line_items.sku", "id", "name", "line_items.qty", "paid", "note", "gateways", "gateways[1]", "shipping_address.zip",
        "line_items.meta[key=colour].value",
    ]
    static let wanted = [
        "id,name,paid,note,gateways,gateways[1],shipping_address.zip,line_items.sku,line_items.qty,line_items.meta[key=colour].value",
        "820982911946154508,#1001,true,\"say \"\"hi\"\",", "then go 😀\",\"visa, gift card\",gift card,01234,Aç-1,1.50,red",
        "820982911946154508,#1001,true,\"say \"\"hi\"\",", "then go 😀\",\"visa, gift card\",gift card,01234,,2,",
        "2,,,,,,,,,",
    ].map { $0.replacing(",#1001,", with: ",\"#1001\",") }

    @Test("an order is a row a line; the order's cells stand on each", arguments: [1, 7, 16, 64, 1 << 16])
    func rows(piece: Int) throws {
        // `#` begins a remark in some tables, so such a cell is quoted.
        let made = try table(Self.orders, records: "orders", lines: "line_items", columns: Self.columns, piece: piece)
        #expect(made.map { $0.replacing("\"#1001\"", with: "#1001") } == Self.wanted.map { $0.replacing("\"#1001\"", with: "#1001") })
    }

    @Test(
        "orders are found below lists, alone, one a line, and by several paths",
        arguments: [
            #"{"orders":[{"id":1},{"id":2}]}"#, #"[{"id":1},{"id":2}]"#, "{\"id\":1}\n{\"id\":2}\n", "{\"id\":1}\r\n\r\n{\"id\":2}",
            #"{"data":{"orders":{"edges":[{"node":{"id":1}},{"cursor":"x","node":{"id":2}}]}}}"#,
            #"[{"orders":[{"id":1}]},{"orders":[{"id":2}]}]"#, #"{"order":{"id":1}}{"order":{"id":2}}"#,
        ])
    func records(text: String) throws {
        #expect(try table(text, records: "orders, order, data.orders.edges[].node, .", columns: ["id"]) == ["id", "1", "2"])
    }

    @Test("lines below edges and nodes")
    func edges() throws {
        let text = #"{"id":1,"lineItems":{"edges":[{"node":{"sku":"A"}},{"node":{"sku":"B"}}],"pageInfo":{"hasNextPage":false}}}"#
        let made = try table(
            text, lines: "lineItems.edges[].node", columns: ["id", "lineItems.edges.node.sku", "lineItems.pageInfo.hasNextPage"])
        #expect(made == ["id,lineItems.pageInfo.hasNextPage,lineItems.edges.node.sku", "1,false,A", "1,false,B"])
    }

    @Test("a path with nodes reads edges as well; a file with both is refused")
    func nodes() throws {
        let columns = ["id", "lines.nodes.sku", "tags[=gift]"]
        let node = #"{"data":{"orders":{"nodes":[{"id":1,"tags":["new","gift"],"lines":{"nodes":[{"sku":"A"},{"sku":"B"}]}}]}}}"#
        let edge =
            #"{"data":{"orders":{"edges":[{"node":{"id":1,"tags":["new","gift"],"lines":{"edges":[{"node":{"sku":"A"}},{"node":{"sku":"B"}}]}}}]}}}"#
        for text in [node, edge] {
            #expect(
                try table(text, records: "data.orders.nodes", lines: "lines.nodes", columns: columns) == [
                    "id,tags[=gift],lines.nodes.sku", "1,gift,A", "1,gift,B",
                ])
        }
        let both = #"{"id":1,"lines":{"nodes":[{"sku":"A"}],"edges":[{"node":{"sku":"A"}}]}}"#
        let found = sentence { () throws(Finding) in _ = try table(both, lines: "lines.nodes", columns: columns) }
        #expect(found?.contains("[read.json.key-double]") == true)
    }

    @Test("lines that follow their order as objects of their own; others are passed over")
    func children() throws {
        let text = #"""
            {"id":"gid:\/\/x\/Order\/1","name":"1001"}
            {"id":"gid:\/\/x\/LineItem\/11","sku":"A","__parentId":"gid:\/\/x\/Order\/1"}
            {"id":"gid:\/\/x\/Discount\/5","sku":"no","__parentId":"gid:\/\/x\/LineItem\/11"}
            {"id":"gid:\/\/x\/LineItem\/12","sku":"no","__parentId":"gid:\/\/x\/Bundle\/1"}
            {"__parentId":"gid:\/\/x\/Order\/1","url":"https://example.com"}
            {"id":"gid://x/LineItem/13","sku":"B","__parentId":"gid://x/Order/9"}
            """#
        let made = try table(
            text, lines: "lineItems, LineItem children by __parentId of id", columns: ["id", "name", "lineItems.id", "lineItems.sku"])
        #expect(
            made == [
                "id,name,lineItems.id,lineItems.sku", "gid://x/Order/1,1001,,", "gid://x/Order/1,,gid://x/LineItem/11,A",
                "gid://x/Order/9,,gid://x/LineItem/13,B",
            ])
    }

    @Test("what a file is recognised by: the profile's paths that occur, then others")
    func recognition() throws {
        #expect(
            try glimpse(
                Array(Self.orders.utf8), records: "orders", lines: "line_items",
                columns: ["id", "nowhere", "line_items.sku", "line_items.meta[key=size].value", "line_items.meta[key=gift].value"])
                == [
                    "id", "line_items.sku", "line_items.meta[key=gift].value", "line_items.qty", "line_items.meta.key",
                    "line_items.meta.value", "name", "paid", "note", "gateways", "shipping_address.name", "shipping_address.zip",
                    "shipping_address",
                ])
        #expect(try glimpse(Array(#"{"content":[{"id":1}]}"#.utf8), records: "orders", columns: ["id"]) == ["content.id"])
    }

    @Test("a file of more than a megabyte is recognised by its beginning")
    func large() throws {
        let one = #"{"id":1,"note":"\#(String(repeating: "ş", count: 700_000))"}"#
        #expect(try glimpse(Array((one + "\n" + one + "\n" + one).utf8), columns: ["id"]) == ["id", "note"])
    }

    @Test("mistakes are named with line and column")
    func mistakes() {
        func found(_ text: String, _ limits: IntakeLimits = IntakeLimits()) -> String? {
            sentence { () throws(Finding) in
                _ = try table(text, lines: "lines", columns: ["id", "lines.sku"], limits: limits)
            }
        }
        let remedy =
            "Export the file again; if it is written by a program of your own, mend what it writes at this place. [read.json.syntax]"
        #expect(
            found("{\"id\":1}\ninvalid\n")
                == "orders.json:2:1: found \"invalid\", expected a JSON value: an object, list, string, number, true, false or null.\n\(remedy)"
        )
        #expect(found(#"{"id":NaN}"#)?.hasPrefix("orders.json:1:7: found \"NaN}\", expected a JSON value") == true)
        #expect(found(#"{"id":01}"#)?.hasPrefix("orders.json:1:8: found \"1}\", expected a number such as -1.5e3") == true)
        #expect(found(#"{"id":"\ud800x"}"#)?.contains("expected both halves of a \\u pair") == true)
        #expect(found(#"{"id":1,"id":2}"#)?.contains("[read.json.key-double]") == true)
        #expect(found(#"{"other":1,"other":2,"id":1}"#) == nil)
        #expect(found("{\"id\":\"\u{0}\"}")?.contains("[read.text.nul]") == true)
        #expect(found(#"{"id":1"#)?.contains("[read.document.unfinished]") == true)
        var limits = IntakeLimits()
        limits.depth = 3
        #expect(found(#"{"lines":[{"x":[1]}]}"#, limits)?.contains("at most 3 levels") == true)
        limits = IntakeLimits()
        limits.record = 1 << 17
        #expect(found(#"{"id":"\#(String(repeating: "x", count: 1 << 18))"}"#, limits)?.contains("[read.record.long]") == true)
        limits = IntakeLimits()
        limits.orderRecords = 2
        #expect(found(#"{"lines":[{"sku":1},{"sku":2},{"sku":3}]}"#, limits)?.contains("at most 2 lines") == true)
    }

    @Test("deep nesting outside and inside of orders is refused, not followed", arguments: ["[", "{\"id\":", "{\"a\":[", "[{\"orders\":"])
    func deep(opening: String) {
        let text = String(repeating: opening, count: 100_000)
        for records in [".", "orders"] {
            let found = sentence { () throws(Finding) in _ = try table(text, records: records, columns: ["id"]) }
            #expect(found?.contains("[read.tree.deep]") == true, "\(found ?? "nothing")")
        }
    }

    @Test("bytes that are no UTF-8 are refused at their line")
    func notUTF8() {
        let found = sentence { () throws(Finding) in
            _ = try table(Array("{\"id\":\n\"".utf8) + [0xFE, 0x22, 0x7D], columns: ["id"])
        }
        #expect(found?.hasPrefix("orders.json:2:2: found \"0xFE 0x22 0x7D\"") == true, "\(found ?? "nothing")")
    }

    @Test("cut at any byte it is never taken for whole, and nothing crashes")
    func truncation() throws {
        let bytes = Array(Self.orders.utf8)
        for end in 1..<bytes.count {
            let found = sentence { () throws(Finding) in
                _ = try table(Array(bytes[..<end]), records: "orders", lines: "line_items", columns: Self.columns, piece: 64)
            }
            #expect(found?.contains("[read.document.unfinished]") == true, "\(end): \(found ?? "")")
        }
    }

    @Test("paths that cannot be read are named", arguments: ["", "a..b", "a[", "a[x].b", "a[x=]", ".a", "a."])
    func paths(path: String) {
        let found = sentence { () throws(Finding) in _ = try table("{}", columns: [path]) }
        #expect(found?.contains("[read.tree.path]") == true)
    }
}
