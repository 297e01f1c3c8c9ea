import GatewayCore
import GatewayFormats

/// Whether a dropped file is there whole.
package enum DropContent: Sendable {
    case whole
    /// It may still grow; what is missing, for the day it is given up.
    case notYet(Finding)
}

/// What the engine asks of formats besides reading orders.
package enum Intake {
    /// Looks whether the content ends as its format demands. Does not move the descriptor.
    ///
    /// - Parameters:
    ///   - format: what ``Workspace/statedFormat(of:flow:)`` says.
    ///   - limits: what the file's reader will be given.
    /// - Throws: when the file can't be read.
    package static func content(
        of descriptor: Int32, size: Int64, file: String, format: String? = nil, limits: IntakeLimits = IntakeLimits()
    ) throws(Finding) -> DropContent {
        switch try wholeness(descriptor: descriptor, size: size, file: file, format: format, limits: limits) {
        case .whole: .whole
        case .notYet(let finding): .notYet(finding)
        }
    }

    /// The arrival that a dropped receipt belongs to; nil: the file is no receipt.
    package static func receiptArrival(
        of descriptor: Int32, file: String, format: String? = nil, limits: IntakeLimits = IntakeLimits()
    ) throws(Finding) -> Int64? {
        try ReceiptMerge.arrival(descriptor: descriptor, file: file, settings: csv(format), limits: limits)
    }

    /// The corrected file in the layout of the original, made from a receipt that was corrected and dropped again.
    ///
    /// - Parameters:
    ///   - formats: what ``Workspace/statedFormat(of:flow:)`` says of both files.
    ///   - scratch: folder for what does not fit into memory.
    ///   - sink: takes the bytes, piece by piece.
    package static func merge(
        receipt: Int32, original: Int32, file: String, formats: (receipt: String?, original: String?) = (nil, nil), scratch: String,
        limits: IntakeLimits,
        into sink: (UnsafeRawBufferPointer) throws(Finding) -> Void
    ) throws(Finding) {
        try ReceiptMerge.merge(
            receipt: receipt, original: original, scratchFolder: scratch, file: file,
            settings: (csv(formats.receipt), csv(formats.original)), limits: limits, to: sink)
    }

    private static func csv(_ format: String?) -> CSVSettings { format.flatMap(CSVSettings.parse) ?? CSVSettings() }
}

/// The text with an apostrophe before everything in it that a spreadsheet would take as a formula, for cells of our own.
package func spreadsheetSafe(_ text: String) -> String { SpreadsheetGuard.guarded(text) }

/// A file whose records were put together by order on the disk, because an order's rows stood apart.
package struct GroupedDrop: Sendable {
    private let grouped: GroupedFile

    /// Records in the order that they are read in.
    package var dataPath: String { grouped.dataPath }

    init(_ grouped: GroupedFile) { self.grouped = grouped }

    func rowNumbers() throws(Finding) -> RowNumbers { try RowNumbers(path: grouped.rowsPath) }

    /// Removes its scratch files.
    package func remove() { grouped.remove() }
}

/// Receipt rows that come in the order of a grouped file and go out in the order of the sender's file.
package struct RowSorter: ~Copyable {
    private let writer: RowOrderedWriter

    package init(scratch: String) throws(Finding) { writer = try RowOrderedWriter(scratchFolder: scratch) }

    package func write(row: Int, _ bytes: UnsafeRawBufferPointer) throws(Finding) { try writer.write(row: row, bytes: bytes) }

    package func finish(_ sink: (UnsafeRawBufferPointer) throws(Finding) -> Void) throws(Finding) { try writer.finish(sink) }
}
