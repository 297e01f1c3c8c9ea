@_spi(HotPath) import GatewayCore
import GatewayFormats
import GatewayMapping

extension Workspace {
    /// Opens one file: finds out its dialect and its profile, and compiles both mappings for its headings.
    ///
    /// - Parameters:
    ///   - file: shown name, for findings.
    ///   - channel: name or path of a profile; nil: the best of those that the flow takes.
    ///   - carrier: name or path of a profile; nil: canonical orders.
    ///   - grouped: of a file that was grouped on disk.
    ///   - table: of a file that was laid out; `source` is over its ``LaidOutDrop/source(shown:)``, or over its grouped rows.
    ///   - window: bytes that a batch begins with.
    /// - Throws: what makes the whole file unreadable, or the mapping unusable for it.
    package func open(
        source: any ByteSource, file: String, flow: FlowSettings, channel: String? = nil, carrier: String?, key: DigestKey,
        grouped: GroupedDrop? = nil, table: LaidOutDrop? = nil, window: Int = 1 << 18
    ) throws(Finding) -> Pipeline {
        // A profile that was named may be a path, which the table's own name for it is not.
        let channel = channel ?? table?.channel
        let offered = try offeredChannels(channel, flow)
        let formats = Set(offered.map(\.mapping.format))
        var options = ReadOptions()
        options.file = file
        options.limits = settings.limits
        options.format = formats.count == 1 ? formats.first ?? "csv" : "csv"
        options.rows = try grouped?.rowNumbers()
        options.isTable = table?.isTable ?? false
        options.mendsText = table != nil
        var opened = try openFormat(options, source)
        let loadedCarrier = try carrier.map { (name) throws(Finding) in try self.carrier(name) }
        let carrierMapping = try loadedCarrier.map { (found) throws(Finding) in try found.loaded.usable() }
        let wanted = CompiledCache.Key(
            constants: flow.constants, zone: flow.zone, channel: channel, carrier: loadedCarrier?.name, header: opened.reader.header,
            dialect: options.isTable ? nil : opened.dialect, digests: key,
            sources: offered.flatMap(\.sources) + (loadedCarrier?.loaded.sources ?? []))
        let made: CompiledMappings
        if let known = compiled.mappings(wanted) {
            made = known
        } else {
            made = try compile(offered, carrierMapping, wanted, file: file, part: table?.part)
            compiled.keep(made, wanted)
        }
        let chosen = offered[made.chosen]
        if made.isLiteral { opened.takeQuotesLiterally() }
        let schema = try loadedCarrier?.schema.map { (place) throws(Finding) in
            Pipeline.Schema(validator: try SchemaValidator(schemaPath: place.path, shownAs: place.shown), shown: place.shown)
        }
        let perDocument = ordersPerDocument(flow, carrierMapping)
        return Pipeline(
            Pipeline.Parts(
                file: file, flow: flow, reader: opened.reader, dialect: opened.dialect,
                csv: options.isTable ? .table : csvSettings(options.format, opened.dialect),
                table: table, limits: settings.limits,
                window: window, channelName: chosen.name,
                carrierName: loadedCarrier?.name, channelProgram: made.channel, carrierProgram: made.carrier, schema: schema,
                pool: made.pool,
                sources: chosen.sources + (loadedCarrier?.loaded.sources ?? []),
                documentExtension: carrierMapping?.fileExtension ?? "jsonl", ordersPerDocument: perDocument,
                skipReasons: chosen.mapping.skipReasons,
                columnsNobodyMaps: table?.unmapped ?? made.unmapped, columnsMissing: made.missing, columnsRemark: made.remark,
                candidates: table?.candidates ?? made.candidates))
    }

