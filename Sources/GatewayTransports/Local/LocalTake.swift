import GatewayCore
import Glibc

extension LocalDropStore {
    /// After a crash the same call finds out what it had done and does the rest. When it throws, the file lies where it was,
    /// perhaps with a copy at `path` that the next call recognises.
    package func take(_ entry: DropEntry, to path: String) throws(Finding) {
        if let refusal = entry.refusal { throw refusal }
        let inbox = try openFolder(.intake)
        let (folder, name) = System.split(path)
        let spool: Descriptor
        do { spool = try System.openFolder(folder) } catch { throw FileIO.finding(.fileWriteFailed, "state/spool", error: error.number) }
        let file: Descriptor
        do {
            file = try openListed(entry, in: inbox)
        } catch  where error.code == .intakeFileGone {
            guard try wasTaken(entry, as: name, in: spool) else { throw error }
            return try flush(inbox, spool, entry)
        }
        do {
            try System.rename(entry.name, in: inbox, to: name, in: spool)
        } catch {
            guard error.number == EXDEV || error.number == EEXIST else { throw intakeFinding(error, file: entry.name) }
            // Something is there: the durable copy whose original was not yet removed; or a stranger.
            if try !holdsCopy(of: file, as: name, in: spool, entry) { try copy(entry, file, to: name, in: spool) }
            return try removeOriginal(entry, copy: name, from: inbox, spool: spool)
        }
        // The name may have been given to another file just before the rename, and a writer may have gone on until now.
        do throws(Finding) {
            let taken = try intake(entry) { () throws(SystemError) in try System.status(of: name, in: spool) }
            guard FileSighting(taken).inode == entry.inode else { throw anotherFile(entry) }
            try requireUnchanged(file, since: entry)
            try flush(inbox, spool, entry)
        } catch {
            try putBack(name, from: spool, entry, to: inbox)
            throw error
        }
    }

    /// The way into another file system: a whole durable copy first, then the original goes.
    private func copy(_ entry: DropEntry, _ file: Descriptor, to name: String, in spool: Descriptor) throws(Finding) {
        let temporary = LocalDropStore.temporaryName()
        do throws(Finding) {
            let copied = try intake(entry) { () throws(SystemError) in
                let copy = try System.createFile(temporary, in: spool, mode: 0o600)
                let count = try System.copy(file, to: copy)
                // The copy keeps the time, so that it can be recognised after a crash.
                try System.setModified(copy, as: System.status(file))
                try System.flush(copy)
                return count
            }
            try requireUnchanged(file, since: entry)
            guard copied == entry.size else { throw anotherFile(entry) }
            do {
                try System.rename(temporary, in: spool, to: name, in: spool)
            } catch  where error.number == EEXIST {
                throw Finding(.intakeTakeOccupied, at: place(entry.name), found: .plain("another file"))
            } catch {
                throw intakeFinding(error, file: entry.name)
            }
            try intake(entry) { () throws(SystemError) in try System.flush(spool) }
        } catch {
            System.discard(temporary, in: spool)
            throw error
        }
    }

    /// Removes the original of a durable copy, and nothing else: it is hidden first, looked at, and then removed, since a
    /// sender may put a new file under the name at any moment.
    private func removeOriginal(_ entry: DropEntry, copy: String, from inbox: Descriptor, spool: Descriptor) throws(Finding) {
        let hidden = LocalDropStore.takenPrefix + String(entry.inode, radix: 16)
        let isOriginal = try intake(entry) { () throws(SystemError) in
            try System.rename(entry.name, in: inbox, to: hidden, in: inbox)
            let now = FileSighting(try System.status(of: hidden, in: inbox))
            guard now.inode == entry.inode, now.size == entry.size, now.modified == entry.modified else {
                try System.rename(hidden, in: inbox, to: entry.name, in: inbox)
                try System.unlink(copy, in: spool)
                return false
            }
            do throws(SystemError) {
                try System.unlink(hidden, in: inbox)
            } catch {
                try System.rename(hidden, in: inbox, to: entry.name, in: inbox)
                throw error
            }
            return true
        }
        guard isOriginal else { throw anotherFile(entry) }
        // The copy is durable and the original gone: it is taken, whatever the flush says. After a power cut the original may
        // be there again, as the same sighting with the same bytes.
        do { try System.flush(inbox) } catch {}
    }

    private static let takenPrefix = NameRule.ownPrefix + "taken-"

    /// One of our own names from an earlier run: an unfinished copy goes; a hidden original too; a sender's file that was
    /// hidden in an original's place comes back under a visible name.
    func settle(_ name: String, _ status: stat, in folder: Descriptor) throws(SystemError) {
        let mark = name.dropFirst(LocalDropStore.takenPrefix.count)
        guard name.hasPrefix(LocalDropStore.takenPrefix), mark != String(FileSighting(status).inode, radix: 16) else {
            return try System.unlink(name, in: folder)
        }
        try System.rename(name, in: folder, to: "returned-" + mark, in: folder)
    }

    private func putBack(_ taken: String, from spool: Descriptor, _ entry: DropEntry, to inbox: Descriptor) throws(Finding) {
        do {
            try System.rename(taken, in: spool, to: entry.name, in: inbox)
        } catch {
            // The name is in use again.
            throw Finding(
                .intakeFileChanged, at: place(entry.name), found: .plain("another file; the first one is \(taken) in state/spool"))
        }
        // What was wrong is being told already; after a power cut the file is in one of both places.
        do { try flush(inbox, spool, entry) } catch {}
    }

    private func wasTaken(_ entry: DropEntry, as name: String, in spool: Descriptor) throws(Finding) -> Bool {
        do {
            let status = try System.status(of: name, in: spool)
            let there = FileSighting(status)
            return System.isRegular(status) && there.size == entry.size && there.modified == entry.modified
        } catch {
            if error.number == ENOENT { return false }
            throw intakeFinding(error, file: entry.name)
        }
    }

    /// Whether the very same bytes are there already. Refuses another file; false when nothing is there.
    private func holdsCopy(of file: Descriptor, as name: String, in spool: Descriptor, _ entry: DropEntry) throws(Finding) -> Bool {
        do {
            let there = try System.openFile(name, in: spool)
            if System.isRegular(try System.status(there)), try System.sameBytes(file, there) { return true }
        } catch {
            if error.number == ENOENT { return false }
            if error.number != ELOOP && error.number != ENXIO { throw intakeFinding(error, file: entry.name) }
        }
        throw Finding(.intakeTakeOccupied, at: place(entry.name), found: .plain("another file"))
    }

    private func requireUnchanged(_ file: Descriptor, since entry: DropEntry) throws(Finding) {
        try FileSighting.requireUnchanged(file.raw, since: entry, file: name + "/" + entry.name)
    }

    private func anotherFile(_ entry: DropEntry) -> Finding {
        Finding(.intakeFileChanged, at: place(entry.name), found: .plain("another file"))
    }

    private func flush(_ inbox: Descriptor, _ spool: Descriptor, _ entry: DropEntry) throws(Finding) {
        // The new place first: losing the old name must never come before having the new one.
        try intake(entry) { () throws(SystemError) in
            try System.flush(spool)
            try System.flush(inbox)
        }
    }

    private func intake<T>(_ entry: DropEntry, _ body: () throws(SystemError) -> T) throws(Finding) -> T {
        do { return try body() } catch { throw intakeFinding(error, file: entry.name) }
    }

    /// A hidden name that nobody else has and that a start reaps.
    static func temporaryName() -> String {
        let random = randomBytes(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return NameRule.ownPrefix + random + ".part"
    }
}
