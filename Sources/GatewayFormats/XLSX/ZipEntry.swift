import CArchive
import GatewayCore
import Glibc

/// libarchive, loaded before the first workbook.
enum ZipLibrary {
    /// Why it can't be used; nil: it can.
    static let failure: String? = dropgate_archive_load().map { String(cString: $0) }
}

/// One entry of a zip, inflated piece by piece by libarchive. Sizes and check sums are compared by it at the end.
///
/// Reads the file by position, so several may be open at once.
final class ZipEntry: ByteSource {
    private let file: String?
    private let entry: ZipDirectory.Entry
    private let archive: OpaquePointer
    private let place: ReadPlace
    private let limit: Int64
    private(set) var count: Int64 = 0

    /// - Parameters:
    ///   - limit: bytes that may come out.
    /// - Throws: `workbook.damaged` when libarchive does not find it where the directory names it.
    init(_ directory: ZipDirectory, _ index: Int, descriptor: Int32, size: Int64, file: String?, limit: Int64) throws(Finding) {
        self.file = file
        self.limit = limit
        entry = directory.entries[index]
        guard !entry.isEncrypted else {
            throw Finding(.workbookEncrypted, at: Place(file: file, isRecord: true), found: .plain(entry.name))
        }
        if let missing = ZipLibrary.failure {
            throw Finding(.workbookLibraryMissing, at: Place(file: file, isRecord: true), found: .plain(missing))
        }
        place = ReadPlace(descriptor, size: size, shown: file ?? "file")
        guard let archive = archive_read_new() else {
            throw Finding(.fileReadFailed, at: Place(file: file), found: .plain("no memory"))
        }
        self.archive = archive
        // The central directory is what counts, not what stands before the entries.
        archive_read_support_format_zip_seekable(archive)
        archive_read_set_read_callback(archive, readPiece)
        archive_read_set_seek_callback(archive, seekTo)
        archive_read_set_skip_callback(archive, skipBytes)
        archive_read_set_callback_data(archive, Unmanaged.passUnretained(place).toOpaque())
        guard archive_read_open1(archive) == ARCHIVE_OK else { throw problem() }
        var header: OpaquePointer?
        while true {
            let result = archive_read_next_header(archive, &header)
            guard result == ARCHIVE_OK || result == ARCHIVE_WARN, let header else { throw problem() }
            let name = archive_entry_pathname_utf8(header) ?? archive_entry_pathname(header)
            if let name, String(cString: name) == entry.name { return }
        }
    }

    deinit { archive_read_free(archive) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Finding) -> Int {
        let got = archive_read_data(archive, buffer.baseAddress, buffer.count)
        guard got >= 0 else { throw problem() }
        count += Int64(got)
        // Repeated text packs far, but not without end: what is larger was made to be.
        guard count <= limit, count <= 64 << 20 || count / 400 <= entry.packed else {
            throw Finding(
                .workbookLarge, at: Place(file: file, name: entry.name, isRecord: true), found: .plain("\(count) bytes"),
                [
                    "limit": .plain("\(min(limit, max(64 << 20, entry.packed.multipliedReportingOverflow(by: 400).partialValue)))"),
                    "what": .plain("bytes"),
                ])
        }
        return got
    }

    private func problem() -> Finding {
        if let failure = place.failure { return failure }
        let said = archive_error_string(archive).map { String(cString: $0) } ?? "it can't be unpacked"
        return Finding(
            .workbookDamaged, at: Place(file: file, name: entry.name, isRecord: true), found: .plain(said),
            ["detail": .plain("parts that can be unpacked")])
    }

    /// Where libarchive reads next. It asks in one thread.
    fileprivate final class ReadPlace {
        let descriptor: Int32
        let size: Int64
        let shown: String
        var offset: Int64 = 0
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
        var failure: Finding?

        init(_ descriptor: Int32, size: Int64, shown: String) {
            self.descriptor = descriptor
            self.size = size
            self.shown = shown
        }

        deinit { memory.deallocate() }

        func read() -> Int {
            let wanted = Int(min(Int64(memory.count), max(0, size - offset)))
            let piece = UnsafeMutableRawBufferPointer(rebasing: memory[..<wanted])
            do throws(Finding) {
                let got = try FileWindow.read(descriptor, piece, at: offset, shown: shown)
                offset += Int64(got)
                return got
            } catch {
                failure = error
                return -1
            }
        }
    }
}

private func place(_ context: UnsafeMutableRawPointer?) -> ZipEntry.ReadPlace? {
    context.map { Unmanaged<ZipEntry.ReadPlace>.fromOpaque($0).takeUnretainedValue() }
}

private func readPiece(
    _: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ buffer: UnsafeMutablePointer<UnsafeRawPointer?>?
) -> la_ssize_t {
    guard let place = place(context) else { return -1 }
    let got = place.read()
    buffer?.pointee = UnsafeRawPointer(place.memory.baseAddress)
    return la_ssize_t(got)
}

private func skipBytes(_: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ request: Int64) -> Int64 {
    guard let place = place(context) else { return 0 }
    let step = min(request, max(0, place.size - place.offset))
    place.offset += step
    return step
}

private func seekTo(_: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ offset: Int64, _ origin: Int32) -> Int64 {
    guard let place = place(context) else { return Int64(ARCHIVE_FATAL) }
    let base: Int64 =
        switch origin {
        case SEEK_CUR: place.offset
        case SEEK_END: place.size
        default: 0
        }
    place.offset = min(max(0, base + offset), place.size)
    return place.offset
}
