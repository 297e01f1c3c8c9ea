/// A growing run of bytes that a document is written to.
///
/// Always keeps 64 writable bytes after `count`, so that eight-byte stores need no tail case.
/// A secret's place is written as ``secretMark`` and its index; the value enters only when the document is published.
@_spi(HotPath) public struct Output: ~Copyable, @unchecked Sendable {
    public private(set) var base: UnsafeMutableRawPointer
    public private(set) var capacity: Int
    public var count = 0

    /// The byte that stands for "a secret goes here"; documents never hold a NUL otherwise. One byte with the secret's index + 1 follows.
    public static var secretMark: UInt8 { 0 }

    public init(capacity: Int = 1 << 16) {
        self.capacity = max(capacity, 256)
        base = .allocate(byteCount: self.capacity, alignment: Self.alignment)
    }

    /// A page: what writing past the page cache needs.
    public static var alignment: Int { 4096 }

    deinit { base.deallocate() }

    /// Makes room for `extra` bytes and the 64 spare ones.
    @inlinable @inline(__always) public mutating func reserve(_ extra: Int) {
        if count + extra + 64 > capacity { grow(extra) }
    }

    @usableFromInline mutating func grow(_ extra: Int) {
        let wanted = max(capacity * 2, count + extra + 64)
        let bigger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: Self.alignment)
        bigger.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = bigger
        capacity = wanted
    }

    @inlinable public mutating func append(_ byte: UInt8) {
        reserve(1)
        base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    /// Appends `length` bytes as they are.
    @inlinable public mutating func append(_ bytes: UnsafeRawPointer, _ length: Int) {
        reserve(length)
        (base + count).copyMemory(from: bytes, byteCount: length)
        count += length
    }

    public mutating func append(_ bytes: some Collection<UInt8>) {
        for byte in bytes { append(byte) }
    }

    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { if let start = $0.baseAddress { append(UnsafeRawPointer(start), $0.count) } }
    }

    /// What has been written so far.
    public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
    /// A copy, for tests and findings.
    public var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Forgets what was written after `mark`, an earlier `count`.
    @inlinable public mutating func rewind(to mark: Int) { count = mark }
}