    private func compile(
        _ offered: [OfferedChannel], _ carrier: CarrierMapping?, _ wanted: CompiledCache.Key, file: String, part: String?
    ) throws(Finding) -> CompiledMappings {
        let (index, candidates) = try choose(offered, for: wanted.header, file: file, isStated: wanted.channel != nil)
        let mapping = offered[index].mapping
        let missing = mapping.missingColumns(of: wanted.header)
        let row = max(wanted.header.row, 1)
        if var renamed = mapping.renamedColumn(missing, row: row) {
            renamed.place.file = file
            renamed.place.part = part
            throw renamed
        }
        let isLiteral = takesQuotesLiterally(mapping, wanted.dialect)
        let pool = ConstantPool()
        let channelProgram = try mapping.compile(
            header: wanted.header, zone: wanted.zone, digestSlots: carrier?.usedSlots ?? .all, key: wanted.digests, pool: pool,
            literalQuotes: isLiteral, orderRecords: settings.limits.orderRecords)
        let carrierProgram = try carrier.map { (mapping) throws(Finding) in
            try mapping.compile(constants: wanted.constants, zone: wanted.zone, pool: pool)
        }
        return CompiledMappings(
            channel: channelProgram, carrier: carrierProgram, pool: pool.bytes,
            unmapped: mapping.unmappedColumns(of: wanted.header), missing: missing.map { $0.finding(row: row) },
            remark: mapping.absentRemark(missing, row: row), isLiteral: isLiteral, chosen: index, candidates: candidates)
    }

    /// Whether a profile's `format:` takes quotes as characters. A file that somebody saved with another delimiter was quoted by that program.
    private func takesQuotesLiterally(_ mapping: ChannelMapping, _ dialect: CSVDialect?) -> Bool {
        guard let dialect, let stated = CSVSettings.parse(mapping.format) else { return false }
        return stated.quotesAreLiteral && (stated.delimiter ?? dialect.delimiter) == dialect.delimiter
    }

    /// How the file is read again when it is grouped.
    private func csvSettings(_ format: String, _ dialect: CSVDialect) -> CSVSettings? {
        guard dialect.quote == nil else { return CSVSettings.parse(format) }
        return CSVSettings(delimiter: dialect.delimiter, quotesAreLiteral: true)
    }

    /// The `format:` by which a flow's file must be looked at before it is opened; nil: as delimited text is found out by itself.
    ///
    /// Only files whose quotes are characters need it: elsewhere a single one would make the file look unfinished.
    package func statedFormat(of descriptor: Int32, flow: FlowSettings) throws(Finding) -> String? {
        let literal = try offeredChannels(nil, flow).filter { CSVSettings.parse($0.mapping.format)?.quotesAreLiteral == true }
        if literal.isEmpty { return nil }
        let opened: OpenedFile
        do throws(Finding) {
            opened = try openFormat(ReadOptions(limits: settings.limits), DescriptorSource(descriptor, shown: "file"))
        } catch {
            if error.code == .fileReadFailed { throw error }
            // What is wrong with its headings is said when it is read.
            return nil
        }
        return literal.first {
            takesQuotesLiterally($0.mapping, opened.dialect) && $0.mapping.recognises(opened.reader.header).isMatch
        }?.mapping.format
    }

    /// Secrets of a flow's carrier in the order of their marks in a document, escaped for where they stand.
    package func secretBytes(of flow: FlowSettings) throws(Finding) -> [[UInt8]] {
        guard let name = flow.carrier, let account = flow.account else { return [] }
        let mapping = try carrier(name).loaded.usable()
        if mapping.secrets.isEmpty { return [] }
        let program = try mapping.compile(constants: flow.constants, zone: flow.zone, pool: ConstantPool())
        var all: [[UInt8]] = []
        for use in program.secrets {
            guard let source = account.secrets[use.name] else {
                throw Finding(
                    .secretUndeclared, at: account.place,
                    ["key": .plain(use.name), "account": .plain("\(account.carrier)/\(account.name)")])
            }
            all.append(escaped(try Secrets.value(source, key: use.name, root: root), as: use.escape))
        }
        return all
    }

    private func ordersPerDocument(_ flow: FlowSettings, _ carrier: CarrierMapping?) -> Int {
        guard let carrier else { return flow.ordersPerDocument ?? 10_000 }
        switch carrier.documents {
        case .onePerConsignment: return 1
        case .batch: return min(flow.ordersPerDocument ?? 10_000, carrier.ordersPerDocument ?? 10_000)
        }
    }

