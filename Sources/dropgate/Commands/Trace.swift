import ArgumentParser
import GatewayCore

struct Trace: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "The life of an order, file, document or consignment, from the ledger.",
        discussion: "REF: an order's reference, a file's name or the start of its content hash, a document's name, a carrier key.")

    @OptionGroup var place: WorkspaceOption

    @Option(help: "text or json (one object a line).")
    var format: Check.Format = .text

    @Argument(help: "What to follow.")
    var reference: String

    func run() throws {
        try guarded {
            let wiring = try Wiring(root: place.workspace)
            let ledger = try wiring.reader()
            var steps = try ledger?.trace(reference) ?? []
            // Shop people say 1001, the shop writes #1001.
            if steps.isEmpty { steps = try ledger?.trace("#" + reference) ?? [] }
            for step in steps {
                switch format {
                case .text:
                    let details = step.details.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
                    Terminal.say(
                        "\(Terminal.time(step.at))  \(step.subject) \(Finding.visible(step.name)): \(step.what)"
                            + (details.isEmpty ? "" : " (\(Finding.visible(details)))"))
                case .json:
                    let details = step.details.sorted { $0.key < $1.key }
                        .map { "\(JSONLogHandler.quoted($0.key)):\(JSONLogHandler.quoted($0.value))" }.joined(separator: ",")
                    Terminal.say(
                        "{\"at\":\(step.at),\"subject\":\(JSONLogHandler.quoted(step.subject)),\"name\":\(JSONLogHandler.quoted(step.name)),"
                            + "\"what\":\(JSONLogHandler.quoted(step.what)),\"details\":{\(details)}}")
                }
            }
            if steps.isEmpty {
                Terminal.note(
                    "The ledger knows nothing called \(Finding.visible(reference)). See `dropgate status` for files, `dropgate held list` for held orders."
                )
                throw ExitCode(ExitStatus.held.rawValue)
            }
        }
    }
}
