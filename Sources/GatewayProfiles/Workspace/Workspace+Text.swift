import GatewayCore
import GatewayFormats
import GatewayMapping
import Glibc

extension Workspace {
    /// Text: another character set is written as UTF-8; rows of fixed width are laid out when no profile reads the file by its delimiters.
    /// Nil: it is UTF-8 as far as it was looked at.
    func layOutText(
        _ input: LayoutInput, _ offered: [OfferedChannel], _ isStated: Bool, _ isSecondLook: Bool
    ) throws(Finding) -> LaidOutDrop? {
        let found = try charset(of: input, offered, isSecondLook)
        let input = input.with(found?.charset ?? .utf8)
        let fixed = offered.filter { Self.format(of: $0).layout != nil && Self.format(of: $0).shapes.contains(.text) }
        if let format = fixed.first.map({ Self.format(of: $0) }), let make = format.layout {
            // A receipt of such a file comes back as CSV with headings.
            var options = ReadOptions()
            options.file = input.file
            options.limits = input.limits
            // What is no CSV is for the format of fixed width to read or to refuse.
            // Headings that can't be read are told when the file is opened.
            let header = (try? FormatCatalogue.open(input.text(), options))?.reader.header ?? Header(names: [])
            if !offered.contains(where: { $0.mapping.recognises(header).isMatch }), !ReceiptMerge.isReceipt(header) {
                return try layOut(input, try make(input), format, fixed, input.scratch, isStated: isStated)
            }
        }
        guard let found else { return nil }
        return LaidOutDrop(try transcoded(input), isTable: false, charset: (found.charset.rawValue, found.because))
    }

    /// The character set when it is not just UTF-8, or when bytes of it are damaged.
    private func charset(
        of input: LayoutInput, _ offered: [OfferedChannel], _ isSecondLook: Bool
    ) throws(Finding) -> (charset: Charset, because: String)? {
        let start = try input.start(TextStart.length)
        if let charset = CharsetEvidence.utf16(start) { return (charset, "its mark, or NULs beside ASCII characters") }
        guard isSecondLook || TextStart.hasForeignBytes(start) else { return nil }
        let verdict = try CharsetEvidence.of(input).verdict
        switch verdict {
        case .utf8: return (.utf8, "all but NULs is UTF-8")
        case .utf8WithDamage: return (.utf8, "nearly all of it is UTF-8")
        case .other(let charset, let because): return try stated(offered) ?? (charset, because)
        case .undecided(let candidates):
            if let stated = try stated(offered) { return stated }
            var finding = Finding(.charsetUndecided, at: input.place())
            if let first = Self.firstForeign(input) { finding = Finding(.charsetUndecided, at: first.place, found: first.found) }
            finding.arguments["candidates"] = .plain(candidates.joined(separator: ", "))
            throw finding
        }
    }

    /// What the profiles state, when they agree.
    private func stated(_ offered: [OfferedChannel]) throws(Finding) -> (charset: Charset, because: String)? {
        let texts = Set(offered.map { $0.mapping.charset?.text })
        guard texts.count == 1, let text = offered.first?.mapping.charset else { return nil }
        guard let charset = Charset.named(text.text) else {
            let known = Charset.allCases.map(\.rawValue).joined(separator: ", ")
            throw Finding(.formatUnknown, at: text.place, found: .plain(text.text), ["formats": .plain(known)])
        }
        return (charset, "the profile states it")
    }

    /// Row and column of the first bytes that are no UTF-8.
    private static func firstForeign(_ input: LayoutInput) -> Finding? {
        var options = ReadOptions()
        options.file = input.file
        options.limits = input.limits
        do throws(Finding) {
            try FormatCatalogue.readThrough(input.bytes(), options)
            return nil
        } catch {
            return error.concernsText ? error : nil
        }
    }

