import Foundation
import GatewayCore
import GatewayTesting
import Testing

@testable import GatewayProfiles

/// What `dropgate.yaml` says, and what is said about a wrong one.
struct SettingsTests {
    static let carriers = ["fast-freight", "slow-boat"]
    static let channels = ["shop-export", "market-export"]

    @Test func wholeFileIsRead() throws {
        let (settings, findings) = Self.read(Self.whole)
        #expect(findings.map { $0.sentence() } == [])
        let read = try #require(settings)
        let flow = try #require(read.flows.first)
        #expect(flow.id == "acme/web")
        #expect(flow.mode == .live)
        #expect(flow.shop == "acme-web")
        #expect(flow.channels == ["shop-export", "market-export"])
        #expect(flow.carrier == "fast-freight")
        #expect(flow.account?.settings == ["payor": "1", "region": "NO"])
        #expect(flow.account?.secrets == ["username": .environment("FREIGHT_USER"), "password": .file("secrets/freight")])
        #expect(flow.consignor.values["postcode"] == "01234")
        #expect(flow.consignor.values["country"] == "NO")
        #expect(flow.zone == "Europe/Istanbul")
        #expect(flow.language == .turkish)
        #expect(flow.keyPrefix == "AC-")
        #expect(flow.waybill == .range("waybills"))
        #expect(flow.range == "waybills")
        #expect(flow.ordersPerDocument == 500)
        #expect(flow.parcel.weight == 1235)
        #expect(flow.parcel.length == 300)
        #expect(flow.parcel.width == 51)
        #expect(flow.parcel.height == 100)
        #expect(flow.parcel.contents == "Books")
        #expect(flow.parcel.product == nil)
        #expect(flow.guards.olderThan == 864_000_000)
        #expect(flow.guards.moreNewThan == 200)
        #expect(flow.giveUpAfter == 900_000)
        #expect(!flow.receipts)
        #expect(flow.inbox == "inbox/merchants/acme/web")
        #expect(flow.outbox == "outbox/carriers/fast-freight/main")
        #expect(flow.receiptFolder == "outbox/merchants/acme/receipts")
        #expect(read.ranges == [RangeSettings(name: "waybills", from: 9_000_000, to: 9_999_999)])
        #expect(read.limits.file == 2 << 30)
        #expect(read.limits.record == 4 << 20)
        #expect(read.limits.field == 64 << 10)
        #expect(read.limits.columns == 100)
        #expect(read.limits.orderRecords == 50)
        #expect(read.limits.depth == 8)
        #expect(read.quiet == 1_500)
        #expect(read.rescan == 120_000)
    }

    @Test func testModeHasAnOutboxOfItsOwn() throws {
        let text = Self.whole.replacing("mode: live", with: "mode: test")
        let flow = try #require(Self.read(text).settings?.flows.first)
        #expect(flow.outbox == "outbox-test/carriers/fast-freight/main")
        #expect(flow.receiptFolder == "outbox-test/merchants/acme/receipts")
    }

    @Test func unstatedKeysHaveDefaults() throws {
        let (settings, findings) = Self.read(Self.least)
        #expect(findings == [])
        let read = try #require(settings)
        let flow = try #require(read.flows.first)
        #expect(flow.carrier == nil)
        #expect(flow.outbox == nil)
        #expect(flow.language == .english)
        #expect(flow.keyPrefix == "")
        #expect(flow.waybill == .none)
        #expect(flow.ordersPerDocument == nil)
        #expect(flow.parcel == ParcelSettings())
        #expect(flow.guards == GuardSettings())
        #expect(flow.giveUpAfter == 900_000)
        #expect(flow.receipts)
        #expect(read.limits == IntakeLimits())
        #expect(read.quiet == 2_000)
        #expect(read.rescan == 30_000)
    }

    /// One change to a right file, and the finding that it makes, word for word.
    @Test(arguments: WrongSetting.all)
    func wrongSettingIsNamed(_ wrong: WrongSetting) {
        let text = Self.whole.replacing(wrong.instead, with: wrong.written)
        #expect(text != Self.whole, "the change is not in the file")
        let (settings, findings) = Self.read(text)
        #expect(findings.map { $0.sentence() } == wrong.says)
        #expect((settings == nil) == findings.contains { $0.code.stops == .start })
    }

