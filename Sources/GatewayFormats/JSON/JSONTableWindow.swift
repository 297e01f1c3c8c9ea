import CScan
import GatewayCore

/// The part of a file that is looked at: from where a reader stands, as far as it was read. Grows up to the limit of a record.
final class JSONWindow {
    private let source: any ByteSource
    private let input: LayoutInput
    private var memory: UnsafeMutableRawBufferPointer
    /// Bytes of the file before the memory's first.
    private var before: Int64 = 0
    private(set) var filled = 0
    /// How far the text was checked.
    private var checked = 0
    private(set) var isAtEnd = false
    private static let spare = 64

    /// - Parameter piece: bytes that it begins with.
    init(_ input: LayoutInput, piece: Int = 1 << 20) {
        self.input = input
        source = input.bytes()
        memory = .allocate(byteCount: max(piece, 16) + Self.spare, alignment: 64)
    }

    deinit { memory.deallocate() }

    var start: UnsafePointer<UInt8> { UnsafePointer(base) }
    var end: UnsafePointer<UInt8> { UnsafePointer(base + filled) }
    private var base: UnsafeMutablePointer<UInt8> {
        memory.baseAddress.map { $0.assumingMemoryBound(to: UInt8.self) } ?? .allocate(capacity: 64)
    }

    /// Reads on, and keeps what begins at `place`; false at the end of the file.
    ///
    /// - Returns: the same place in the memory as it is now.
    /// - Throws: `read.record.long`, `read.text.…`.
    func more(from place: UnsafePointer<UInt8>) throws(Finding) -> UnsafePointer<UInt8>? {
        if isAtEnd { return nil }
        let used = place - start
        let kept = filled - used
        if kept > 0, used > 0 { base.update(from: base + used, count: kept) }
        before += Int64(used)
        filled = kept
        checked = max(checked - used, 0)
        let room = memory.count - Self.spare
        if filled == room {
            guard room < input.limits.record else {
                throw Finding(.recordLong, at: try line(0), ["limit": .plain("\(input.limits.record)")])
            }
            let larger = UnsafeMutableRawBufferPointer.allocate(
                byteCount: min(room * 2, input.limits.record) + Self.spare, alignment: 64)
            larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<filled]))
            memory.deallocate()
            memory = larger
        }
        let free = UnsafeMutableRawBufferPointer(rebasing: memory[filled..<memory.count - Self.spare])
        let got = try source.read(into: free)
        filled += got
        isAtEnd = got == 0
        (base + filled).update(repeating: 0, count: Self.spare)
        try check()
        return start
    }

    /// UTF-8 without NUL.
    private func check() throws(Finding) {
        var error = 0
        let stop = dg_check_text(start + checked, filled - checked, &error)
        let place = checked + error
        switch stop {
        case Int32(DG_DONE.rawValue): checked = filled
        case Int32(DG_CUT_UTF8.rawValue):
            if isAtEnd { throw Finding(.documentUnfinished, at: Place(file: input.file, isRecord: true)) }
            checked = place
        case Int32(DG_NUL.rawValue): throw Finding(.nulByte, at: try line(place))
        case _:
            throw TextCheck.notUTF8(UnsafeRawBufferPointer(rebasing: memory[place..<filled]), at: try line(place))
        }
    }

    /// Line and column of a place, found by reading the file again: only findings need it.
    func place(_ at: UnsafePointer<UInt8>) throws(Finding) -> Place { try line(at - start) }

    private func line(_ offset: Int) throws(Finding) -> Place {
        let wanted = before + Int64(offset)
        let again = DescriptorSource(input.descriptor, shown: input.file ?? "file", end: min(wanted, input.size))
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
        defer { piece.deallocate() }
        var line = 1
        var column = 1
        while true {
            let got = try again.read(into: piece)
            if got == 0 { return Place(file: input.file, line: line, column: column) }
            for byte in piece[..<got] {
                if byte == 0x0A {
                    line += 1
                    column = 1
                } else if byte & 0xC0 != 0x80 {
                    column += 1
                }
            }
        }
    }
}
