import Foundation
import GatewayCore
import GatewayTesting
import Glibc
import Testing

@testable import GatewayProfiles

/// What `dropgate init` writes is right as it stands.
struct WorkspaceTemplateTests {
    @Test(arguments: Mode.allCases)
    func shippedSettingsAreRight(_ mode: Mode) throws {
        let file = try #require(WorkspaceTemplate.files(mode: mode).first { $0.path == "dropgate.yaml" })
        let (settings, findings) = Settings.read(file.bytes, carriers: names("carriers"), channels: names("channels") + families())
        #expect(findings.map { $0.sentence() } == [])
        #expect(settings?.flows.allSatisfy { $0.mode == mode } == true)
        #expect(settings?.flows.isEmpty == false)
    }

    @Test func modeIsTheOnlyDifference() throws {
        let test = try #require(WorkspaceTemplate.files(mode: .test).first { $0.path == "dropgate.yaml" })
        let live = try #require(WorkspaceTemplate.files(mode: .live).first { $0.path == "dropgate.yaml" })
        let (a, b) = (lines(test.bytes), lines(live.bytes))
        let different = zip(a, b).filter { $0 != $1 }
        #expect(a.count == b.count)
        #expect(different.allSatisfy { $0.0.contains("mode: test ") && $0.1.contains("mode: live ") })
        #expect(!different.isEmpty)
    }

    /// The editors' schema lies beside the settings, is named by them, and takes all that stands in them.
    @Test func theEditorsSchemaFits() throws {
        let files = WorkspaceTemplate.files(mode: .test)
        let settings = try #require(files.first { $0.path == "dropgate.yaml" })
        let schema = try #require(files.first { $0.path == "dropgate.schema.json" })
        #expect(String(decoding: settings.bytes, as: UTF8.self).hasPrefix("# yaml-language-server: $schema=dropgate.schema.json\n"))
        let root = try #require(try JSONSerialization.jsonObject(with: Data(schema.bytes)) as? [String: Any])
        func strangers(_ node: ConfigNode, _ shape: [String: Any], _ path: String) -> [String] {
            guard case .map(let entries, _) = node else { return [] }
            let properties = shape["properties"] as? [String: [String: Any]] ?? [:]
            return entries.flatMap { key, value -> [String] in
                guard let inner = properties[key.text] ?? shape["additionalProperties"] as? [String: Any] else {
                    return [path + "/" + key.text]
                }
                return strangers(value, inner, path + "/" + key.text)
            }
        }
        #expect(strangers(try ConfigReader.read(settings.bytes, file: "dropgate.yaml"), root, "") == [])
        let wrong = Array("workspace: 1\nmerchants:\n  demo:\n    flows:\n      a: { mode: test, shops: b }\nlimit: {}\n".utf8)
        #expect(strangers(try ConfigReader.read(wrong, file: "dropgate.yaml"), root, "") == ["/merchants/demo/flows/a/shops", "/limit"])
    }

