import CXML2
import GatewayCore

extension Format {
    /// Orders as XML.
    package static let xml = Format(
        "xml", "XML; the profile says where the orders and their lines are.", shapes: [.xml], accepts: { $0 == "xml" },
        layout: { (input) throws(Finding) in XMLTable(input) })
}

/// Lays XML out as a table. Names count without their namespaces; attributes are `@name`; an element that is repeated is a list.
///
/// Any character set that the file declares is read. A document type is refused, so there are no entities but the five of XML and nothing
/// is fetched. What does not belong to the profile's paths is passed over without being kept.
final class XMLTable: TableLayout {
    private let input: LayoutInput
    /// Bytes that are looked at to recognise a file, and records.
    private static let glimpse = (bytes: Int64(1 << 20), records: 20)

    init(_ input: LayoutInput) { self.input = input }

    func glimpses(_ plan: TablePlan) throws(Finding) -> [Glimpse] {
        let run = XMLTableRun(try TreeProgram(plan), input, collects: true)
        try run.read(upTo: Self.glimpse.bytes, records: Self.glimpse.records)
        let seen = run.seen
        return [Glimpse(header: Header(names: seen + run.paths.filter { !seen.contains($0) }, row: 1))]
    }

    func layOut(_ plan: TablePlan, _ glimpse: Glimpse, into sink: inout TableSink) throws(Finding) {
        try layOut(plan, into: &sink, piece: 1 << 16)
    }

    /// - Parameter piece: bytes that are read at once; for tests.
    func layOut(_ plan: TablePlan, into sink: inout TableSink, piece: Int) throws(Finding) {
        let run = XMLTableRun(try TreeProgram(plan), input, piece: piece)
        try run.write(into: &sink)
    }
}

/// The way through one file: libxml2's parser calls in here with each piece that is given to it.
private final class XMLTableRun {
    private struct Frame {
        /// -1: nothing in it is looked at.
        var node: Int
        /// Where its text begins.
        var text: Int
        var hasElements = false
    }

    private let program: TreeProgram
    private let input: LayoutInput
    private let piece: Int
    private var rows: TreeRows
    private var frames: [Frame] = []
    /// Frames around the record that is open; nil: none is.
    private var record: (depth: Int, line: Int)?
    private var text: [UInt8] = []
    private var attribute: [UInt8] = []
    private var sink: UnsafeMutablePointer<TableSink>?
    private var failure: Finding?
    private var context: xmlParserCtxtPtr?
    private var records = 0
    private var recordsWanted = Int.max

    // For recognising: names from the root, and the paths that were met.
    private let collects: Bool
    private var names: [String] = []
    private var inRecords = TreePaths()
    private var fromRoot = TreePaths()

    init(_ program: TreeProgram, _ input: LayoutInput, piece: Int = 1 << 16, collects: Bool = false) {
        self.program = program
        self.input = input
        self.piece = piece
        self.collects = collects
        rows = TreeRows(program, file: input.file, limits: input.limits)
    }

    var seen: [String] { rows.seen }
    /// Below the records; from the root when there was none.
    var paths: [String] { records > 0 ? inRecords.names : fromRoot.names }

    func write(into sink: inout TableSink) throws(Finding) {
        try rows.head(into: &sink)
        let failed: Finding? = withUnsafeMutablePointer(to: &sink) { pointer in
            self.sink = pointer
            defer { self.sink = nil }
            do throws(Finding) {
                try read(upTo: .max, records: .max)
                return nil
            } catch { return error }
        }
        if let failed { throw failed }
    }

