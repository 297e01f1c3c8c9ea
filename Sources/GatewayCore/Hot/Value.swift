/// A range of bytes in a ``Batch`` with its place in the source: what a field is until a person asks for a `String`.
///
/// Twelve bytes without a pointer. An empty value (`count == 0`) is an absent one.
@_spi(HotPath) public struct Value: BitwiseCopyable, Sendable, Equatable {
    /// First byte, counted from the start of the batch's memory.
    public var offset: UInt32
    /// Length in bytes.
    public var count: UInt32
    /// Source column + 1; 0 when the value was computed or is a constant.
    public var column: UInt16
    /// Record within its order, 0 for the first.
    public var row: UInt16

    @inlinable public init(offset: UInt32, count: UInt32, column: UInt16 = 0, row: UInt16 = 0) {
        self.offset = offset
        self.count = count
        self.column = column
        self.row = row
    }

    /// The absent value.
    @inlinable public static var none: Value { Value(offset: 0, count: 0) }
    @inlinable public var isEmpty: Bool { count == 0 }
}
