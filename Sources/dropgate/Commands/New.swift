import ArgumentParser
import GatewayCore
import GatewayProfiles
import Glibc

struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Drafts a mapping from a file.", subcommands: [NewChannel.self])
}

struct NewChannel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "channel",
        abstract: "Drafts a channel profile from an export: columns guessed, each guess marked, nothing ships before you decide.",
        discussion: "Writes mappings/channels/NAME.yaml of the workspace; an existing file is never replaced.")

    @OptionGroup var place: WorkspaceOption

    @Argument(help: "Name of the new profile: a to z, 0 to 9 and -.")
    var name: String

    @Option(help: "An export: CSV, TSV, XLSX, JSON or XML.")
    var from: String

    func run() throws {
        try guarded {
            let letters = name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
            guard letters, !name.isEmpty, name.utf8.count <= 40 else {
                throw Failure(Finding(.configNameInvalid, found: .plain(name)), code: .usage)
            }
            let shown = "mappings/channels/\(name).yaml"
            let path = place.workspace + "/" + shown
            guard !FileIO.exists(path) else {
                throw Failure(Finding(.channelThere, at: Place(file: shown), found: .plain(name)), code: .usage)
            }
            let descriptor = try FileIO.openForReading(from, shown: from)
            defer { close(descriptor) }
            let workspace = Workspace.shipped(root: FileIO.exists(place.workspace + "/mappings") ? place.workspace : nil)
            let file = String(from.split(separator: "/").last ?? "file")
            let text = try workspace.draftChannel(name, from: descriptor, file: file)
            try FileIO.makeFolder(FileIO.folder(of: path))
            try FileIO.replace(path, with: Array(text.utf8), mode: 0o644, shown: shown)
            Terminal.say("\(shown) is a draft: look at each line, decide which orders ship, then `dropgate check` and `dropgate preview`.")
        }
    }
}
