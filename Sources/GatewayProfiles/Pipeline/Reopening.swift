@_spi(HotPath) import GatewayCore

extension Pipeline {
    /// Whether the last record of the file is in the batch that was read last.
    package var isAtEnd: Bool { reader.isAtEnd }

    /// Shows a mapped batch's orders to the look-out.
    package func note(_ batch: borrowing Batch, in lookout: inout ReopenLookout) {
        for order in 0..<batch.orderCount { note(Int(batch.orders[order].firstRecord), batch, &lookout) }
    }

    /// Which orders of the file perhaps stand apart. Reads it to its end; the pipeline is used up.
    package func reopenCandidates() throws(Finding) -> Set<UInt64> {
        var lookout = ReopenLookout()
        try eachRecord { (record, batch) in note(record, batch, &lookout) }
        return lookout.candidates
    }

    /// Whether rows of one of these orders stand apart. Reads the file to its end; the pipeline is used up.
    package func isApart(_ candidates: Set<UInt64>) throws(Finding) -> Bool {
        var closed: Set<UInt64> = []
        var last: UInt64?
        var isApart = false
        try eachRecord { (record, batch) in
            let (digest, _, isEmpty) = key(of: record, in: batch)
            guard digest != last, !isEmpty || !keylessRowsFollow else { return }
            last = digest
            if !isEmpty, candidates.contains(digest), !closed.insert(digest).inserted { isApart = true }
        }
        return isApart
    }

    private func eachRecord(_ body: (_ record: Int, _ batch: borrowing Batch) -> Void) throws(Finding) {
        var batch = makeBatch()
        while try reader.fill(&batch) {
            for record in 0..<batch.recordCount where batch.flags[record] & Batch.blankRecord == 0 { body(record, batch) }
            batch.usedRecords = batch.recordCount
            reader.keep(batch)
        }
    }

    private func note(_ record: Int, _ batch: borrowing Batch, _ lookout: inout ReopenLookout) {
        let (digest, first, isEmpty) = key(of: record, in: batch)
        if !isEmpty {
            lookout.note(first, digest)
        } else if !keylessRowsFollow {
            lookout.noteKeyless()
        }
    }

    /// What says which order a record belongs to, and the first part of it. A record without a key is an order of its own, or goes with the one above.
    private func key(of record: Int, in batch: borrowing Batch) -> (digest: UInt64, first: UnsafeRawBufferPointer, isEmpty: Bool) {
        var digest: UInt64 = 0
        var first = UnsafeRawBufferPointer(start: nil, count: 0)
        var isEmpty = true
        for (n, column) in keyColumns.enumerated() {
            let cell = batch.field(record, column)
            var bytes = UnsafeRawBufferPointer(start: batch.base + cell.offset, count: cell.count)
            // Quoted or not, it is the same order.
            if bytes.count >= 2, bytes.first == 0x22, bytes.last == 0x22 {
                bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst().dropLast())
            }
            if n == 0 { first = bytes }
            if !bytes.isEmpty { isEmpty = false }
            digest = digest &* 31 &+ DigestKey.sample.digest(bytes)
        }
        return (digest, first, isEmpty)
    }
}

/// Looks out for orders whose rows stand apart, while a file goes by.
package struct ReopenLookout: Sendable {
    private var seen = SeenFilter()
    private var last: UInt64?
    /// Digests of orders that were perhaps there before; of a million in no order about three wrongly.
    package private(set) var candidates: Set<UInt64> = []

    package init() {}

    /// - Parameter first: the first part of the key, which rises or falls in most files.
    fileprivate mutating func note(_ first: UnsafeRawBufferPointer, _ digest: UInt64) {
        guard digest != last else { return }
        last = digest
        if seen.insert(first, hash: digest) { candidates.insert(digest) }
    }

    /// A record without a key stands between others.
    fileprivate mutating func noteKeyless() { last = nil }
}
