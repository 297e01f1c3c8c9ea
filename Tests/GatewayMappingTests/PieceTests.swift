import Testing

@_spi(HotPath) @testable import GatewayCore
@testable import GatewayMapping

/// Orders whose lines stand inside of cells, in numbered columns, or in rows that are told apart by what they hold.
@Suite struct PieceTests {
    private static func profile(_ lines: String, from source: String, more: String = "") -> String {
        """
        channel: test
        source: this test
        format: csv
        recognised by: Order
        one order per: Order
        \(source)
        \(more)ship when:
          - always
        fields:
          reference: Order
        lines:
        \(lines)
        """
    }

    private static let packed = profile(
        "  id: piece.id\n  sku: piece.sku\n  name: piece.name\n  quantity: piece.quantity | whole number",
        from: #"lines from: Items | split ";" escape \ | pairs "|" ":" escape \ in order id name sku quantity"#)

    private func made(_ profile: String, _ csv: String) throws -> Outcome { try run(channel(profile), csv) }

    /// The lines of the first order.
    private func lines(_ outcome: Outcome) -> String {
        let line = outcome.lines.first ?? ""
        guard let start = line.firstRange(of: "\"lines\":")?.upperBound, let end = line.firstRange(of: ",\"decision\"")?.lowerBound else {
            return line
        }
        return String(line[start..<end])
    }

    @Test func packedCellGivesItsLines() throws {
        let outcome = try made(
            Self.packed, "Order,Items\n1,id:7|name:Mug|sku:M-1|quantity:2|meta:Size=XL;id:8|name:Plate|sku:|quantity:1|meta:\n")
        #expect(outcome.findings == [])
        #expect(lines(outcome) == #"[{"id":"7","sku":"M-1","name":"Mug","quantity":2},{"id":"8","name":"Plate","quantity":1}]"#)
    }

    @Test func escapedSeparatorsBelongToTheName() throws {
        let outcome = try made(Self.packed, #"Order,Items"# + "\n" + #"1,id:7|name:A\;B\|C\:D \x|sku:M|quantity:2"# + "\n")
        #expect(outcome.findings == [])
        #expect(lines(outcome) == #"[{"id":"7","sku":"M","name":"A;B|C:D \\x","quantity":2}]"#)
    }

    @Test(arguments: [
        // The escape is not escaped itself: two before a separator may mean either.
        #"id:7|name:A\\|sku:M|quantity:2"#,
        // A name that ends in the escape takes the separator and the next key with it.
        #"id:7|name:A\|sku:M|quantity:2"#,
        // A key is missing, double, or without a value's colon.
        "id:7|name:A|quantity:2", "id:7|name:A|sku:M|quantity:2|quantity:3", "id:7|name:A|sku:M|quantity:2|loose",
    ])
    func whatCanBeReadTwoWaysIsHeld(_ cell: String) throws {
        let outcome = try made(Self.packed, "Order,Items\n1,\(cell)\n2,id:8|name:B|sku:N|quantity:1\n")
        #expect(
            outcome.findings == [
                """
                row 2: column 2 "Items": found "\(cell)", expected lines in "Items" that can be told apart.
                Take the separators out of the article's name in the shop and export again, or export one row per line; \
                line 6 of mappings/channels/test.yaml reads it. [mapping.pieces.unreadable]
                """
            ])
        #expect(outcome.lines.map { $0.contains(#""decision":"ship""#) } == [false, true])
    }

    @Test func anEmptyCellIsNoOrderWithoutLines() throws {
        let outcome = try made(Self.packed, "Order,Items\n1,\n")
        #expect(outcome.lines == [#"{"reference":"1","lines":[],"decision":"hold","row":2}"#])
        #expect(
            outcome.findings == [
                """
                row 2: found nothing, expected the order's lines in "Items".
                Export the order with its lines; line 6 of mappings/channels/test.yaml reads them. [mapping.pieces.none]
                """
            ])
    }

    // MARK: Without escapes

