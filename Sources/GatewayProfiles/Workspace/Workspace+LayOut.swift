import GatewayCore
import GatewayFormats
import GatewayMapping
import Glibc

/// A dropped file that was laid out as a table, because it is no UTF-8 delimited text; see docs/decisions/0009.
///
/// The table can be made again from the original, so nothing is flushed; it has no name, and goes with this object.
package final class LaidOutDrop: Sendable {
    /// The table: read by position.
    package let descriptor: Int32
    /// The profile that recognised the file, when that was needed to lay it out.
    let channel: String?
    /// The sheet of a workbook.
    package let part: String?
    /// False for text that was only read as another character set: its dialect is the sender's.
    let isTable: Bool
    /// Columns or paths that the profile does not use; nil: told by the table.
    let unmapped: [String]?
    let candidates: [ProfileCandidate]?
    /// What its text was read as, and why; nil: it is no text, or told by its format.
    package let charset: (name: String, because: String)?
    /// How its receipt is written; nil: as CSV.
    package let receipt: ReceiptShape?

    init(
        _ descriptor: Int32, channel: String? = nil, part: String? = nil, isTable: Bool, unmapped: [String]? = nil,
        candidates: [ProfileCandidate]? = nil, charset: (name: String, because: String)? = nil, receipt: ReceiptShape? = nil
    ) {
        self.charset = charset
        self.descriptor = descriptor
        self.channel = channel
        self.part = part
        self.isTable = isTable
        self.unmapped = unmapped
        self.candidates = candidates
        self.receipt = receipt
    }

    deinit { close(descriptor) }

    /// The table from its start.
    package func source(shown: String) -> any ByteSource { DescriptorSource(descriptor, shown: shown) }
}

/// How the receipt of a file is written that is not delimited text.
package struct ReceiptShape: Sendable {
    let form: ReceiptForm
    /// Ending of the receipt's name.
    package var fileExtension: String { form.fileExtension }

    /// A receipt that was written as CSV, in the format of the file that was sent.
    ///
    /// - Parameter csv: read by position from its start.
    package func write(from csv: Int32, _ sink: (UnsafeRawBufferPointer) throws(Finding) -> Void) throws(Finding) {
        try form.write(csv, sink)
    }
}

extension Workspace {
    /// Lays a file out as a table. Nil: it is delimited text in UTF-8 as far as its first bytes show, and is read as it is.
    ///
    /// - Parameters:
    ///   - descriptor: the whole file; read by position, not closed.
    ///   - file: shown name, for findings.
    ///   - channel: name or path of a profile; nil: the best of those that the flow takes.
    ///   - scratch: folder for the table.
    ///   - isSecondLook: a reader came upon bytes that are no UTF-8 (``Finding/concernsText``): all of the file is looked at.
    /// - Throws: what makes the whole file unreadable.
    package func layOut(
        _ descriptor: Int32, file: String, flow: FlowSettings, channel: String? = nil, scratch: String, isSecondLook: Bool = false
    ) throws(Finding) -> LaidOutDrop? {
        let input = try layoutInput(descriptor, file: file, scratch: scratch)
        let shape = try SourceShape.of(input)
        guard shape != .text else { return try layOutText(input, try offeredChannels(channel, flow), channel != nil, isSecondLook) }
        let offered = try offeredChannels(channel, flow).filter { Self.format(of: $0).shapes.contains(shape) }
        guard let format = FormatCatalogue.layingOut(shape), let make = format.layout, !offered.isEmpty else {
            throw foreign(input, shape, try offeredChannels(channel, flow))
        }
        let layout = try make(input)
        return try layOut(input, layout, format, offered, scratch, isStated: channel != nil)
    }

