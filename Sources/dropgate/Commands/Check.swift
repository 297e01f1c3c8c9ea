import ArgumentParser
import GatewayCore
import GatewayProfiles

struct Check: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks configuration and mappings, and runs the examples that the mappings carry.",
        discussion: "Without a path: dropgate.yaml and all of mappings/. Ends with 0 when nothing was found, else 65.")

    @OptionGroup var place: WorkspaceOption

    @Option(help: "text or json (one object a line).")
    var format: Format = .text

    @Argument(help: "Files or folders.")
    var paths: [String] = []

    func run() throws {
        try guarded {
            let findings = Linter(workspace: place.workspace).check(paths)
            for finding in findings {
                switch format {
                case .text: Terminal.say(finding.sentence())
                case .json: Terminal.say(finding.json)
                }
            }
            if findings.contains(where: { $0.code.stops != .nothing }) { throw ExitCode(ExitStatus.data.rawValue) }
            if format == .text { Terminal.say(findings.isEmpty ? "Everything is in order." : "Nothing stops the start.") }
        }
    }
}

extension Finding {
    /// One JSON object: code, place, found, expected, remedy.
    var json: String {
        var fields: [(String, String)] = [("code", JSONLogHandler.quoted(code.id)), ("stops", JSONLogHandler.quoted(code.stops.rawValue))]
        if let file = place.file { fields.append(("file", JSONLogHandler.quoted(file))) }
        if let line = place.line { fields.append((place.isRecord ? "row" : "line", "\(line)")) }
        if let column = place.column { fields.append(("column", "\(column)")) }
        if let name = place.name { fields.append(("name", JSONLogHandler.quoted(name))) }
        if let found { fields.append(("found", JSONLogHandler.quoted(found.text))) }
        fields.append(("problem", JSONLogHandler.quoted(problem())))
        fields.append(("remedy", JSONLogHandler.quoted(remedy())))
        return "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }
}
