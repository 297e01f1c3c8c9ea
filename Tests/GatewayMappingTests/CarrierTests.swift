import Testing

@_spi(HotPath) @testable import GatewayCore
@testable import GatewayMapping

@Suite struct CarrierTests {
    static let profile = """
        carrier: test
        source: this test
        request: request.xml
        key: flow.prefix | join "" reference | keep letters digits "-" | upper
        key limit: 8
        secrets: password
        settings:
          - payor: who pays
          - branch: the branch, optional
        rules:
          - 942 when payment.cod is present and account.payor is 2 -> cash on delivery is not possible when the receiver pays
          - abroad when consignee.country is not same as consignor.country -> only at home
        """
    static let channelProfile = """
        channel: test
        source: this test
        format: csv
        recognised by: Order
        one order per: Order
        ship when:
          - always
        fields:
          reference: Order
          consignee.name: Name
          consignee.country: Country
          consignee.phone: Phone
          consignee.address1: Street
          consignee.city: City
          payment.cod: Cod
          parcel.count: Parcels
          parcel.weight: Grams
        lines:
          sku: Sku
          quantity: Quantity
        """
    static let head = "Order,Name,Country,Phone,Street,City,Cod,Parcels,Grams,Sku,Quantity\n"
    static let constants = [
        "flow.prefix": "dg-", "account.payor": "2", "consignor.country": "TR", "consignor.name": "A & B", "parcel.weight": "1000",
        "parcel.length": "300", "parcel.width": "200", "parcel.height": "100", "parcel.contents": "Goods",
    ]