    private static let numbered = profile(
        "  sku: piece.sku\n  name: piece.name\n  quantity: piece.quantity | whole number",
        from: #"lines from each: "line_item_{n}" | pairs "|" ":" in order name product_id sku quantity"#)

    @Test func keysInOrderLeaveANameItsSeparators() throws {
        let outcome = try made(
            Self.numbered,
            """
            Order,line_item_1,line_item_2,line_item_10
            1,name:Mug: big | red|product_id:7|sku:M-1|quantity:2|total:20|tax_data:{"total":{"1":"2|3"}},,name:Plate|product_id:8|sku:P|quantity:1

            """)
        #expect(outcome.findings == [])
        #expect(lines(outcome) == #"[{"sku":"M-1","name":"Mug: big | red","quantity":2},{"sku":"P","name":"Plate","quantity":1}]"#)
    }

    @Test(arguments: ["name:A|product_id:5|product_id:7|sku:M|quantity:2", "name:A|product_id:7|sku:M", "Mug x2"])
    func aMarkerThatIsThereTwiceOrNotHolds(_ cell: String) throws {
        let outcome = try made(Self.numbered, "Order,line_item_1\n1,\(cell)\n")
        #expect(outcome.lines.first?.contains(#""decision":"hold""#) == true)
        #expect(outcome.findings.count == 1 && outcome.findings.first?.contains("[mapping.pieces.unreadable]") == true)
    }

    @Test func numberedColumnsMakeALineEach() throws {
        let profile = Self.profile(
            "  name: Item {n} Name\n  sku: Item {n} SKU\n  quantity: Item {n} Quantity | whole number",
            from: "lines from each: Item {n} Name")
        let outcome = try made(
            profile,
            "Order,Item 2 Name,Item 2 SKU,Item 1 Name,Item 1 SKU,Item 1 Quantity,Item 2 Quantity,Item 3 Name\n1,Plate,,Mug,M,2,1,\n")
        #expect(outcome.findings == [])
        #expect(lines(outcome) == #"[{"sku":"M","name":"Mug","quantity":2},{"name":"Plate","quantity":1}]"#)
    }

    @Test func familyWithoutColumnsIsMissing() throws {
        #expect(throws: Finding.self) { try self.made(Self.numbered, "Order,line_item_x\n1,\n") }
    }

    // MARK: JSON

    private static let json = profile(
        "  id: piece.id\n  sku: piece.product.sku\n  name: piece.name | html text\n  quantity: piece.quantity | whole number",
        from: "lines from: Items | json")

    @Test func jsonCellGivesItsLines() throws {
        let cell =
            #"[{""id"":20261125000000000007,""name"":""M\u00fc\/g &quot;big&quot; \ud83d\ude00"",""product"":{""sku"":""a\""b""},""quantity"":2,""x"":[1,{},[]]},{""id"":8,""name"":null,""quantity"":1}]"#
        let outcome = try made(Self.json, "Order,Items\n1,\"\(cell)\"\n")
        #expect(outcome.findings == [])
        #expect(
            lines(outcome)
                == #"[{"id":"20261125000000000007","sku":"a\"b","name":"Mü/g \"big\" 😀","quantity":2},{"id":"8","quantity":1}]"#)
    }

    @Test(arguments: [
        "[", "[1]", "[{}", #"[{""id"":}]"#, #"[{""id"":1}]x"#, #"[{""id"":1,}]"#, #"[{""quantity"":1,""quantity"":2}]"#, "id:7",
        #"[{""id"":01x}]"#,
        String(repeating: "[", count: 100), #"[{""id"":""a"#,
    ])
    func brokenJSONIsHeld(_ cell: String) throws {
        let outcome = try made(Self.json, "Order,Items\n1,\"\(cell)\"\n")
        #expect(outcome.lines.first?.contains(#""decision":"hold""#) == true, "\(cell)")
        #expect(outcome.findings.first?.contains("[mapping.pieces.unreadable]") == true, "\(cell)")
    }

    // MARK: Rows

    @Test func rowsWithoutAKeyBelongToTheOrderAbove() throws {
        let profile = Self.profile(
            "  sku: Sku\n  quantity: Quantity", from: "rows without a key: belong to the order above")
        for step in [1, 2, 100] {
            let outcome = try run(channel(profile), "Order,Sku,Quantity\n1,A,1\n,B,2\n,C,3\n2,D,1\n", step: step)
            #expect(outcome.lines.count == 2)
            #expect(lines(outcome) == #"[{"sku":"A","quantity":1},{"sku":"B","quantity":2},{"sku":"C","quantity":3}]"#)
        }
    }

    @Test func alternativesOfAKeyAreTheFirstThatIsThere() throws {
        let profile = Self.profile("  quantity: Quantity", from: "short rows: hold")
            .replacing("one order per: Order", with: "one order per: Number or Order")
        let outcome = try run(channel(profile), "Order,Quantity\n1,1\n1,2\n")
        #expect(outcome.lines.count == 1)
    }

    @Test func aLineCountsOncePerKey() throws {
        let profile = Self.profile("  id: Id\n  sku: Sku\n  quantity: Quantity", from: "one line per: id")
        let outcome = try run(channel(profile), "Order,Id,Sku,Quantity\n1,7,A,2\n1,7,A,2\n1,8,A,2\n1,,A,2\n1,,A,2\n2,7,A,2\n2,7,A,3\n")
        #expect(
            lines(outcome)
                == #"[{"id":"7","sku":"A","quantity":2},{"id":"8","sku":"A","quantity":2},{"sku":"A","quantity":2},{"sku":"A","quantity":2}]"#
        )
        #expect(outcome.lines.map { $0.contains(#""decision":"ship""#) } == [true, false])
        #expect(
            outcome.findings == [
                """
                row 8: column 2 "Id": found "7", expected each line once.
                Remove the wrong one of the two lines; the profile tells lines apart by `one line per`. [order.line.double]
                """
            ])
    }

    @Test func linesAreTestedByWhatWasComputed() throws {
        let profile = Self.profile(
            "  sku: Sku\n  quantity: Quantity | whole number | less Refunded", from: "skip lines when:\n  - line.quantity is 0",
            more: "ship lines when:\n  - always\n")
        let outcome = try run(channel(profile), "Order,Sku,Quantity,Refunded\n1,A,3,-1\n1,B,2,-2\n1,E,1,\n2,C,2,2\n3,D,1,x\n")
        #expect(lines(outcome) == #"[{"sku":"A","quantity":2},{"sku":"E","quantity":1}]"#)
        #expect(outcome.lines[1].contains(#""decision":"skip","reason":"nothing to ship""#))
        #expect(outcome.lines[2].contains(#""decision":"hold""#))
        #expect(outcome.findings.count == 1 && outcome.findings.first?.contains("[mapping.number.unreadable]") == true)
    }

    // MARK: Headings

    @Test func headingsThatStandTwiceAreToldApart() throws {
        let profile = Self.profile(
            "  price: \"Cost (last)\"\n  name: Cost (1)\n  quantity: Quantity", from: "short rows: hold")
        let twice = try run(channel(profile), "Order,Cost,Quantity,Cost\n1,10,1,5\n")
        #expect(lines(twice) == #"[{"name":"10","quantity":1,"price":"5"}]"#)
        let once = try run(channel(profile), "Order,Cost,Quantity\n1,10,1\n")
        #expect(lines(once) == #"[{"name":"10","quantity":1,"price":"10"}]"#)
        // A heading that reads so counts before the reading.
        let literal = try run(channel(profile), "Order,Cost (last),Quantity,Cost\n1,10,1,5\n")
        #expect(lines(literal) == #"[{"name":"5","quantity":1,"price":"10"}]"#)
    }

    @Test func cyrillicLookAlikesAreLatinInMixedWordsOnly() {
        #expect(HeaderName.fold("\u{0421}ustomer Note") == HeaderName.fold("Customer Note"))
        #expect(HeaderName.fold("\u{0421}\u{043E}upons Used") == "coupons used")
        #expect(HeaderName.fold("\u{0421}\u{0421}\u{0421}\u{0420}") == "\u{0441}\u{0441}\u{0441}\u{0440}")
        #expect(HeaderName.fold("Заказ No") == "заказ no")
    }

    // MARK: Profiles

    @Test(arguments: [
        (#"lines from: Items | split"#, "mapping.line.syntax"), (#"lines from: Items | pairs "|""#, "mapping.line.syntax"),
        (#"lines from: "Item {n}""#, "mapping.key.shape"), ("lines from each: Items", "mapping.key.shape"),
        ("lines from: Items | xml", "mapping.line.syntax"), ("rows without a key: vanish", "mapping.key.shape"),
        ("one line per: colour", "mapping.field.unknown"),
    ])
    func wrongKeysAreNamed(_ source: String, _ code: String) {
        var report = LintReport()
        let text = Self.profile("  quantity: Quantity", from: source)
        _ = ChannelMapping.parse(config(text), file: "mappings/channels/test.yaml", tables: testTables, report: &report)
        #expect(report.findings.map(\.code.id) == [code])
    }

    @Test func piecesHaveAValueInLinesOnly() {
        var report = LintReport()
        let text = Self.profile("  quantity: Item {n} Quantity\n  sku: piece.sku", from: "short rows: hold")
            .replacing("  reference: Order", with: "  reference: Order\n  note: line.sku")
        _ = ChannelMapping.parse(config(text), file: "mappings/channels/test.yaml", tables: testTables, report: &report)
        #expect(report.findings.map(\.code.id) == Array(repeating: "mapping.piece.place", count: 3))
    }

    @Test func aProfileTakesWhatItDoesNotWrite() throws {
        let base = config(
            Self.profile("  sku: Sku\n  quantity: Quantity", from: "short rows: fill", more: "skip when:\n  - Gone is present -> gone\n"),
            file: "mappings/channels/base.yaml")
        let own = config(
            """
            channel: own
            extends: test
            source: this test
            recognised by: Order, Pieces
            fields:
              note: Note
            lines:
              quantity: Pieces
            """)
        var report = LintReport()
        let mapping = ChannelMapping.parse(
            ChannelMapping.extending(base, by: own), file: "mappings/channels/test.yaml", tables: testTables, report: &report)
        #expect(report.findings.map { $0.sentence() } == [])
        let outcome = try run(#require(mapping), "Order,Pieces,Sku,Note,Gone\n1,2,A,hello\n2,1,A,,yes\n")
        #expect(
            outcome.lines == [
                #"{"reference":"1","note":"hello","lines":[{"sku":"A","quantity":2}],"decision":"ship","row":2}"#,
                #"{"reference":"2","lines":[{"sku":"A","quantity":1}],"decision":"skip","reason":"gone","row":3}"#,
            ])
        // Its own examples need not have the other's columns.
        #expect(try #require(mapping).unknownColumns([Header(names: ["Order", "Pieces", "Note"])]) == [])
    }
}
