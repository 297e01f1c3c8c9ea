import GatewayCore
import Glibc
import Synchronization

/// A local folder as a drop store.
///
/// The folder is opened anew for each call (so that it can be unmounted) and must be the one that was there first: an
/// unmounted disk leaves an empty folder behind, and that must look neither like an empty inbox nor like an outbox.
package final class LocalDropStore: DropStore {
    package let name: String
    let path: String
    private let largest: Int64
    private let known = Mutex<Identity?>(nil)
    private let started: Int64

    private struct Identity: Equatable {
        let device: UInt64
        let inode: UInt64
    }

    /// - Parameters:
    ///   - path: the folder; it may come later.
    ///   - name: what people call it: relative to the workspace.
    ///   - largest: bytes of the largest file that may be taken.
    package init(path: String, name: String, largest: Int64 = IntakeLimits().file) {
        self.path = path
        self.name = name
        self.largest = largest
        started = System.wallClock()
    }

    // MARK: Listing

    /// Refused entries come on top of `limit`, a thousand at most, so that they can't hide the good ones. Oldest first.
    package func list(limit: Int) throws(Finding) -> [DropEntry] {
        let folder = try openFolder(.intake)
        var candidates: [DropEntry] = []
        var refused: [DropEntry] = []
        do {
            try LocalDropStore.forEachName(in: folder) { name in
                switch NameRule.judge(name) {
                case .passedOver: break
                case .refused(let code, let shown):
                    if refused.count < 1000 { refused.append(refusedEntry(shown, code, found: shown)) }
                case .candidate(let name):
                    let entry: DropEntry
                    do { entry = self.entry(name, try System.status(of: name, in: folder)) } catch { return true }  // gone meanwhile
                    if entry.refusal == nil {
                        candidates.append(entry)
                    } else if refused.count < 1000 {
                        refused.append(entry)
                    }
                }
                return candidates.count < limit
            }
        } catch {
            throw intakeFinding(error)
        }
        return (candidates + refused).sorted { ($0.modified, $0.name) < ($1.modified, $1.name) }
    }

    /// The entry called `name`, for a watch's event; nil when it is gone or not to be looked at.
    package func entry(named name: String) throws(Finding) -> DropEntry? {
        switch NameRule.judge(name) {
        case .passedOver: return nil
        case .refused(let code, let shown): return refusedEntry(shown, code, found: shown)
        case .candidate: break
        }
        let folder = try openFolder(.intake)
        do {
            return entry(name, try System.status(of: name, in: folder))
        } catch {
            if error.number == ENOENT { return nil }
            throw intakeFinding(error, file: name)
        }
    }

    /// Calls `body` with each name but `.` and `..` until it says false.
    static func forEachName(
        in folder: Descriptor, _ body: (UnsafeBufferPointer<UInt8>) throws(SystemError) -> Bool
    ) throws(SystemError) {
        let own = Descriptor(try System.check { fcntl(folder.raw, F_DUPFD_CLOEXEC, 0) })
        guard let stream = fdopendir(own.raw) else { throw .last() }
        _ = own.release()
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw .last() }
                return
            }
            let start = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
            let bytes = start.assumingMemoryBound(to: UInt8.self)
            let name = UnsafeBufferPointer(start: bytes, count: strlen(start.assumingMemoryBound(to: CChar.self)))
            if name.count <= 2, name.allSatisfy({ $0 == UInt8(ascii: ".") }) { continue }
            guard try body(name) else { return }
        }
    }

    private func entry(_ name: String, _ status: stat) -> DropEntry {
        let sighting = FileSighting(status)
        var entry = DropEntry(name: name, size: sighting.size, modified: sighting.modified, inode: sighting.inode)
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            if status.st_nlink != 1 {
                entry.refusal = Finding(.intakeFileLinked, at: place(name), found: .plain("\(status.st_nlink) names"))
            } else if sighting.size > largest {
                entry.refusal = Finding(
                    .intakeFileLarge, at: place(name), found: .plain("\(sighting.size) bytes"), ["limit": .plain(String(largest))])
            }
        case S_IFLNK: entry.refusal = Finding(.intakeKindLink, at: place(name), found: .plain("symbolic link"))
        case S_IFDIR: entry.refusal = Finding(.intakeKindFolder, at: place(name), found: .plain("folder"))
        case S_IFIFO: entry.refusal = Finding(.intakeKindSpecial, at: place(name), found: .plain("pipe"))
        case S_IFSOCK: entry.refusal = Finding(.intakeKindSpecial, at: place(name), found: .plain("socket"))
        default: entry.refusal = Finding(.intakeKindSpecial, at: place(name), found: .plain("device"))
        }
        return entry
    }

    private func refusedEntry(_ shown: String, _ code: FindingCode, found: String) -> DropEntry {
        DropEntry(name: shown, size: 0, modified: 0, inode: 0, refusal: Finding(code, at: place(shown), found: .plain(found)))
    }

    // MARK: Opening

    package func open(_ entry: DropEntry) throws(Finding) -> Int32 {
        let folder = try openFolder(.intake)
        return try openListed(entry, in: folder).release()
    }

    /// Opens what was listed as `entry`, and nothing else.
    func openListed(_ entry: DropEntry, in folder: Descriptor) throws(Finding) -> Descriptor {
        if let refusal = entry.refusal { throw refusal }
        let file: Descriptor
        let status: stat
        do {
            file = try System.openFile(entry.name, in: folder)
            status = try System.status(file)
        } catch {
            // A link, or a socket: neither was listed as a file.
            if error.number == ELOOP || error.number == ENXIO {
                throw Finding(.intakeFileChanged, at: place(entry.name), found: .plain("not a file"))
            }
            throw intakeFinding(error, file: entry.name)
        }
        let now = self.entry(entry.name, status)
        if let refusal = now.refusal { throw refusal }
        guard now.inode == entry.inode, now.size == entry.size, now.modified == entry.modified else {
            throw Finding(.intakeFileChanged, at: place(entry.name), found: .plain(changed(entry, now)))
        }
        return file
    }

    private func changed(_ entry: DropEntry, _ now: DropEntry) -> String {
        if now.inode != entry.inode { return "another file" }
        return now.size == entry.size ? "other bytes" : "\(now.size) bytes"
    }

    // MARK: The folder

    /// Which findings a call gives.
    enum Side { case intake, publish }

    /// Opens the folder and checks that it is the one that was there first.
    func openFolder(_ side: Side) throws(Finding) -> Descriptor {
        let folder: Descriptor
        let identity: Identity
        do {
            folder = try System.openFolder(path)
            let status = try System.status(folder)
            identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        } catch {
            if error.number == ENOENT || error.number == ENOTDIR {
                throw Finding(side == .intake ? .intakeFolderMissing : .publishFolderMissing, at: Place(file: name))
            }
            throw side == .intake ? intakeFinding(error) : publishFinding(error)
        }
        let isKnown = known.withLock { known in
            if known == nil { known = identity }
            return known == identity
        }
        guard isKnown else {
            throw Finding(
                side == .intake ? .intakeFolderReplaced : .publishFolderReplaced, at: Place(file: name), found: .plain("another folder"))
        }
        return folder
    }

    /// Removes what an earlier run left unfinished here: only our own hidden names, only what is older than this store.
    ///
    /// Call it once at the start of `run`. Gives how many there were.
    package func reap() throws(Finding) -> Int {
        let folder = try openFolder(.publish)
        var stale: [String] = []
        var reaped = 0
        do {
            try LocalDropStore.forEachName(in: folder) { name in
                let name = String(decoding: name, as: UTF8.self)
                if name.hasPrefix(NameRule.ownPrefix), !name.hasPrefix(LocalDropStore.hiddenPrefix) { stale.append(name) }
                return true
            }
            for name in stale {
                let status = try System.status(of: name, in: folder)
                guard System.isRegular(status), FileSighting(status).modified < started else { continue }
                try settle(name, status, in: folder)
                reaped += 1
            }
            if reaped > 0 { try System.flush(folder) }
        } catch {
            throw publishFinding(error)
        }
        return reaped
    }

    /// Name of an entry for people: `inbox/merchants/demo/shop/orders.csv`.
    func place(_ file: String) -> Place { Place(file: name + "/" + file) }

    func intakeFinding(_ error: SystemError, file: String? = nil) -> Finding {
        let code: FindingCode =
            switch error.number {
            case ENOENT: file == nil ? .intakeFolderMissing : .intakeFileGone
            case EACCES, EPERM: .intakeFolderForbidden
            case EROFS: .intakeDiskReadOnly
            case ENOSPC, EDQUOT: .diskFull
            default: .intakeReadFailed
            }
        return Finding(code, at: file.map(place) ?? Place(file: name), found: .plain(error.text))
    }

    func publishFinding(_ error: SystemError, file: String? = nil, flushing: Bool = false) -> Finding {
        let code: FindingCode =
            switch error.number {
            case ENOENT: .publishFolderMissing
            case EACCES, EPERM: .publishFolderForbidden
            case EROFS: .publishFolderReadOnly
            case ENOSPC, EDQUOT: .diskFull
            case EOPNOTSUPP: .publishFolderUnfit
            default: flushing ? .publishFlushFailed : .publishWriteFailed
            }
        return Finding(code, at: file.map(place) ?? Place(file: name), found: .plain(error.text))
    }
}
