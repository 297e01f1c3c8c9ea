import GatewayCore
import GatewayFormats
import GatewayMapping

/// Checks settings, profiles, templates and tables as they stand, and runs the examples that the profiles carry.
package struct Linter {
    private let root: String?
    /// Profiles of which no file is the workspace's own came with the binary, and were checked before it was built.
    private var skipsShipped: Bool { root != nil }
    private let workspace: Workspace

    /// - Parameter root: folder of the workspace; nil: only what came with the binary.
    package init(workspace root: String?) {
        self.root = root
        workspace = Workspace.shipped(root: root)
    }

    /// Everything that is wrong, in the order of the files.
    ///
    /// - Parameter paths: files or folders; none: `dropgate.yaml` and all profiles and tables.
    package func check(_ paths: [String] = []) -> [Finding] {
        var seen = Set<Finding>()
        return (paths.isEmpty ? checkAll() : paths.flatMap { checkPath($0) }).filter { seen.insert($0).inserted }
    }

    // MARK: What to check

    private func checkAll() -> [Finding] {
        var findings: [Finding] = []
        if let root { findings += checkSettings(root) }
        let files = workspace.files
        for name in files.names(in: "channels", ending: ".yaml") { findings += checkChannel(name, files, "channels/\(name).yaml") }
        for name in files.names(in: "carriers", ending: ".yaml") { findings += checkCarrier(name, files, "carriers/\(name).yaml") }
        for name in files.names(in: "tables", ending: ".csv") { findings += checkTable("tables/\(name).csv", files) }
        return findings
    }

    private func checkPath(_ given: String) -> [Finding] {
        let path = given.count > 1 && given.hasSuffix("/") ? String(given.dropLast()) : given
        guard FileIO.exists(path) else { return [FileIO.finding(.fileReadFailed, path)] }
        if FileStamp(path) == nil { return checkFolder(path) }
        if path.hasSuffix("dropgate.yaml") { return checkSettings(FileIO.folder(of: path)) }
        if path.hasSuffix(".yaml") { return checkProfile(path) }
        // A template or field table is checked with the profile that names it.
        let owner = FileIO.folder(of: path) + ".yaml"
        if FileIO.exists(owner) { return checkProfile(owner) }
        if path.hasSuffix(".csv") {
            do throws(Finding) {
                _ = try readTable(try ConfigFile.contents(path, shown: path), file: path)
                return []
            } catch {
                return [error]
            }
        }
        return [Finding(.configKindUnknown, at: Place(file: path))]
    }

    private func checkFolder(_ folder: String) -> [Finding] {
        if FileIO.exists(folder + "/dropgate.yaml") { return Linter(workspace: folder).check() }
        var findings: [Finding] = []
        for name in FileIO.names(in: folder) where !name.hasPrefix(".") {
            let path = folder + "/" + name
            if FileStamp(path) == nil {
                // The files of a profile's own folder are checked with the profile.
                if !FileIO.exists(path + ".yaml") { findings += checkFolder(path) }
            } else if name.hasSuffix(".yaml") || (name.hasSuffix(".csv") && folder.hasSuffix("tables")) {
                findings += checkPath(path)
            }
        }
        return findings
    }

    private func checkProfile(_ path: String) -> [Finding] {
        do throws(Finding) {
            let node = try ConfigReader.read(try ConfigFile.contents(path, shown: path), file: path)
            let place = try workspace.located(path, kind: "")
            if node["channel"] != nil { return checkChannel(path, place.cache.loader.files, place.relative) }
            if node["carrier"] != nil { return checkCarrier(path, place.cache.loader.files, place.relative) }
            return [Finding(.configKindUnknown, at: Place(file: path))]
        } catch {
            return [error]
        }
    }

    // MARK: Checks

    /// - Parameter name: of the profile, or its path.
    private func checkChannel(_ name: String, _ files: MappingFiles, _ relative: String) -> [Finding] {
        do throws(Finding) {
            guard let loaded = try ProfileLoader(files: files).channel(relative) else { return [] }
            if skipsShipped && loaded.sources.allSatisfy({ $0.stamp == nil }) { return [] }
            guard let mapping = loaded.mapping else { return loaded.findings }
            let run = ExampleRun(workspace: .shipped(files), files: files, folder: ProfileLoader.companionFolder(relative))
            let columns = run.unknownColumns(mapping)
            let findings = loaded.findings + named(mapping.name, relative, kind: "channel", loaded.sources) + columns
            // What the examples give would only say the same again.
            return columns.isEmpty ? findings + mapping.examples.flatMap { run.findings($0, channel: name, carrier: nil) } : findings
        } catch {
            return [error]
        }
    }

    private func checkCarrier(_ name: String, _ files: MappingFiles, _ relative: String) -> [Finding] {
        do throws(Finding) {
            guard let loaded = try ProfileLoader(files: files).carrier(relative) else { return [] }
            if skipsShipped && loaded.sources.allSatisfy({ $0.stamp == nil }) { return [] }
            guard let mapping = loaded.mapping else { return loaded.findings }
            let run = ExampleRun(workspace: .shipped(files), files: files, folder: ProfileLoader.companionFolder(relative))
            return loaded.findings + named(mapping.name, relative, kind: "carrier", loaded.sources)
                + mapping.examples.flatMap { example in
                    let channel = example.through ?? ""
                    let columns = unknownColumns(ofChannel: channel, files)
                    return columns.isEmpty ? run.findings(example, channel: channel, carrier: name) : columns
                }
        } catch {
            return [error]
        }
    }

    /// Columns that a carrier's examples cannot find, because the channel's profile misspells them.
    private func unknownColumns(ofChannel name: String, _ files: MappingFiles) -> [Finding] {
        let relative = "channels/\(name).yaml"
        // A profile that cannot be read is what the example itself reports.
        // A profile that can't be read is told by its own check.
        guard let loaded = try? ProfileLoader(files: files).channel(relative), let mapping = loaded.mapping else { return [] }
        return ExampleRun(workspace: .shipped(files), files: files, folder: ProfileLoader.companionFolder(relative)).unknownColumns(mapping)
    }

    private func named(_ name: String, _ relative: String, kind: String, _ sources: [ProfileSource]) -> [Finding] {
        let file = relative.split(separator: "/").last.map { String($0.dropLast(".yaml".count)) } ?? relative
        guard name != file else { return [] }
        return [
            Finding(
                .configProfileName, at: Place(file: sources.first?.shown), found: .plain(name),
                ["name": .plain(file), "kind": .plain(kind)])
        ]
    }

    private func checkTable(_ relative: String, _ files: MappingFiles) -> [Finding] {
        do throws(Finding) {
            guard let file = try files.read(relative) else { return [] }
            _ = try readTable(file.bytes, file: file.shown)
            return []
        } catch {
            return [error]
        }
    }

    private func checkSettings(_ root: String) -> [Finding] {
        let (workspace, findings) = Workspace.load(root: root)
        guard let workspace else { return findings }
        return findings + workspace.flows.flatMap { workspace.findings(of: $0) }
    }
}
