import Foundation
@_spi(HotPath) import GatewayCore
import GatewayTesting
import Testing

@testable import GatewayProfiles

/// A file through an invented workspace, as the engine takes it: read, judge, write documents and receipt.
struct PipelineTests {
    private static let golden = GoldenCase(area: "config", name: "acme-two-carriers")

    @Test(arguments: [1 << 18, 4096, 256, 64])
    func batchCarrierGetsDocumentsOfTwoOrders(_ window: Int) throws {
        let workspace = try load(Self.golden.path(""))
        let flow = try workspace.flow("acme/web")
        let made = try run(workspace, flow, window: window)
        #expect(made.documents == 2)
        try Self.golden.expect(SecretMarks.redacted(made.out), as: "documents.xml")
        try Self.golden.expect(made.receipt, as: "receipt.csv")
    }

    @Test func singleCarrierGetsOneDocumentAnOrder() throws {
        let workspace = try load(Self.golden.path(""))
        let made = try run(workspace, try workspace.flow("single"))
        #expect(made.documents == 4)
        try Self.golden.expect(made.out, as: "single-documents.json")
    }

    @Test func withoutCarrierOrdersAreJSONLines() throws {
        let workspace = try load(Self.golden.path(""))
        let pipeline = try open(workspace, try workspace.flow("web"), carrier: .some(nil))
        #expect(pipeline.documentExtension == "jsonl")
        var conversion = Conversion(pipeline, SampleDraws())
        try conversion.run { _, _, _ in }
        try Self.golden.expect(conversion.out.string, as: "orders.jsonl")
        #expect(conversion.totals.orders == 6)
        #expect(conversion.totals.skipped == 1)
        #expect(conversion.totals.held == 1)
    }

    @Test func pipelineKnowsWhatItIsMadeOf() throws {
        let workspace = try load(Self.golden.path(""))
        let pipeline = try open(workspace, try workspace.flow("web"))
        #expect(pipeline.channelName == "shop-export")
        #expect(pipeline.carrierName == "fast-freight")
        #expect(pipeline.documentExtension == "xml")
        #expect(pipeline.ordersPerDocument == 2)
        #expect(pipeline.columnsNobodyMaps == ["Extra"])
        #expect(pipeline.candidates == [ProfileCandidate(name: "shop-export", isMatch: true, matched: 7, missing: [], excludedBy: nil)])
        #expect(pipeline.mappingHash.utf8.count == 12)
    }

    @Test func mappingHashNamesWhatReachesADocument() throws {
        let workspace = try load(Self.golden.path(""))
        let flow = try workspace.flow("web")
        let first = try open(workspace, flow).mappingHash
        #expect(try open(workspace, flow).mappingHash == first)
        var other = flow
        other.guards.moreNewThan = 5
        other.mode = .test
        other.language = .turkish
        other.giveUpAfter = 1
        other.receipts = false
        other.language = flow.language
        #expect(try open(workspace, other).mappingHash == first)
        other.parcel.weight = 1300
        #expect(try open(workspace, other).mappingHash != first)
        other = flow
        other.zone = "UTC"
        #expect(try open(workspace, other).mappingHash != first)
    }

