import ArgumentParser
import GatewayCore
import GatewayEngine
import GatewayProfiles
import GatewayTransports

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "What came in, what left, what is held, by flow; how the endpoints stand and what waits for them.")

    @OptionGroup var place: WorkspaceOption

    @Option(help: "text or json (one object a line).")
    var format: Check.Format = .text

    @Option(help: "How many of the newest files of each flow to show.")
    var files = 10

    func run() throws {
        try guarded {
            let wiring = try Wiring(root: place.workspace)
            let holder = WorkspaceLock.holder(stateFolder: wiring.state.root)
            guard let ledger = try wiring.reader() else {
                if format == .text { Terminal.say("Nothing was run here yet: start with `dropgate run -w \(place.workspace)`.") }
                for flow in wiring.workspace.flows { try showWaiting(flow, wiring, isAtWork: false) }
                return try showEndpoints(wiring, nil)
            }
            if format == .text {
                Terminal.say(holder.map { "Process \($0.pid) is at work since \($0.since)." } ?? "No `dropgate run` is at work here.")
            }
            if format == .text, try ledger.isRestored() {
                Terminal.say(
                    "Restored from an older backup: orders that the ledger does not know are held. End this with `dropgate held release --restored`."
                )
            }
            for flow in wiring.workspace.flows {
                let arrivals = try ledger.arrivals(flow: flow.id, limit: files)
                let held = try ledger.held(flow: flow.id, limit: .max)
                switch format {
                case .text: show(flow, arrivals, held: held.count)
                case .json:
                    for arrival in arrivals { Terminal.say(json(arrival)) }
                    Terminal.say("{\"flow\":\(JSONLogHandler.quoted(flow.id)),\"held\":\(held.count)}")
                }
                try showWaiting(flow, wiring, isAtWork: holder != nil)
            }
            try showEndpoints(wiring, ledger)
        }
    }

    /// Files that lie in the flow's inbox, with why.
    private func showWaiting(_ flow: FlowSettings, _ wiring: Wiring, isAtWork: Bool) throws {
        let settings = wiring.workspace.settings
        let store = LocalDropStore(path: wiring.root + "/" + flow.inbox, name: flow.inbox, largest: settings.limits.file)
        let files: [WaitingFile]
        do throws(Finding) {
            files = try WaitingFile.list(in: store, quiet: settings.quiet, limits: settings.limits, now: SystemNow.milliseconds)
        } catch {
            // A folder that fails now must not hide what the other flows have to say.
            return Terminal.complain(error)
        }
        for file in files {
            switch format {
            case .text:
                Terminal.say(
                    "  waits in \(flow.inbox): \(Finding.visible(file.name)), \(file.size) bytes: \(words(file, isAtWork: isAtWork))")
            case .json:
                Terminal.say(
                    "{\"flow\":\(JSONLogHandler.quoted(flow.id)),\"waits\":\(JSONLogHandler.quoted(file.name)),\"size\":\(file.size),"
                        + "\"why\":\"\(file.reason.rawValue)\",\"code\":\(file.finding.map { JSONLogHandler.quoted($0.code.id) } ?? "null")}"
                )
            }
        }
    }

    private func words(_ file: WaitingFile, isAtWork: Bool) -> String {
        let problem = file.finding.map { " \($0.problem()) [\($0.code.id)]" } ?? ""
        switch file.reason {
        case .refused: return "refused:" + problem
        case .settling: return "changed a moment ago, must be quiet first."
        case .incomplete: return "not whole:" + problem
        case .ready: return isAtWork ? "its turn comes." : "waits for `dropgate run`."
        }
    }

    private func show(_ flow: FlowSettings, _ arrivals: [Arrival], held: Int) {
        Terminal.say("")
        Terminal.say("\(flow.id) (\(flow.mode.rawValue)): \(held) orders held" + (held > 0 ? ", see `dropgate held list`" : ""))
        guard !arrivals.isEmpty else { return }
        let rows = arrivals.map { arrival in
            let totals = arrival.totals
            return [
                "  \(arrival.id)", Terminal.time(arrival.claimed), Finding.visible(arrival.name), arrival.state.rawValue,
                "\(totals.orders)",
                "\(totals.shipped)", "\(totals.held)", "\(totals.skipped)", "\(totals.unchanged)", arrival.code ?? "",
            ]
        }
        Terminal.say(
            Terminal.table(
                ["  arrival", "came", "file", "state", "orders", "shipped", "held", "skipped", "before", ""], rows, right: [4, 5, 6, 7, 8]))
    }

    private func json(_ arrival: Arrival) -> String {
        let totals = arrival.totals
        return "{\"arrival\":\(arrival.id),\"flow\":\(JSONLogHandler.quoted(arrival.flow)),\"mode\":\"\(arrival.mode.rawValue)\","
            + "\"file\":\(JSONLogHandler.quoted(arrival.name)),\"state\":\"\(arrival.state.rawValue)\",\"came\":\(arrival.claimed),"
            + "\"orders\":\(totals.orders),\"shipped\":\(totals.shipped),\"held\":\(totals.held),\"skipped\":\(totals.skipped),"
            + "\"shipped before\":\(totals.unchanged),\"code\":\(arrival.code.map(JSONLogHandler.quoted) ?? "null")}"
    }
}
