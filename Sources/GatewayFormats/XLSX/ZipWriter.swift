import CArchive
import GatewayCore
import Glibc

/// Writes a zip as a stream with libarchive. The same parts give the same bytes: no times, owners or order of a disk.
final class ZipWriter {
    private let archive: OpaquePointer
    private let target: Target

    /// - Parameter sink: takes the bytes, piece by piece. Used until ``finish()``.
    init(sink: @escaping (UnsafeRawBufferPointer) throws(Finding) -> Void) throws(Finding) {
        target = Target(sink)
        if let missing = ZipLibrary.failure { throw Finding(.workbookLibraryMissing, found: .plain(missing)) }
        guard let archive = archive_write_new() else { throw Self.problem(nil) }
        self.archive = archive
        archive_write_set_format_zip(archive)
        // What is written twice must be the same bytes: sizes stand behind the parts, not in front.
        guard archive_write_set_options(archive, "zip:compression=deflate,zip:compression-level=6") == ARCHIVE_OK else {
            throw Self.problem(archive)
        }
        archive_write_set_bytes_per_block(archive, 1 << 16)
        archive_write_set_bytes_in_last_block(archive, 1)
        guard archive_write_open(archive, Unmanaged.passUnretained(target).toOpaque(), nil, bytesCome, nil) == ARCHIVE_OK else {
            throw Self.problem(archive)
        }
    }

    deinit { archive_write_free(archive) }

    /// Begins the next part.
    func begin(_ part: String) throws(Finding) {
        guard let entry = archive_entry_new() else { throw Self.problem(archive) }
        defer { archive_entry_free(entry) }
        archive_entry_set_pathname(entry, part)
        archive_entry_set_filetype(entry, 0o100000)  // a regular file
        archive_entry_set_perm(entry, 0o644)
        // 1 January 1980, the first day that a zip knows; given in local time, so that no zone moves it.
        archive_entry_set_mtime(entry, Self.firstDay, 0)
        try check(archive_write_header(archive, entry))
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(Finding) {
        guard bytes.count > 0 else { return }
        guard archive_write_data(archive, bytes.baseAddress, bytes.count) >= 0 else { throw target.failure ?? Self.problem(archive) }
    }

    func write(_ text: String) throws(Finding) { try FileIO.unsafeBytes(Array(text.utf8)) { (all) throws(Finding) in try write(all) } }

    /// Writes the list of contents.
    func finish() throws(Finding) {
        try check(archive_write_close(archive))
        if let failure = target.failure { throw failure }
    }

    private func check(_ result: Int32) throws(Finding) {
        if let failure = target.failure { throw failure }
        guard result == ARCHIVE_OK else { throw Self.problem(archive) }
    }

    private static func problem(_ archive: OpaquePointer?) -> Finding {
        let said = archive.flatMap { archive_error_string($0) }.map { String(cString: $0) } ?? "no memory"
        return Finding(.fileWriteFailed, at: Place(file: "workbook"), found: .plain(said))
    }

    private static let firstDay: time_t = {
        var day = tm()
        day.tm_year = 80
        day.tm_mday = 1
        day.tm_isdst = -1
        return mktime(&day)
    }()

    fileprivate final class Target {
        let sink: (UnsafeRawBufferPointer) throws(Finding) -> Void
        var failure: Finding?
        init(_ sink: @escaping (UnsafeRawBufferPointer) throws(Finding) -> Void) { self.sink = sink }
    }
}

private func bytesCome(_: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ buffer: UnsafeRawPointer?, _ count: Int) -> la_ssize_t {
    guard let context else { return -1 }
    let target = Unmanaged<ZipWriter.Target>.fromOpaque(context).takeUnretainedValue()
    do throws(Finding) {
        try target.sink(UnsafeRawBufferPointer(start: buffer, count: count))
        return la_ssize_t(count)
    } catch {
        target.failure = error
        return -1
    }
}
