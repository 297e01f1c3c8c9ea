import GatewayCore
import GatewayFormats

/// What segments, elements and codes of EDI are called: `mappings/tables/edi-segments.csv` and `edi-codes.csv`.
package struct EDIWords: Sendable {
    private var names: [String: String] = [:]
    private var codes: [String: String] = [:]

    /// Reads the workspace's tables, the shipped ones where it has none.
    package init(root: String) throws(Finding) {
        let files = MappingFiles(bases: [MappingFiles.Base(folder: root + "/mappings", shown: "mappings")])
        for row in try Self.rows(files, "tables/edi-segments.csv") where row.count > 3 {
            names[Self.key(row[0], row[1], row[2])] = row[3]
        }
        for row in try Self.rows(files, "tables/edi-codes.csv") where row.count > 4 {
            codes[Self.key(row[0], row[1], row[2]) + " " + row[3]] = row[4]
        }
    }

    private static func rows(_ files: MappingFiles, _ path: String) throws(Finding) -> [[String]] {
        guard let file = try files.read(path) else { return [] }
        return try readTable(file.bytes, file: file.shown).dropFirst().map { $0.map(\.text) }
    }
    private static func key(_ syntax: String, _ segment: String, _ element: String) -> String { "\(syntax) \(segment) \(element)" }

    /// The segment's name; nil when nobody gave it one.
    package func segment(_ syntax: EDISyntax, _ tag: String) -> String? { names[Self.key(syntax.rawValue, tag, "")] }
    /// The name of element `number` of a segment.
    package func element(_ syntax: EDISyntax, _ tag: String, _ number: Int) -> String? {
        names[Self.key(syntax.rawValue, tag, String(number))]
    }
    /// What `code` means in element `number` of a segment.
    package func code(_ syntax: EDISyntax, _ tag: String, _ number: Int, _ code: String) -> String? {
        codes[Self.key(syntax.rawValue, tag, String(number)) + " " + code]
    }
}
