import GatewayCore
import GatewayMapping
import Glibc

/// A workspace's settings and mappings: everything that a pipeline is made from.
package final class Workspace: Sendable {
    /// Its folder; nil when there is none and only what came with the binary is used.
    package let root: String?
    package let settings: Settings
    let cache: ProfileCache
    let compiled = CompiledCache()
    var files: MappingFiles { cache.loader.files }

    private init(root: String?, settings: Settings, files: MappingFiles) {
        self.root = root
        self.settings = settings
        cache = ProfileCache(files)
    }

    /// Reads and checks `dropgate.yaml`. Nil when a finding keeps the gateway from starting; others are remarks.
    package static func load(root: String) -> (workspace: Workspace?, findings: [Finding]) {
        let path = root + "/dropgate.yaml"
        guard FileIO.exists(path) else { return (nil, [Finding(.workspaceMissing, at: Place(file: root), found: nil)]) }
        let files = mappingFiles(root: root)
        do throws(Finding) {
            let bytes = try ConfigFile.contents(path, shown: "dropgate.yaml", limit: ConfigReader.sizeLimit)
            let (settings, findings) = Settings.read(
                bytes, carriers: files.names(in: "carriers", ending: ".yaml"), channels: channelNames(files) + families(files))
            return (settings.map { Workspace(root: root, settings: $0, files: files) }, findings)
        } catch {
            return (nil, [error])
        }
    }

    /// Without `dropgate.yaml`: the mappings below `root` when it is given, and what came with the binary.
    package static func shipped(root: String? = nil) -> Workspace {
        Workspace(root: root, settings: Settings(), files: root.map { mappingFiles(root: $0) } ?? MappingFiles(bases: []))
    }

    /// The same for files that are looked up elsewhere first.
    static func shipped(_ files: MappingFiles) -> Workspace { Workspace(root: nil, settings: Settings(), files: files) }

    package var flows: [FlowSettings] { settings.flows }

    /// The flow called `id`: `merchant/flow`, or `flow` alone when one merchant only has it.
    package func flow(_ id: String) throws(Finding) -> FlowSettings {
        if let flow = flows.first(where: { $0.id == id }) { return flow }
        let named = flows.filter { $0.name == id }
        if named.count == 1 { return named[0] }
        let known = (named.isEmpty ? flows : named).map(\.id).joined(separator: ", ")
        throw Finding(.configFlowUnknown, at: Place(file: "dropgate.yaml"), found: .plain(id), ["known": .plain(known)])
    }

    /// Names of the channel profiles, the workspace's and the shipped ones.
    package func channelNames() -> [String] { Self.channelNames(files) }
    /// Names of the carrier profiles.
    package func carrierNames() -> [String] { files.names(in: "carriers", ending: ".yaml") }

    // MARK: Profiles

    /// Profiles of the channels that a flow takes: those of that name, and all of a family of that name.
    func channelProfiles(_ names: [String]) throws(Finding) -> [String] {
        var found: [String] = []
        for name in Self.channelNames(files) {
            if names.contains(name) {
                found.append(name)
            } else if let family = try family(name), names.contains(family) {
                found.append(name)
            }
        }
        return found
    }

    /// The family that a channel profile says it belongs to, read without parsing the file.
    private func family(_ name: String) throws(Finding) -> String? {
        try files.read("channels/\(name).yaml").flatMap { Self.family(in: $0.bytes) }
    }

    private static func family(in bytes: [UInt8]) -> String? {
        for line in bytes.split(separator: 0x0A) where line.starts(with: "family:".utf8) {
            let value = line.dropFirst("family:".utf8.count).prefix { $0 != 0x23 }
            let text = String(decoding: value, as: UTF8.self)
            return String(text.filter { !" \"'\r\t".contains($0) })
        }
        return nil
    }

    private static func families(_ files: MappingFiles) -> [String] {
        let all = channelNames(files).compactMap { name -> String? in
            // An unreadable profile is the linter's to report; here it merely has no family.
            (try? files.read("channels/\(name).yaml")).flatMap { family(in: $0.bytes) }
        }
        return Set(all).sorted()
    }

    private static func channelNames(_ files: MappingFiles) -> [String] { files.names(in: "channels", ending: ".yaml") }

    private static func mappingFiles(root: String) -> MappingFiles {
        MappingFiles(bases: [MappingFiles.Base(folder: root + "/mappings", shown: "mappings")])
    }

    /// The profile that a command or a flow names: by name below `mappings/KIND/`, or by path.
    ///
    /// A profile given by its path finds its own folder and tables beside it, as in `mappings/`; what is not there comes from this workspace.
    func located(_ name: String, kind: String) throws(Finding) -> (cache: ProfileCache, relative: String, name: String) {
        guard name.contains("/") || name.hasSuffix(".yaml") else { return (cache, "\(kind)/\(name).yaml", name) }
        guard name.hasSuffix(".yaml"), FileIO.exists(name) else { throw FileIO.finding(.fileReadFailed, name, error: ENOENT) }
        var parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let relative = parts.suffix(2).joined(separator: "/")
        let file = parts.removeLast()
        if !parts.isEmpty { parts.removeLast() }
        // "a.yaml" has no parts left, "/a.yaml" stands below the root, "x/a.yaml" below here.
        let parent = name.hasPrefix("/") && parts.count < 2 ? "/" : parts.isEmpty ? "." : parts.joined(separator: "/")
        let base = MappingFiles.Base(folder: parent, shown: parts.isEmpty ? "" : parent)
        let files = MappingFiles(bases: [base] + files.bases)
        return (ProfileCache(files), relative, String(file.dropLast(".yaml".count)))
    }

    func channel(_ name: String) throws(Finding) -> (loaded: Loaded<ChannelMapping>, name: String) {
        let place = try located(name, kind: "channels")
        if let loaded = try place.cache.channel(place.relative) { return (loaded, place.name) }
        let known = channelNames()
        throw Finding(
            .configChannelUnknown, found: .plain(name), ["nearest": .plain(Nearest.name(to: name, among: known) ?? "none")])
    }

    func carrier(_ name: String) throws(Finding) -> (loaded: Loaded<CarrierMapping>, name: String, schema: (path: String, shown: String)?) {
        let place = try located(name, kind: "carriers")
        guard let loaded = try place.cache.carrier(place.relative) else {
            let known = carrierNames()
            throw Finding(
                .configCarrierUnknown, found: .plain(name), ["nearest": .plain(Nearest.name(to: name, among: known) ?? "none")])
        }
        let schema = loaded.mapping?.schema.flatMap { named in
            ProfileLoader.isPlainName(named.text)
                ? place.cache.loader.files.path(ProfileLoader.companionFolder(place.relative) + "/" + named.text) : nil
        }
        return (loaded, place.name, schema)
    }
}
