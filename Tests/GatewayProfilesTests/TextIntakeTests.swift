@_spi(HotPath) import GatewayCore
import GatewayTesting
import Glibc
import Testing

@testable import GatewayFormats
@testable import GatewayProfiles

/// Files in other character sets, from their bytes to their orders.
@Suite struct TextIntakeTests {
    private static let profile = """
        channel: shop
        source: invented
        format: csv
        recognised by: No, Alıcı
        one order per: No
        ship when:
          - always
        fields:
          reference: No
          consignee.name: Alıcı
          consignee.city: Şehir
        """

    /// Orders as `reference name city fate`, and what was found.
    private func orders(_ bytes: [UInt8], charset: String? = nil) throws -> (orders: [String], findings: [String], charset: String?) {
        let folder = try TemporaryFolder()
        try FileIO.makeFolder(folder.path + "/mappings/channels")
        let profile = Self.profile + (charset.map { "\ncharset: \($0)" } ?? "") + "\n"
        try FileIO.replace(folder.path + "/mappings/channels/shop.yaml", with: Array(profile.utf8), shown: "shop.yaml")
        try FileIO.replace(folder.path + "/orders.csv", with: bytes, shown: "orders.csv")
        let workspace = Workspace.shipped(root: folder.path)
        let flow = try workspace.sampleFlow(channel: "shop", carrier: nil)
        let descriptor = try FileIO.openForReading(folder.path + "/orders.csv", shown: "orders.csv")
        defer { close(descriptor) }
        let table = try workspace.layOut(
            descriptor, file: "orders.csv", flow: flow, channel: "shop", scratch: folder.path, isSecondLook: true)
        let pipeline = try workspace.open(
            source: try #require(table).source(shown: "orders.csv"), file: "orders.csv", flow: flow, channel: "shop", carrier: nil,
            key: .sample, table: table)
        var batch = pipeline.makeBatch()
        var orders: [String] = []
        var findings: [String] = []
        while try pipeline.read(&batch) {
            pipeline.indexFindings(batch)
            for order in 0..<batch.orderCount {
                func head(_ name: String) -> String {
                    batch.text(batch.heads[order * batch.headSlots + (OrderField.named(name)?.slot ?? 0)])
                }
                orders.append("\(head("reference")) \(head("consignee.name")) \(head("consignee.city")) \(batch.orders[order].fate)")
                findings += pipeline.findings(of: order, in: batch).map { $0.sentence() }
            }
        }
        return (orders, findings, table?.charset?.name)
    }

    @Test func windows1254IsReadAsSuch() throws {
        let bytes: [UInt8] =
            Array("No;Al".utf8) + [0xFD] + Array("c".utf8) + [0xFD, 0x3B, 0xDE] + Array("ehir\n1;".utf8) + [0xDD] + Array("rem ".utf8)
            + [0xD6] + Array("rnek;Kad".utf8) + [0xFD] + Array("k".utf8) + [0xF6] + Array("y\n".utf8)
        let read = try orders(bytes)
        #expect(read.charset == "windows-1254")
        #expect(read.orders == ["1 İrem Örnek Kadıköy ship"])
        #expect(read.findings == [])
    }

    @Test func aBadByteHoldsItsOrderOnly() throws {
        let good = (2...9).map { "\($0),Ayşe Örnek,İzmir\n" }.joined()
        let bytes = Array("No,Alıcı,Şehir\n1,Can Örnek,".utf8) + [0x49, 0xFF, 0x7A] + Array(("\n" + good).utf8)
        let read = try orders(bytes)
        #expect(read.orders.first == "1 Can Örnek I?z hold")
        #expect(read.orders.count == 9)
        #expect(read.orders.dropFirst().allSatisfy { $0.hasSuffix("ship") })
        #expect(
            read.findings == [
                """
                orders.csv:2: column 3 "Şehir": found "I?z", expected text in UTF-8.
                Type the cell C2 anew, where ? stands for what could not be read. [read.text.damaged]
                """
            ])
    }

    @Test func theProfileMayStateWhatCannotBeTold() throws {
        let bytes = Array("No,Al?c?,City\n".utf8).map { $0 == 0x3F ? 0xFD : $0 } + Array("1,A,B\n".utf8)
        let one = Array("No,Alici,City\n1,A".utf8) + [0xFD] + Array("B,C\n".utf8)
        #expect {
            _ = try orders(one)
        } throws: {
            ($0 as? Finding)?.sentence() == """
                orders.csv:2: column 2 "Alici": found "0xFD 0x42 0x2C 0x43", expected text whose character set can be told: it could be windows-1254, windows-1252.
                Save the file as "CSV UTF-8" and drop it again, or state charset in the channel's profile. [read.charset.undecided]
                """
        }
        #expect(try orders(one, charset: "windows-1252").orders == ["1 AýB  ship"])
        #expect(try orders(bytes).orders == ["1 A  ship"])
    }

    @Test func aWrongCharsetInTheProfileIsSaid() throws {
        let one = Array("No,Alici,City\n1,A".utf8) + [0xFD] + Array("B,C\n".utf8)
        #expect { _ = try orders(one, charset: "latin") } throws: { ($0 as? Finding)?.code == .formatUnknown }
    }
}