    func layoutInput(_ descriptor: Int32, file: String, scratch: String = temporaryFolder) throws(Finding) -> LayoutInput {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileIO.finding(.fileReadFailed, file) }
        return LayoutInput(descriptor, size: Int64(status.st_size), file: file, limits: settings.limits, scratch: scratch)
    }

    func layOut(
        _ input: LayoutInput, _ layout: any TableLayout, _ format: Format, _ offered: [OfferedChannel], _ scratch: String, isStated: Bool
    ) throws(Finding) -> LaidOutDrop {
        var best: (channel: Int, glimpse: Glimpse, matched: Int)?
        var candidates: [ProfileCandidate] = []
        for (n, channel) in offered.enumerated() {
            var nearest: ProfileCandidate?
            for glimpse in try layout.glimpses(Self.plan(channel.mapping)) {
                let found = channel.mapping.recognises(glimpse.header)
                let candidate = ProfileCandidate(
                    name: channel.name, isMatch: found.isMatch, matched: found.matched, missing: found.missing, excludedBy: found.excludedBy
                )
                let fits = found.isMatch || (isStated && found.missing.isEmpty && found.excludedBy == nil)
                if nearest == nil || candidate.matched > nearest?.matched ?? 0 || (found.isMatch && nearest?.isMatch == false) {
                    nearest = candidate
                }
                if fits, found.matched > best?.matched ?? -1 { best = (n, glimpse, found.matched) }
            }
            if let nearest { candidates.append(nearest) }
        }
        guard let best else {
            let glimpses = try offered.first.map { (channel) throws(Finding) in try layout.glimpses(Self.plan(channel.mapping)) } ?? []
            // A banner may stand above the headings.
            let lookAlikes = LookAlikes(files)
            for glimpse in glimpses {
                if let known = lookAlikes.finding(for: glimpse.header, file: input.file ?? "file", part: glimpse.part) { throw known }
            }
            throw unrecognised(offered, candidates, glimpses.first?.header ?? Header(names: []), input.file ?? "file")
        }
        let chosen = offered[best.channel]
        let table = try write(input, layout, Self.plan(chosen.mapping), best.glimpse, scratch)
        return LaidOutDrop(
            table, channel: chosen.name, part: best.glimpse.part, isTable: true,
            unmapped: chosen.mapping.unmappedColumns(of: best.glimpse.header), candidates: candidates,
            receipt: format.receipt.map { ReceiptShape(form: $0) })
    }

    /// Writes the table to a file without a name; the descriptor is the caller's.
    func write(
        _ input: LayoutInput, _ layout: any TableLayout, _ plan: TablePlan, _ glimpse: Glimpse, _ scratch: String
    ) throws(Finding) -> Int32 {
        let (descriptor, path) = try ScratchFile.create(in: scratch)
        unlink(path)
        do throws(Finding) {
            var sink = TableSink(descriptor, file: input.file, limits: input.limits)
            try layout.layOut(plan, glimpse, into: &sink)
            try sink.finish()
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    private func foreign(_ input: LayoutInput, _ shape: SourceShape, _ offered: [OfferedChannel]) -> Finding {
        Finding(
            .shapeForeign, at: input.place(), found: .plain(shape.rawValue),
            ["profiles": .plain(offered.map(\.name).joined(separator: ", "))])
    }

    static func plan(_ mapping: ChannelMapping) -> TablePlan {
        TablePlan(
            format: mapping.format, records: mapping.recordsPath, lines: mapping.linesPath, columns: mapping.usedColumns,
            places: mapping.columnPlaces.map { TablePlan.ColumnPlace(name: $0.name, place: $0.place) })
    }

    /// A profile's format; one that is unknown is the linter's to report, and reads nothing.
    static func format(of channel: OfferedChannel) -> Format {
        FormatCatalogue.named(channel.mapping.format) ?? Format("", "", shapes: [], accepts: { _ in false })
    }

    /// How a file's receipt is written; nil: as CSV.
    package func receiptShape(of descriptor: Int32, file: String) throws(Finding) -> ReceiptShape? {
        FormatCatalogue.layingOut(try SourceShape.of(try layoutInput(descriptor, file: file)))?.receipt.map { ReceiptShape(form: $0) }
    }
}