    /// The text as UTF-8 in a file without a name; the descriptor is the caller's.
    private func transcoded(_ input: LayoutInput) throws(Finding) -> Int32 {
        if input.charset == .utf8 {
            let same = fcntl(input.descriptor, F_DUPFD_CLOEXEC, 0)
            guard same >= 0 else { throw FileIO.finding(.fileReadFailed, input.file ?? "file") }
            return same
        }
        let (descriptor, path) = try ScratchFile.create(in: input.scratch)
        unlink(path)
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { piece.deallocate() }
        do throws(Finding) {
            let text = input.text()
            while true {
                let got = try text.read(into: piece)
                if got == 0 { return descriptor }
                try FileIO.write(UnsafeRawBufferPointer(rebasing: piece[..<got]), to: descriptor, shown: "scratch file")
            }
        } catch {
            close(descriptor)
            throw error
        }
    }

    // MARK: Receipts that come back

    /// The table of a corrected receipt that comes back as another kind of file than CSV in UTF-8, as spreadsheets save them; nil: it is read
    /// as it is, or is no receipt.
    package func layOutReceipt(_ descriptor: Int32, file: String, scratch: String) throws(Finding) -> LaidOutDrop? {
        let input = try layoutInput(descriptor, file: file, scratch: scratch)
        let shape = try SourceShape.of(input)
        guard shape != .text else {
            let start = try input.start(TextStart.length)
            let ascii = start.filter { $0 != 0 }
            guard TextStart.contains(ascii, CSVReceipt.keyHeading) else { return nil }
            guard let table = try layOutText(input, [], true, true) else { return nil }
            // Nothing tells a correction from damage where a receipt itself is damaged.
            if table.charset?.name == Charset.utf8.rawValue, let foreign = Self.firstForeign(input) { throw foreign }
            return table.charset?.name == Charset.utf8.rawValue ? nil : table
        }
        guard let format = FormatCatalogue.layingOut(shape), let make = format.layout, format.receipt != nil else { return nil }
        let layout = try make(input)
        let plan = TablePlan(format: format.name)
        guard let glimpse = try layout.glimpses(plan).first(where: { ReceiptMerge.isReceipt($0.header) }) else { return nil }
        return LaidOutDrop(try write(input, layout, plan, glimpse, scratch), part: glimpse.part, isTable: true)
    }

    // MARK: Examples

    /// The same for an example's bytes.
    func layOut(_ input: MappingFile, _ flow: FlowSettings, channel: String) throws(Finding) -> LaidOutDrop? {
        let descriptor = try Self.memoryFile(input)
        defer { close(descriptor) }
        return try layOut(
            descriptor, file: input.shown, flow: flow, channel: channel, scratch: Self.temporaryFolder,
            isSecondLook: TextStart.hasForeignBytes(input.bytes))
    }

    /// The headings that an example's file may have.
    func headers(of input: MappingFile, _ mapping: ChannelMapping) throws(Finding) -> [Header] {
        let descriptor = try Self.memoryFile(input)
        defer { close(descriptor) }
        let layoutInput = try layoutInput(descriptor, file: input.shown)
        let shape = try SourceShape.of(layoutInput)
        let format = shape == .text ? FormatCatalogue.named(mapping.format) : FormatCatalogue.layingOut(shape)
        if let layout = try format?.layout.map({ (make) throws(Finding) in try make(layoutInput) }) {
            return try layout.glimpses(Self.plan(mapping)).map(\.header)
        }
        var options = ReadOptions()
        options.file = input.shown
        options.limits = settings.limits
        options.format = mapping.format
        let table = shape == .text ? try layOutText(layoutInput, [], true, TextStart.hasForeignBytes(input.bytes)) : nil
        return [try openFormat(options, table?.source(shown: input.shown) ?? MemorySource(input.bytes)).reader.header]
    }

    /// Bytes as a file without a name; the descriptor is the caller's.
    private static func memoryFile(_ input: MappingFile) throws(Finding) -> Int32 {
        let (descriptor, path) = try ScratchFile.create(in: temporaryFolder)
        unlink(path)
        do throws(Finding) {
            try FileIO.unsafeBytes(input.bytes) { (all) throws(Finding) in try FileIO.write(all, to: descriptor, shown: "scratch file") }
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    static var temporaryFolder: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }
}
