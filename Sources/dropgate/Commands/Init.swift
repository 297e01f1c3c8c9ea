import ArgumentParser
import GatewayCore
import GatewayProfiles
import Glibc

extension Mode: ExpressibleByArgument {}

struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Makes a workspace: configuration, mappings, inbox and outbox folders.")

    @Argument(help: "Folder of the new workspace; made when it is not there.")
    var folder: String

    @Option(help: "test: nothing leaves for a carrier, documents go to outbox-test/. live: they go to outbox/.")
    var mode: Mode = .test

    func run() throws {
        try guarded {
            guard !FileIO.exists(folder + "/dropgate.yaml") else {
                throw Failure(Finding(.workspaceThere, at: Place(file: folder), found: .plain("dropgate.yaml")), code: .usage)
            }
            try FileIO.makeFolder(folder)
            for made in WorkspaceTemplate.folders(mode: mode) {
                try FileIO.makeFolder(folder + "/" + made.path, mode: mode_t(made.permissions))
            }
            for file in WorkspaceTemplate.files(mode: mode) {
                let path = folder + "/" + file.path
                guard !FileIO.exists(path) else { continue }
                try FileIO.makeFolder(FileIO.folder(of: path))
                try FileIO.replace(path, with: file.bytes, mode: mode_t(file.permissions), shown: file.path)
            }
            let (workspace, findings) = Workspace.load(root: folder)
            for finding in findings { Terminal.complain(finding) }
            Terminal.say("Workspace \(folder) is ready, mode \(mode.rawValue).")
            Terminal.say("")
            Terminal.say("  1. dropgate run -w \(folder)")
            for flow in workspace?.flows.prefix(1) ?? [] {
                Terminal.say("  2. put an order export into \(folder)/\(flow.inbox)/")
                if let outbox = flow.outbox { Terminal.say("  3. shipment files appear in \(folder)/\(outbox)/") }
                Terminal.say("     and a receipt for every row in \(folder)/\(flow.receiptFolder)/")
            }
            Terminal.say("")
            Terminal.say("\(folder)/dropgate.yaml explains every setting; mappings/ holds what operators edit.")
        }
    }
}
