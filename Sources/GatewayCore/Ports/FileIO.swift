import FoundationEssentials
import Glibc

/// A file read from its start to its end; counts and, when asked, hashes what it gives.
package final class FileSource: ByteSource {
    private let descriptor: Int32
    private let closes: Bool
    private let shown: String
    private let hasher: ContentHasher?
    private var pendingError: Int32 = 0
    /// Bytes given so far.
    package private(set) var count: Int64 = 0

    /// - Parameters:
    ///   - descriptor: read from where it stands; closed with this object when `closes`.
    ///   - shown: name for findings.
    package init(descriptor: Int32, shown: String, hashes: Bool, closes: Bool = true) {
        self.descriptor = descriptor
        self.shown = shown
        self.closes = closes
        hasher = hashes ? ContentHasher() : nil
    }

    deinit {
        if closes { close(descriptor) }
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(Finding) -> Int {
        while true {
            let got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if got < 0 {
                if errno == EINTR { continue }
                throw FileIO.finding(.fileReadFailed, shown)
            }
            count += Int64(got)
            hasher?.update(UnsafeRawBufferPointer(start: buffer.baseAddress, count: got))
            return got
        }
    }

    /// Reads to the end, and gives the hash of everything that was read.
    package func rest() throws(Finding) -> ContentHash {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { piece.deallocate() }
        while try read(into: piece) > 0 {}
        return content() ?? ContentHash(of: [])
    }

    /// Hash of everything given so far; to be asked once, at the end.
    package func content() -> ContentHash? { hasher?.finish() }
}

/// Bytes in memory as a source, given in pieces of at most `piece` bytes.
package final class MemorySource: ByteSource {
    private let bytes: [UInt8]
    private let piece: Int
    private var at = 0

    package init(_ bytes: [UInt8], piece: Int = .max) {
        self.bytes = bytes
        self.piece = piece
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(Finding) -> Int {
        let count = min(buffer.count, bytes.count - at, piece)
        if count > 0 { buffer.copyBytes(from: bytes[at..<at + count]) }
        at += count
        return count
    }
}

/// The few system calls that several modules share, with findings that say what to do.
package enum FileIO {
    /// A finding for the call that failed just now, by `errno`: a full disk is always ``FindingCode/diskFull``.
    package static func finding(_ code: FindingCode, _ shown: String, error: Int32 = errno) -> Finding {
        if error == ENOSPC || error == EDQUOT {
            return Finding(.diskFull, at: Place(file: shown), found: .plain(reason(error)))
        }
        return Finding(code, at: Place(file: shown), found: .plain(reason(error)))
    }

    /// What the system says of an error number.
    package static func reason(_ error: Int32) -> String { String(cString: strerror(error)) }

    package static func openForReading(_ path: String, shown: String) throws(Finding) -> Int32 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw finding(.fileReadFailed, shown) }
        return descriptor
    }

    /// Creates a file for writing; an old one of that name is emptied.
    package static func create(_ path: String, shown: String, mode: mode_t = 0o600, extra flags: Int32 = 0) throws(Finding) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | flags, mode)
        guard descriptor >= 0 else { throw finding(.fileWriteFailed, shown) }
        return descriptor
    }

    package static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, shown: String) throws(Finding) {
        var rest = bytes
        while !rest.isEmpty {
            let done = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if done < 0 {
                if errno == EINTR { continue }
                throw finding(.fileWriteFailed, shown)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(done))
        }
    }

    /// On disk when it returns. A failed flush means that the file must be written anew: it is never tried again alone.
    package static func flush(_ descriptor: Int32, shown: String) throws(Finding) {
        guard fsync(descriptor) == 0 else { throw finding(.fileWriteFailed, shown) }
    }

    /// Makes renames and removals in a folder durable.
    package static func flushFolder(_ path: String) throws(Finding) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw finding(.fileWriteFailed, path) }
        defer { close(descriptor) }
        try flush(descriptor, shown: path)
    }

    /// Writes a whole small file: temporary name, flush, rename, flush of the folder. Replaces an old one at once.
    package static func replace(_ path: String, with bytes: [UInt8], mode: mode_t = 0o600, shown: String) throws(Finding) {
        let temporary = path + ".new"
        let descriptor = try create(temporary, shown: shown, mode: mode)
        var failed: Finding?
        do throws(Finding) {
            try unsafeBytes(bytes) { (all) throws(Finding) in try write(all, to: descriptor, shown: shown) }
            try flush(descriptor, shown: shown)
        } catch { failed = error }
        close(descriptor)
        if let failed { throw failed }
        guard rename(temporary, path) == 0 else { throw finding(.fileWriteFailed, shown) }
        try flushFolder(folder(of: path))
    }

    /// The whole of a small file, at most `limit` bytes.
    package static func contents(_ path: String, shown: String, limit: Int = 16 << 20) throws(Finding) -> [UInt8] {
        let source = FileSource(descriptor: try openForReading(path, shown: shown), shown: shown, hashes: false)
        var all: [UInt8] = []
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { piece.deallocate() }
        while true {
            let got = try source.read(into: piece)
            if got == 0 { return all }
            all.append(contentsOf: piece[..<got])
            if all.count > limit { throw Finding(.fileTooLarge, at: Place(file: shown), ["limit": .plain("\(limit)")]) }
        }
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Makes a folder and those above it, when they are missing. `shown`: its name for findings.
    package static func makeFolder(_ path: String, mode: mode_t = 0o755, shown: String? = nil) throws(Finding) {
        if mkdir(path, mode) == 0 || errno == EEXIST { return }
        if errno == ENOENT, path.contains("/") {
            try makeFolder(folder(of: path), mode: mode, shown: shown ?? path)
            if mkdir(path, mode) == 0 || errno == EEXIST { return }
        }
        throw finding(.fileWriteFailed, shown ?? path)
    }

    /// Names in a folder without `.` and `..`, sorted; empty when it is not there.
    package static func names(in path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// `withUnsafeBytes` with a typed error.
    package static func unsafeBytes<R>(
        _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(Finding) -> R
    ) throws(Finding) -> R {
        let result: Result<R, Finding> = bytes.withUnsafeBytes { all in
            do throws(Finding) { return .success(try body(all)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}
