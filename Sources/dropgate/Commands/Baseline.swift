import ArgumentParser
import GatewayCore
import GatewayEngine
import GatewayProfiles
import Glibc

struct Baseline: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline",
        abstract: "Takes a file whose orders all count as shipped elsewhere: nothing of it is sent, now or later.",
        discussion: "For the first day: drop nothing, baseline the export of everything that has shipped, then start the flow.")

    @OptionGroup var place: WorkspaceOption

    @Option(help: "The flow (merchant/flow or flow).")
    var flow: String

    @Argument(help: "The file.")
    var file: String

    func run() throws {
        try guarded {
            let wiring = try Wiring(root: place.workspace)
            let settings = try wiring.workspace.flow(flow)
            try wiring.state.make()
            let laid = "baseline-\(getpid())-\(SystemNow.milliseconds)"
            try copy(to: wiring.state.root + "/scratch/" + laid)
            let name = String(file.split(separator: "/").last ?? "file")
            try OperatorDesk(wiring).ask("baseline", ["flow": settings.id, "name": name, "laid": laid])
        }
    }

    private func copy(to path: String) throws(Finding) {
        let source = FileSource(descriptor: try FileIO.openForReading(file, shown: file), shown: file, hashes: false)
        let target = try FileIO.create(path, shown: "state/scratch")
        defer { close(target) }
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { piece.deallocate() }
        while true {
            let got = try source.read(into: piece)
            if got == 0 { break }
            try FileIO.write(UnsafeRawBufferPointer(rebasing: piece[..<got]), to: target, shown: "state/scratch")
        }
        try FileIO.flush(target, shown: "state/scratch")
        try FileIO.flushFolder(FileIO.folder(of: path))
    }
}