    @Test func workspaceWithoutFlowsHasNothingToDo() {
        let text = "workspace: 1\nmerchants:\n  acme:\n    flows: {}\n"
        #expect(
            Self.read(text).findings.map { $0.sentence() } == [
                "dropgate.yaml:1:1: found nothing, expected at least one flow below merchants: NAME: flows:.\n"
                    + "Add a flow; dropgate init writes an explained example. [config.flow.none]"
            ])
    }

    /// Two shops at one carrier account with the same prefix: a remark, for their order numbers may never meet.
    @Test func sharedPrefixIsRemarked() throws {
        let flow = try #require(Self.whole.range(of: "      web:\n")).lowerBound
        let end = try #require(Self.whole.range(of: "    consignors:")).lowerBound
        let second = Self.whole[flow..<end].replacing("      web:", with: "      app:").replacing("shop: acme-web", with: "shop: acme-app")
        let text = Self.whole.replacing("    consignors:", with: second + "    consignors:")
        let (settings, findings) = Self.read(text)
        #expect(settings?.flows.count == 2)
        #expect(
            findings.map { $0.sentence() } == [
                "dropgate.yaml:21:7: found \"AC-\", expected a key prefix that acme/web does not use at the same carrier account.\n"
                    + "Give each shop its own \"key prefix\"; orders whose key is taken are held until then. [config.prefix.shared]"
            ])
    }

    /// What one language fills in, the other does too.
    @Test(arguments: FindingCode.configCodes)
    func bothLanguagesSayTheSame(_ code: FindingCode) {
        func gaps(_ wording: FindingCode.Wording) -> Set<Substring> {
            Set(
                (wording.expected + wording.remedy).split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap {
                    $0.split(separator: "}").first
                })
        }
        #expect(gaps(code.english) == gaps(code.turkish), "\(code.id)")
        #expect(!code.turkish.expected.isEmpty && !code.turkish.remedy.isEmpty && !code.when.isEmpty)
    }

    @Test func everyMistakeIsSaidAtOnce() {
        let text = Self.whole.replacing("mode: live", with: "mode: lief").replacing("zone: Europe/Istanbul", with: "zone: Europe/Istambul")
        #expect(Self.read(text).findings.map(\.code.id) == ["config.word.unknown", "config.zone.unknown"])
    }

    @Test func secretIsNeverShown() {
        let text = Self.whole.replacing("file:secrets/freight", with: "hunter2")
        let said = Self.read(text).findings.map { $0.sentence() + $0.sentence(in: .turkish) }.joined()
        #expect(!said.contains("hunter2"))
        #expect(said.contains("secret.plain"))
    }

    static func read(_ text: String) -> (settings: Settings?, findings: [Finding]) {
        Settings.read(Array(text.utf8), carriers: carriers, channels: channels)
    }

    static let least = """
        workspace: 1
        merchants:
          acme:
            flows:
              web:
                mode: test
                shop: acme-web
                channels: shop-export
                carrier: none
                consignor: depot
                zone: UTC
            consignors:
              depot:
                name: Ada Örnek
        """

    static let whole = """
        workspace: 1
        merchants:
          acme:
            flows:
              web:
                mode: live
                shop: acme-web
                channels: shop-export, market-export
                carrier: fast-freight
                account: main
                consignor: depot
                zone: Europe/Istanbul
                language: tr
                key prefix: AC-
                waybill: range waybills
                orders per document: 500
                parcel: { weight: 1.2345 kg, length: 30 cm, width: 2 in, height: 100 mm, contents: Books, product: "" }
                guards: { hold orders older than: 10 days, hold files with more new orders than: 200 }
                give up after: 15 min
                receipts: off
            consignors:
              depot:
                name: Ada Örnek
                postcode: 01234
                country: NO
        accounts:
          fast-freight:
            main:
              settings: { payor: 1, region: NO }
              secrets: { username: env:FREIGHT_USER, password: file:secrets/freight }
        ranges:
          waybills: { from: 9000000, to: 9999999 }
        limits: { file: 2 GB, record: 4 MB, field: 64 kB, columns: 100, order records: 50, depth: 8 }
        quiet: 1500 ms
        rescan: 2 min
        """
}
