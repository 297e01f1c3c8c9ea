import ArgumentParser
import GatewayCore
import GatewayFormats
import GatewayProfiles
import Glibc

struct EDI: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edi", abstract: "Looks into X12 and EDIFACT files.", subcommands: [Show.self])

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Shows an X12 or EDIFACT file as a tree in words, with what is wrong at its place.",
            discussion: """
                Service characters are found out for each interchange. Names and codes come from mappings/tables/edi-segments.csv and \
                edi-codes.csv. Ends with 0, with 1 when something in the file would stop a set, with 65 when it holds no EDI.
                """)

        @OptionGroup var place: WorkspaceOption

        @Flag(help: "Envelopes and findings only.")
        var brief = false

        @Argument(help: "The file.")
        var file: String

        func run() throws {
            try guarded {
                let name = String(file.split(separator: "/").last ?? "file")
                let descriptor = try FileIO.openForReading(file, shown: file)
                defer { close(descriptor) }
                let walk = EDIWalk(DescriptorSource(descriptor, shown: name), file: name)
                var tree = EDITree(words: try EDIWords(root: place.workspace), isBrief: brief)
                try tree.show(walk)
                if walk.totals.sets == 0, walk.totals.interchanges == 0 { throw ExitCode(ExitStatus.data.rawValue) }
                if tree.isStopped { throw ExitCode(ExitStatus.held.rawValue) }
            }
        }
    }
}
