import Glibc

/// A folder of a server as a drop store. A server keeps no promise about power failures: ``flush()`` has nothing to do.
package struct RemoteDropStore: DropStore {
    package let folder: RemoteFolder
    /// Folder of ours for what is compared or rewritten.
    private let work: String
    /// Names that a listing may have.
    private static let most = 1_000_000

    package init(_ folder: RemoteFolder, work: String) {
        self.folder = folder
        self.work = work
    }

    package var name: String { folder.name }

    package func list(limit: Int) throws(Finding) -> [DropEntry] {
        var names: [RemoteName] = []
        try folder.files.list(folder.path, most: Self.most) { names.append($0) }
        var entries: [DropEntry] = []
        var refused: [DropEntry] = []
        for name in names where entries.count < limit {
            if let refusal = Self.refusal(of: name, in: folder) {
                let shown = refusal.found?.text ?? ""
                refused.append(DropEntry(name: shown, size: 0, modified: 0, inode: 0, refusal: refusal))
                continue
            }
            guard case .candidate(let file) = name.verdict else { continue }
            var told = name.sighting
            if told == nil { told = try folder.files.sighting(folder.path(of: file)) }
            guard let sighting = told else { continue }
            var entry = DropEntry(
                name: file, size: sighting.size, modified: sighting.modified.multipliedReportingOverflow(by: 1_000_000_000).partialValue,
                inode: 0)
            if sighting.size > folder.largest {
                entry.refusal = Finding(
                    .intakeFileLarge, at: folder.place(file), found: .plain("\(sighting.size)"), ["limit": .plain("\(folder.largest)")])
            }
            entries.append(entry)
        }
        return entries + refused.prefix(limit - min(limit, entries.count))
    }

    /// Why a listed name must not be taken; nil: it may, or is passed over.
    package static func refusal(of name: RemoteName, in folder: RemoteFolder) -> Finding? {
        switch (name.verdict, name.kind) {
        case (.refused(let code, let shown), _): Finding(code, at: folder.place(shown), found: .plain(shown))
        case (.candidate(let file), .link): Finding(.intakeKindLink, at: folder.place(file), found: .plain(file))
        case (.candidate(let file), .special): Finding(.intakeKindSpecial, at: folder.place(file), found: .plain(file))
        // Folders such as the one for fetched files belong there.
        case (.candidate, .folder), (.candidate, .file), (.candidate, .unknown), (.passedOver, _): nil
        }
    }

    private func sighting(_ entry: DropEntry) -> RemoteSighting {
        RemoteSighting(size: entry.size, modified: entry.modified / 1_000_000_000)
    }

    private func requireThere(_ entry: DropEntry) throws(Finding) {
        if let refusal = entry.refusal { throw refusal }
        guard let now = try folder.files.sighting(folder.path(of: entry.name)) else {
            throw Finding(.intakeFileGone, at: folder.place(entry.name), found: .plain("No such file or directory"))
        }
        guard now == sighting(entry) else {
            throw Finding(.intakeFileChanged, at: folder.place(entry.name), found: .plain("another file"))
        }
    }

    package func open(_ entry: DropEntry) throws(Finding) -> Int32 {
        if let refusal = entry.refusal { throw refusal }
        let copy = temporary()
        _ = try folder.fetch(entry.name, sighting(entry), to: copy)
        defer { unlink(copy) }
        return try FileIO.openForReading(copy, shown: "state/fetched")
    }

    package func take(_ entry: DropEntry, to path: String) throws(Finding) {
        do throws(Finding) {
            try requireThere(entry)
        } catch {
            guard error.code == .intakeFileGone, Self.size(path) == entry.size else { throw error }
            return
        }
        let copy = temporary()
        let content = try folder.fetch(entry.name, sighting(entry), to: copy)
        defer { unlink(copy) }
        if FileIO.exists(path) {
            guard try folder.content(of: path) == content else {
                throw Finding(.intakeTakeOccupied, at: folder.place(entry.name), found: .plain("another file"))
            }
        } else {
            guard rename(copy, path) == 0 else { throw FileIO.finding(.fileWriteFailed, "state/spool") }
            try FileIO.flushFolder(FileIO.folder(of: path))
        }
        try folder.settle(entry.name, sighting(entry), into: nil, stem: Self.stem())
    }

    package func publish(
        _ path: String, as name: String,
        rewrite: (@Sendable (UnsafeRawBufferPointer, (UnsafeRawBufferPointer) throws(Finding) -> Void) throws(Finding) -> Void)?
    ) throws(Finding) -> PublishOutcome {
        guard NameRule.mayPublish(name) else { throw Finding(.publishNameRefused, at: Place(file: self.name), found: .plain(name)) }
        var local = path
        var rewritten: String?
        defer { if let rewritten { unlink(rewritten) } }
        if let rewrite, FileIO.exists(path) {
            let copy = temporary()
            rewritten = copy
            local = copy
            let descriptor = try FileIO.create(copy, shown: "state/fetched")
            defer { close(descriptor) }
            try FileIO.unsafeBytes(try FileIO.contents(path, shown: "outbox", limit: .max)) { (all) throws(Finding) in
                try rewrite(all) { (piece) throws(Finding) in try FileIO.write(piece, to: descriptor, shown: "state/fetched") }
            }
        }
        switch try folder.publish(local, as: name, stem: Self.stem()) {
        case .published, .taken: return .published
        case .alreadyThere: return .alreadyThere
        }
    }

    package func flush() throws(Finding) {}

    package func size(of name: String) throws(Finding) -> Int64? {
        guard NameRule.mayPublish(name) else { throw Finding(.publishNameRefused, at: Place(file: self.name), found: .plain(name)) }
        return try folder.files.sighting(folder.path(of: name))?.size
    }

    private func temporary() -> String { work + "/" + NameRule.ownPrefix + Self.stem() }

    private static func size(_ path: String) -> Int64? {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : nil
    }

    /// Unique without a ledger.
    package static func stem() -> String {
        randomBytes(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
