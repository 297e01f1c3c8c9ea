import Glibc

/// Tries in a folder of a server everything that publishing needs, and says what it found. Leaves nothing behind.
package struct RemoteTrial: Sendable {
    /// One thing that was tried.
    package struct Step: Sendable, Hashable {
        /// In words: `put an unfinished file`.
        package var what: String
        /// What was found; nil: it can't be told.
        package var found: String
        package var finding: Finding?
    }

    package private(set) var steps: [Step] = []
    /// How unfinished files may be named there; nil: publishing does not work.
    package private(set) var temp: RemoteTemp?
    /// Free bytes by the server; nil: it does not tell.
    package var free: Int64?

    private let folder: RemoteFolder
    private let work: String

    /// - Parameter work: folder of ours for the trial's file.
    package init(_ folder: RemoteFolder, work: String) {
        self.folder = folder
        self.work = work
    }

    /// Lists only: for a folder that nothing is published in.
    package mutating func look() {
        let folder = folder
        note("list") { () throws(Finding) in
            var names = 0
            var kinds = 0
            try folder.files.list(folder.path, most: 1_000_000) { name in
                names += 1
                if name.kind != .unknown { kinds += 1 }
            }
            return "\(names) names" + (names > 0 && kinds == 0 ? "; the server does not tell files from folders and links" : "")
        }
    }

    /// - Parameter now: seconds since 1970 by our clock.
    package mutating func run(now: () -> Int64) {
        let folder = folder
        look()
        let stem = "trial-" + RemoteDropStore.stem()
        let local = work + "/" + NameRule.ownPrefix + stem
        let text = Array("A trial of dropgate. It may be removed.\n".utf8)
        do throws(Finding) { try FileIO.replace(local, with: text, shown: "state/endpoints") } catch {
            return steps.append(Step(what: "write a trial file here", found: "", finding: error))
        }
        defer { unlink(local) }
        for temp in RemoteTemp.allCases where self.temp == nil {
            let unfinished = folder.path(of: temp.name(stem))
            let isPut = note("put an unfinished file, \(temp == .hidden ? "hidden" : "with a suffix")") { () throws(Finding) in
                try Self.put(local, as: unfinished, folder)
                return "\(text.count) bytes"
            }
            guard isPut else { continue }
            sight(unfinished, size: Int64(text.count), now: now)
            let final = folder.path(of: "dropgate-\(stem).txt")
            let isRenamed = note("rename it") { () throws(Finding) in
                try folder.files.rename(unfinished, to: final)
                return try folder.files.sighting(final) == nil ? "but it is not there" : "done"
            }
            if isRenamed {
                renameOver(local, temp.name(stem + "-2"), final)
                note("remove it") { () throws(Finding) in try folder.files.remove(final) ? "done" : "it was gone" }
                self.temp = temp
            } else {
                // Said already; what is left is named in the report.
                do { try folder.files.remove(unfinished) } catch {
                    steps.append(Step(what: "remove it", found: unfinished, finding: error))
                }
            }
        }
    }

    private mutating func sight(_ path: String, size: Int64, now: () -> Int64) {
        let folder = folder
        note("look at it") { () throws(Finding) in
            let before = now()
            guard let sighting = try folder.files.sighting(path) else { return "but it is not there" }
            guard sighting.size == size else { return "\(sighting.size) bytes instead of \(size)" }
            let skew = sighting.modified - before
            return
                "its size is right; the server's clock is \(abs(skew) <= 2 ? "ours" : "\(abs(skew)) s \(skew > 0 ? "ahead" : "behind")"); times in whole seconds"
        }
    }

    private mutating func renameOver(_ local: String, _ second: String, _ final: String) {
        let folder = folder
        note("rename over a file") { () throws(Finding) in
            let other = folder.path(of: second)
            try Self.put(local, as: other, folder)
            do throws(Finding) {
                try folder.files.rename(other, to: final)
            } catch {
                try folder.files.remove(other)
                return "refused, as it should be"
            }
            return "the server replaces it; dropgate looks before each rename"
        }
    }

    private static func put(_ local: String, as path: String, _ folder: RemoteFolder) throws(Finding) {
        let descriptor = try FileIO.openForReading(local, shown: "state/endpoints")
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileIO.finding(.fileReadFailed, "state/endpoints") }
        try folder.files.put(descriptor, size: Int64(status.st_size), as: path)
    }

    @discardableResult
    private mutating func note(_ what: String, _ body: () throws(Finding) -> String) -> Bool {
        do throws(Finding) {
            steps.append(Step(what: what, found: try body()))
            return true
        } catch {
            steps.append(Step(what: what, found: "", finding: error))
            return false
        }
    }
}
