import ArgumentParser
import GatewayCore
import GatewayMapping
import GatewayProfiles
import Glibc

struct Docs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs",
        abstract: "Writes the generated pages of docs/ from the catalogues (for those who build Dropgate).", shouldDisplay: false)

    @Flag(help: "Write nothing; end with 65 when a page is not up to date.")
    var check = false

    @Option(help: "Folder of the pages.")
    var folder = "docs"

    func run() throws {
        try guarded {
            var stale: [String] = []
            for (page, text) in try pages() {
                let path = folder + "/" + page
                let there = FileIO.exists(path) ? String(decoding: try FileIO.contents(path, shown: path), as: UTF8.self) : nil
                guard there != text else { continue }
                stale.append(path)
                if !check { try FileIO.replace(path, with: Array(text.utf8), mode: 0o644, shown: path) }
            }
            for path in stale { Terminal.say(check ? "\(path) is not up to date: run `make docs`." : "\(path) written.") }
            if check, !stale.isEmpty { throw ExitCode(ExitStatus.data.rawValue) }
        }
    }

    private func pages() throws -> [(String, String)] {
        try FileIO.makeFolder(folder)
        return [
            ("FINDINGS.md", FindingsPage.text()),
            ("MAPPING.md", try filled("MAPPING.md", "functions", FunctionCatalogue.manual())),
            ("ORDER.md", try filled("ORDER.md", "fields", OrderPage.table())),
            ("order.schema.json", OrderPage.schema()),
            ("mapping.schema.json", editorSchema()),
            ("dropgate.schema.json", settingsSchema()),
        ]
    }

    /// The page with the part between `<!-- name:begin -->` and `<!-- name:end -->` replaced.
    private func filled(_ page: String, _ name: String, _ part: String) throws -> String {
        let path = folder + "/" + page
        let text = String(decoding: try FileIO.contents(path, shown: path), as: UTF8.self)
        let begin = "<!-- \(name):begin -->"
        let end = "<!-- \(name):end -->"
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let from = lines.firstIndex(of: begin), let to = lines.firstIndex(of: end), from < to else {
            throw Finding(.fileReadFailed, at: Place(file: path), found: .plain("no line \(begin) before a line \(end)"))
        }
        return (lines[...from] + ["", part.trimmed, ""] + lines[to...]).joined(separator: "\n")
    }
}

extension String {
    /// Without blanks and line ends at both ends.
    var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

/// `docs/FINDINGS.md`: every code with what it means and what to do.
enum FindingsPage {
    static func text() -> String {
        var out = """
            # Findings

            Every problem that Dropgate tells of has a stable code. This page is generated from the catalogue (`make docs`).
            "Stops" says what waits: nothing, the order, the file, the endpoint (a folder, a disk, the ledger) or the start.
            `{…}` is replaced by the value at hand.

            """
        var area = ""
        for code in FindingCode.all {
            let head = String(code.id.prefix { $0 != "." })
            if head != area {
                area = head
                out += "\n## \(area)\n"
            }
            out += """

                ### `\(code.id)`

                \(code.when) Stops: \(code.stops.rawValue).

                - Expected: \(code.english.expected)
                - What to do: \(code.english.remedy)
                - Beklenen: \(code.turkish.expected)
                - Yapılacak: \(code.turkish.remedy)

                """
        }
        return out
    }
}

/// The generated parts of `docs/ORDER.md` and `docs/order.schema.json`.
enum OrderPage {
    static func table() -> String {
        var out = "| field | kind | personal | what it holds |\n| --- | --- | --- | --- |\n"
        for field in OrderField.all {
            out += "| `\(field.name)` | \(field.kind.rawValue) | \(field.isPersonal ? "yes" : "") | \(field.summary) |\n"
        }
        return out
    }

    /// A tree of the dotted names: a name is a leaf, or an object of further names.
    private final class Node {
        var field: OrderField?
        var children: [(name: String, node: Node)] = []
        func child(_ name: String) -> Node {
            if let found = children.first(where: { $0.name == name }) { return found.node }
            let made = Node()
            children.append((name, made))
            return made
        }
    }

    static func schema() -> String {
        let order = Node()
        let line = Node()
        for field in OrderField.heads { place(field, field.name, in: order) }
        for field in OrderField.lines { place(field, String(field.name.dropFirst("line.".count)), in: line) }
        var properties = order.children.map { "    \(quoted($0.name)): \(schema(of: $0.node, indent: "    "))" }
        properties.append("    \"lines\": {\n      \"type\": \"array\",\n      \"items\": \(schema(of: line, indent: "      "))\n    }")
        properties.append(
            "    \"decision\": { \"enum\": [\"ship\", \"skip\", \"hold\"], \"description\": \"What the profile's rules say.\" }")
        properties.append("    \"reason\": { \"type\": \"string\", \"description\": \"Why it is skipped or held.\" }")
        properties.append(
            "    \"row\": { \"type\": \"integer\", \"minimum\": 1, \"description\": \"First row in the file, as a spreadsheet shows it.\" }"
        )
        return """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "title": "Canonical order",
              "description": "One line of `dropgate convert` without a carrier. Generated from the order's fields.",
              "type": "object",
              "required": ["lines", "decision", "row"],
              "additionalProperties": false,
              "properties": {
            \(properties.joined(separator: ",\n"))
              }
            }

            """
    }

    private static func place(_ field: OrderField, _ name: String, in root: Node) {
        var node = root
        for part in name.split(separator: ".") { node = node.child(String(part)) }
        node.field = field
    }

    private static func schema(of node: Node, indent: String) -> String {
        if let field = node.field, node.children.isEmpty {
            return "{ \(type(field.kind)), \"description\": \(quoted(field.summary)) }"
        }
        let inner = node.children.map { "\(indent)    \(quoted($0.name)): \(schema(of: $0.node, indent: indent + "    "))" }
        return "{\n\(indent)  \"type\": \"object\",\n\(indent)  \"additionalProperties\": false,\n\(indent)  \"properties\": {\n"
            + inner.joined(separator: ",\n") + "\n\(indent)  }\n\(indent)}"
    }

    private static func type(_ kind: OrderField.Kind) -> String {
        switch kind {
        case .text, .phone: "\"type\": \"string\""
        case .money: "\"type\": \"string\", \"pattern\": \"^-?[0-9]+(\\\\.[0-9]+)?$\""
        case .mass, .count: "\"type\": \"integer\", \"minimum\": 0"
        case .instant: "\"type\": \"string\", \"format\": \"date-time\""
        case .country: "\"type\": \"string\", \"pattern\": \"^[A-Z]{2}$\""
        case .currency: "\"type\": \"string\", \"pattern\": \"^[A-Z]{3}$\""
        }
    }

    private static func quoted(_ text: String) -> String { JSONLogHandler.quoted(text) }
}
