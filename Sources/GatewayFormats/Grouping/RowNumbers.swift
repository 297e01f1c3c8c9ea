@_spi(HotPath) import GatewayCore
import Glibc

/// Rows of the original file by record of a file that was grouped on disk: four bytes a record, least significant first.
package final class RowNumbers: Sendable {
    private let descriptor: Int32

    /// - Throws: a finding when the file can't be opened.
    package init(path: String) throws(Finding) {
        descriptor = try FileIO.openForReading(path, shown: "row numbers")
    }

    deinit { close(descriptor) }

    /// Original row of a record, 0 when there is none.
    func row(_ record: Int) -> Int {
        var row: UInt32 = 0
        let got = pread(descriptor, &row, 4, off_t(record * 4))
        return got == 4 ? Int(UInt32(littleEndian: row)) : 0
    }

    /// Fills the batch's row numbers for its records, of which the first is `record`.
    func fill(_ batch: inout Batch, from record: Int) throws(Finding) {
        let count = batch.recordCount
        var numbers = [UInt32](repeating: 0, count: count)
        let got = numbers.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(record * 4)) }
        guard got == count * 4 else { throw FileIO.finding(.fileReadFailed, "row numbers") }
        batch.rowNumbers = numbers.map { UInt32(littleEndian: $0) }
    }
}