    /// `text` is written as it is, `{…}` is a value in XML text at the path `Doc/<n>`, `{@…}` in an attribute.
    static func nodes(_ text: String, line: Int = 1) -> [TemplateNode] {
        var out: [TemplateNode] = []
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{"), let close = rest.firstIndex(of: "}") {
            out.append(.constant(Array(rest[..<open].utf8)))
            let name = rest[..<open].split(separator: "<").last.map { String($0.prefix { $0 != ">" && $0 != " " }) } ?? ""
            let isAttribute = rest[..<open].hasSuffix("\"")
            let place = Place(file: "mappings/carriers/test/request.xml", line: line, column: 1)
            out.append(
                .value(
                    TemplateValue(
                        expression: SourceText(String(rest[rest.index(after: open)..<close]), at: place),
                        escape: isAttribute ? .xmlAttribute : .xmlText, path: "Doc/\(name)")))
            rest = rest[rest.index(after: close)...]
        }
        return out + [.constant(Array(rest.utf8))]
    }

    static func limits(_ rows: [[String]]) -> [[SourceText]] {
        ([FieldTable.columns] + rows).enumerated().map { n, row in
            row.enumerated().map { SourceText($1, at: Place(file: "limits.csv", line: n + 1, column: $0 + 1)) }
        }
    }

    static func parse(_ nodes: [TemplateNode], limits: [[String]] = [], profile: String = profile, fileExtension: String = "xml") -> (
        CarrierMapping?, [String]
    ) {
        var report = LintReport()
        let mapping = CarrierMapping.parse(
            config(profile, file: "mappings/carriers/test.yaml"),
            template: Template(file: "mappings/carriers/test/request.xml", nodes: nodes, fileExtension: fileExtension),
            limits: self.limits(limits),
            file: "mappings/carriers/test.yaml", tables: testTables, report: &report)
        return (mapping, report.findings.map { $0.sentence() })
    }

    struct Written {
        var text = ""
        var findings: [String] = []
        var secrets: [SecretUse] = []
    }

    static func write(
        _ nodes: [TemplateNode], limits: [[String]] = [], profile: String = profile, constants: [String: String] = constants,
        sequence: Int = 1, rows: String
    ) throws -> Written {
        let (parsed, problems) = parse(nodes, limits: limits, profile: profile)
        #expect(problems == [])
        let mapping = try #require(parsed)
        let reader = SmallReader(head + rows)
        let pool = ConstantPool()
        let channelProgram = try channel(channelProfile).compile(
            header: reader.header, zone: "UTC", digestSlots: mapping.usedSlots, key: .sample, pool: pool)
        let program = try mapping.compile(constants: constants, zone: "Europe/Istanbul", pool: pool)
        var batch = Batch(pool: pool.bytes, window: 1 << 16, headSlots: channelProgram.headSlots, lineSlots: channelProgram.lineSlots)
        reader.fill(&batch, 0..<reader.recordCount)
        var reading = ChannelMachine(channelProgram)
        try reading.map(&batch, isLast: true)
        var machine = CarrierMachine(program, headings: reader.header.names)
        machine.keys(&batch)
        var written = Written()
        written.secrets = program.secrets
        written.findings = batch.findings.map { $0.finding.sentence() }
        var out = Output()
        machine.head(&out, DocumentDraw(time: 1_795_512_600_000, number: 7, reference: String(repeating: "ab", count: 16)))
        for order in 0..<batch.orderCount where batch.orders[order].fate == .ship {
            let before = out.count
            let arena = batch.arenaEnd
            if let finding = machine.order(&batch, order, ConsignmentDraw(sequence: sequence, number: 0), &out) {
                written.findings.append(finding.sentence())
                #expect(out.count == before)
            }
            #expect(batch.arenaEnd == arena)
        }
        machine.tail(&out)
        written.text = out.string
        return written
    }

    static let row = "1001,Ada,TR,+905321234567,Street 1,City,,,,A,1\n"

    @Test func writesHeadOrdersAndTail() throws {
        let template =
            Self.nodes("<Doc from=\"{consignor.name}\" at=\"{document.time | date yyyy-MM-dd}\">\n")
            + [.each(.consignment, body: Self.nodes("<O><Key>{consignment.key}</Key><Name>{consignee.name}</Name></O>\n"), place: Place())]
            + Self.nodes("<Count>{document.orders}/{document.parcels}</Count></Doc>")
        let written = try Self.write(template, rows: Self.row + "1002,\"Bob <b> & \"\"C\"\"\",TR,,S,C,,3,,A,1\n")
        #expect(written.findings == [])
        #expect(
            written.text == """
                <Doc from="A &amp; B" at="2026-11-24">
                <O><Key>DG-1001</Key><Name>Ada</Name></O>
                <O><Key>DG-1002</Key><Name>Bob &lt;b&gt; &amp; "C"</Name></O>
                <Count>2/4</Count></Doc>
                """)
    }

    @Test func leavesOutWhatAConditionDoesNotWant() throws {
        let body: [TemplateNode] =
            Self.nodes("<O>")
            + [
                .when(
                    condition: SourceText("payment.cod is present", at: Place()), body: Self.nodes("<Cod>{payment.cod | decimal 2}</Cod>")),
                .when(condition: SourceText("consignee.city is present", at: Place()), body: Self.nodes("<City>{consignee.city}</City>")),
                .when(
                    condition: SourceText("account.branch is present", at: Place()), body: Self.nodes("<Branch>{account.branch}</Branch>")),
            ] + Self.nodes("<IsCod>{if payment.cod is present: 1, else 0}</IsCod></O>")
        var constants = Self.constants
        constants["account.payor"] = "1"
        let written = try Self.write(body, constants: constants, rows: "1,Ada,TR,,S,C & D,12.5,,,A,1\n2,Ada,TR,,S,,,,,A,1\n")
        #expect(written.text == "<O><Cod>12.50</Cod><City>C &amp; D</City><IsCod>1</IsCod></O><O><IsCod>0</IsCod></O>")
    }

    @Test func parcelsHaveBarcodesAndWeights() throws {
        let body =
            Self.nodes("<O n=\"{parcel.count}\" kg=\"{parcel.weight | kilograms}\" desi=\"{parcel.volume | desi}\">")
            + [
                .each(
                    .parcel, body: Self.nodes("<P n=\"{parcel.number}\">{parcel.barcode} {parcel.weight} {parcel.contents}</P>"),
                    place: Place())
            ]
            + Self.nodes("</O>")
        let written = try Self.write(body, rows: "1,Ada,TR,,S,C,,,,A,1\n2,Ada,TR,,S,C,,2,2501,A,1\n3,Ada,TR,,S,C,,0,,A,1\n")
        #expect(
            written.text == """
                <O n="1" kg="1.000" desi="2.000"><P n="1">DG-1 1000 Goods</P></O>\
                <O n="2" kg="2.501" desi="4.000"><P n="1">DG-2-01 1251 Goods</P><P n="2">DG-2-02 1251 Goods</P></O>
                """)
        #expect(
            written.findings == [
                """
                row 4: column 8 "Parcels": found "0", expected 1 to 999 parcels and a weight in whole grams.
                Correct the cell. [carrier.parcels]
                """
            ])
    }

    @Test func linesAreThoseThatStillShip() throws {
        let body =
            Self.nodes("<O>") + [.each(.line, body: Self.nodes("<L n=\"{line.number}\">{line.sku}x{line.quantity}</L>"), place: Place())]
            + Self.nodes("</O>")
        let written = try Self.write(body, rows: "1,Ada,TR,,S,C,,,,A,2\n1,,,,,,,,,B,3\n")
        #expect(written.text == "<O><L n=\"1\">Ax2</L><L n=\"2\">Bx3</L></O>")
    }

    @Test func rulesAndLimitsHoldTheOrderUnderTheCarriersCode() throws {
        let written = try Self.write(
            Self.nodes("<O><Name>{consignee.name}</Name><Phone>{consignee.phone | national TR}</Phone></O>", line: 12),
            limits: [["Name", "text", "5", "yes", "refuse", "", "939", ""], ["Phone", "digits", "10", "yes", "refuse", "", "935", ""]],
            rows: """
                1,Ada,TR,+905321234567,S,C,5,,,A,1
                2,Ada,DE,+905321234567,S,C,,,,A,1
                3,Adalet,TR,+905321234567,S,C,,,,A,1
                4,,TR,+905321234567,S,C,,,,A,1
                5,Ada,TR,,S,C,,,,A,1
                6,Ada,TR,+4930901820,S,C,,,,A,1
                123456789,Ada,TR,+905321234567,S,C,,,,A,1
                7,Şükrü,TR,+905321234567,S,C,,,,A,1

                """)
        #expect(written.text == "<O><Name>Şükrü</Name><Phone>5321234567</Phone></O>")
        #expect(
            written.findings == [
                """
                row 8: column 1 "Order": found "DG-123456789", expected a key of at most 8 characters.
                Shorten key prefix in dropgate.yaml or the order's reference; line 4 of mappings/carriers/test.yaml makes the key. \
                [carrier.key.long]
                """,
                """
                row 2: found "2", expected cash on delivery is not possible when the receiver pays (carrier's code 942).
                Correct the order; line 11 of mappings/carriers/test.yaml states the rule. [carrier.rule]
                """,
                """
                row 3: column 3 "Country": found "DE", expected only at home (carrier's code abroad).
                Correct the order; line 12 of mappings/carriers/test.yaml states the rule. [carrier.rule]
                """,
                """
                row 4: column 2 "Name": found "Adalet", expected at most 5 characters for Doc/Name [939].
                Shorten it, or allow the cut in the carrier's field table; line 12 of mappings/carriers/test/request.xml writes it. \
                [carrier.value.long]
                """,
                """
                row 5: column 2 "Name": found nothing, expected a value for Doc/Name [939].
                Fill the cell that it comes from; line 12 of mappings/carriers/test/request.xml writes it. [carrier.value.missing]
                """,
                """
                row 6: column 4 "Phone": found nothing, expected a value for Doc/Phone [935].
                Fill the cell that it comes from; line 12 of mappings/carriers/test/request.xml writes it. [carrier.value.missing]
                """,
                """
                row 7: column 4 "Phone": found "+4930901820", expected a telephone number of TR.
                Give a number of TR; line 12 of mappings/carriers/test/request.xml needs it. [mapping.phone.country]
                """,
            ])
    }

    @Test func pastTheLimitDoesWhatTheTableSays() throws {
        func street(_ past: String, _ allowed: String, _ street: String) throws -> String {
            let written = try Self.write(
                Self.nodes("<S>{consignee.address1}</S>"), limits: [["S", "text", "10", "no", past, allowed, "", ""]],
                rows: "1,Ada,TR,,\(street),C,,,,A,1\n")
            return written.text.isEmpty ? String(written.findings.first?.split(separator: "[").last ?? "") : written.text
        }
        #expect(try street("refuse", "", "Atatürk Caddesi 5") == "carrier.value.long]")
        #expect(try street("cut", "", "Atatürk Caddesi 5") == "<S>Atatürk Ca</S>")
        #expect(try street("cut at word", "", "Atatürk Caddesi 5") == "<S>Atatürk</S>")
        #expect(try street("transliterate", "characters ASCII", "Şişli") == "<S>Sisli</S>")
        #expect(try street("refuse", "characters ASCII", "Şişli") == "carrier.characters]")
        #expect(try street("refuse", "characters LATIN1", "Köln") == "<S>Köln</S>")
        #expect(try street("refuse", "values A B", "B") == "<S>B</S>")
        #expect(try street("refuse", "values A B", "C") == "carrier.value.allowed]")
        #expect(try street("refuse", "", "tab\u{1}bell") == "carrier.characters.control]")
    }

    @Test func laterConsignmentsHaveASuffix() throws {
        let written = try Self.write(
            Self.nodes("<K>{consignment.key}</K>"), sequence: 2, rows: "1,Ada,TR,,S,C,,,,A,1\n12345,Ada,TR,,S,C,,,,A,1\n")
        #expect(written.text == "<K>DG-1-2</K>")
        #expect(written.findings.first?.contains("found \"DG-12345-2\"") == true)
    }

    @Test func secretsAreMarkedNotWritten() throws {
        let written = try Self.write(Self.nodes("<P a=\"{secret password}\">{secret password}</P>"), rows: Self.row)
        #expect(written.text == "<P a=\"\u{0}\u{1}\">\u{0}\u{2}</P>")
        #expect(written.secrets == [SecretUse(name: "password", escape: .xmlAttribute), SecretUse(name: "password", escape: .xmlText)])
        #expect(String(decoding: escaped("a\"b<".utf8, as: .xmlAttribute), as: UTF8.self) == "a&quot;b&lt;")
    }

    @Test func jsonHasItsCommasAndNumbers() throws {
        func value(_ expression: String, _ escape: Escape) -> TemplateNode {
            .value(TemplateValue(expression: SourceText(expression, at: Place(file: "r.json", line: 3)), escape: escape, path: "x"))
        }
        func constant(_ text: String) -> TemplateNode { .constant(Array(text.utf8)) }
        let body: [TemplateNode] = [
            constant("{"),
            .when(
                condition: SourceText("payment.cod", at: Place()),
                body: [.separator, constant("\"cod\":"), value("payment.cod | as number", .none)]),
            .separator, constant("\"name\":\""), value("consignee.name", .jsonString), constant("\""), .separator, constant("\"city\":"),
            value("consignee.city | or null", .none), .separator, constant("\"p\":["),
            .each(
                .parcel, body: [.separator, constant("{\"n\":"), value("parcel.number | as number", .none), constant("}")], place: Place()),
            constant("]}"),
        ]
        var constants = Self.constants
        constants["account.payor"] = "1"
        let batch: [TemplateNode] = [constant("["), .each(.consignment, body: [.separator] + body, place: Place()), constant("]")]
        let written = try Self.write(
            batch, constants: constants, rows: "1,\"A\"\"d\\a\",TR,,S,,007.5,2,,A,1\n2,Bob,TR,,S,\"C\"\"q\",,,,A,1\n3,Bob,TR,,S,C,x,,,A,1\n"
        )
        #expect(
            written.text == #"[{"cod":7.5,"name":"A\"d\\a","city":null,"p":[{"n":1},{"n":2}]},{"name":"Bob","city":"C\"q","p":[{"n":1}]}]"#)
        #expect(written.findings.count == 1)
        #expect(written.findings.first?.hasSuffix("[mapping.number.unreadable]") == true)
    }

    @Test func aMissingSettingSaysWhereItBelongs() throws {
        let mapping = try #require(Self.parse(Self.nodes("<P>{account.payor}</P>", line: 4)).0)
        do throws(Finding) {
            _ = try mapping.compile(constants: [:], zone: "UTC", pool: ConstantPool())
            Issue.record("it compiled")
        } catch {
            #expect(
                error.sentence() == """
                    mappings/carriers/test/request.xml:4:1: found nothing, expected a value for account.payor.
                    Add it to dropgate.yaml: settings: { payor: … } under the carrier's account; it is used at line 4 of \
                    mappings/carriers/test/request.xml. [carrier.setting.missing]
                    """)
        }
    }

    @Test func wrongNamesAndPlacesAreFound() {
        #expect(Self.parse(Self.nodes("<P>{consignee.nam}</P>")).1.first?.contains("Did you mean \"consignee.name\"?") == true)
        #expect(
            Self.parse(Self.nodes("<P>{line.sku}</P>")).1 == [
                """
                mappings/carriers/test/request.xml:1:1: found "line.sku", expected a name that has a value here.
                Use it inside each line. [carrier.name.place]
                """
            ])
        #expect(Self.parse(Self.nodes("<P>{document.orders}</P>")).1.first?.contains("Use it after each consignment") == true)
        #expect(Self.parse(Self.nodes("<P>{secret pasword}</P>")).1.first?.contains("Did you mean \"password\"?") == true)
        #expect(Self.parse([.each(.parcel, body: [.each(.consignment, body: [], place: Place())], place: Place())]).1.count == 1)
        #expect(
            Self.parse([], limits: [["A", "txt", "many", "maybe", "drop", "letters", "", ""]]).1.map { String($0.prefix(40)) } == [
                "limits.csv:2:2: found \"txt\", expected te", "limits.csv:2:3: found \"many\", expected a",
                "limits.csv:2:4: found \"maybe\", expected ",
                "limits.csv:2:5: found \"drop\", expected r", "limits.csv:2:6: found \"letters\", expecte",
            ])
    }

    @Test func onlyFieldsThatTheTemplateUsesCountAsChanges() throws {
        let mapping = try #require(Self.parse(Self.nodes("<P>{consignee.name} {parcel.weight}</P>")).0)
        let used = OrderField.heads.filter { mapping.usedSlots.contains($0.slot) }.map(\.name)
        #expect(used == ["reference", "consignee.name", "consignee.country", "payment.cod", "parcel.count", "parcel.weight"])
    }
}
