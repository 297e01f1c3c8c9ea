import GatewayCore

/// A dropped workbook: what its visible sheets begin with, and their rows as they come.
final class Workbook {
    /// A row near the top of a sheet: the headings may stand below a banner.
    struct Head {
        /// Number of the sheet among all of the workbook, from 0.
        var sheet: Int
        var sheetName: String
        /// As the spreadsheet shows it.
        var row: Int
        var cells: [String]
        /// Whether a row with cells stands below.
        var hasRows: Bool
    }

    /// Rows with cells from the top of a sheet that may be its headings.
    private static let headRows = 10

    private let parts: WorkbookParts
    private let index: WorkbookIndex
    private let strings: SharedStrings
    private var knownHeads: [Head]?

    /// Whether a file begins as a workbook of any kind, old and encrypted ones included.
    static func begins(_ bytes: some Collection<UInt8>) -> Bool { WorkbookParts.begins(bytes) }

    /// Whether it is there whole: its list of contents at the end, and each part where the list says.
    ///
    /// One that we do not read counts as whole: its reader refuses it.
    static func wholeness(descriptor: Int32, file: String?, limits: IntakeLimits) throws(Finding) -> Wholeness {
        do throws(Finding) {
            _ = try WorkbookParts(descriptor: descriptor, file: file, limits: limits)
            return .whole
        } catch {
            if error.code == .fileReadFailed { throw error }
            return error.code == .workbookUnfinished ? .notYet(error) : .whole
        }
    }

    /// Reads what the workbook says of itself, and the texts that its cells share.
    ///
    /// - Parameters:
    ///   - descriptor: a file; read by position, its own stays.
    ///   - scratchFolder: for the shared texts.
    /// - Throws: `workbook.…` for what is no workbook that we read.
    init(descriptor: Int32, file: String?, limits: IntakeLimits, scratchFolder: String) throws(Finding) {
        parts = try WorkbookParts(descriptor: descriptor, file: file, limits: limits)
        index = try WorkbookIndex(parts)
        strings = try SharedStrings(scratchFolder: scratchFolder)
        if let part = index.sharedStrings {
            try parts.walk(part, SharedStringsListener(strings, limit: limits.field, file: file))
        }
        try strings.finish()
    }

    /// Every row that may be headings, of visible sheets only.
    ///
    /// - Throws: `workbook.sheet.none` when there is none.
    func heads() throws(Finding) -> [Head] {
        if let knownHeads { return knownHeads }
        var heads: [Head] = []
        for (number, sheet) in index.sheets.enumerated() where sheet.isVisible {
            let found = TopRows()
            try rows(of: number) { (row) throws(Finding) in
                let width = row.width
                if width > 0 { found.rows.append((row.number, row.texts(width))) }
                return found.rows.count <= Self.headRows
            }
            for (n, row) in found.rows.prefix(Self.headRows).enumerated() {
                heads.append(
                    Head(sheet: number, sheetName: sheet.name, row: row.number, cells: row.texts, hasRows: n + 1 < found.rows.count))
            }
        }
        guard !heads.isEmpty else { throw Finding(.workbookSheetNone, at: parts.place()) }
        knownHeads = heads
        return heads
    }

    private final class TopRows {
        var rows: [(number: Int, texts: [String])] = []
    }

    /// - Throws: `workbook.sheet.several` when another visible sheet has the same headings and rows below them.
    func requireOnly(_ chosen: Head) throws(Finding) {
        let wanted = chosen.cells.map { HeaderName.fold($0) }
        let same = try heads().filter { $0.hasRows && $0.cells.count == wanted.count && $0.cells.map { HeaderName.fold($0) } == wanted }
        let sheets = Set(same.map(\.sheet))
        guard sheets.count > 1 else { return }
        let names = index.sheets.indices.filter(sheets.contains).map { "\"\(index.sheets[$0].name)\"" }
        throw Finding(
            .workbookSheetSeveral, at: parts.place(), found: .plain("\(names.count) sheets"),
            ["sheets": .plain(names.joined(separator: ", "))])
    }

    /// Walks through a sheet.
    ///
    /// - Parameter take: gets each row that has a cell; false: no more are wanted.
    func rows(of sheet: Int, take: @escaping (borrowing SheetRow) throws(Finding) -> Bool) throws(Finding) {
        guard index.sheets.indices.contains(sheet) else { throw Finding(.workbookSheetNone, at: parts.place()) }
        let part = index.sheets[sheet].part
        try parts.walk(part, SheetListener(index, strings, parts, part: part, take: take))
    }
}
