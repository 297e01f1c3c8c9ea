import CScan
@_spi(HotPath) import GatewayCore

/// Makes bytes that are no characters to `?` in a reader's window, and remembers where they were: their records are held, the others go on.
struct TextDamage {
    /// Offsets in the file, in order, of the window and of what was carried into it.
    private var offsets: [Int64] = []

    /// - Parameter windowOffset: of the window's first byte in the file.
    mutating func mend(_ batch: borrowing Batch, _ windowOffset: Int64, isEnd: Bool) {
        var at = batch.poolCount
        var found: [Int64] = []
        while at < batch.windowEnd {
            var error = 0
            let stop = dg_check_text((batch.base + at).assumingMemoryBound(to: UInt8.self), batch.windowEnd - at, &error)
            if stop == Int32(DG_DONE.rawValue) { break }
            // What the window cuts is looked at again when its rest is there.
            if stop == Int32(DG_CUT_UTF8.rawValue), !isEnd { break }
            let place = at + error
            batch.base.storeBytes(of: 0x3F, toByteOffset: place, as: UInt8.self)
            found.append(windowOffset + Int64(place - batch.poolCount))
            at = place + 1
        }
        guard !found.isEmpty else { return }
        offsets = (offsets + found).sorted()
    }

    /// Flags the records that have such bytes; gives their cells.
    func mark(_ batch: inout Batch, _ windowOffset: Int64) -> [(record: Int, column: Int)] {
        var cells: [(record: Int, column: Int)] = []
        var record = 0
        for offset in offsets {
            let place = UInt32(Int(offset - windowOffset) + batch.poolCount)
            while record < batch.recordCount, batch.ends[Int(batch.rows[record + 1])] < place { record += 1 }
            guard record < batch.recordCount else { break }
            batch.flags[record] |= Batch.badText
            var column = 0
            let ends = batch.ends + Int(batch.rows[record])
            while column + 1 < batch.fieldCount(record), ends[column + 1] < place { column += 1 }
            if cells.last.map({ $0 != (record, column) }) ?? true { cells.append((record, column)) }
        }
        return cells
    }

    mutating func forget(before offset: Int64) {
        if let first = offsets.first, first < offset { offsets.removeAll { $0 < offset } }
    }
}
