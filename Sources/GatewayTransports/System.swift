internal import CShims
import Glibc

/// A system call that failed.
struct SystemError: Error, Hashable {
    let number: Int32

    static func last() -> SystemError { SystemError(number: errno) }
    /// The system's own words: `No space left on device`.
    var text: String { String(cString: strerror(number)) }
}

/// A descriptor that closes itself. Calls take it whole, so that it can't be closed while they run.
final class Descriptor {
    let raw: Int32
    private var closes = true

    init(_ raw: Int32) { self.raw = raw }

    /// Paths are taken from the process's own folder.
    private init() {
        raw = AT_FDCWD
        closes = false
    }
    static func here() -> Descriptor { Descriptor() }

    deinit {
        if closes { close(raw) }
    }

    /// Gives the descriptor away: it is no longer closed here.
    func release() -> Int32 {
        closes = false
        return raw
    }
}

/// System calls with their errors thrown and interruptions by signals repeated.
enum System {
    static func check(_ call: () -> Int32) throws(SystemError) -> Int32 {
        while true {
            let result = call()
            if result >= 0 { return result }
            if errno != EINTR { throw .last() }
        }
    }

    /// Opens the folder at `path`; links on the way are the operator's business.
    static func openFolder(_ path: String) throws(SystemError) -> Descriptor {
        Descriptor(try check { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) })
    }

    /// Opens `name` in `folder`, never through a link, never waiting for a pipe's other end.
    static func openFile(_ name: String, in folder: Descriptor) throws(SystemError) -> Descriptor {
        Descriptor(try check { openat(folder.raw, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) })
    }

    /// Creates `name` in `folder` for writing; it must not be there.
    static func createFile(_ name: String, in folder: Descriptor, mode: mode_t) throws(SystemError) -> Descriptor {
        Descriptor(try check { openat(folder.raw, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode) })
    }

    static func status(_ descriptor: Descriptor) throws(SystemError) -> stat {
        var status = stat()
        _ = try check { fstat(descriptor.raw, &status) }
        return status
    }

    /// Of `name` itself: a link is not followed.
    static func status(of name: String, in folder: Descriptor) throws(SystemError) -> stat {
        var status = stat()
        _ = try check { fstatat(folder.raw, name, &status, AT_SYMLINK_NOFOLLOW) }
        return status
    }

    static func flush(_ descriptor: Descriptor) throws(SystemError) {
        _ = try check { fsync(descriptor.raw) }
    }

    static func unlink(_ name: String, in folder: Descriptor) throws(SystemError) {
        _ = try check { unlinkat(folder.raw, name, 0) }
    }

    /// Removes a temporary of ours after a failure that is already being told; if it stays, the next start reaps it.
    static func discard(_ name: String, in folder: Descriptor) { unlinkat(folder.raw, name, 0) }

    /// Gives a file the modification time of another one.
    static func setModified(_ descriptor: Descriptor, as status: stat) throws(SystemError) {
        let times = [status.st_mtim, status.st_mtim]
        _ = try check { futimens(descriptor.raw, times) }
    }

    /// Renames without ever replacing: `EEXIST` when `to` is there.
    ///
    /// A file system that can't (NFS, some FUSE) gets a second name and loses the first; one without hard links refuses
    /// with `EOPNOTSUPP`.
    static func rename(_ from: String, in fromFolder: Descriptor, to: String, in toFolder: Descriptor) throws(SystemError) {
        do {
            _ = try check { dropgate_rename_noreplace(fromFolder.raw, from, toFolder.raw, to) }
        } catch  where error.number == EINVAL || error.number == ENOSYS || error.number == EOPNOTSUPP {
            do {
                _ = try check { linkat(fromFolder.raw, from, toFolder.raw, to, 0) }
            } catch  where error.number == EPERM || error.number == ENOSYS {
                throw SystemError(number: EOPNOTSUPP)
            }
            try unlink(from, in: fromFolder)
        }
    }

    /// Reads at most `into.count` bytes; 0 at the end.
    static func read(_ descriptor: Descriptor, into: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        while true {
            let count = Glibc.read(descriptor.raw, into.baseAddress, into.count)
            if count >= 0 { return count }
            if errno != EINTR { throw .last() }
        }
    }

    /// Writes all of `bytes`.
    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Descriptor) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            let count = Glibc.write(descriptor.raw, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            if count > 0 {
                done += count
            } else if count == 0 || errno != EINTR {
                throw count == 0 ? SystemError(number: ENOSPC) : .last()
            }
        }
    }

    /// Writes all of `bytes`.
    static func write(_ bytes: [UInt8], to descriptor: Descriptor) throws(SystemError) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(SystemError) in
            try write(UnsafeRawBufferPointer(bytes), to: descriptor)
        }
    }

    /// The first bytes of a small file, `limit` at most.
    static func head(_ descriptor: Descriptor, limit: Int) throws(SystemError) -> [UInt8] {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: limit, alignment: 16)
        defer { block.deallocate() }
        return try Array(block[..<readFully(descriptor, into: block)])
    }

    /// Copies what is left of `source` to `target`. Gives the number of bytes.
    static func copy(_ source: Descriptor, to target: Descriptor) throws(SystemError) -> Int64 {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
        defer { block.deallocate() }
        var total: Int64 = 0
        while true {
            let count = try read(source, into: block)
            if count == 0 { return total }
            try write(UnsafeRawBufferPointer(rebasing: block[..<count]), to: target)
            total += Int64(count)
        }
    }

    /// Whether what is left of both is the same.
    static func sameBytes(_ one: Descriptor, _ other: Descriptor) throws(SystemError) -> Bool {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 4096)
        defer { block.deallocate() }
        let left = UnsafeMutableRawBufferPointer(rebasing: block[..<(1 << 16)])
        let right = UnsafeMutableRawBufferPointer(rebasing: block[(1 << 16)...])
        while true {
            let a = try readFully(one, into: left)
            let b = try readFully(other, into: right)
            guard a == b, let leftStart = left.baseAddress, let rightStart = right.baseAddress, memcmp(leftStart, rightStart, a) == 0
            else { return false }
            if a < left.count { return true }
        }
    }

    private static func readFully(_ descriptor: Descriptor, into: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        var done = 0
        while done < into.count {
            let count = try read(descriptor, into: UnsafeMutableRawBufferPointer(rebasing: into[done...]))
            if count == 0 { break }
            done += count
        }
        return done
    }

    static func isRegular(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFREG }

    /// Wall clock, nanoseconds since 1970.
    static func wallClock() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// A path's folder and last segment.
    static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
        let folder = String(path[..<slash])
        return (folder.isEmpty ? "/" : folder, String(path[path.utf8.index(after: slash)...]))
    }
}
