import ArgumentParser
import GatewayCore
import GatewayEngine
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

    @Option(
        help: "Hold the headings of this export against the profile that reads it: missing columns and what reads them, unread columns."
    )
    var against: String?

    @Option(help: "With --against: the flow (merchant/flow or flow); else the first whose profiles recognise the file.")
    var flow: String?

    @Argument(help: "Files or folders.")
    var paths: [String] = []

    func run() throws {
        try guarded {
            if let against { return try hold(against) }
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

    /// Says what a file's headings lack and what of them nobody reads. A file that no profile takes, or whose headings are not safe to read, is
    /// an error.
    private func hold(_ path: String) throws {
        let name = String(path.split(separator: "/").last ?? "file")
        let choice = FlowChoice(wiring: try Wiring(root: place.workspace), named: flow)
        let (flow, result) = try choice.preview(path: path, name: name, limit: 0)
        say(result, flow: flow)
    }

    private func say(_ result: PreviewRun.Result, flow: FlowSettings) {
        switch format {
        case .json: for finding in result.columnsMissing { Terminal.say(finding.json) }
        case .text:
            Terminal.say("Flow \(flow.id), profile \(result.channel).")
            for finding in result.columnsMissing { Terminal.say(finding.sentence()) }
            if result.columnsMissing.isEmpty { Terminal.say("The file has every column that the profile reads.") }
            let free = result.columnsNobodyMaps.map(Finding.visible)
            Terminal.say(free.isEmpty ? "Every column of it is read." : "Columns that nothing reads: \(free.joined(separator: ", ")).")
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
