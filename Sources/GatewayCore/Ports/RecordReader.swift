/// Bytes of a file or a pipe, read in order and once.
package protocol ByteSource: AnyObject {
    /// Reads at most `into.count` bytes; 0 at the end.
    func read(into: UnsafeMutableRawBufferPointer) throws(Finding) -> Int
}

/// Turns bytes into batches of records. One thread; one call a batch.
package protocol RecordReader: AnyObject {
    /// Headings (or paths) of the columns, in the file's order.
    var header: Header { get }
    /// Fills `batch` with the next records, those that ``keep(_:)`` kept back first. False when there are none left.
    func fill(_ batch: inout Batch) throws(Finding) -> Bool
    /// Whether the last record of the source is in the batch that was filled last.
    var isAtEnd: Bool { get }
    /// Keeps the records from `batch.usedRecords` on for the next ``fill(_:)``.
    func keep(_ batch: borrowing Batch)
}

/// Columns of a file as it names them.
package struct Header: Hashable, Sendable {
    package var names: [String]
    /// Row of the header as a spreadsheet shows it; 0 when the format has none.
    package var row: Int

    package init(names: [String], row: Int = 1) {
        self.names = names
        self.row = row
    }
}

/// Limits on what a partner's file may be; all configurable in `dropgate.yaml` under `limits:`.
package struct IntakeLimits: Hashable, Sendable {
    /// Bytes of a file.
    package var file: Int64 = 4 << 30
    /// Bytes of a record.
    package var record = 8 << 20
    /// Bytes of a field.
    package var field = 1 << 20
    /// Columns of a file.
    package var columns = 2_000
    /// Records of an order.
    package var orderRecords = 5_000
    /// Nesting of a dropped XML or JSON file: a deeper one is not waited for, its reader refuses it.
    package var depth = 64

    package init() {}
}
