import GatewayCore

/// What `dropgate init` writes: a workspace that ships at once. The files are this repository's own, embedded at build.
package enum WorkspaceTemplate {
    /// A file to write: path relative to the workspace.
    package struct File: Sendable, Hashable {
        package var path: String
        package var bytes: [UInt8]
        /// Permission bits.
        package var permissions: UInt16
    }

    /// `dropgate.yaml` with all flows in `mode`, the mappings and the examples.
    package static func files(mode: Mode) -> [File] {
        let shipped = ShippedFiles.paths.compactMap { path -> File? in
            guard let bytes = ShippedFiles.bytes(path) else { return nil }
            let text = path == "dropgate.yaml" ? settings(bytes, mode) : bytes
            return File(path: path, bytes: text, permissions: 0o644)
        }
        return shipped + [File(path: schemaName, bytes: Array(settingsSchema().utf8), permissions: 0o644)]
    }

    /// The editors' schema of `dropgate.yaml`, beside it. This repository, which is a workspace too, has it in `docs`.
    private static let schemaName = "dropgate.schema.json"

    /// Folders to make, relative to the workspace. `state` is the gateway's own: 0700.
    package static func folders(mode: Mode) -> [(path: String, permissions: UInt16)] {
        var folders: [(path: String, permissions: UInt16)] = [
            ("inbox/carriers", 0o755), ("inbox/merchants", 0o755), ("mappings", 0o755), ("examples", 0o755), ("state", 0o700),
        ]
        var reader = SettingsReader(carriers: [], channels: [])
        for file in files(mode: mode) where file.path == "dropgate.yaml" {
            // The shipped file is right: a test holds it against the linter.
            guard let node = try? ConfigReader.read(file.bytes, file: file.path), let merchants = node["merchants"] else { continue }
            for (merchant, node) in reader.entries(merchants, "merchants") ?? [] {
                for (flow, _) in node["flows"].flatMap({ reader.entries($0, "flows") }) ?? [] {
                    folders.append(("inbox/merchants/\(merchant.text)/\(flow.text)", 0o755))
                }
            }
        }
        return folders
    }

    /// The commented settings with every flow's `mode:` line set.
    private static func settings(_ bytes: [UInt8], _ mode: Mode) -> [UInt8] {
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            let start = line.drop { $0 == " " }
            if line.hasPrefix("# yaml-language-server: ") { return "# yaml-language-server: $schema=\(schemaName)" }
            for old in Mode.allCases where start.hasPrefix("mode: \(old.rawValue) ") {
                return line.prefix(line.count - start.count) + "mode: \(mode.rawValue)" + start.dropFirst("mode: \(old.rawValue)".count)
            }
            return String(line)
        }
        return Array(lines.joined(separator: "\n").utf8)
    }
}
