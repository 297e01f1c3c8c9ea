@_spi(HotPath) import GatewayCore
import GatewayFormats
import GatewayMapping
import GatewayTesting
import Testing

@testable import GatewayProfiles

/// Files that no profile takes and that somebody may take for orders: their refusal says what they are and what to export instead.
struct LookAlikeTests {
    private let workspace = Workspace.shipped()

    private func refusal(_ headings: [String], delimiter: String = "\t", in workspace: Workspace? = nil) throws -> Finding? {
        let workspace = workspace ?? self.workspace
        var flow = try workspace.sampleFlow(channel: nil, carrier: nil)
        flow.channels = workspace.channelNames()
        let text = headings.joined(separator: delimiter) + "\n" + headings.map { _ in "1" }.joined(separator: delimiter) + "\n"
        do throws(Finding) {
            _ = try workspace.open(source: MemorySource(Array(text.utf8)), file: "export", flow: flow, carrier: nil, key: .sample)
            return nil
        } catch {
            return error
        }
    }

    private func table() throws -> CodeTable {
        let tables = CodeTables(MappingFiles(bases: []))
        return try #require(tables.table(LookAlikes.table))
    }

    @Test func everyRowOfTheTableIsFound() throws {
        let table = try table()
        #expect(table.columns == LookAlikes.columns)
        #expect(table.rows.count > 15)
        for row in table.rows {
            let found = try refusal(row[0].split(separator: "|").map(String.init) + ["Something else"])
            #expect(found?.code == .headerForeign && found?.arguments["what"]?.text == row[2], "\(row[0])")
        }
    }

    /// Longer sentences would be cut where they are shown.
    @Test func sentencesAreWholeAndInBothLanguages() throws {
        for row in try table().rows {
            #expect(
                row.count == LookAlikes.columns.count && row[2...].allSatisfy { !$0.isEmpty && $0.unicodeScalars.count <= 120 }, "\(row[0])"
            )
        }
    }

    /// A workspace with a table of its own.
    private func withOwn(_ rows: String) throws -> (workspace: Workspace, folder: TemporaryFolder) {
        let folder = try TemporaryFolder()
        try folder.makeFolder("mappings/tables")
        try folder.write("headings,without,what,instead,what tr,instead tr\n" + rows, to: "mappings/tables/look-alikes.csv")
        return (Workspace.shipped(root: folder.path), folder)
    }

    @Test func theRefusalSaysWhatToExport() throws {
        let (own, folder) = try withOwn(
            "Load no|Ramp,Street,the warehouse's loading list,Drop the orders.,deponun yükleme listesi,Siparişleri bırakın.\n")
        let finding = try #require(try refusal(["Ramp", "Load no", "Driver"], in: own))
        #expect(
            finding.sentence() == """
                export:1: found "Ramp, Load no", expected orders to ship; this is the warehouse's loading list.
                Drop the orders. [read.header.foreign]
                """)
        #expect(
            finding.sentence(in: .turkish) == """
                export:1: "Ramp, Load no" bulundu, beklenen: gönderilecek siparişler; bu dosya: deponun yükleme listesi.
                Siparişleri bırakın. [read.header.foreign]
                """)
        #expect(try refusal(["Ramp", "Driver"], in: own)?.code == .headerUnknown)
        #expect(try refusal(["Ramp", "Load no", "Street"], in: own)?.code == .headerUnknown)
        withExtendedLifetime(folder) {}
    }

    /// Headings in capitals, with Turkish dots or decomposed are the same.
    @Test func headingsAreFolded() throws {
        let (own, folder) = try withOwn("Yük İşi|Ramp,,a loading list,Drop the orders.,yükleme listesi,Siparişleri bırakın.\n")
        #expect(try refusal(["YÜK İŞİ", "RAMP"], in: own)?.code == .headerForeign)
        #expect(try refusal(["Yu\u{308}k is\u{327}i", " ramp "], in: own)?.code == .headerForeign)
        withExtendedLifetime(folder) {}
    }

    @Test func theRowWithTheMostHeadingsCounts() throws {
        let (own, folder) = try withOwn("A,,one,x,bir,x\nA|B,,two,x,iki,x\nB|A,,three,x,üç,x\n")
        #expect(try refusal(["A", "B"], in: own)?.arguments["what"]?.text == "two")
        #expect(try refusal(["A", "C"], in: own)?.arguments["what"]?.text == "one")
        withExtendedLifetime(folder) {}
    }

    /// Such a table says nothing; the linter reports it.
    @Test func aTableOfOtherColumnsIsPassedOver() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("mappings/tables")
        try folder.write("headings,what\nA,one\n", to: "mappings/tables/look-alikes.csv")
        #expect(try refusal(["A", "B"], in: Workspace.shipped(root: folder.path))?.code == .headerUnknown)
    }
}
