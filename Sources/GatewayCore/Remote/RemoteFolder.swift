import Glibc

/// One folder of a partner's server: fetches whole files and publishes whole files, whatever the link does.
///
/// The protocol is the same for every transport; ``RemoteFiles`` does the single steps.
package struct RemoteFolder: Sendable {
    package let files: any RemoteFiles
    /// As `dropgate.yaml` says it; empty: the folder of the login.
    package let path: String
    /// Bytes of the largest file that may be fetched.
    package let largest: Int64
    package let temp: RemoteTemp

    package init(_ files: any RemoteFiles, path: String, largest: Int64 = IntakeLimits().file, temp: RemoteTemp = .hidden) {
        self.files = files
        self.path = path
        self.largest = largest
        self.temp = temp
    }

    /// For people: `endpoint/path`.
    package var name: String { path.isEmpty ? files.endpoint : files.endpoint + "/" + path }

    /// Path of a file in it.
    package func path(of file: String) -> String {
        if path.isEmpty { return file }
        return path.hasSuffix("/") ? path + file : path + "/" + file
    }

    func place(_ file: String) -> Place { Place(file: name + "/" + file) }

    // MARK: Fetching

    /// Fetches a file as it was sighted into `local`, and gives the hash of its bytes. On disk when it returns.
    ///
    /// - Throws: `intake.file.changed` when the server told another size or time before or after, or gave other than so many bytes.
    package func fetch(_ file: String, _ sighting: RemoteSighting, to local: String) throws(Finding) -> ContentHash {
        guard sighting.size <= largest else {
            throw Finding(.intakeFileLarge, at: place(file), found: .plain("\(sighting.size)"), ["limit": .plain("\(largest)")])
        }
        let descriptor = try FileIO.create(local, shown: "state/fetched")
        defer { close(descriptor) }
        do throws(Finding) {
            let (before, received) = try files.fetch(path(of: file), to: descriptor, cap: sighting.size)
            try require(file, sighting, is: before)
            guard received == sighting.size else { throw changed(file, "\(received) bytes") }
            // A download ends at the size that was told first: only a second look finds a file that grew meanwhile.
            guard let after = try files.sighting(path(of: file)) else { throw changed(file, "it is gone") }
            try require(file, sighting, is: after)
            try FileIO.flush(descriptor, shown: "state/fetched")
        } catch {
            unlink(local)
            throw error
        }
        return try content(of: local)
    }

    private func require(_ file: String, _ sighting: RemoteSighting, is now: RemoteSighting) throws(Finding) {
        guard now.size == sighting.size else { throw changed(file, "\(now.size) bytes") }
        guard now.modified == sighting.modified else { throw changed(file, "another time") }
    }

    private func changed(_ file: String, _ found: String) -> Finding {
        Finding(.intakeFileChanged, at: place(file), found: .plain(found))
    }

    func content(of local: String) throws(Finding) -> ContentHash {
        let source = FileSource(
            descriptor: try FileIO.openForReading(local, shown: "state/fetched"), shown: "state/fetched", hashes: true)
        return try source.rest()
    }

    // MARK: The source afterwards

    /// Moves a fetched file into another folder of the server, or removes it (`folder` nil). Gone already is as good.
    ///
    /// The file is renamed first and looked at then: a file that the partner put under the name meanwhile comes back.
    package func settle(_ file: String, _ sighting: RemoteSighting, into folder: String?, stem: String) throws(Finding) {
        let away = folder.map { ($0.hasSuffix("/") ? $0 : $0 + "/") + stem + "-" + file } ?? path(of: temp.name("taken-" + stem))
        if try files.sighting(away) == nil {
            guard let now = try files.sighting(path(of: file)), now == sighting else { return }
            do throws(Finding) {
                try files.rename(path(of: file), to: away)
            } catch {
                // The reply may be lost: only what lies there tells.
                guard try files.sighting(away) != nil else { throw error }
            }
        }
        if let moved = try files.sighting(away), moved != sighting {
            guard try files.sighting(path(of: file)) == nil else { return }
            return try files.rename(away, to: path(of: file))
        }
        if folder == nil { try files.remove(away) }
    }

    // MARK: Publishing

    /// A step that must be durable before the next one is made.
    package enum Step: Sendable, Hashable {
        /// A file of this name is about to be written: it is ours to clear away.
        case writing(String)
        /// That file is whole, and about to get its final name.
        case renaming(String)
    }

    /// How a publishing ended.
    package enum Published: Sendable, Hashable {
        case published
        /// The very same bytes stand there.
        case alreadyThere
        /// Neither the unfinished nor the finished file is there after a rename whose reply was lost: the partner was quick.
        case taken
    }

    /// Publishes the file at `local` under `file`: whole or not at all, never over another.
    ///
    /// - Parameters:
    ///   - stem: names the unfinished file; a new one for each attempt.
    ///   - note: stores a step; the step after it is made when it has returned.
    package func publish(
        _ local: String, as file: String, stem: String, note: (Step) throws(Finding) -> Void = { _ in }
    ) throws(Finding) -> Published {
        guard NameRule.mayPublish(file) else { throw Finding(.publishNameRefused, at: Place(file: name), found: .plain(file)) }
        let descriptor = open(local, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw FileIO.finding(.fileReadFailed, "outbox") }
            if try files.sighting(path(of: file)) != nil { return .alreadyThere }
            throw Finding(.publishSourceMissing, at: place(file))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileIO.finding(.fileReadFailed, "outbox") }
        let size = Int64(status.st_size)
        if let there = try files.sighting(path(of: file)) { return try requireSame(there, size, file, local) }
        let unfinished = path(of: temp.name(stem))
        try note(.writing(unfinished))
        try files.put(descriptor, size: size, as: unfinished)
        guard let written = try files.sighting(unfinished), written.size == size else {
            // It is told already that the upload failed; what is left is cleared away with the next attempt.
            do { try files.remove(unfinished) } catch {}
            throw Finding(
                .transportUploadBroken, at: Place(file: name), found: .plain("another size"),
                ["endpoint": .plain(files.endpoint), "size": .plain("\(size)"), "operation": .plain("put \(file)")])
        }
        try note(.renaming(unfinished))
        return try finish(unfinished, size, as: file, local)
    }

    /// Gives a whole, unfinished file its name, or finds out that an earlier call did. Never repeats blindly.
    package func finish(_ unfinished: String, _ size: Int64, as file: String, _ local: String) throws(Finding) -> Published {
        do throws(Finding) {
            try files.rename(unfinished, to: path(of: file))
            return .published
        } catch {
            let there = try files.sighting(path(of: file))
            let rest = try files.sighting(unfinished)
            switch (there, rest) {
            case (let there?, nil):
                return there.size == size ? .published : try requireSame(there, size, file, local)
            case (nil, nil): return .taken
            case (nil, _?): throw error
            case (let there?, _?):
                let outcome = try requireSame(there, size, file, local)
                try files.remove(unfinished)
                return outcome
            }
        }
    }

    /// The file that has the name must have the very bytes: it is fetched and compared.
    private func requireSame(_ there: RemoteSighting, _ size: Int64, _ file: String, _ local: String) throws(Finding) -> Published {
        let taken = Finding(.publishNameTaken, at: place(file), found: .plain("another file"))
        guard there.size == size else { throw taken }
        let copy = local + ".there"
        defer { unlink(copy) }
        guard try fetch(file, there, to: copy) == content(of: local) else { throw taken }
        return .alreadyThere
    }
}
