import GatewayCore
import GatewayEngine
import GatewayLedger
import GatewayProfiles
import GatewayTransports
import Glibc
import Logging

/// Where a command's wish goes: to the running gateway through the ledger, or it is acted on here when none runs.
struct OperatorDesk {
    private let wiring: Wiring

    init(_ wiring: Wiring) { self.wiring = wiring }

    func ask(_ kind: String, _ arguments: [String: String]) throws {
        let request = OperatorRequest(kind: kind, arguments: arguments, who: Self.who, at: Wiring.clock.now())
        let ledger = try wiring.writer()
        let lock: WorkspaceLock
        do throws(Finding) {
            lock = try WorkspaceLock.acquire(stateFolder: wiring.state.root, nowMilliseconds: SystemNow.milliseconds)
        } catch {
            guard error.code == .workspaceLocked else { throw error }
            try ledger.leave(request)
            try wake()
            Terminal.say(
                "Left for process \(WorkspaceLock.holder(stateFolder: wiring.state.root)?.pid ?? 0), which is at work here; see `dropgate status` in a moment."
            )
            return
        }
        defer { lock.release() }
        let logger = Logger(label: "dropgate") { _ in TerminalLogHandler() }
        let parts = try wiring.parts(ledger, logger: logger, isAtWork: true)
        try wiring.state.make()
        try OutboxMarker(parts: parts).requireKnown(holdsUnknown: false)
        let actions = OperatorActions(parts: parts)
        let before = kind == "drop" ? try actions.select(arguments).count : 0
        let reports = try actions.act(on: request)
        switch kind {
        case "drop": Terminal.say(before == 0 ? "No such order is held." : "Dropped \(before) held \(before == 1 ? "order" : "orders").")
        case "trust": Terminal.say("Orders that the ledger does not know may ship again.")
        default:
            if reports.isEmpty { Terminal.say("Nothing of that kind is held.") }
            for report in reports {
                let totals = report.totals
                Terminal.say(
                    "\(Finding.visible(report.file)): \(totals.orders) orders, \(totals.shipped) shipped now, \(totals.held) held, "
                        + "\(totals.skipped) skipped, \(totals.unchanged) shipped before")
                if let finding = report.finding { Terminal.complain(finding) }
                if let receipt = report.receipt { Terminal.say("receipt: \(receipt)") }
            }
        }
    }

    func select(_ arguments: [String: String], _ ledger: any Ledger) throws -> [HeldOrder] {
        try OperatorActions(
            parts: try wiring.parts(ledger, logger: Logger(label: "dropgate") { _ in TerminalLogHandler() }, isAtWork: false)
        ).select(arguments)
    }

    /// Whether a file of that arrival number waits for its release.
    func isGuarded(_ arrival: Arrival.ID) throws -> Bool {
        try wiring.reader()?.arrival(arrival)?.state == .guarded
    }

    /// Ends the gateway's wait: a file is renamed in a folder that it watches.
    private func wake() throws {
        let folder = wiring.state.root + "/wake"
        try FileIO.makeFolder(folder, mode: 0o700)
        try FileIO.replace(folder + "/request", with: [], shown: "state/wake")
    }

    private static var who: String {
        guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else { return "uid \(getuid())" }
        return String(cString: name)
    }
}