    /// - Parameters:
    ///   - limit: bytes; a file that is longer is not read to its end.
    ///   - records: enough of them.
    func read(upTo limit: Int64, records: Int) throws(Finding) {
        recordsWanted = records
        var handler = Self.handler
        guard XMLSyntax.isPrepared,
            let context = xmlCreatePushParserCtxt(&handler, Unmanaged.passUnretained(self).toOpaque(), nil, 0, nil)
        else { throw Finding(.xmlSyntax, at: Place(file: input.file), found: .plain("no parser")) }
        self.context = context
        defer {
            if let document = context.pointee.myDoc { xmlFreeDoc(document) }
            context.pointee.myDoc = nil
            xmlFreeParserCtxt(context)
            self.context = nil
        }
        // Values of attributes come with their references replaced; there are no other entities than those of XML.
        xmlCtxtUseOptions(context, XMLSyntax.options | Int32(XML_PARSE_NOENT.rawValue))
        let source = DescriptorSource(input.descriptor, shown: input.file ?? "file", end: min(limit, input.size))
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 64)
        defer { memory.deallocate() }
        while true {
            let got = try source.read(into: memory)
            if got == 0 { break }
            let code = xmlParseChunk(context, memory.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(got), 0)
            if let failure { throw failure }
            if self.records >= recordsWanted { return }
            if code != 0 { throw wrong(context) }
        }
        if limit < input.size { return }
        let code = xmlParseChunk(context, nil, 0, 1)
        if let failure { throw failure }
        guard code != 0 else { return }
        if !frames.isEmpty { throw Finding(.documentUnfinished, at: Place(file: input.file, isRecord: true)) }
        throw wrong(context)
    }

    private func wrong(_ context: xmlParserCtxtPtr) -> Finding {
        let error = context.pointee.lastError
        let detail = error.message.map { trimmed(String(cString: $0)) } ?? "it can't be parsed"
        return Finding(
            .xmlSyntax, at: Place(file: input.file, line: max(Int(error.line), 1), column: max(Int(error.int2), 1)),
            found: .plain(detail))
    }

    private func trimmed(_ message: String) -> String { String(message.prefix { $0 != "\n" }) }

    private func fail(_ finding: Finding) {
        if failure == nil { failure = finding }
        xmlStopParser(context)
    }

    private var line: Int { context.flatMap { $0.pointee.input }.map { Int($0.pointee.line) } ?? 1 }

    // MARK: What the parser comes to

    fileprivate typealias Text = UnsafePointer<xmlChar>

    fileprivate func start(_ name: Text, _ attributes: UnsafeMutablePointer<Text?>?, _ attributeCount: Int) {
        guard frames.count < input.limits.depth else {
            return fail(Finding(.treeDeep, at: Place(file: input.file, line: line), ["limit": .plain("\(input.limits.depth)")]))
        }
        let count = XMLTableRun.length(name)
        if collects { names.append(String(decoding: UnsafeBufferPointer(start: name, count: count), as: UTF8.self)) }
        if !frames.isEmpty { frames[frames.count - 1].hasElements = true }
        let parent = frames.last?.node ?? 0
        var node = parent < 0 ? -1 : program.child(of: parent, name, count)
        if record == nil {
            let isRoot = frames.isEmpty && node < 0 && program.nodes[0].isRecord
            if isRoot || (node >= 0 && program.nodes[node].isRecord) {
                record = (frames.count, line)
                node = program.record
                rows.begin()
            }
        }
        frames.append(Frame(node: node, text: text.count))
        guard record != nil else { return }
        if node >= 0 {
            rows.nothing(node)
            rows.enter(node)
        }
        guard let attributes, collects || (node >= 0 && program.nodes[node].hasAttributes) else { return }
        self.attributes(of: node, attributes, attributeCount)
    }

    /// Five pointers each: name, prefix, namespace, start and end of the value.
    private func attributes(of node: Int, _ list: UnsafeMutablePointer<Text?>, _ count: Int) {
        for n in 0..<count {
            guard let name = list[5 * n], let start = list[5 * n + 3], let end = list[5 * n + 4] else { continue }
            attribute.removeAll(keepingCapacity: true)
            attribute.append(0x40)
            attribute.append(contentsOf: UnsafeBufferPointer(start: name, count: XMLTableRun.length(name)))
            if collects { collect("." + String(decoding: attribute, as: UTF8.self)) }
            let child = attribute.withUnsafeBufferPointer { bytes in
                node < 0 ? -1 : bytes.baseAddress.map { program.child(of: node, $0, bytes.count) } ?? -1
            }
            guard child >= 0 else { continue }
            rows.nothing(child)
            rows.enter(child)
            rows.value(child, start, end - start)
            rows.leave(child)
        }
    }

    fileprivate func end() {
        guard let frame = frames.popLast() else { return }
        if collects {
            if !frame.hasElements { collect("") }
            names.removeLast()
        }
        guard let record, frame.node >= 0 else { return }
        if program.nodes[frame.node].wantsText { value(frame) }
        text.removeLast(text.count - frame.text)
        rows.leave(frame.node)
        if rows.isOver { return tooLarge(record.line) }
        if frames.count == record.depth { endRecord(record.line) }
    }

    private func value(_ frame: Frame) {
        text.withUnsafeBufferPointer { all in
            var (low, high) = (frame.text, all.count)
            while low < high, all[low] <= 0x20 { low += 1 }
            while high > low, all[high - 1] <= 0x20 { high -= 1 }
            if low < high, let start = all.baseAddress { rows.value(frame.node, start + low, high - low) }
        }
    }

    private func endRecord(_ line: Int) {
        record = nil
        records += 1
        if let sink {
            let place = Place(file: input.file, line: line)
            do throws(Finding) { try rows.end(into: &sink.pointee, place: place) } catch { fail(error) }
        }
        if records >= recordsWanted { xmlStopParser(context) }
    }

    fileprivate func characters(_ bytes: Text, _ count: Int) {
        guard record != nil, let node = frames.last?.node, node >= 0, program.nodes[node].wantsText else { return }
        text.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
        if text.count > input.limits.record { tooLarge(record?.line ?? line) }
    }

    private func tooLarge(_ line: Int) {
        fail(
            Finding(
                .treeOrderLarge, at: Place(file: input.file, line: line),
                ["lines": .plain("\(input.limits.orderRecords)"), "limit": .plain("\(input.limits.record)")]))
    }

    fileprivate func documentType() {
        fail(Finding(.xmlDoctype, at: Place(file: input.file, line: line), found: .plain("<!DOCTYPE")))
    }

    /// Notes the path of the element that is open.
    private func collect(_ attribute: String) {
        let isRecord = record != nil
        let path = names.dropFirst((record?.depth).map { $0 + 1 } ?? 0).joined(separator: ".") + attribute
        let shown = path.hasPrefix(".") ? String(path.dropFirst()) : path
        guard !shown.isEmpty else { return }
        if isRecord { inRecords.add([shown]) } else { fromRoot.add([shown]) }
    }

    private static func length(_ text: Text) -> Int {
        var count = 0
        while text[count] != 0 { count += 1 }
        return count
    }

    // MARK: Calls of the C parser

    private static var handler: xmlSAXHandler {
        var made = xmlSAXHandler()
        made.initialized = UInt32(XML_SAX2_MAGIC)
        made.startElementNs = { me, name, _, _, _, _, count, _, attributes in
            guard let me, let name else { return }
            XMLTableRun.of(me).start(name, attributes, Int(count))
        }
        made.endElementNs = { me, _, _, _ in
            if let me { XMLTableRun.of(me).end() }
        }
        made.characters = { me, bytes, count in
            if let me, let bytes { XMLTableRun.of(me).characters(bytes, Int(count)) }
        }
        made.cdataBlock = { me, bytes, count in
            if let me, let bytes { XMLTableRun.of(me).characters(bytes, Int(count)) }
        }
        made.internalSubset = { me, _, _, _ in
            if let me { XMLTableRun.of(me).documentType() }
        }
        return made
    }

    private static func of(_ me: UnsafeMutableRawPointer) -> XMLTableRun { Unmanaged<XMLTableRun>.fromOpaque(me).takeUnretainedValue() }
}
