import Foundation
import GatewayCore
import GatewayFormats
import GatewayTesting
import Testing

/// Every expected document of a carrier passes the carrier's own schema, where that is public.
struct CarrierSchemaTests {
    private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    private static let golden = GoldenCase(area: "config", name: "carrier-schemas")

    @Test func documentsPassTheirSchemas() throws {
        let table = try readTable(try Self.golden.contents("schemas.csv"), file: "schemas.csv").dropFirst()
        #expect(!table.isEmpty)
        for row in table {
            let path = Self.root + "/" + row[1].text
            guard FileIO.exists(path) else {
                // A plain clone has no folder ../shared; a schema of the repository itself must be there.
                #expect(row[1].text.hasPrefix("../shared/") && SharedFiles.root == nil, "\(row[1].text)")
                continue
            }
            let schema = try SchemaValidator(schemaPath: path, shownAs: row[1].text)
            let documents = try documents(of: row[0].text)
            #expect(!documents.isEmpty)
            for document in documents {
                let text = String(decoding: try FileIO.contents(document, shown: document), as: UTF8.self)
                // Secrets are dots in what people see; a schema is shown letters.
                for one in text.replacing("•••", with: "xxxxxxxx").components(separatedBy: "<?xml ").dropFirst() {
                    let problems = Array(("<?xml " + one).utf8).withUnsafeBytes { schema.problems(in: $0) }
                    #expect(problems == [], "\(document)")
                }
            }
        }
    }

    /// Expected documents of the golden cases and of the profile's own examples.
    private func documents(of carrier: String) throws -> [String] {
        let cases = GoldenCase.all(in: "carriers").filter { $0.name.hasPrefix(carrier + "-") && $0.has("expected.xml") }
        let folder = Self.root + "/mappings/carriers/" + carrier
        let profile = String(decoding: try FileIO.contents(folder + ".yaml", shown: carrier), as: UTF8.self)
        let examples = profile.split(separator: "\n").compactMap { line in
            line.hasPrefix("  - ") ? line.range(of: " gives ").map { folder + "/" + line[$0.upperBound...] } : nil
        }
        return cases.map { $0.path("expected.xml") } + examples
    }
}
