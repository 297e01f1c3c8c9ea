import ArgumentParser
import GatewayCore
import GatewayEngine
import GatewayLedger
import GatewayProfiles
import GatewayTransports
import Glibc
import Logging

/// The one place where the gateway is put together.
struct Wiring {
    let root: String
    let workspace: Workspace
    let state: StateFolder

    /// Reads the workspace's configuration. Says findings; ends the command when one stops the start.
    init(root: String, say: (Finding) -> Void = Terminal.complain) throws {
        guard FileIO.exists(root + "/dropgate.yaml") else {
            throw Failure(Finding(.workspaceMissing, found: .plain(root)), code: .noInput)
        }
        let (workspace, findings) = Workspace.load(root: root)
        for finding in findings { say(finding) }
        guard let workspace else { throw ExitCode(ExitStatus.configuration.rawValue) }
        if let clock = Self.clockText, !clock.hasPrefix(Self.liveMark), workspace.flows.contains(where: { $0.mode == .live }) {
            throw Failure(Finding(.clockStands, found: .plain(clock)), code: .configuration)
        }
        self.root = root
        self.workspace = workspace
        state = StateFolder(workspace: root)
    }

    /// The ledger for questions, while `run` may be at work. Nil when nothing was ever run here.
    func reader() throws -> SQLiteLedger? {
        guard FileIO.exists(state.ledger) else { return nil }
        return try SQLiteLedger(path: state.ledger, key: try key(), isReadOnly: true)
    }

    /// The ledger for a writer: the running gateway, or a command that leaves a request.
    func writer() throws -> SQLiteLedger {
        try FileIO.makeFolder(state.root, mode: 0o700, shown: "state")
        return try SQLiteLedger(path: state.ledger, key: try key(), isReadOnly: false)
    }

    /// The workspace's secret for keyed digests: made with the ledger, never without it.
    func key() throws -> DigestKey {
        if FileIO.exists(state.key) {
            var status = stat()
            guard stat(state.key, &status) == 0, status.st_mode & 0o077 == 0 else {
                throw Failure(Finding(.keyOpen, at: Place(file: "state/key")), code: .configuration)
            }
            guard let key = DigestKey(try FileIO.contents(state.key, shown: "state/key")) else {
                throw Failure(Finding(.keyMissing, at: Place(file: "state/key"), found: .plain("no key of 16 bytes")), code: .configuration)
            }
            return key
        }
        guard !FileIO.exists(state.ledger) else {
            throw Failure(Finding(.keyMissing, at: Place(file: "state/key")), code: .configuration)
        }
        try FileIO.makeFolder(state.root, mode: 0o700, shown: "state")
        let bytes = randomBytes(16)
        try FileIO.replace(state.key, with: bytes, mode: 0o600, shown: "state/key")
        guard let key = DigestKey(bytes) else { throw ExitCode.failure }
        return key
    }

    /// - Parameter isAtWork: this process holds the workspace's lock, and may clear away what a crash left half-written.
    func parts(_ ledger: any Ledger, logger: Logger, isAtWork: Bool) throws -> GatewayParts {
        let stores = LocalDropStores(root: root, largest: workspace.settings.limits.file, reaps: isAtWork)
        var parts = GatewayParts(
            workspace: workspace, root: root, ledger: ledger, key: try key(),
            store: { folder throws(Finding) in stores.store(folder) },
            clock: Self.clock, logger: logger)
        if let ledger = ledger as? any TrafficLedger { parts.traffic = traffic(ledger, stores) }
        return parts
    }

    /// `DROPGATE_CLOCK=<milliseconds since 1970>` makes the clock stand, so that a rehearsal writes the same bytes twice. Where a
    /// flow is live it is refused, unless the number comes after `live:`.
    static var clock: any GatewayClock {
        if let text = clockText, let instant = Int64(text.hasPrefix(liveMark) ? String(text.dropFirst(liveMark.count)) : text) {
            return StandingClock(at: instant)
        }
        return SystemClock()
    }

    private static let liveMark = "live:"
    private static var clockText: String? { getenv("DROPGATE_CLOCK").map { String(cString: $0) } }
}

/// What a command ends with when its input or the machine is at fault (sysexits.h).
enum ExitStatus: Int32 {
    case held = 1
    case usage = 64
    case data = 65
    case noInput = 66
    case software = 70
    case temporary = 75
    case configuration = 78
}

/// An end with a finding.
struct Failure: Error, CustomStringConvertible {
    let finding: Finding
    let code: ExitStatus
    init(_ finding: Finding, code: ExitStatus) {
        self.finding = finding
        self.code = code
    }
    var description: String { finding.sentence() }
}

/// Runs a command's body; a finding is printed whole and ends it with the code that fits.
func guarded(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch let failure as Failure {
        Terminal.complain(failure.finding)
        throw ExitCode(failure.code.rawValue)
    } catch let finding as Finding {
        Terminal.complain(finding)
        if finding.code == .workspaceLocked { throw ExitCode(ExitStatus.temporary.rawValue) }
        if finding.code == .fileReadFailed { throw ExitCode(ExitStatus.noInput.rawValue) }
        switch finding.code.stops {
        case .start: throw ExitCode(ExitStatus.configuration.rawValue)
        case .endpoint: throw ExitCode(ExitStatus.temporary.rawValue)
        case .nothing, .order, .file: throw ExitCode(ExitStatus.data.rawValue)
        }
    }
}

struct WorkspaceOption: ParsableArguments {
    @Option(name: [.customShort("w"), .long], help: "Folder of the workspace.")
    var workspace = "."
}
