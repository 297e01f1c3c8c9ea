import GatewayCore
import GatewayProfiles
import Glibc
import Logging
import Synchronization

/// The gateway at work: watches the inboxes, takes in what is whole, runs it, acts on operators' requests.
///
/// One thread; ``stop()`` may be called from any. Each flow gets one file in turn, and a flow whose folder or carrier
/// fails rests alone.
package final class Gateway: Sendable {
    package let parts: GatewayParts
    private let watcher: any DropWatcher
    private let isStopping = Atomic(false)
    private let report: @Sendable (ArrivalReport) -> Void
    private let drained: @Sendable () -> Void
    private let options: RunOptions
    private let remote: RemoteWork
    private static let listLimit = 100_000

    /// - Parameters:
    ///   - options: for every arrival of this run.
    ///   - report: called for each arrival that reached its outcome.
    ///   - drained: called once, when everything that lay there at the start is done.
    package init(
        _ parts: GatewayParts, watcher: any DropWatcher, options: RunOptions = RunOptions(),
        report: @escaping @Sendable (ArrivalReport) -> Void, drained: @escaping @Sendable () -> Void = {}
    ) {
        self.parts = parts
        self.watcher = watcher
        self.options = options
        self.report = report
        self.drained = drained
        remote = RemoteWork(parts, wake: { watcher.wake() })
    }

    /// Lets the arrival at work end, then ``run(once:)`` returns.
    package func stop() {
        isStopping.store(true, ordering: .releasing)
        watcher.wake()
    }

    private var stops: Bool { isStopping.load(ordering: .acquiring) }

    /// Works until ``stop()``; with `once` until nothing is left to take in. Gives what could not be finished.
    package func run(once: Bool) throws -> [Finding] {
        try parts.state.make()
        var inboxes = try openInboxes()
        for finding in watcher.restore() { say(finding) }
        try recover(&inboxes)
        var rescanAt = MonotonicTime.now()
        var hasDrained = false
        remote.start(say: { [parts] in Self.say($0, parts) })
        defer { remote.end() }
        while !stops {
            for arrival in remote.arrived() {
                guard let n = inboxes.firstIndex(where: { $0.flow.id == arrival.flow }) else { continue }
                inboxes[n].movedIn.insert(arrival.name)
                inboxes[n].nextLook = 0
            }
            try answerRequests(&inboxes)
            let now = MonotonicTime.now()
            let isRescan = now >= rescanAt
            if isRescan { rescanAt = now + parts.workspace.settings.rescan * 1_000_000 }
            for n in inboxes.indices where isRescan || inboxes[n].nextLook.map({ $0 <= now }) == true { look(&inboxes[n]) }
            drain(&inboxes)
            // What failed three times is for a later start: `--once` must end.
            if once, remote.isIdle,
                !inboxes.contains(where: { $0.failures < 3 && ($0.isSettling || !$0.ready.isEmpty || !$0.backlog.isEmpty) })
            {
                if !hasDrained { drained() }
                break
            }
            if !hasDrained, !once || remote.isIdle, !inboxes.contains(where: { $0.isSettling || !$0.ready.isEmpty }) {
                hasDrained = true
                drained()
            }
            var deadline = min(rescanAt, inboxes.compactMap(\.nextTurn).min() ?? rescanAt)
            // Whether the endpoints are done shows between their passes.
            if once, remote.isUsed { deadline = min(deadline, MonotonicTime.now() + 100_000_000) }
            if !stops { note(watcher.wait(until: deadline), &inboxes) }
        }
        try parts.ledger.flush()
        guard once else { return [] }
        return remote.failures
            + inboxes.filter { !$0.backlog.isEmpty || !$0.ready.isEmpty }.map { inbox in
                Finding(
                    .arrivalUnfinished, at: Place(file: inbox.flow.inbox),
                    found: .plain("\(inbox.backlog.count + inbox.ready.count) unfinished"))
            }
    }

    private func openInboxes() throws -> [Inbox] {
        // Commands rename a file in there to end our wait.
        watch(parts.state.root + "/wake", as: -1)
        let settings = parts.workspace.settings
        return try parts.workspace.flows.enumerated().map { n, flow in
            // A flow whose folders can't be made rests alone; the others work.
            do throws(Finding) { try parts.makeFolders(of: flow) } catch { say(error) }
            watch(parts.root + "/" + flow.inbox, as: n)
            let quiet = Quiet(
                Quiet.Settings(quiet: settings.quiet * 1_000_000, giveUpAfter: flow.giveUpAfter * 1_000_000))
            return Inbox(flow: flow, store: try parts.store(flow.inbox), quiet: quiet)
        }
    }

    /// A folder that can't be watched is looked at with every rescan all the same.
    private func watch(_ path: String, as folder: Int) {
        do throws(Finding) { try watcher.watch(path, as: folder) } catch { say(error) }
    }

    private func note(_ events: [WatchEvent], _ inboxes: inout [Inbox]) {
        for event in events {
            switch event {
            case .movedIn(let folder, let name) where inboxes.indices.contains(folder):
                inboxes[folder].movedIn.insert(name)
                inboxes[folder].nextLook = 0
            case .written(let folder, _) where inboxes.indices.contains(folder),
                .changed(let folder) where inboxes.indices.contains(folder),
                .folderGone(let folder) where inboxes.indices.contains(folder):
                inboxes[folder].nextLook = 0
            case .overflow:
                for n in inboxes.indices { inboxes[n].nextLook = 0 }
            case .woken, .movedIn, .written, .changed, .folderGone: break
            }
        }
    }

    private func look(_ inbox: inout Inbox) {
        do throws(Finding) {
            for remark in try inbox.look(now: MonotonicTime.now(), limit: Self.listLimit) {
                say(remark.finding)
                turnAway(remark.entry, remark.finding, &inbox)
            }
        } catch {
            say(error)
            inbox.restAfterFailure(now: MonotonicTime.now())
        }
    }

    /// A file that can't be taken stays where it is; its sender learns why by a receipt, once: the ledger remembers it.
    private func turnAway(_ entry: DropEntry, _ finding: Finding, _ inbox: inout Inbox) {
        guard finding.code.turnsSenderAway else { return }
        let flow = inbox.flow
        var finding = finding
        finding.place.file = entry.name
        do {
            guard try !parts.ledger.hasRefused(flow: flow.id, mode: flow.mode, entry) else { return }
            let arrival = try parts.ledger.claim(
                flow: flow.id, mode: flow.mode, name: entry.name, size: entry.size, modified: entry.modified, inode: entry.inode,
                now: parts.clock.now())
            do {
                report(try ArrivalRun(parts: parts, flow: flow, arrival: arrival, options: options).refuse(finding))
            } catch {
                // Its outcome is stored: only the receipt is not out yet.
                if let stored = try parts.ledger.arrival(arrival.id), stored.state == .refused { inbox.backlog.append(stored) }
                throw error
            }
        } catch {
            say(Self.finding(error))
            inbox.said[entry.name] = nil
            inbox.restAfterFailure(now: MonotonicTime.now())
        }
    }

    // MARK: Taking in

    /// One file of each flow in turn until none is ready.
    private func drain(_ inboxes: inout [Inbox]) {
        var isBusy = true
        while isBusy && !stops {
            isBusy = false
            for n in inboxes.indices where !stops && MonotonicTime.now() >= inboxes[n].restsUntil {
                guard !inboxes[n].backlog.isEmpty || !inboxes[n].ready.isEmpty else { continue }
                isBusy = true
                do {
                    if inboxes[n].backlog.isEmpty {
                        try takeIn(inboxes[n].ready.removeFirst(), &inboxes[n])
                    } else {
                        // As the ledger has it now: the failure may have come after its documents were intended.
                        let waiting = inboxes[n].backlog[0]
                        try takeUp(try parts.ledger.arrival(waiting.id) ?? waiting, inboxes[n].flow)
                        inboxes[n].backlog.removeFirst()
                    }
                    inboxes[n].recovered()
                    remote.worked()
                } catch {
                    say(Self.finding(error))
                    inboxes[n].restAfterFailure(now: MonotonicTime.now())
                }
            }
        }
    }

    private func takeIn(_ entry: DropEntry, _ inbox: inout Inbox) throws {
        let descriptor = try inbox.store.open(entry)
        defer { close(descriptor) }
        var refusal: Finding?
        let known = try knownContent(descriptor, entry, inbox.flow)
        // What was whole once is whole again.
        switch try known != nil
            ? .whole
            : Intake.content(
                of: descriptor, size: entry.size, file: entry.name,
                format: parts.workspace.statedFormat(of: descriptor, flow: inbox.flow), limits: parts.workspace.settings.limits)
        {
        case .whole: break
        case .notYet(let finding):
            inbox.quiet.contentIsNotWhole(entry)
            let readiness = inbox.quiet.judge(entry, now: MonotonicTime.now())
            if case .waiting(let until) = readiness { inbox.nextLook = min(inbox.nextLook ?? until, until) }
            guard case .givenUp = readiness else {
                if inbox.said[entry.name] != finding.code.id {
                    inbox.said[entry.name] = finding.code.id
                    say(finding)
                }
                return
            }
            refusal = finding
        }
        let flow = inbox.flow
        let arrival = try parts.ledger.claim(
            flow: flow.id, mode: flow.mode, name: entry.name, size: entry.size, modified: entry.modified, inode: entry.inode,
            now: parts.clock.now())
        try inbox.store.take(entry, to: parts.state.spool(arrival.id))
        inbox.quiet.forget(entry.name)
        do {
            if let refusal {
                report(try ArrivalRun(parts: parts, flow: flow, arrival: arrival, options: options).refuse(refusal))
            } else {
                try run(arrival, flow, known)
            }
        } catch {
            inbox.backlog.append(arrival)
            throw error
        }
    }

    /// The file's hash, when a finished file of the flow has the same content.
    private func knownContent(_ descriptor: Int32, _ entry: DropEntry, _ flow: FlowSettings) throws -> ContentHash? {
        guard try parts.ledger.hasFinished(flow: flow.id, mode: flow.mode, size: entry.size) else { return nil }
        let source = FileSource(descriptor: descriptor, shown: entry.name, hashes: true, closes: false)
        lseek(descriptor, 0, SEEK_SET)
        let content = try source.rest()
        lseek(descriptor, 0, SEEK_SET)
        return try parts.ledger.finished(flow: flow.id, mode: flow.mode, content: content) == nil ? nil : content
    }

    /// An arrival that a failure or the end of a process left. One that had been given up because it is not whole is refused now.
    private func takeUp(_ arrival: Arrival, _ flow: FlowSettings) throws {
        if arrival.state == .claimed, let path = parts.state.original(arrival.id), path == parts.state.spool(arrival.id) {
            let descriptor = try FileIO.openForReading(path, shown: arrival.name)
            defer { close(descriptor) }
            if case .notYet(let finding) = try Intake.content(
                of: descriptor, size: arrival.size, file: arrival.name,
                format: parts.workspace.statedFormat(of: descriptor, flow: flow), limits: parts.workspace.settings.limits)
            {
                return report(try ArrivalRun(parts: parts, flow: flow, arrival: arrival, options: options).refuse(finding))
            }
        }
        try run(arrival, flow)
    }

    private func run(
        _ arrival: Arrival, _ flow: FlowSettings, _ known: ContentHash? = nil
    ) throws {
        let run = ArrivalRun(parts: parts, flow: flow, arrival: arrival, options: options, knownContent: known)
        report(try run.run())
    }

    // MARK: After a stop

    /// Finishes what an earlier process left: arrivals that were claimed or intended, originals that were not yet put away.
    private func recover(_ inboxes: inout [Inbox]) throws {
        for n in inboxes.indices { look(&inboxes[n]) }
        try OperatorActions(parts: parts).giveUpRetries()
        for arrival in try parts.ledger.unfinished() {
            guard let n = inboxes.firstIndex(where: { $0.flow.id == arrival.flow && $0.flow.mode == arrival.mode }) else {
                say(Finding(.arrivalFlowGone, at: Place(file: arrival.name), found: .plain(arrival.flow)))
                continue
            }
            if parts.state.original(arrival.id) != nil || arrival.state != .claimed {
                inboxes[n].backlog.append(arrival)
            } else if isThere(arrival, in: inboxes[n]) {
                continue  // still in the inbox: the next look takes it under the same claim
            } else {
                try parts.ledger.refuse(
                    arrival.id, content: nil, code: FindingCode.arrivalGone.id, notice: nil, now: parts.clock.now())
                say(Finding(.arrivalGone, at: Place(file: arrival.name)))
            }
        }
        try tidy()
    }

    /// Whether a claimed file still lies in its inbox. One that can't be listed now counts as there.
    private func isThere(_ arrival: Arrival, in inbox: Inbox) -> Bool {
        do throws(Finding) {
            return try inbox.store.list(limit: Self.listLimit).contains { $0.inode == arrival.inode && $0.name == arrival.name }
        } catch {
            say(error)
            return true
        }
    }

    /// Puts away originals whose outcome is stored, and removes documents that no arrival waits for.
    private func tidy() throws {
        for name in FileIO.names(in: parts.state.root + "/spool") {
            guard let id = Int64(name), let arrival = try parts.ledger.arrival(id) else { continue }
            switch arrival.state {
            case .claimed, .intended: break
            case .done, .guarded: rename(parts.state.spool(id), parts.state.archive(id))
            case .refused: rename(parts.state.spool(id), parts.state.held(id))
            }
        }
        for name in FileIO.names(in: parts.state.root + "/outgoing") {
            guard let id = Int64(name.prefix { $0 != "." }) else { continue }
            let arrival = try parts.ledger.arrival(id)
            let isWaiting = arrival.map { $0.state == .intended || $0.state == .claimed || $0.notice != nil } ?? false
            if !isWaiting { unlink(parts.state.root + "/outgoing/" + name) }
        }
    }

    // MARK: Operators

    /// Acts on what commands left. A failure is said and the request is over: who asked can ask again. What it began is finished
    /// with the flow's backlog.
    private func answerRequests(_ inboxes: inout [Inbox]) throws {
        for request in try parts.ledger.requests() {
            do {
                let done = try OperatorActions(parts: parts).act(on: request)
                parts.logger.info("\(request.kind) asked for by \(request.who): \(done.count) files run again")
                for report in done { self.report(report) }
            } catch {
                say(Self.finding(error))
                // A retry of some orders is given up: the backlog would run their whole file.
                try OperatorActions(parts: parts).giveUpRetries()
                for arrival in try parts.ledger.unfinished() {
                    guard let n = inboxes.firstIndex(where: { $0.flow.id == arrival.flow && $0.flow.mode == arrival.mode }),
                        parts.state.original(arrival.id) != nil, !inboxes[n].backlog.contains(where: { $0.id == arrival.id })
                    else { continue }
                    inboxes[n].backlog.append(arrival)
                }
            }
            try parts.ledger.answered(request)
        }
    }

    // MARK: Saying

    private func say(_ finding: Finding) { Self.say(finding, parts) }

    private static func say(_ finding: Finding, _ parts: GatewayParts) {
        parts.logger.warning(
            "\(finding.masked(by: parts.key).sentence())",
            metadata: ["code": "\(finding.code.id)", "file": "\(finding.place.file ?? "")"])
    }

    static func finding(_ error: any Error) -> Finding {
        (error as? Finding) ?? Finding(.unexpected, found: .plain("\(error)"))
    }
}