    // MARK: Which profile

    struct OfferedChannel {
        var name: String
        var mapping: ChannelMapping
        var sources: [ProfileSource]
    }

    func offeredChannels(_ channel: String?, _ flow: FlowSettings) throws(Finding) -> [OfferedChannel] {
        var offered: [OfferedChannel] = []
        let names = if let channel { [channel] } else { try channelProfiles(flow.channels) }
        for name in names {
            let (loaded, shown) = try self.channel(name)
            offered.append(OfferedChannel(name: shown, mapping: try loaded.usable(), sources: loaded.sources))
        }
        guard !offered.isEmpty else {
            let wrong = flow.channels.first ?? ""
            let nearest = Nearest.name(to: wrong, among: channelNames()) ?? "none"
            throw Finding(.configChannelUnknown, at: flow.place, found: .plain(wrong), ["nearest": .plain(nearest)])
        }
        return offered
    }

    func openFormat(_ options: ReadOptions, _ source: any ByteSource) throws(Finding) -> OpenedFile {
        guard FormatCatalogue.named(options.format) != nil else { throw Self.formatUnknown(options.format) }
        return try FormatCatalogue.open(source, options)
    }

    static func formatUnknown(_ format: String) -> Finding {
        let known = FormatCatalogue.all.map(\.name).joined(separator: ", ")
        return Finding(.formatUnknown, found: .plain(format), ["formats": .plain(known)])
    }

    /// The profile that uses the most columns among those that recognise the headings. One that a person named is taken as it is.
    private func choose(
        _ offered: [OfferedChannel], for header: Header, file: String, isStated: Bool
    ) throws(Finding) -> (Int, [ProfileCandidate]) {
        var best: (index: Int, matched: Int)?
        var candidates: [ProfileCandidate] = []
        for (index, channel) in offered.enumerated() {
            let found = channel.mapping.recognises(header)
            candidates.append(
                ProfileCandidate(
                    name: channel.name, isMatch: found.isMatch, matched: found.matched, missing: found.missing, excludedBy: found.excludedBy
                ))
            if found.isMatch, found.matched > best?.matched ?? -1 { best = (index, found.matched) }
        }
        if let best { return (best.index, candidates) }
        if isStated, !offered.isEmpty, candidates[0].missing.isEmpty { return (0, candidates) }
        throw unrecognised(offered, candidates, header, file)
    }

    func unrecognised(
        _ offered: [OfferedChannel], _ candidates: [ProfileCandidate], _ header: Header, _ file: String
    ) -> Finding {
        let index = candidates.indices.max {
            (candidates[$0].matched, -candidates[$0].missing.count) < (candidates[$1].matched, -candidates[$1].missing.count)
        }
        let nearest = index.map { candidates[$0] }
        let shown = header.names.prefix(8).joined(separator: ", ") + (header.names.count > 8 ? ", …" : "")
        if let known = LookAlikes(files).finding(for: header, file: file) { return known }
        if let nearest, let column = nearest.excludedBy {
            return Finding(
                .channelLookalike, at: .row(header.row, file: file), found: .plain(column), ["profile": .plain(nearest.name)])
        }
        // A misspelt heading is one that the profile does not use otherwise.
        let unused = index.map { offered[$0].mapping.unmappedColumns(of: header) } ?? []
        let misspelt = (nearest?.missing ?? []).compactMap { HeaderName.nearest(to: $0, among: unused) }.map { "\"\($0)\"" }
        return Finding(
            .headerUnknown, at: .row(header.row, file: file), found: .plain(shown),
            [
                "profile": .plain(nearest?.name ?? "none"),
                "missing": .plain(nearest?.missing.map { "\"\($0)\"" }.joined(separator: ", ") ?? ""),
                "nearest": .plain(misspelt.isEmpty ? "none" : misspelt.joined(separator: ", ")),
            ])
    }
}
