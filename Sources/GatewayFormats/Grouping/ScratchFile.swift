import GatewayCore
import Glibc

/// A file in a scratch folder that nobody else sees: it has no name from the start and goes with this object.
package final class ScratchFile {
    let descriptor: Int32
    private var end: Int64 = 0
    private var waiting: [UInt8] = []

    init(in folder: String) throws(Finding) {
        let path = try ScratchFile.create(in: folder)
        descriptor = path.descriptor
        unlink(path.path)
    }

    deinit { close(descriptor) }

    /// A new file that keeps its name.
    package static func create(in folder: String) throws(Finding) -> (descriptor: Int32, path: String) {
        var template = Array((folder + "/scratch-XXXXXX").utf8CString)
        let descriptor = template.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkstemp($0) } ?? -1 }
        guard descriptor >= 0 else { throw FileIO.finding(.fileWriteFailed, "scratch file") }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return (descriptor, String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    /// Bytes written so far, those that wait included.
    var count: Int64 { end + Int64(waiting.count) }

    /// Writes behind what is there.
    func append(_ bytes: UnsafeRawBufferPointer) throws(Finding) {
        waiting.append(contentsOf: bytes)
        if waiting.count >= 1 << 18 { try flush() }
    }

    func flush() throws(Finding) {
        guard !waiting.isEmpty else { return }
        let bytes = waiting
        waiting.removeAll(keepingCapacity: true)
        try FileIO.unsafeBytes(bytes) { (all) throws(Finding) in try write(all, at: end) }
        end += Int64(bytes.count)
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(Finding) {
        var done = 0
        while done < bytes.count {
            let wrote = pwrite(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset) + off_t(done))
            if wrote < 0 {
                if errno == EINTR { continue }
                throw FileIO.finding(.fileWriteFailed, "scratch file")
            }
            done += wrote
        }
    }

    /// Reads up to `into.count` bytes; fewer at the end.
    func read(_ into: UnsafeMutableRawBufferPointer, at offset: Int64) throws(Finding) -> Int {
        try FileWindow.read(descriptor, into, at: offset, shown: "scratch file")
    }
}

/// Reads pieces of a file that mostly follow each other.
final class FileWindow {
    private let descriptor: Int32
    private let shown: String
    private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
    private var start: Int64 = 0
    private var count = 0

    init(_ descriptor: Int32, shown: String) {
        self.descriptor = descriptor
        self.shown = shown
    }

    deinit { memory.deallocate() }

    /// The bytes; valid until the next call. Fewer at the end of the file.
    func bytes(at offset: Int64, _ length: Int) throws(Finding) -> UnsafeRawBufferPointer {
        if offset < start || offset + Int64(length) > start + Int64(count) {
            if length > memory.count {
                memory.deallocate()
                memory = .allocate(byteCount: length * 2, alignment: 64)
            }
            count = try FileWindow.read(descriptor, memory, at: offset, shown: shown)
            start = offset
        }
        let from = Int(offset - start)
        return UnsafeRawBufferPointer(rebasing: memory[from..<min(from + length, count)])
    }

    static func read(_ descriptor: Int32, _ into: UnsafeMutableRawBufferPointer, at offset: Int64, shown: String) throws(Finding) -> Int {
        var got = 0
        while got < into.count {
            let more = pread(descriptor, into.baseAddress.map { $0 + got }, into.count - got, off_t(offset) + off_t(got))
            if more < 0 {
                if errno == EINTR { continue }
                throw FileIO.finding(.fileReadFailed, shown)
            }
            if more == 0 { break }
            got += more
        }
        return got
    }
}

/// A table on disk: where the bytes of each row are. Rows may come in any order.
final class RowIndex {
    struct Entry {
        var offset: Int64
        /// -1: there is none.
        var count: Int64
        var isTaken: Bool
    }
    private let file: ScratchFile
    private let window: FileWindow
    private(set) var lastRow = -1

    init(in folder: String) throws(Finding) {
        file = try ScratchFile(in: folder)
        window = FileWindow(file.descriptor, shown: "scratch file")
    }

    func set(_ row: Int, offset: Int64, count: Int) throws(Finding) {
        lastRow = max(lastRow, row)
        try put(row, offset, Int64(count) + 1)
    }

    /// Marks an entry, so that a second use of it can be seen.
    func take(_ row: Int, _ entry: Entry) throws(Finding) { try put(row, entry.offset, -(entry.count + 1)) }

    private func put(_ row: Int, _ offset: Int64, _ mark: Int64) throws(Finding) {
        var pair = (offset, mark)
        let file = file
        try withUnsafeBytes(of: &pair) { (bytes) throws(Finding) in try file.write(bytes, at: Int64(row) * 16) }
    }

    /// - Parameter isCached: read ahead; not while entries still change.
    func entry(_ row: Int, isCached: Bool = false) throws(Finding) -> Entry {
        guard row >= 0, row <= lastRow else { return Entry(offset: 0, count: -1, isTaken: false) }
        var pair: (Int64, Int64) = (0, 0)
        let bytes: UnsafeRawBufferPointer
        if isCached {
            bytes = try window.bytes(at: Int64(row) * 16, 16)
            guard bytes.count == 16 else { return Entry(offset: 0, count: -1, isTaken: false) }
            pair = (bytes.loadUnaligned(as: Int64.self), bytes.loadUnaligned(fromByteOffset: 8, as: Int64.self))
        } else {
            let file = file
            try withUnsafeMutableBytes(of: &pair) { (all) throws(Finding) in _ = try file.read(all, at: Int64(row) * 16) }
        }
        return Entry(offset: pair.0, count: abs(pair.1) - 1, isTaken: pair.1 < 0)
    }
}
