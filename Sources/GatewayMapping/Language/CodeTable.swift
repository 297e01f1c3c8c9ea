@_spi(HotPath) import GatewayCore

/// A small table of an operator: words and what they stand for. The first column is looked up, folded.
package final class CodeTable: Sendable {
    package let name: String
    package let columns: [String]
    package let rows: [[String]]
    /// Row by folded key.
    private let index: [[UInt8]: Int]

    /// - Parameter columns: headings; the first names the key.
    package init(name: String, columns: [String], rows: [[String]]) {
        self.name = name
        self.columns = columns
        self.rows = rows
        index = Dictionary(rows.enumerated().map { (HeaderName.fold(($1.first ?? "").utf8), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Position of the column called `name`.
    func column(_ name: String) -> Int? { columns.firstIndex { HeaderName.fold($0) == HeaderName.fold(name) } }

    func row(_ key: UnsafeRawBufferPointer) -> Int? { index[HeaderName.fold(key)] }
}

/// Where mappings find their tables.
package protocol TableSource {
    /// The table `name` (without extension), nil when there is none.
    func table(_ name: String) -> CodeTable?
    /// All names, for proposals.
    var tableNames: [String] { get }
}

/// No tables at all.
package struct NoTables: TableSource {
    package init() {}
    package func table(_ name: String) -> CodeTable? { nil }
    package var tableNames: [String] { [] }
}
