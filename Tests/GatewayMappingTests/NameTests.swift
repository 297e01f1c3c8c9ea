import Testing

@_spi(HotPath) @testable import GatewayCore
@testable import GatewayMapping

@Suite struct NameTests {
    @Test(arguments: [
        ("Shipping Name", "shipping name"), ("  SHIPPING\u{A0}  name ", "shipping name"), ("SİPARİŞ NUMARASI", "sipariş numarasi"),
        ("Sipariş Numarası", "sipariş numarasi"), ("s\u{327}ehir", "şehir"), ("I\u{307}l", "il"), ("O\u{308}deme", "ödeme"), ("", ""),
        ("\u{FEFF}Name", "name"),
    ]) func foldsHeadings(_ text: String, _ folded: String) {
        #expect(HeaderName.fold(text) == folded)
    }

    @Test func proposesTheNearestNameOrNone() {
        let names = ["consignee.name", "consignee.company", "reference"]
        #expect(HeaderName.nearest(to: "consignee.nmae", among: names) == "consignee.name")
        #expect(HeaderName.nearest(to: "refrence", among: names) == "reference")
        #expect(HeaderName.nearest(to: "weight", among: names) == nil)
        #expect(HeaderName.nearest(to: "", among: names) == nil)
    }

    @Test func aFileWithLiteralQuotesKeepsThem() throws {
        let mapping = try channel(CarrierTests.channelProfile)
        let reader = SmallReader("Order,Name\n1,\"Ada\"\n")
        let pool = ConstantPool()
        let program = try mapping.compile(
            header: reader.header, zone: "UTC", digestSlots: .all, key: .sample, pool: pool, literalQuotes: true)
        var batch = Batch(pool: pool.bytes, window: 1 << 12, headSlots: program.headSlots, lineSlots: program.lineSlots)
        reader.fill(&batch, 0..<1)
        var machine = ChannelMachine(program)
        try machine.map(&batch, isLast: true)
        let slot = try #require(OrderField.named("consignee.name")).slot
        #expect(batch.text(batch.heads[slot]) == "\"Ada\"")
    }

    /// What a spreadsheet or a hostile sender may put into any cell.
    @Test func noCellStopsTheProcess() throws {
        let cells = [
            "", "\"", "\"\"", "\"\"\"", "-", ".", "-.", "0.", "00", "9999999999999999999999", "0.00000000000000000000001", "1E400", "NaN",
            "İ",
            "\u{0}", "\u{1}\u{2}", String(repeating: "ş", count: 5000), "+", "+(0)", "(0)", "++1", "2026-13-45", "9999-12-31T23:59:60Z",
            "\u{202E}x",
            "'", "''", "'=", "=1+1", ",", "a:b:c\n:\n", "\u{1F600}", "１２３",
        ]
        for function in FunctionCatalogue.all {
            guard let call = function.examples.first?.call, function.examples[0].columns.isEmpty else { continue }
            var parser = LineParser(quotes: .name, tables: testTables, report: LintReport())
            let parsed = parser.expression(SourceText("V | \(call)", at: Place(file: "t.yaml", line: 1, column: 1)))
            let expression = try #require(parsed)
            for cell in cells {
                var emitter = Emitter(
                    code: CodeBuilder(pool: ConstantPool()), zone: .utc, tables: testTables,
                    resolve: { (name) throws(Finding) in name.text == "V" ? .constant(Array(cell.utf8)) : .absent })
                do throws(Finding) {
                    let value = try emitter.emit(expression, for: Emitter.Subject(field: "t", isPersonal: false))
                    #expect(value.map { $0.count <= cell.utf8.count * 6 + 128 } != false)
                } catch {
                    #expect(error.code == .mappingConstantRefused)
                }
            }
        }
    }

    /// Seeded: the same cells on every run.
    @Test func randomCellsAreEscapedAndReadBack() {
        var seed: UInt64 = 42
        func next(_ bound: UInt64) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % bound)
        }
        let alphabet = Array("ab<>&\"'\\\n\t ışğ/{}]").map(String.init)
        for _ in 0..<2000 {
            let text = (0..<next(40)).map { _ in alphabet[next(UInt64(alphabet.count))] }.joined()
            let xml = String(decoding: escaped(text.utf8, as: .xmlAttribute), as: UTF8.self)
            let readable = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#10;", "\n"), ("&#9;", "\t"), ("&amp;", "&")]
                .reduce(xml) { replaced($0, $1.0, $1.1) }
            #expect(readable == text)
            #expect(!xml.contains("<") && !xml.contains("\""))
            let json = String(decoding: escaped(text.utf8, as: .jsonString), as: UTF8.self)
            #expect(unescaped(json) == text)
        }
    }

    private func replaced(_ text: String, _ old: String, _ new: String) -> String {
        var out = ""
        var rest = Substring(text)
        while !rest.isEmpty {
            if rest.hasPrefix(old) {
                out += new
                rest = rest.dropFirst(old.count)
            } else {
                out.append(rest.removeFirst())
            }
        }
        return out
    }

    private func unescaped(_ json: String) -> String {
        var out = ""
        var rest = Substring(json)
        while let character = rest.popFirst() {
            guard character == "\\", let next = rest.popFirst() else {
                out.append(character)
                continue
            }
            out.append(next == "n" ? "\n" : next == "t" ? "\t" : next)
        }
        return out
    }
}
