import GatewayCore
import GatewayMapping

/// Files that look like orders and can't be shipped from, told by their headings: `mappings/tables/look-alikes.csv`.
///
/// Read only when no profile recognised a file. A table that can't be read says nothing here: it is the linter's to report.
struct LookAlikes {
    private let rows: [Row]

    private struct Row {
        /// Folded; a file has all of them.
        var headings: [String]
        /// Folded; a file has none of them.
        var without: [String]
        var what: String
        var instead: String
        var whatTurkish: String
        var insteadTurkish: String
    }

    static let table = "look-alikes"
    /// Headings of the table itself.
    static let columns = ["headings", "without", "what", "instead", "what tr", "instead tr"]

    init(_ files: MappingFiles) {
        guard let table = CodeTables(files).table(Self.table), table.columns == Self.columns else {
            rows = []
            return
        }
        func headings(_ cell: String) -> [String] { cell.split(separator: "|").map { HeaderName.fold(String($0)) }.filter { !$0.isEmpty } }
        rows = table.rows.filter { $0.count == Self.columns.count }.map { cells in
            Row(
                headings: headings(cells[0]), without: headings(cells[1]), what: cells[2], instead: cells[3], whatTurkish: cells[4],
                insteadTurkish: cells[5])
        }
    }

    /// What a file with these headings is; nil: nobody knows. Of several rows that fit, the one with the most headings counts, the first of equals.
    ///
    /// - Parameter part: the sheet of a workbook.
    func finding(for header: Header, file: String, part: String? = nil) -> Finding? {
        let there = Set(header.names.map { HeaderName.fold($0) })
        var best: Row?
        for row in rows where !row.headings.isEmpty && row.headings.count > best?.headings.count ?? 0 {
            if there.isSuperset(of: row.headings) && there.isDisjoint(with: row.without) { best = row }
        }
        guard let best else { return nil }
        let shown = header.names.filter { best.headings.contains(HeaderName.fold($0)) }.joined(separator: ", ")
        var place = Place.row(max(header.row, 1), file: file)
        place.part = part
        return Finding(
            .headerForeign, at: place, found: .plain(shown),
            [
                "what": .plain(best.what), "instead": .plain(best.instead), "whatTurkish": .plain(best.whatTurkish),
                "insteadTurkish": .plain(best.insteadTurkish),
            ])
    }
}
