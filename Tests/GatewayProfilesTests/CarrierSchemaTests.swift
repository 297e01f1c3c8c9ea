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
        var validated: [String: Int] = [:]
        for row in table {
            let (carrier, schemaPath) = (row[0].text, row[1].text)
            let path = Self.root + "/" + schemaPath
            guard FileIO.exists(path) else {
                // A plain clone has no folder ../shared; a schema of the repository itself must be there.
                #expect(schemaPath.hasPrefix("../shared/") && SharedFiles.root == nil, "\(schemaPath)")
                print("Skipped: the documents of \(carrier), because \(schemaPath) is not beside the repository.")
                continue
            }
            let schema = try SchemaValidator(schemaPath: path, shownAs: schemaPath)
            let documents = try documents(of: carrier)
            #expect(!documents.isEmpty)
            for document in documents {
                let text = String(decoding: try FileIO.contents(document, shown: document), as: UTF8.self)
                // Secrets are dots in what people see; a schema is shown letters.
                let parts = text.replacing("•••", with: "xxxxxxxx").components(separatedBy: "<?xml ")
                let isOfDocuments = parts.count > 1 && parts[0].allSatisfy(\.isWhitespace)
                #expect(isOfDocuments, "\(document) holds more or less than XML documents")
                for one in parts.dropFirst() {
                    let problems = Array(("<?xml " + one).utf8).withUnsafeBytes { schema.problems(in: $0) }
                    #expect(problems == [], "\(document)")
                    validated[carrier, default: 0] += 1
                }
            }
            // As many as the carrier has, so that none is lost unseen.
            #expect(validated[carrier, default: 0] >= documents.count)
        }
        let isEverythingThere = SharedFiles.root != nil
        #expect(validated.count == (isEverythingThere ? table.count : table.count { !$0[1].text.hasPrefix("../shared/") }))
        print("Validated:", validated.sorted { $0.key < $1.key }.map { "\($0.value) documents of \($0.key)" }.joined(separator: ", "))
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
