import GatewayCore
import GatewayFormats
import GatewayMapping

/// Code tables of `mappings/tables`, read when a mapping asks for one and remembered for the profile that is being read.
final class CodeTables: TableSource {
    private let files: MappingFiles
    private var read: [String: CodeTable] = [:]
    /// What was wrong with tables that were asked for.
    private(set) var findings: [Finding] = []
    /// The files that were read, for the mapping's hash and to notice changes.
    private(set) var sources: [ProfileSource] = []

    init(_ files: MappingFiles) { self.files = files }

    var tableNames: [String] { files.names(in: "tables", ending: ".csv") }

    func table(_ name: String) -> CodeTable? {
        if let known = read[name] { return known }
        guard ProfileLoader.isPlainName(name) else { return nil }
        do throws(Finding) {
            guard let file = try files.read("tables/\(name).csv") else { return nil }
            let rows = try readTable(file.bytes, file: file.shown).map { $0.map(\.text) }
            guard let columns = rows.first else {
                findings.append(Finding(.configFileEmpty, at: Place(file: file.shown)))
                return nil
            }
            let table = CodeTable(name: name, columns: columns, rows: Array(rows.dropFirst()))
            read[name] = table
            sources.append(ProfileSource("tables/\(name).csv", file))
            return table
        } catch {
            findings.append(error)
            return nil
        }
    }
}
