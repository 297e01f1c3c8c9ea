import FoundationEssentials
import GatewayCore
import GatewayFormats
import GatewayTesting
import Testing

@Suite struct ShippedTemplateTests {
    /// Files below a folder whose names end so, in order.
    private func files(below folder: String, _ endings: [String]) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).filter { path in endings.contains { path.hasSuffix($0) } }.sorted()
    }

    @Test func everyTemplateOfTheRepositoryParses() throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/mappings/"
        var parsed = 0
        for path in try files(below: root, [".xml", ".json"]) {
            let bytes = try FileIO.contents(root + path, shown: path)
            // Results of examples stand beside the templates; they have no marks.
            guard String(decoding: bytes, as: UTF8.self).contains("dg:") else { continue }
            let nodes = try TemplateParser.parse(bytes, file: path).nodes
            let text = drawing(nodes)
            #expect(!text.contains("dg:") && text.contains("⟨consignment.key⟩"), "\(path)")
            parsed += 1
        }
        #expect(parsed > 0)
    }

    @Test(.enabled(if: SharedFiles.root != nil, "needs the folder ../shared beside the repository"))
    func publicSchemasAreRead() throws {
        let root = try #require(SharedFiles.root) + "/carriers/"
        var read = 0
        for path in try files(below: root, [".xsd"]) {
            guard let validator = try? SchemaValidator(schemaPath: root + path, shownAs: path) else {
                // A part that only another schema includes has no meaning by itself.
                continue
            }
            read += 1
            let problems = Array("<nothing/>".utf8).withUnsafeBytes { validator.problems(in: $0) }
            #expect(problems.first?.path == "nothing", "\(path)")
        }
        #expect(read > 20)
    }
}
