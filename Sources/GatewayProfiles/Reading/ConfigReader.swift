import GatewayCore
import Yams

/// Reads a YAML file as text with places: no type is guessed (`NO` is Norway, `01234` a postcode).
package enum ConfigReader {
    /// Bytes of such a file at most; lists that are longer are CSV tables.
    package static let sizeLimit = 1 << 20
    /// Levels of nesting at most.
    package static let depthLimit = 32

    /// - Parameter file: name for findings, relative to the workspace.
    package static func read(_ bytes: [UInt8], file: String) throws(Finding) -> ConfigNode {
        guard bytes.count <= sizeLimit else {
            throw Finding(.fileTooLarge, at: Place(file: file), found: .plain("\(bytes.count)"), ["limit": .plain("\(sizeLimit)")])
        }
        guard var text = String(validating: bytes, as: UTF8.self) else { throw Finding(.configFileEncoding, at: Place(file: file)) }
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        do {
            // Resolver.basic keeps Yams from running its patterns for numbers, dates and booleans over every scalar; the constructor makes
            // values of nodes, which is never asked for here.
            let parser = try Parser(yaml: text, resolver: .basic, constructor: Constructor([:], [:], [:]), encoding: .utf8)
            guard let root = try parser.singleRoot() else { throw Finding(.configFileEmpty, at: Place(file: file)) }
            // Nodes hold their anchors weakly: they are known as long as the parser lives.
            return try withExtendedLifetime(parser) { try node(root, file: file, depth: 0) }
        } catch let finding as Finding {
            throw finding
        } catch {
            throw syntaxFinding(error, file: file, text: text)
        }
    }

    private static func node(_ node: Node, file: String, depth: Int) throws -> ConfigNode {
        let place = Place(file: file, line: node.mark?.line, column: node.mark?.column)
        guard depth <= depthLimit else {
            throw Finding(.configYAMLDeep, at: place, found: .plain("\(depth)"), ["limit": .plain("\(depthLimit)")])
        }
        switch node {
        case .scalar(let scalar):
            if let anchor = scalar.anchor { throw Finding(.configYAMLAnchor, at: place, found: .plain("&" + anchor.rawValue)) }
            return .text(SourceText(scalar.string, at: place))
        case .sequence(let sequence):
            if let anchor = sequence.anchor { throw Finding(.configYAMLAnchor, at: place, found: .plain("&" + anchor.rawValue)) }
            return .list(try sequence.map { try Self.node($0, file: file, depth: depth + 1) }, place)
        case .mapping(let mapping):
            if let anchor = mapping.anchor { throw Finding(.configYAMLAnchor, at: place, found: .plain("&" + anchor.rawValue)) }
            var entries: [(key: SourceText, value: ConfigNode)] = []
            for (key, value) in mapping {
                guard case .text(let name) = try Self.node(key, file: file, depth: depth + 1) else {
                    throw Finding(.configYAMLKey, at: Place(file: file, line: key.mark?.line, column: key.mark?.column))
                }
                entries.append((name, try Self.node(value, file: file, depth: depth + 1)))
            }
            return .map(entries, place)
        case .alias:
            throw Finding(.configYAMLAnchor, at: place)
        }
    }

    private static func syntaxFinding(_ error: any Error, file: String, text: String) -> Finding {
        guard let error = error as? YamlError else {
            return Finding(.configYAMLSyntax, at: Place(file: file), ["problem": .plain("\(error)")])
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let place = Place(file: file, line: mark.line, column: mark.column)
            let line = lineText(text, mark.line)
            if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
                return Finding(.configYAMLTab, at: place, found: .plain(String(line)))
            }
            if problem.contains("alias") || problem.contains("anchor") {
                return Finding(.configYAMLAnchor, at: place, found: .plain(trimmed(line)))
            }
            let whole = context.map { "\($0.text) from line \($0.mark.line): \(problem)" } ?? problem
            return Finding(.configYAMLSyntax, at: place, found: .plain(trimmed(line)), ["problem": .plain(whole)])
        case .reader(let problem, let offset, _, _):
            let before = offset.map { text.unicodeScalars.prefix($0).count { $0 == "\n" } }
            return Finding(.configYAMLSyntax, at: Place(file: file, line: before.map { $0 + 1 }), ["problem": .plain(problem)])
        case .duplicatedKeysInMapping(let duplicates, let context):
            let place = Place(file: file, line: context.mark.line, column: context.mark.column)
            return Finding(.configYAMLDuplicate, at: place, found: duplicates.first.map { .plain($0) })
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return Finding(.configYAMLSyntax, at: Place(file: file), ["problem": .plain("\(error)")])
        }
    }

    private static func lineText(_ text: String, _ line: Int) -> Substring {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.indices.contains(line - 1) ? lines[line - 1] : ""
    }

    private static func trimmed(_ line: Substring) -> String {
        String(line.drop { $0 == " " }.prefix(60))
    }
}
