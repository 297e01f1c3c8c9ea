import Foundation
import GatewayCore
import GatewayTesting
import Testing

@testable import GatewayProfiles

/// `dropgate check`: what ships is right, and what is wrong is named with its place.
struct LinterTests {
    private static let golden = GoldenCase(area: "config", name: "acme-two-carriers")

    /// Every shipped profile, template and table, with all the examples that the profiles carry.
    @Test func whatShipsIsRight() {
        #expect(Linter(workspace: nil).check().map { $0.sentence() } == [])
    }

    @Test func wholeWorkspaceIsRight() {
        #expect(Linter(workspace: Self.golden.path("")).check().map { $0.sentence() } == [])
    }

    @Test func repositoryIsARightWorkspace() {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        #expect(Linter(workspace: nil).check([root]).map { $0.sentence() } == [])
    }

    /// A change to a right workspace, and what is then said, word for word.
    @Test(arguments: [
        Change(
            "mappings/channels/shop-export/three.orders.json", "Elif Örnek", "Elif Yanlış",
            "mappings/channels/shop-export.yaml:21:5: found \"\"name\":\"Elif Örnek\"\", expected line 1 of three.orders.json: "
                + "\"name\":\"Elif Yanlış\".\n"
                + "Mend the mapping, or the example where the new result is right. [config.example.differs]"),
        // An order that is held reaches no carrier's document.
        Change(
            "mappings/channels/shop-export.yaml", "State is paid", "State is paid and Extra is y",
            "mappings/channels/shop-export.yaml:21:5: found \"\"decision\":\"hold\"\", expected line 1 of three.orders.json: "
                + "\"decision\":\"ship\".\nMend the mapping, or the example where the new result is right. [config.example.differs]",
            "mappings/carriers/fast-freight.yaml:16:5: found nothing, expected line 1 of three.xml: <?xml version=\"1.0\" encoding=\"UTF-8\"?>.\n"
                + "Mend the mapping, or the example where the new result is right. [config.example.differs]",
            "mappings/carriers/slow-boat.yaml:10:5: found nothing, expected line 1 of one.json: {.\n"
                + "Mend the mapping, or the example where the new result is right. [config.example.differs]"),
        // Neither the channel's example nor those of the carriers that go through it are said to differ besides.
        Change(
            "mappings/channels/shop-export.yaml", "address1: Street", "address1: Stret",
            "mappings/channels/shop-export.yaml:15:23: found \"Stret\", expected a heading of the profile's examples (nearest: \"Street\").\n"
                + "Correct the heading, or give an example whose file has this column. [mapping.column.unknown]"),
        Change(
            "mappings/channels/shop-export.yaml", "State is cancelled", "Cancellation moment is present",
            "mappings/channels/shop-export.yaml:9:5: found \"Cancellation moment\", expected a heading of the profile's examples (nearest: none).\n"
                + "Correct the heading, or give an example whose file has this column. [mapping.column.unknown]"),
        Change(
            "mappings/channels/shop-export.yaml", "recognised by: Order, Qty", "recognised by: Ordr, Qty",
            "mappings/channels/shop-export.yaml:5:16: found \"Ordr\", expected a heading of the profile's examples (nearest: \"Order\").\n"
                + "Correct the heading, or give an example whose file has this column. [mapping.column.unknown]"),
        Change(
            "mappings/channels/shop-export.yaml", "State is cancelled", "Cancelled at exists",
            "mappings/channels/shop-export.yaml:9:5: found \"Cancelled at exists\", expected NAME is present, is absent, is A, B, is not A, "
                + "is in table T, is more than 5, is less than 5, is longer than 5 or is same as NAME, joined by and.\n"
                + "Write the condition in one of these forms; quote a heading or value that holds such a word: "
                + "\"Weight in kg\" is present. [mapping.condition.syntax]"),
        Change(
            "mappings/channels/shop-export.yaml", "three.csv gives", "four.csv gives",
            "mappings/channels/shop-export.yaml:21:5: found \"four.csv\", expected a file in mappings/channels/shop-export.\n"
                + "Put the file there, or remove the example. [config.example.missing]"),
        Change(
            "mappings/channels/shop-export.yaml", "channel: shop-export", "channel: shop-exprot",
            "mappings/channels/shop-export.yaml: found \"shop-exprot\", expected the file's name, shop-export.\n"
                + "Write \"channel: shop-export\", or rename the file: flows name profiles by their file. [config.profile.name]"),
        Change(
            "mappings/carriers/fast-freight.yaml", "request: orders.xml", "request: oders.xml",
            "mappings/carriers/fast-freight.yaml:3:10: found \"oders.xml\", expected a file in mappings/carriers/fast-freight.\n"
                + "Put the file there, or correct its name. [config.companion.missing]"),
        Change(
            "dropgate.yaml", "settings: { payor: 1 }", "settings: { payer: 1, payor: 1 }",
            "dropgate.yaml:32:5: found \"payer\", expected a setting or secret of fast-freight: payor.\n"
                + "Correct the name, the nearest is \"payor\", or remove the line. [config.setting.unknown]"),
        Change(
            "dropgate.yaml", "password: env:ACME_FREIGHT_PASSWORD", "",
            "dropgate.yaml:32:5: found nothing, expected the secret \"password\" of fast-freight/main.\n"
                + "Add \"password: env:NAME\" or \"password: file:PATH\" below secrets: of that account. [secret.undeclared]"),
        Change(
            "dropgate.yaml", "env:ACME_FREIGHT_PASSWORD", "file:secrets/freight",
            "secrets/freight: found \"No such file or directory\", expected a file of 1 to 4096 bytes with the secret \"password\".\n"
                + "Write the value, and nothing else, into that file. [secret.file.unreadable]"),
    ])
    func wrongWorkspaceIsNamed(_ change: Change) throws {
        let folder = try TemporaryFolder()
        for name in ["dropgate.yaml", "mappings"] {
            try FileManager.default.copyItem(atPath: Self.golden.path(name), toPath: folder.path(name))
        }
        let text = try #require(folder.text(change.file))
        #expect(text.contains(change.instead))
        try folder.write(text.replacing(change.instead, with: change.written), to: change.file)
        #expect(Linter(workspace: folder.path).check().map { $0.sentence() } == change.says)
    }

    @Test func fileOfAFolderIsCheckedWithItsProfile() throws {
        let linter = Linter(workspace: nil)
        for file in [
            "mappings/carriers/fast-freight/orders.xml", "mappings/channels/shop-export.yaml", "mappings/carriers", "dropgate.yaml",
        ] {
            #expect(linter.check([Self.golden.path(file)]).map { $0.sentence() } == [], "\(file)")
        }
    }

    @Test func otherFilesAreRefused() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("hello", to: "notes.txt")
        #expect(
            Linter(workspace: nil).check([path]).map { $0.sentence() } == [
                "\(path): found nothing, expected dropgate.yaml, a profile with channel: or carrier:, a file of a carrier's folder, or a CSV table.\n"
                    + "Name such a file, or a folder of them. [config.kind.unknown]"
            ])
    }

    struct Change: Sendable, CustomTestStringConvertible {
        let file, instead, written: String
        let says: [String]

        init(_ file: String, _ instead: String, _ written: String, _ says: String...) {
            self.file = file
            self.instead = instead
            self.written = written
            self.says = says
        }

        var testDescription: String { "\(file): \(written)" }
    }
}