    /// Every key that the linter knows is explained in the shipped file.
    @Test func everyKeyIsThere() throws {
        let text = String(decoding: try #require(ShippedFiles.bytes("dropgate.yaml")), as: UTF8.self)
        let keys =
            SettingsReader.flowKeys + ConsignorSettings.keys + SettingsReader.topKeys + SettingsReader.limitKeys
            + SettingsReader.parcelKeys + SettingsReader.guardKeys + ["from", "to", "settings", "secrets"]
        for key in keys { #expect(text.contains(" \(key):") || text.contains("\n\(key):"), "\(key)") }
    }

    /// The commented carriers work when their lines are used.
    @Test func commentedCarriersAreRight() throws {
        let text = String(decoding: try #require(ShippedFiles.bytes("dropgate.yaml")), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let choices = lines.filter { $0.hasPrefix("        # carrier: ") }
        #expect(choices.count == names("carriers").count - 1)
        for choice in choices {
            let changed = lines.map { line -> String in
                if line.hasPrefix("        carrier: ") { return String(choice.replacing("# ", with: "", maxReplacements: 1)) }
                let isAccount = line.hasPrefix("  # ") && !line.hasPrefix("  # outbox")
                return isAccount ? String(line.replacing("  # ", with: "  ", maxReplacements: 1)) : String(line)
            }
            let bytes = Array(changed.joined(separator: "\n").utf8)
            let (settings, findings) = Settings.read(bytes, carriers: names("carriers"), channels: names("channels") + families())
            #expect(findings.map { $0.sentence() } == [])
            #expect(settings?.flows.first?.account != nil)
        }
    }

    @Test func foldersAreThoseOfTheFlows() {
        let folders = WorkspaceTemplate.folders(mode: .test)
        #expect(folders.contains { $0.path.hasPrefix("inbox/merchants/demo/") })
        #expect(folders.contains { $0.path == "state" && $0.permissions == 0o700 })
    }

    @Test func shippedFilesAreThoseOfTheRepository() throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let found = ["dropgate.yaml"] + below("examples", root) + below("mappings", root)
        #expect(ShippedFiles.paths == found)
        for path in found { #expect(try ShippedFiles.bytes(path) == FileIO.contents(root + "/" + path, shown: path), "\(path)") }
        #expect(ShippedFiles.bytes("mappings/none.yaml") == nil)
    }

    private func below(_ folder: String, _ root: String) -> [String] {
        FileIO.names(in: root + "/" + folder).filter { !$0.hasPrefix(".") }.flatMap { name -> [String] in
            let path = folder + "/" + name
            return FileStamp(root + "/" + path) == nil ? below(path, root) : [path]
        }
    }

    private func names(_ kind: String) -> [String] { MappingFiles(bases: []).names(in: kind, ending: ".yaml") }
    private func families() -> [String] {
        names("channels").compactMap { name in
            let text = ShippedFiles.bytes("mappings/channels/\(name).yaml").map { String(decoding: $0, as: UTF8.self) } ?? ""
            return text.split(separator: "\n").first { $0.hasPrefix("family: ") }.map { $0.dropFirst(8).filter { $0 != " " } }
        }
    }
    private func lines(_ bytes: [UInt8]) -> [Substring] { String(decoding: bytes, as: UTF8.self).split(separator: "\n") }
}

/// Loading of a workspace from its folder.
struct WorkspaceLoadTests {
    @Test func folderWithoutSettingsIsNoWorkspace() throws {
        let folder = try TemporaryFolder()
        let (workspace, findings) = Workspace.load(root: folder.path)
        #expect(workspace == nil)
        #expect(findings.map(\.code.id) == ["state.workspace.missing"])
    }

    @Test func settingsMayBeALink() throws {
        let folder = try TemporaryFolder()
        try folder.write(SettingsTests.least.replacing("shop-export", with: "own"), to: "real.yaml")
        try folder.makeFolder("mappings/channels")
        try folder.write("family: x\n", to: "mappings/channels/own.yaml")
        #expect(symlink("real.yaml", folder.path("dropgate.yaml")) == 0)
        let (workspace, findings) = Workspace.load(root: folder.path)
        #expect(findings.map { $0.sentence() } == [])
        #expect(workspace?.channelNames().contains("own") == true)
    }

    @Test func flowIsFoundByItsShortName() throws {
        let golden = GoldenCase(area: "config", name: "acme-two-carriers")
        let workspace = try #require(Workspace.load(root: golden.path("")).workspace)
        #expect(try workspace.flow("web").id == "acme/web")
        #expect(try workspace.flow("acme/single").id == "acme/single")
        do throws(Finding) {
            _ = try workspace.flow("wbe")
            Issue.record("a flow that is not there was found")
        } catch {
            #expect(
                error.sentence()
                    == "dropgate.yaml: found \"wbe\", expected a flow of dropgate.yaml: acme/web, acme/single.\n"
                    + "Write it as MERCHANT/FLOW. [config.flow.unknown]")
        }
    }
}
