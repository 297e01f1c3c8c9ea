import GatewayCore
import Glibc

/// A file that may have to be laid out: read by position, never closed or moved here.
package struct LayoutInput: Sendable {
    package let descriptor: Int32
    /// Bytes.
    package let size: Int64
    /// Shown name, for findings only: nothing is told from it.
    package let file: String?
    package let limits: IntakeLimits
    /// Of a text format: what its bytes are read as.
    package let charset: Charset
    /// A folder for what does not fit into memory.
    package let scratch: String

    package init(
        _ descriptor: Int32, size: Int64, file: String?, limits: IntakeLimits = IntakeLimits(), charset: Charset = .utf8,
        scratch: String = "/tmp"
    ) {
        self.descriptor = descriptor
        self.size = size
        self.file = file
        self.limits = limits
        self.charset = charset
        self.scratch = scratch
    }

    /// The bytes as they are, from the start.
    package func bytes() -> any ByteSource { DescriptorSource(descriptor, shown: file ?? "file", end: size) }

    /// A place in the file, for findings.
    package func place(_ row: Int? = nil, column: Int? = nil, name: String? = nil) -> Place {
        Place(file: file, line: row, column: column, name: name, isRecord: true)
    }
}

/// What a profile says of the shape of its files.
package struct TablePlan: Hashable, Sendable {
    /// Its `format:` with all options, such as `json` or `xlsx`.
    package var format: String
    /// Its `records at:`, the path to the order objects of a tree; nil: the format's own rule.
    package var records: String?
    /// Its `lines at:`, the path below an order to its line objects; nil: an order is one row.
    package var lines: String?
    /// Columns that the profile uses, as it writes them and each once: for a tree the paths that become columns.
    package var columns: [String]
    /// Its `columns:`, where the cells of a fixed-width row stand.
    package var places: [ColumnPlace]

    /// A column and its place in a row, as the profile writes it: `1-10`, or `H 2-11` for rows that begin with H.
    package struct ColumnPlace: Hashable, Sendable {
        package var name: String
        package var place: String

        package init(name: String, place: String) {
            self.name = name
            self.place = place
        }
    }

    package init(
        format: String, records: String? = nil, lines: String? = nil, columns: [String] = [], places: [ColumnPlace] = []
    ) {
        self.format = format
        self.records = records
        self.lines = lines
        self.columns = columns
        self.places = places
    }
}

/// Headings that a file may have under a plan, seen without reading all of it.
package struct Glimpse: Hashable, Sendable {
    /// Of a sheet: the cells of one of its first rows, and that row. Of a tree: those of the plan's columns that occur in its first
    /// records, then other paths that do; row 1.
    package var header: Header
    /// Of a workbook: the sheet's name; for people and for findings' places.
    package var part: String?
    /// Of a workbook: the sheet's place among its sheets; from 0.
    package var index: Int

    package init(header: Header, part: String? = nil, index: Int = 0) {
        self.header = header
        self.part = part
        self.index = index
    }
}

/// Lays a file out as a table, which everything after intake reads; see docs/decisions/0009.
///
/// One object a file, made by ``Format/layout``. All memory is bounded, whatever the file says. Findings have places of the table
/// (row, column, name) and the shown name of the file.
package protocol TableLayout: AnyObject {
    /// What profiles are recognised by. The first that a profile recognises is used; the most likely one comes first.
    func glimpses(_ plan: TablePlan) throws(Finding) -> [Glimpse]

    /// Writes the table: the headings as row `glimpse.header.row` (rows above it blank), then all rows.
    ///
    /// Of a tree the headings are `plan.columns` as the profile writes them; of a sheet the cells of its heading row.
    func layOut(_ plan: TablePlan, _ glimpse: Glimpse, into sink: inout TableSink) throws(Finding)
}

/// How receipts are written for a format that is not delimited text.
package struct ReceiptForm: Sendable {
    /// Ending of the receipt's name, such as `xlsx`.
    package let fileExtension: String
    /// Reads a receipt that was written as CSV (UTF-8 with a mark, from the descriptor's start, by position) and gives it in the format.
    package let write: @Sendable (_ csv: Int32, _ sink: (UnsafeRawBufferPointer) throws(Finding) -> Void) throws(Finding) -> Void

    package init(
        fileExtension: String,
        write: @escaping @Sendable (_ csv: Int32, _ sink: (UnsafeRawBufferPointer) throws(Finding) -> Void) throws(Finding) -> Void
    ) {
        self.fileExtension = fileExtension
        self.write = write
    }
}
