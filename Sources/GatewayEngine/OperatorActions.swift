import GatewayCore
import GatewayProfiles
import Glibc

/// What operators ask for by command: run held orders again, release, drop, baseline. The running gateway acts, or the
/// command itself when none runs. Who, when and why are recorded first.
package struct OperatorActions: Sendable {
    let parts: GatewayParts

    package init(parts: GatewayParts) { self.parts = parts }

    /// Acts, and gives what became of the arrivals that were run.
    package func act(on request: OperatorRequest) throws -> [ArrivalReport] {
        try giveUpRetries()
        let arguments = request.arguments
        let subject = arguments["reference"] ?? arguments["arrival"] ?? arguments["name"] ?? arguments["because"] ?? "all"
        try parts.ledger.record(
            LedgerEvent(
                at: request.at, who: request.who, what: request.kind, subject: subject, why: arguments["why"] ?? arguments["because"] ?? "")
        )
        if let reference = arguments["reference"], arguments["flow"] == nil {
            let flows = Set(try select(arguments).map(\.flow)).sorted()
            guard flows.count < 2 else {
                throw Finding(.orderAmbiguous, found: .plain(reference), ["flows": .plain(flows.joined(separator: ", "))])
            }
        }
        switch request.kind {
        case "drop":
            let orders = try select(arguments)
            _ = try parts.ledger.drop(orders, by: request.who, because: arguments["why"] ?? "", now: request.at)
            return []
        case "release":
            var options = RunOptions()
            options.isRetry = true
            options.release = arguments["reference"].map { .orders([$0]) } ?? .all
            return try runAgain(arguments, options)
        case "baseline": return try baseline(arguments, at: request.at)
        case "trust":
            try parts.ledger.endRestore()
            return []
        default:
            var options = RunOptions()
            options.isRetry = true
            return try runAgain(arguments, options)
        }
    }

    /// Held orders that the arguments `reference`, `arrival`, `flow`, `because` name; all when none is given.
    package func select(_ arguments: [String: String]) throws -> [HeldOrder] {
        try parts.ledger.held(flow: arguments["flow"], limit: .max).filter { order in
            (arguments["reference"].map { $0 == order.reference } ?? true)
                && (arguments["arrival"].map { Int64($0) == order.arrival } ?? true)
                && (arguments["because"].map { $0 == order.code } ?? true)
        }
    }

    /// Runs on request that a crash cut short before anything was to be published: their files are done as before, and who asked
    /// asks again. A request that was left in the ledger is acted on again by itself.
    func giveUpRetries() throws {
        for arrival in try parts.ledger.unfinished() where arrival.state == .claimed && arrival.finished != nil {
            try parts.ledger.abandon(arrival.id)
        }
    }

    /// Runs held orders again, each file's alone; a file that a guard holds as a whole.
    private func runAgain(_ arguments: [String: String], _ options: RunOptions) throws -> [ArrivalReport] {
        let orders = Dictionary(grouping: try select(arguments), by: \.arrival).mapValues { Set($0.map(\.reference)) }
        var ids = Set(orders.keys)
        if let id = arguments["arrival"].flatMap(Int64.init), let arrival = try parts.ledger.arrival(id), isGuarded(arrival) {
            ids.insert(id)
        }
        var reports: [ArrivalReport] = []
        for id in ids.sorted() {
            guard let arrival = try parts.ledger.arrival(id), let flow = flow(of: arrival), parts.state.original(id) != nil else {
                continue
            }
            // A file whose first run did not end has orders that nobody has judged: the gateway runs it whole.
            let isWhole = isGuarded(arrival)
            guard isWhole || arrival.state == .done else { continue }
            try parts.makeFolders(of: flow)
            var options = options
            if !isWhole { options.only = orders[id] }
            reports.append(try ArrivalRun(parts: parts, flow: flow, arrival: arrival, options: options).run())
        }
        return reports
    }

    /// A guard holds the whole file, or a crash cut short the run that its release began: its original was put away already.
    private func isGuarded(_ arrival: Arrival) -> Bool {
        if arrival.state == .guarded { return true }
        return arrival.state == .claimed && arrival.finished == nil && !FileIO.exists(parts.state.spool(arrival.id))
    }

    private func flow(of arrival: Arrival) -> FlowSettings? {
        parts.workspace.flows.first { $0.id == arrival.flow && $0.mode == arrival.mode }
    }

    /// Takes the file that the command laid into `state/scratch` as one whose orders all shipped elsewhere.
    private func baseline(_ arguments: [String: String], at now: Int64) throws -> [ArrivalReport] {
        guard let name = arguments["name"], let flowName = arguments["flow"], let laid = arguments["laid"] else { return [] }
        let flow = try parts.workspace.flow(flowName)
        try parts.makeFolders(of: flow)
        let path = parts.state.root + "/scratch/" + DropName.slug(laid)
        var status = stat()
        // Gone: a crash came after it was taken in, and the start has finished it.
        guard stat(path, &status) == 0 else { return [] }
        let arrival = try parts.ledger.claim(
            flow: flow.id, mode: flow.mode, name: name, size: Int64(status.st_size), modified: FileSighting(status).modified,
            inode: UInt64(status.st_ino),
            now: now)
        // Before the file can be taken for an ordinary one, whatever happens.
        try FileIO.replace(parts.state.baseline(arrival.id), with: [], shown: "state/baseline")
        guard rename(path, parts.state.spool(arrival.id)) == 0 else { throw FileIO.finding(.fileWriteFailed, "state/spool") }
        let options = RunOptions()
        return [try ArrivalRun(parts: parts, flow: flow, arrival: arrival, options: options).run()]
    }
}
