import GatewayCore
import GatewayFormats
import GatewayMapping

/// A profile with all that was wrong with it and the files that it was made from.
struct Loaded<Mapping: Sendable>: Sendable {
    /// Nil when the findings leave nothing that could run.
    var mapping: Mapping?
    var findings: [Finding]
    var sources: [ProfileSource]

    /// The profile, or what stops it.
    func usable() throws(Finding) -> Mapping {
        if let mapping { return mapping }
        let stopping = findings.first { $0.code.stops != .nothing } ?? findings.first
        throw stopping ?? Finding(.configFileEmpty, at: Place(file: sources.first?.shown))
    }
}

/// A file that a profile was made from.
struct ProfileSource: Sendable, Hashable {
    /// Path relative to `mappings/`.
    var relative: String
    var shown: String
    /// Nil: it came with the binary.
    var stamp: FileStamp?
    /// Kept to be hashed when somebody asks: the first hash of a process costs a millisecond, which `convert` need not pay.
    var bytes: [UInt8]

    init(_ relative: String, _ file: MappingFile) {
        self.relative = relative
        shown = file.shown
        stamp = file.stamp
        bytes = file.bytes
    }
}

/// Reads profiles and the files that they name.
struct ProfileLoader: Sendable {
    let files: MappingFiles

    /// - Parameter relative: such as `channels/NAME.yaml`.
    func channel(_ relative: String) throws(Finding) -> Loaded<ChannelMapping>? {
        guard let file = try files.read(relative) else { return nil }
        let tables = CodeTables(files)
        var report = LintReport()
        var node = try ConfigReader.read(file.bytes, file: file.shown)
        var sources = [ProfileSource(relative, file)]
        if case .text(let name)? = node["extends"] {
            let base = try base(name)
            sources.append(base.source)
            node = ChannelMapping.extending(base.node, by: node)
        }
        let mapping = ChannelMapping.parse(node, file: file.shown, tables: tables, report: &report)
        return Loaded(mapping: mapping, findings: report.findings + tables.findings, sources: sources + tables.sources)
    }

    /// The profile that another extends. One level is enough: what many share stands in one file.
    private func base(_ name: SourceText) throws(Finding) -> (node: ConfigNode, source: ProfileSource) {
        let relative = "channels/\(name.text).yaml"
        if Self.isPlainName(name.text), let file = try files.read(relative) {
            let node = try ConfigReader.read(file.bytes, file: file.shown)
            if node["extends"] == nil { return (node, ProfileSource(relative, file)) }
        }
        let known = files.names(in: "channels", ending: ".yaml")
        throw Finding(
            .mappingExtends, at: name.place, found: .plain(name.text),
            ["nearest": .plain(Nearest.name(to: name.text, among: known) ?? "none")])
    }

    /// - Parameter relative: such as `carriers/NAME.yaml`; the files it names stand in `carriers/NAME/`.
    func carrier(_ relative: String) throws(Finding) -> Loaded<CarrierMapping>? {
        guard let file = try files.read(relative) else { return nil }
        let node = try ConfigReader.read(file.bytes, file: file.shown)
        let named = CarrierMapping.files(node)
        let tables = CodeTables(files)
        var report = LintReport()
        var sources = [ProfileSource(relative, file)]
        var template = Template(file: file.shown, nodes: [], fileExtension: "")
        if let request = named.request {
            let companion = try companion(request, of: relative, &sources)
            template = try TemplateParser.parse(companion.bytes, file: companion.shown)
        }
        var limits: [[SourceText]]?
        if let table = named.limits {
            let companion = try companion(table, of: relative, &sources)
            limits = try readTable(companion.bytes, file: companion.shown)
        }
        let mapping = CarrierMapping.parse(node, template: template, limits: limits, file: file.shown, tables: tables, report: &report)
        return Loaded(mapping: mapping, findings: report.findings + tables.findings, sources: sources + tables.sources)
    }

    /// Folder of the files that the profile at `relative` names.
    static func companionFolder(_ relative: String) -> String { String(relative.dropLast(".yaml".count)) }

    /// Whether a name may be put into a path: no separators, nothing hidden.
    static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && !name.utf8.contains(0x2F) && !name.utf8.contains(0)
    }

    private func companion(_ name: SourceText, of relative: String, _ sources: inout [ProfileSource]) throws(Finding) -> MappingFile {
        let folder = Self.companionFolder(relative)
        if Self.isPlainName(name.text), let file = try files.read(folder + "/" + name.text) {
            sources.append(ProfileSource(folder + "/" + name.text, file))
            return file
        }
        throw Finding(.configCompanionMissing, at: name.place, found: .plain(name.text), ["folder": .plain("mappings/" + folder)])
    }
}
