import ArgumentParser
import GatewayCore
import GatewayEngine
import GatewayProfiles
import Glibc

struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Maps one file to standard output; touches no workspace and no ledger.",
        discussion: """
            Memory does not grow with the file. A pipe is laid aside on disk first: rows of one order may stand apart, and what was
            written could not be taken back.
            Without --carrier: one canonical order a line as JSON (docs/ORDER.md). With it: the carrier's document.
            Ends with 0 when nothing is held, 1 when something is, 64 for wrong usage, 65 for a file that can't be read as orders.
            """)

    @Option(help: "Channel profile: a name in mappings/channels, or the path of a .yaml file.")
    var channel: String

    @Option(help: "Carrier profile: a name in mappings/carriers, or the path of a .yaml file.")
    var carrier: String?

    @Option(help: "Take consignor, account, parcel and zone from this flow of dropgate.yaml (merchant/flow or flow).")
    var flow: String?

    @OptionGroup var place: WorkspaceOption

    @Argument(help: "The file; - or nothing for standard input.")
    var file = "-"

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        try withItsCodes {
            let (workspace, settings) = try chosen()
            let name = file == "-" ? "standard input" : String(file.split(separator: "/").last ?? "file")
            let input = file == "-" ? STDIN_FILENO : try FileIO.openForReading(file, shown: file)
            let convert = ConvertRun(workspace: workspace, flow: settings, channel: channel, carrier: carrier)
            let outcome = try convert.run(input: input, name: name, output: STDOUT_FILENO, say: Terminal.note)
            if carrier != nil {
                Terminal.note(
                    "\(outcome.orders) orders: \(outcome.shipped) written, \(outcome.held) held, \(outcome.skipped) skipped. "
                        + "Keys, numbers and times are sample values: only `dropgate run` draws real ones.")
            }
            if outcome.held > 0 { throw ExitCode(ExitStatus.held.rawValue) }
        }
    }

    /// What is asked for wrongly ends with 64, what can't be read as orders with 65.
    private func withItsCodes(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let failure as Failure {
            Terminal.complain(failure.finding)
            throw ExitCode(ExitStatus.usage.rawValue)
        } catch let finding as Finding {
            Terminal.complain(finding)
            let isUsage =
                finding.code.id.hasPrefix("config.") || finding.code.id.hasPrefix("carrier.") || finding.code.id.hasPrefix("mapping.")
            throw ExitCode((isUsage ? ExitStatus.usage : .data).rawValue)
        }
    }

    private func chosen() throws -> (Workspace, FlowSettings) {
        if let flow {
            let wiring = try Wiring(root: place.workspace)
            let settings = try wiring.workspace.flow(flow)
            return (wiring.workspace, settings)
        }
        let hasMappings = FileIO.exists(place.workspace + "/mappings")
        let workspace = Workspace.shipped(root: hasMappings ? place.workspace : nil)
        return (workspace, try workspace.sampleFlow(channel: channel, carrier: carrier))
    }
}
