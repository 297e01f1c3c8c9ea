import GatewayCore

/// Takes rows in any order and gives them back in the order of their numbers; memory does not grow with their number.
package final class RowOrderedWriter {
    private let data: ScratchFile
    private let index: RowIndex

    package init(scratchFolder: String) throws(Finding) {
        data = try ScratchFile(in: scratchFolder)
        index = try RowIndex(in: scratchFolder)
    }

    /// Keeps the bytes of a row. The last one of the same number counts.
    package func write(row: Int, bytes: UnsafeRawBufferPointer) throws(Finding) {
        try index.set(row, offset: data.count, count: bytes.count)
        try data.append(bytes)
    }

    func write(row: Int, bytes: UnsafeRawBufferPointer, lineEnd: [UInt8]) throws(Finding) {
        try index.set(row, offset: data.count, count: bytes.count + lineEnd.count)
        try data.append(bytes)
        try FileIO.unsafeBytes(lineEnd) { (end) throws(Finding) in try data.append(end) }
    }

    /// Gives all rows in their order.
    package func finish(_ sink: (UnsafeRawBufferPointer) throws(Finding) -> Void) throws(Finding) {
        try data.flush()
        guard index.lastRow >= 0 else { return }
        let window = FileWindow(data.descriptor, shown: "scratch file")
        for row in 0...index.lastRow {
            let entry = try index.entry(row, isCached: true)
            if entry.count > 0 { try sink(try window.bytes(at: entry.offset, Int(entry.count))) }
        }
    }
}
