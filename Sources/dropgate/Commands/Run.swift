import ArgumentParser
import GatewayCore
import GatewayEngine
import GatewayProfiles
import GatewayTransports
import Glibc
import Logging
import ServiceLifecycle
import Synchronization

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Watches the inboxes and works on what is dropped, until Ctrl-C or SIGTERM.",
        discussion: "On a terminal it shows what it does; otherwise it writes one JSON object a line to standard error.")

    @OptionGroup var place: WorkspaceOption

    @Flag(help: "Work on what is there, then end.")
    var once = false

    @Flag(help: "After a restore from a backup older than the outbox: hold every order that the ledger does not know.")
    var holdUnknown = false

    func run() async throws {
        // A partner's or a pager's closed pipe must not end the gateway.
        signal(SIGPIPE, SIG_IGN)
        var prepared: (Wiring, GatewayParts, WorkspaceLock)?
        try guarded { prepared = try prepare() }
        guard let (wiring, parts, lock) = prepared else { return }
        defer { lock.release() }
        let board = Board(isTerminal: Terminal.isInteractive, isOnce: once, root: place.workspace, logger: parts.logger)
        var gateway: Gateway?
        let flows = wiring.workspace.flows
        let root = place.workspace
        let once = once
        try guarded {
            gateway = Gateway(
                parts, watcher: try FolderWatcher(root: place.workspace), report: board.add,
                drained: {
                    board.printTable()
                    for flow in flows { Self.sayWhatWaits(root + "/" + flow.inbox) }
                    if !once { for flow in flows { board.note("Watching \(root)/\(flow.inbox)") } }
                })
        }
        guard let gateway else { return }
        let service = GatewayService(gateway, once: once)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: Logger(label: "services") { _ in SwiftLogNoOpLogHandler() }))
        do {
            try await group.run()
        } catch {
            try guarded { throw error as? Finding ?? Finding(.unexpected, found: .plain("\(error)")) }
        }
        let unfinished = service.unfinished
        for finding in unfinished { Terminal.complain(finding) }
        if !unfinished.isEmpty { throw ExitCode(ExitStatus.temporary.rawValue) }
    }

    /// Files that stay in an inbox: not whole yet, or refused.
    private static func sayWhatWaits(_ inbox: String) {
        let names = FileIO.names(in: inbox).filter { !$0.hasPrefix(".") }
        guard !names.isEmpty else { return }
        Terminal.say(
            "still in \(inbox): \(names.prefix(10).map(Finding.visible).joined(separator: ", "))\(names.count > 10 ? " and \(names.count - 10) more" : "")"
        )
    }

    private func prepare() throws -> (Wiring, GatewayParts, WorkspaceLock) {
        let isTerminal = Terminal.isInteractive
        var logger = Logger(label: "dropgate") { _ in
            if isTerminal { TerminalLogHandler() } else { JSONLogHandler() }
        }
        logger.logLevel = .info
        let wiring = try Wiring(root: place.workspace) { finding in
            logger.warning("\(finding.sentence())", metadata: ["code": "\(finding.code.id)"])
        }
        try FileIO.makeFolder(wiring.state.root, mode: 0o700, shown: "state")
        let lock = try WorkspaceLock.acquire(stateFolder: wiring.state.root, nowMilliseconds: SystemNow.milliseconds)
        try wiring.requireEndpoints()
        let parts = try wiring.parts(try wiring.writer(), logger: logger, isAtWork: true)
        try OutboxMarker(parts: parts).requireKnown(holdsUnknown: holdUnknown)
        return (wiring, parts, lock)
    }
}

/// Collects what became of the files, and shows it as it happens.
final class Board: Sendable {
    private let reports = Mutex<[ArrivalReport]>([])
    /// Remarks on headings that were made: each once for files of the same headings. After ``remembered`` of them they may be said again.
    private let remarks = Mutex<Set<String>>([])
    private static let remembered = 1000
    private let isTerminal: Bool
    private let isOnce: Bool
    /// What stands before paths of the workspace, so that they can be opened from where the command was given.
    private let prefix: String
    private let logger: Logger

    init(isTerminal: Bool, isOnce: Bool, root: String, logger: Logger) {
        prefix = root == "." ? "" : root + "/"
        self.isOnce = isOnce
        self.isTerminal = isTerminal
        self.logger = logger
    }

    func note(_ text: String) {
        if isTerminal { Terminal.note(text) } else { logger.info("\(text)") }
    }

    func add(_ report: ArrivalReport) {
        reports.withLock { $0.append(report) }
        let totals = report.totals
        if isTerminal {
            Terminal.note(Self.sentence(report))
            if let finding = report.finding { Terminal.complain(finding) }
        } else {
            logger.info(
                "\(report.state.rawValue)",
                metadata: [
                    "arrival": "\(report.arrival)", "flow": "\(report.flow)", "file": "\(report.file)", "orders": "\(totals.orders)",
                    "shipped": "\(totals.shipped)", "held": "\(totals.held)", "skipped": "\(totals.skipped)",
                    "unchanged": "\(totals.unchanged)", "documents": "\(report.documentCount)", "receipt": "\(report.receipt ?? "")",
                    "code": "\(report.finding?.code.id ?? "")",
                ])
        }
        if let remark = report.remark, isNew(remark, of: report.flow) {
            logger.info("\(remark.sentence())", metadata: ["code": "\(remark.code.id)", "file": "\(report.file)"])
        }
    }

    private func isNew(_ remark: Finding, of flow: String) -> Bool {
        remarks.withLock { said in
            let new = said.insert(flow + remark.problem()).inserted
            if said.count > Self.remembered { said.removeAll() }
            return new
        }
    }

    private static func sentence(_ report: ArrivalReport) -> String {
        let totals = report.totals
        switch report.state {
        case .refused: return "\(report.file): refused"
        case .guarded: return "\(report.file): held until released, \(totals.held) orders"
        case .claimed, .intended, .done:
            if let earlier = report.sameAs { return "\(report.file): same content as arrival \(earlier), nothing to do" }
            var text =
                "\(report.file): \(totals.orders) \(totals.orders == 1 ? "order" : "orders"), \(totals.shipped) shipped, \(totals.held) held, \(totals.skipped) skipped"
            if totals.unchanged > 0 { text += ", \(totals.unchanged) shipped before" }
            return text
        }
    }

    /// The table of what was done since the start.
    func printTable() {
        let all = reports.withLock { $0 }
        guard !all.isEmpty else {
            if isOnce { Terminal.say("Nothing was taken in.") }
            return
        }
        let rows = all.map { report in
            let output =
                report.state == .done
                ? report.documents.first.map { prefix + FileIO.folder(of: $0) } ?? "-"
                : report.state == .guarded ? "waits for its release" : report.state.rawValue
            let totals = report.totals
            return [
                Finding.visible(report.file), "\(totals.orders)", "\(totals.shipped)", "\(totals.held)",
                "\(totals.skipped)", output,
            ]
        }
        Terminal.say("")
        Terminal.say(Terminal.table(["file", "orders", "shipped", "held", "skipped", "where the output is"], rows, right: [1, 2, 3, 4]))
        for report in all { if let receipt = report.receipt { Terminal.say("receipt of \(report.file): \(prefix)\(receipt)") } }
    }
}
