import ArgumentParser
import GatewayCore
import GatewayProfiles
import GatewayTransports

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "What came in, what left, what is held, by flow.")

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
                return
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
            }
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
