import ArgumentParser

@main
struct Dropgate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dropgate",
        abstract: "Takes order exports from folders to carriers' shipment files, and says of every row what became of it.",
        discussion: "Start with `dropgate init DIR`, put an export into the inbox that it names, and `dropgate run -w DIR`.",
        version: "0.1.0",
        subcommands: [
            Init.self, Run.self, Convert.self, Check.self, Preview.self, Status.self, Trace.self, Held.self, Baseline.self, Doctor.self,
            New.self, EDI.self,
            Docs.self,
        ])
}
