import GatewayCore
import GatewayProfiles
import Glibc

/// Fetches a file of a server into a flow's inbox, and settles the source when its outcome is stored. Every step can be made again.
struct Fetching: Sendable {
    let parts: GatewayParts
    let traffic: TrafficParts
    let endpoint: EndpointSettings
    let folder: RemoteFolder
    let flow: FlowSettings

    /// Claims, fetches, and moves into the inbox. False: the inbox still has a file of that name.
    func fetch(_ ready: RemotePoll.Ready) throws -> Bool {
        let source = RemoteSource(
            endpoint: endpoint.name, folder: folder.path, name: ready.name, sighting: ready.sighting, mark: ready.mark, flow: flow.id,
            mode: flow.mode, claimed: parts.clock.now())
        // A writer that pauses leaves half a file that is quiet: it goes into the inbox when it is whole, or after `give up after`.
        let mayGrow = endpoint.readiness == .quiet && ready.unchanged < flow.giveUpAfter * 1_000_000
        return try take(up: traffic.ledger.claim(source), mustBeWhole: mayGrow)
    }

    /// Goes on where a claim stands.
    /// - Parameter mustBeWhole: what is not whole is not claimed any more.
    func take(up claim: RemoteSource, mustBeWhole: Bool = false) throws -> Bool {
        var source = claim
        if source.state == .claimed {
            let unfinished = parts.state.fetched("\(source.id).part")
            do throws(Finding) {
                source.content = try folder.fetch(source.name, source.sighting, to: unfinished)
            } catch {
                // Another file by now: it is sighted and claimed anew.
                if error.code == .intakeFileChanged || error.code == .intakeFileGone { try traffic.ledger.release(source.id) }
                throw error
            }
            guard let content = source.content else { return false }
            if mustBeWhole, let missing = try missing(unfinished, source) {
                unlink(unfinished)
                try traffic.ledger.release(source.id)
                throw missing
            }
            guard rename(unfinished, whole(source.id, content)) == 0 else { throw FileIO.finding(.fileWriteFailed, "state/fetched") }
            try FileIO.flushFolder(FileIO.folder(of: unfinished))
            source.state = .fetched
            source.after = try traffic.ledger.lastArrival()
            try traffic.ledger.note(source)
        }
        guard source.state == .fetched, let content = source.content else { return true }
        let path = whole(source.id, content)
        // Gone: it was moved, and perhaps taken in already.
        if FileIO.exists(path) {
            guard try traffic.dropIn(path, flow.inbox, source.name) else { return false }
        }
        source.state = .staged
        try traffic.ledger.note(source)
        return true
    }

    /// What a fetched file lacks to be whole; nil where nothing does, or where it is for the gateway to refuse.
    private func missing(_ path: String, _ source: RemoteSource) throws(Finding) -> Finding? {
        let descriptor = try FileIO.openForReading(path, shown: "state/fetched")
        defer { close(descriptor) }
        let content: DropContent
        do throws(Finding) {
            content = try Intake.content(
                of: descriptor, size: source.sighting.size, file: source.name,
                format: parts.workspace.statedFormat(of: descriptor, flow: flow), limits: parts.workspace.settings.limits)
        } catch {
            return nil
        }
        switch content {
        case .whole: return nil
        case .notYet(let finding): return finding
        }
    }

    private func whole(_ id: RemoteSource.ID, _ content: ContentHash) -> String { parts.state.fetched("\(id)-\(content.hex)") }

    /// Moves, removes or leaves the source, when what was in it has its outcome. False: it has none yet.
    func settle(_ source: RemoteSource) throws -> Bool {
        guard source.state == .staged, let content = source.content else { return false }
        guard try traffic.ledger.outcome(flow: source.flow, mode: source.mode, content: content, after: source.after) != nil else {
            return false
        }
        let stem = "\(source.id)"
        switch endpoint.afterwards {
        case .move(let away): try move(source, into: folder.path(of: away), stem: stem)
        case .delete: try folder.settle(source.name, source.sighting, into: nil, stem: stem)
        case .leave: break
        }
        if case .marker(let suffix) = endpoint.readiness, endpoint.afterwards != .leave {
            try folder.files.remove(folder.path(of: source.name + suffix))
        }
        var settled = source
        settled.state = .settled
        try traffic.ledger.note(settled)
        return true
    }

    /// The folder is made where it is missing.
    private func move(_ source: RemoteSource, into away: String, stem: String) throws(Finding) {
        do throws(Finding) {
            try folder.settle(source.name, source.sighting, into: away, stem: stem)
        } catch {
            guard error.code == .transportOperationFailed else { throw error }
            let first = error
            do throws(Finding) { try folder.files.makeFolder(away) } catch { throw first }
            try folder.settle(source.name, source.sighting, into: away, stem: stem)
        }
    }
}
