import Glibc

/// The orders of a file that went by: whether one comes again.
///
/// A Bloom filter of fixed size, 4 MiB and eight bits a reference in one line of the processor's cache: never misses one;
/// at 1,000,000 references in no order about two are wrongly said to come again, which costs a closer look at the file,
/// not an order. References in rising or falling order (by length, then bytes) are told apart without it, so such files
/// are never grouped for nothing.
package struct SeenFilter: Sendable {
    private static let words = 1 << 19
    private var bits: [UInt64] = []
    private var low: [UInt8] = []
    private var high: [UInt8] = []
    /// Of references whose bits are not set yet: set together, their blocks come from memory at the same time.
    private var waiting: [UInt64] = []
    private static let most = 64

    package init() {}

    /// Remembers a reference. True: it may have been here before.
    ///
    /// - Parameter hash: a keyed digest of it.
    package mutating func insert(_ reference: UnsafeRawBufferPointer, hash: UInt64) -> Bool {
        if bits.isEmpty {
            bits = [UInt64](repeating: 0, count: Self.words)
            waiting.reserveCapacity(Self.most)
            low = Array(reference)
            high = low
            wait(hash)
            return false
        }
        if high.withUnsafeBytes({ Self.isLess($0, reference) }) {
            Self.replace(&high, reference)
            wait(hash)
            return false
        }
        if low.withUnsafeBytes({ Self.isLess(reference, $0) }) {
            Self.replace(&low, reference)
            wait(hash)
            return false
        }
        markWaiting()
        return mark(hash)
    }

    private mutating func wait(_ hash: UInt64) {
        waiting.append(hash)
        if waiting.count == Self.most { markWaiting() }
    }

    private mutating func markWaiting() {
        for hash in waiting { _ = mark(hash) }
        waiting.removeAll(keepingCapacity: true)
    }

    /// Sets the reference's bits: one in each word of a block of eight. True: all were set.
    private mutating func mark(_ hash: UInt64) -> Bool {
        var missing: UInt64 = 0
        var rest = hash
        let block = Int(truncatingIfNeeded: hash >> 48) * 8
        // No branch: the processor goes on to the next while a block comes from memory.
        bits.withUnsafeMutableBufferPointer { bits in
            for word in block..<block + 8 {
                let mask: UInt64 = 1 << (rest & 63)
                missing |= ~bits[word] & mask
                bits[word] |= mask
                rest >>= 6
            }
        }
        return missing == 0
    }

    /// By length, then by bytes.
    private static func isLess(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        if a.count != b.count { return a.count < b.count }
        guard let left = a.baseAddress, let right = b.baseAddress else { return false }
        return memcmp(left, right, a.count) < 0
    }
    private static func replace(_ place: inout [UInt8], _ reference: UnsafeRawBufferPointer) {
        place.removeAll(keepingCapacity: true)
        place.append(contentsOf: reference)
    }
}
