import GatewayCore
import GatewayProfiles

/// What a folder of a server held at the last polls, and which files of it may be fetched.
///
/// A file is ready when two polls saw the same size and time and it has not changed for the quiet time by our own clock, or when its
/// marker lies beside it. A name whose line in the listing has not changed since is asked about no more.
struct RemotePoll {
    /// A file that may be fetched.
    struct Ready: Sendable, Hashable {
        var name: String
        var sighting: RemoteSighting
        var mark: UInt64?
        /// How long it has not changed, ``MonotonicTime``.
        var unchanged: Int64 = 0
    }

    private struct Candidate {
        var sighting: RemoteSighting
        var mark: UInt64?
        /// First seen so, ``MonotonicTime``.
        var since: Int64
        var polls: Int
        /// The poll at which it was given last; a file that was fetched and is not whole is given again at twice as many.
        var given = 0
    }

    private struct Left {
        var sighting: RemoteSighting
        var mark: UInt64?
    }

    let folder: RemoteFolder
    private let endpoint: EndpointSettings
    private var candidates: [String: Candidate] = [:]
    /// Files that stay there for good, by a digest of their names: some 40 bytes each.
    private var left: [UInt64: Left] = [:]
    private let key: DigestKey
    private var said: [String: String] = [:]
    /// Whether files are there that only need to become quiet.
    private(set) var isSettling = false

    /// Names that a listing may have, and files that are asked about in one poll.
    static let most = 1_000_000
    static let askedAtOnce = 20_000

    init(folder: RemoteFolder, endpoint: EndpointSettings) {
        self.folder = folder
        self.endpoint = endpoint
        key = DigestKey(randomBytes(16)) ?? .sample
    }

    /// A file that was fetched and stays there.
    mutating func leave(_ source: RemoteSource) {
        left[key.digest(source.name)] = Left(sighting: source.sighting, mark: source.mark)
    }

    /// Lists the folder, asks about what is new, and gives what may be fetched, oldest first; and what is to be said.
    ///
    /// - Parameters:
    ///   - open: names that are claimed and not settled.
    ///   - now: ``MonotonicTime``.
    mutating func look(open: Set<String>, now: Int64) throws -> (ready: [Ready], remarks: [Finding]) {
        var names: [RemoteName] = []
        var marked: Set<UInt64> = []
        var remarks: [Finding] = []
        var refused: [String: String] = [:]
        let folder = folder
        // Of a folder that nobody clears only what is new is kept.
        try folder.files.list(folder.path, most: Self.most) { name in
            if case .candidate(let file) = name.verdict, let suffix = marker, file.hasSuffix(suffix) {
                marked.insert(key.digest(String(file.dropLast(suffix.count))))
            } else if let refusal = RemoteDropStore.refusal(of: name, in: folder) {
                // A server that lists hostile names by the thousand is told about once.
                guard refused.count < 100 else { return }
                let shown = refusal.found?.text ?? ""
                refused[shown] = refusal.code.id
                if said[shown] != refusal.code.id { remarks.append(refusal) }
            } else if isOfInterest(name, open) {
                names.append(name)
            }
        }
        if marker != nil {
            names.removeAll { name in
                guard case .candidate(let file) = name.verdict else { return true }
                return !marked.contains(key.digest(file))
            }
        }
        let asked = try ask(names)
        var ready: [Ready] = []
        var kept: [String: Candidate] = [:]
        isSettling = false
        for (name, mark, sighting) in asked {
            if let before = left[key.digest(name)], before.sighting == sighting {
                left[key.digest(name)]?.mark = mark
                continue
            }
            if sighting.size > folder.largest {
                let finding = Finding(
                    .intakeFileLarge, at: Place(file: folder.name + "/" + name), found: .plain("\(sighting.size)"),
                    ["limit": .plain("\(folder.largest)")])
                refused[name] = finding.code.id
                if said[name] != finding.code.id { remarks.append(finding) }
                continue
            }
            var candidate = Candidate(sighting: sighting, mark: mark, since: now, polls: 0)
            if let before = candidates[name], before.sighting == sighting { candidate = before }
            candidate.polls += 1
            candidate.mark = mark
            if isReady(candidate, now) {
                if candidate.polls >= 2 * candidate.given {
                    candidate.given = candidate.polls
                    ready.append(Ready(name: name, sighting: sighting, mark: mark, unchanged: now - candidate.since))
                }
            } else {
                isSettling = true
            }
            kept[name] = candidate
        }
        candidates = kept
        said = refused
        ready.sort { ($0.sighting.modified, $0.name) < ($1.sighting.modified, $1.name) }
        return (ready, remarks)
    }

    private func isReady(_ candidate: Candidate, _ now: Int64) -> Bool {
        switch endpoint.readiness {
        case .marker: return true
        case .quiet:
            // Many writers create a file first and fill it later.
            let quiet = candidate.sighting.size == 0 ? endpoint.quiet * 15 : endpoint.quiet
            return candidate.polls >= 2 && now - candidate.since >= quiet * 1_000_000
        }
    }

    private func isOfInterest(_ name: RemoteName, _ open: Set<String>) -> Bool {
        guard case .candidate(let file) = name.verdict, name.kind == .file || name.kind == .unknown, !open.contains(file) else {
            return false
        }
        // Files that stay, and whose line has not changed.
        if let before = left[key.digest(file)], before.mark != nil, before.mark == name.mark { return false }
        return true
    }

    private var marker: String? {
        switch endpoint.readiness {
        case .quiet: nil
        case .marker(let suffix): suffix
        }
    }

    /// Bytes that are kept from one poll to the next for files that stay there.
    var keptBytes: Int { left.capacity * (MemoryLayout<UInt64>.stride + MemoryLayout<Left>.stride) }

    private static func always(_ failure: any Error) -> Bool { true }

    /// Size and time of each: from the listing, from the last poll where its line is the same, else asked for side by side.
    private func ask(_ names: [RemoteName]) throws -> [(String, UInt64?, RemoteSighting)] {
        var known: [(String, UInt64?, RemoteSighting)] = []
        var unknown: [(name: String, mark: UInt64?)] = []
        for name in names {
            guard case .candidate(let file) = name.verdict else { continue }
            if let sighting = name.sighting {
                known.append((file, name.mark, sighting))
            } else if let before = candidates[file], before.mark != nil, before.mark == name.mark {
                known.append((file, name.mark, before.sighting))
            } else if unknown.count < Self.askedAtOnce {
                unknown.append((file, name.mark))
            }
        }
        let answers = Answers(unknown.count)
        let (folder, wanted) = (folder, unknown)
        let failures = Parallel.run(unknown.count, width: endpoint.sessions, stops: Self.always) { n in
            answers.set(n, try folder.files.sighting(folder.path(of: wanted[n].name)))
        }
        if let failure = failures.first { throw failure }
        for (n, sighting) in answers.all.enumerated() {
            // Gone, or a name that only looks like one: half of a name with a line end.
            guard let sighting else { continue }
            known.append((unknown[n].name, unknown[n].mark, sighting))
        }
        return known
    }
}
