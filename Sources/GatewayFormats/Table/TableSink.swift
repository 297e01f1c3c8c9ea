@_spi(HotPath) import GatewayCore
import Glibc

/// Takes the cells of a file that is laid out as a table, and writes them as UTF-8 CSV: commas, quotes where a cell needs them, LF.
///
/// Row n of the table is line n of what a person sees: a sheet's row, blank ones included, or for trees the n-th line of the table.
/// A row without cells, or whose cells are all empty, becomes a blank line. Bytes that are no UTF-8 and NUL may be given as they
/// are: the reader holds the order that they stand in.
package struct TableSink: ~Copyable {
    private let descriptor: Int32
    private let limits: IntakeLimits
    private let file: String?
    private var out = Output(capacity: 1 << 18)
    private var rowStart = 0
    private var cells = 0
    private var hasText = false
    /// Row that the next cell belongs to; from 1.
    package private(set) var row = 1
    /// Bytes written so far.
    package private(set) var count: Int64 = 0

    /// - Parameters:
    ///   - descriptor: written from where it stands; not closed.
    ///   - file: shown name of the file that is laid out, for findings.
    package init(_ descriptor: Int32, file: String?, limits: IntakeLimits = IntakeLimits()) {
        self.descriptor = descriptor
        self.file = file
        self.limits = limits
    }

    /// Cells of the row so far.
    package var column: Int { cells }

    /// The next cell of the row.
    ///
    /// - Throws: `read.field.long` and `read.record.long` past the limits; a finding when the disk is full.
    package mutating func cell(_ bytes: UnsafeRawBufferPointer) throws(Finding) {
        if cells > 0 { out.append(0x2C) }
        cells += 1
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        guard bytes.count <= limits.field else {
            throw Finding(
                .fieldLong, at: .row(row, column: cells, file: file), found: .plain("\(bytes.count) bytes"),
                ["limit": .plain("\(limits.field)")])
        }
        hasText = true
        if needsQuotes(bytes) {
            out.reserve(2 * bytes.count + 2)
            out.append(0x22)
            for byte in bytes {
                if byte == 0x22 { out.append(0x22) }
                out.append(byte)
            }
            out.append(0x22)
        } else {
            out.append(start, bytes.count)
        }
    }

    /// The next cell of the row.
    package mutating func cell(_ bytes: [UInt8]) throws(Finding) {
        let failed: Finding? = bytes.withUnsafeBytes { all in
            do throws(Finding) {
                try cell(all)
                return nil
            } catch { return error }
        }
        if let failed { throw failed }
    }

    /// The next cell of the row.
    package mutating func cell(_ text: String) throws(Finding) { try cell(Array(text.utf8)) }

    /// An empty cell.
    package mutating func emptyCell() throws(Finding) { try cell(UnsafeRawBufferPointer(start: nil, count: 0)) }

    /// Ends the row.
    package mutating func endRow() throws(Finding) {
        if !hasText { out.rewind(to: rowStart) }
        guard out.count - rowStart <= limits.record else {
            throw Finding(.recordLong, at: .row(row, file: file), ["limit": .plain("\(limits.record)")])
        }
        out.append(0x0A)
        row += 1
        cells = 0
        hasText = false
        if out.count > 1 << 17 { try drain() }
        rowStart = out.count
    }

    /// Blank rows up to, and without, row `row`. For sheets, whose blank rows are not in the file.
    package mutating func skip(to row: Int) throws(Finding) {
        while self.row < row { try endRow() }
    }

    /// Writes what waits. To be called once, after the last row.
    package mutating func finish() throws(Finding) { try drain() }

    private mutating func drain() throws(Finding) {
        try FileIO.write(out.bytes, to: descriptor, shown: "scratch file")
        count += Int64(out.count)
        out.rewind(to: 0)
        rowStart = 0
        guard count <= Self.sizeLimit(limits) else {
            throw Finding(
                .tableLarge, at: .row(row, file: file), found: .plain("\(count) bytes"), ["limit": .plain("\(Self.sizeLimit(limits))")])
        }
    }

    /// A small file may unfold to a very large table: the table may take four times what a file may.
    private static func sizeLimit(_ limits: IntakeLimits) -> Int64 { limits.file.multipliedReportingOverflow(by: 4).partialValue }

    private func needsQuotes(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if bytes[0] == 0x20 || bytes[0] == 0x23 { return true }
        for byte in bytes where byte == 0x2C || byte == 0x22 || byte == 0x0A || byte == 0x0D { return true }
        return false
    }
}
