import Glibc

/// What `fstat` tells of a file, as far as it tells whether somebody changed it.
package struct FileSighting: Hashable, Sendable {
    package let size: Int64
    /// Nanoseconds since 1970, limited to what fits.
    package let modified: Int64
    package let inode: UInt64

    package init(_ status: stat) {
        size = Int64(status.st_size)
        inode = UInt64(status.st_ino)
        let (seconds, isFar) = Int64(status.st_mtim.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        modified =
            isFar ? (status.st_mtim.tv_sec < 0 ? .min : .max) : seconds.addingReportingOverflow(Int64(status.st_mtim.tv_nsec)).partialValue
    }

    /// Refuses with `intake.file.grew` when the open file is no longer as it was listed.
    ///
    /// Call it through the descriptor that a taken file was read by, after the last byte: a writer that still had the
    /// file open when it was taken is found out so.
    package static func requireUnchanged(_ descriptor: Int32, since entry: DropEntry, file: String) throws(Finding) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw Finding(.intakeReadFailed, at: Place(file: file), found: .plain(String(cString: strerror(errno))))
        }
        let now = FileSighting(status)
        guard now.size == entry.size, now.modified == entry.modified else {
            throw Finding(
                .intakeFileGrew, at: Place(file: file), found: .plain(now.size == entry.size ? "other bytes" : "\(now.size) bytes"),
                ["listed": .plain(String(entry.size))])
        }
    }
}