    @Test func unknownHeadingsNameTheNearestProfile() throws {
        #expect(
            try refusal("Order,State,Name\n#1,paid,Elif Örnek\n")
                == "orders.csv:1: found \"Order, State, Name\", expected the headings of shop-export; missing: \"Qty\", \"Street\".\n"
                + "Nearest in the file: none. Export the columns under these headings, or correct them in the profile; "
                + "a file of another kind belongs into its own flow. [read.header.unknown]")
    }

    @Test func misspeltHeadingIsNamed() throws {
        #expect(
            try refusal("Order,State,Name,Stret,Country,Sku,Qty,Colour,Size\n#1,paid,Elif Örnek,x,TR,A,1,red,M\n")
                == "orders.csv:1: found \"Order, State, Name, Stret, Country, Sku, Qty, Colour, …\", "
                + "expected the headings of shop-export; missing: \"Street\".\n"
                + "Nearest in the file: \"Stret\". Export the columns under these headings, or correct them in the profile; "
                + "a file of another kind belongs into its own flow. [read.header.unknown]")
    }

    @Test func lookalikeIsNamed() throws {
        #expect(
            try refusal("Order,Qty,Street,Net sum\n#1,1,x,3\n")
                == "orders.csv:1: found \"Net sum\", expected an export without this column, as shop-export reads it.\n"
                + "Export the orders themselves; a report or summary can't be shipped from. [read.header.lookalike]")
    }

    @Test func mendedMappingIsUsedAtOnce() throws {
        let folder = try copyOfWorkspace()
        let workspace = try load(folder.path)
        let flow = try workspace.flow("web")
        let before = try open(workspace, flow)
        #expect(before.skipReasons.contains("cancelled"))
        let path = "mappings/channels/shop-export.yaml"
        let text = try #require(folder.text(path)).replacing("-> cancelled", with: "-> called off by the customer")
        try folder.write(text, to: path)
        let after = try open(workspace, flow)
        #expect(after.skipReasons.contains("called off by the customer"))
        #expect(after.mappingHash != before.mappingHash)
    }

    @Test func schemaBesideTheProfileRefusesAnOrder() throws {
        let folder = try copyOfWorkspace()
        let profile = "mappings/carriers/fast-freight.yaml"
        try folder.write(try #require(folder.text(profile)) + "schema: orders.xsd\n", to: profile)
        try folder.write(
            """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
              <xs:element name="Orders"><xs:complexType><xs:sequence>
                <xs:element name="Login" type="xs:string"/><xs:element name="Payor" type="xs:string"/>
                <xs:element name="Order" maxOccurs="unbounded"><xs:complexType><xs:sequence>
                  <xs:element name="Name"><xs:simpleType><xs:restriction base="xs:string"><xs:maxLength value="10"/></xs:restriction></xs:simpleType></xs:element>
                  <xs:element name="Street" type="xs:string"/><xs:element name="Grams" type="xs:int"/>
                  <xs:element name="Line" maxOccurs="unbounded"/>
                </xs:sequence><xs:attribute name="key"/></xs:complexType></xs:element>
              </xs:sequence></xs:complexType></xs:element>
            </xs:schema>
            """, to: "mappings/carriers/fast-freight/orders.xsd")
        let workspace = try load(folder.path)
        let made = try run(workspace, try workspace.flow("web"))
        #expect(made.held.map(\.code.id) == ["carrier.value.long", "order.undecided", "carrier.schema.refused"])
        let refused = try #require(made.held.last)
        #expect(refused.place == .row(7, file: "orders.csv"))
        #expect(refused.arguments["schema"] == .plain("mappings/carriers/fast-freight/orders.xsd"))
        #expect(refused.arguments["path"]?.text.hasSuffix("Name") == true)
    }

    @Test func scatteredRowsAreGroupedOnDisk() throws {
        let folder = try copyOfWorkspace()
        let text =
            "Order,State,Name,Street,Country,Sku,Qty\n#1,paid,Elif Örnek,Sok. 1,TR,A,1\n#2,paid,Can Deneme,Sok. 2,TR,B,1\n#1,,,,,C,2\n"
        let path = try folder.write(text, to: "scattered.csv")
        let workspace = try load(folder.path)
        let flow = try workspace.flow("web")
        let descriptor = try FileIO.openForReading(path, shown: "scattered.csv")
        defer { close(descriptor) }
        let pipeline = try workspace.open(
            source: MemorySource(Array(text.utf8)), file: "scattered.csv", flow: flow, carrier: flow.carrier, key: .sample)
        let grouped = try pipeline.group(descriptor: descriptor, scratch: try folder.makeFolder("scratch"))
        let again = try workspace.open(
            source: MemorySource(try FileIO.contents(grouped.dataPath, shown: "grouped")), file: "scattered.csv", flow: flow,
            carrier: flow.carrier, key: .sample, grouped: grouped)
        var batch = again.makeBatch()
        #expect(try again.read(&batch))
        #expect(batch.orderCount == 2)
        #expect((0..<batch.recordCount).map { batch.rowNumber($0) }.sorted() == [2, 3, 4])
        let first = (0..<batch.orderCount).first { batch.orders[$0].endLine - batch.orders[$0].firstLine == 2 }
        let order = batch.orders[try #require(first)]
        #expect((order.firstRecord..<order.endRecord).map { batch.rowNumber(Int($0)) } == [2, 4])
        grouped.remove()
        #expect(try folder.names(in: "scratch") == [])
    }

    // MARK: Steps of the engine

    private struct Made {
        var out: [UInt8] = []
        var receipt: [UInt8] = []
        var documents = 0
        var held: [Finding] = []
    }

    private func run(_ workspace: Workspace, _ flow: FlowSettings, window: Int = 1 << 18) throws -> Made {
        let pipeline = try open(workspace, flow, window: window)
        var made = Made()
        var words: [String] = []
        var out = Output()
        var receipt = Output()
        pipeline.receiptHead(arrival: 3, into: &receipt)
        var batch = pipeline.makeBatch()
        var inDocument = 0
        while try pipeline.read(&batch) {
            let forLedger = pipeline.ledgerBatch(&batch) { word in
                words.append(word)
                return UInt16(words.count - 1)
            }
            #expect(forLedger.orders.count == batch.orderCount)
            #expect(forLedger.lines.count == batch.lineCount)
            for index in 0..<batch.orderCount {
                let order = forLedger.orders[index]
                #expect(order.row == UInt32(batch.rowNumber(Int(batch.orders[index].firstRecord))))
                var row = ReceiptRow(status: "held", carrier: flow.carrier ?? "")
                switch order.fate {
                case .skip: row.status = pipeline.skipReason(of: index, in: batch) ?? "no reason"
                case .hold:
                    let finding = pipeline.finding(of: index, in: batch)
                    made.held += [finding].compactMap { $0 }
                    row.problem = finding?.problem() ?? "no finding"
                    row.whatToDo = finding?.remedy() ?? ""
                case .ship:
                    let before = out.count
                    if inDocument == 0 {
                        pipeline.beginDocument(
                            time: 1_795_512_600_000, number: made.documents + 1, reference: String(repeating: "0", count: 32), into: &out)
                    }
                    let mark = out.count
                    if let finding = pipeline.write(order: index, of: &batch, sequence: 1, number: 0, into: &out) {
                        #expect(out.count == mark)
                        made.held.append(finding)
                        row.problem = finding.problem()
                        row.whatToDo = finding.remedy()
                        if inDocument == 0 { out.rewind(to: before) }
                    } else {
                        row.status = "shipped"
                        if inDocument == 0 { made.documents += 1 }
                        inDocument += 1
                    }
                    if inDocument == pipeline.ordersPerDocument {
                        pipeline.endDocument(into: &out)
                        inDocument = 0
                    }
                }
                for record in batch.orders[index].firstRecord..<batch.orders[index].endRecord {
                    pipeline.receiptRow(batch, record: Int(record), end: pipeline.receiptEnd(of: row), into: &receipt)
                }
            }
        }
        if inDocument > 0 { pipeline.endDocument(into: &out) }
        made.out = Array(out.bytes)
        made.receipt = Array(receipt.bytes)
        return made
    }

    private func open(
        _ workspace: Workspace, _ flow: FlowSettings, carrier: String?? = nil, window: Int = 1 << 18
    ) throws -> Pipeline {
        let bytes = try Self.golden.contents("orders.csv")
        return try workspace.open(
            source: MemorySource(bytes), file: "orders.csv", flow: flow, carrier: carrier ?? flow.carrier, key: .sample, window: window)
    }

    private func refusal(_ text: String) throws -> String? {
        let workspace = try load(Self.golden.path(""))
        let flow = try workspace.flow("web")
        do throws(Finding) {
            _ = try workspace.open(source: MemorySource(Array(text.utf8)), file: "orders.csv", flow: flow, carrier: nil, key: .sample)
            return nil
        } catch {
            return error.sentence()
        }
    }

    private func load(_ root: String) throws -> Workspace {
        let (workspace, findings) = Workspace.load(root: root)
        #expect(findings.map { $0.sentence() } == [])
        return try #require(workspace)
    }

    private func copyOfWorkspace() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for name in ["dropgate.yaml", "mappings"] {
            try FileManager.default.copyItem(atPath: Self.golden.path(name), toPath: folder.path(name))
        }
        return folder
    }
}
