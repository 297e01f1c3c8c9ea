@_spi(HotPath) import GatewayCore
import GatewayProfiles
import Glibc
import Synchronization

/// Maps one file to standard output: no ledger, no workspace state. What only a ledger could give are sample values.
package struct ConvertRun {
    package struct Outcome: Sendable {
        package var orders = 0, written = 0, skipped = 0, held = 0
    }

    private let workspace: Workspace
    private let flow: FlowSettings
    private let channel: String
    private let carrier: String?

    package init(workspace: Workspace, flow: FlowSettings, channel: String, carrier: String?) {
        self.workspace = workspace
        self.flow = flow
        self.channel = channel
        self.carrier = carrier
    }

    /// - Parameters:
    ///   - input: a file or a pipe; a pipe is laid aside first when it has to be read twice.
    ///   - name: for findings.
    ///   - output: where documents or JSON lines go.
    ///   - say: called for every finding.
    package func run(input: Int32, name: String, output: Int32, say: (Finding) -> Void) throws -> Outcome {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let input = try scratch.seekable(input, name: name)
        let table = try workspace.layOut(input, file: name, flow: flow, channel: channel, scratch: scratch.folder)
        let descriptor = table?.descriptor ?? input
        var status = stat()
        fstat(descriptor, &status)
        if status.st_size < Self.small {
            // One batch holds the file: what stands apart is seen before anything is written.
            do {
                return try write(try open(descriptor, name, table, nil, window: Self.small), to: output, say)
            } catch is Reopened {}
        }
        if try status.st_size < Self.small || isApart(descriptor, name, table) {
            let grouped = try open(descriptor, name, table, nil).group(descriptor: descriptor, scratch: scratch.folder)
            defer { grouped.remove() }
            let data = try FileIO.openForReading(grouped.dataPath, shown: name)
            defer { close(data) }
            return try write(try open(data, name, table, grouped), to: output, isGrouped: true, say)
        }
        return try write(try open(descriptor, name, table, nil), to: output, say)
    }

    /// A smaller file is one batch; a larger one goes in smaller batches, three of them on their way.
    private static let small = 1 << 20
    private static let window = 1 << 18

    /// Rows of one order stand apart, and nothing is written yet.
    private struct Reopened: Error {}

    /// Whether rows of one order stand apart: two quick looks, since nothing that was written can be taken back.
    private func isApart(_ descriptor: Int32, _ name: String, _ table: LaidOutDrop?) throws -> Bool {
        let candidates = try open(descriptor, name, table, nil).reopened()
        guard !candidates.isEmpty else { return false }
        return try !open(descriptor, name, table, nil).reopened(among: candidates).isEmpty
    }

    private func open(
        _ descriptor: Int32, _ name: String, _ table: LaidOutDrop?, _ grouped: GroupedDrop?, window: Int = Self.window
    ) throws(Finding) -> Pipeline {
        lseek(descriptor, 0, SEEK_SET)
        let source = FileSource(descriptor: descriptor, shown: name, hashes: false, closes: false)
        return try workspace.open(
            source: source, file: name, flow: flow, channel: channel, carrier: carrier, key: .sample, grouped: grouped, table: table,
            window: window)
    }

    /// Whether two orders of the batch have one reference.
    private func hasDoubles(_ batch: borrowing Batch) -> Bool {
        var seen: Set<UInt64> = []
        for order in 0..<batch.orderCount {
            let reference = batch.heads[order * batch.headSlots + OrderField.referenceSlot]
            if !reference.isEmpty, !seen.insert(DigestKey.sample.digest(batch.bytes(reference))).inserted { return true }
        }
        return false
    }

    private func write(_ pipeline: Pipeline, to output: Int32, isGrouped: Bool = false, _ say: (Finding) -> Void) throws -> Outcome {
        var outcome = Outcome()
        let draw = try workspace.sampleDraws(carrier: carrier)
        // A class, so that the batch's closure and this function write to the same buffer.
        let sink = Sink(output)
        var hasEnded = false
        defer { if !hasEnded { try? sink.end() } }  // another error is on its way out already
        var document = 0
        var inDocument = 0
        var isFirst = true
        try BatchRing().run(pipeline) { batch in
            if isFirst, !isGrouped, pipeline.isAtEnd, hasDoubles(batch) { throw Reopened() }
            isFirst = false
            pipeline.makeKeys(&batch)
            for found in batch.findings where found.finding.code.stops != .nothing || carrier == nil {
                say(found.finding.named(pipeline.file))
            }
            for order in 0..<batch.orderCount {
                outcome.orders += 1
                guard carrier != nil else {
                    pipeline.orderJSON(order, of: &batch, into: &sink.out)
                    switch batch.orders[order].fate {
                    case .ship: outcome.written += 1
                    case .skip: outcome.skipped += 1
                    case .hold: outcome.held += 1
                    }
                    continue
                }
                switch batch.orders[order].fate {
                case .skip: outcome.skipped += 1
                case .hold: outcome.held += 1
                case .ship:
                    let mark = sink.out.count
                    let isOpening = inDocument == 0
                    if isOpening {
                        document += 1
                        pipeline.beginDocument(time: draw.time, number: document, reference: draw.reference, into: &sink.out)
                    }
                    if let finding = pipeline.write(order: order, of: &batch, sequence: 1, number: draw.number, into: &sink.out) {
                        outcome.held += 1
                        say(finding.named(pipeline.file))
                        if isOpening {
                            // Nothing is in the document: it is not begun.
                            sink.out.rewind(to: mark)
                            document -= 1
                        }
                    } else {
                        outcome.written += 1
                        inDocument += 1
                    }
                    if inDocument >= pipeline.ordersPerDocument {
                        pipeline.endDocument(into: &sink.out)
                        inDocument = 0
                    }
                }
                try sink.drainIfFull()
            }
        }
        if inDocument > 0 { pipeline.endDocument(into: &sink.out) }
        hasEnded = true
        try sink.end()
        return outcome
    }

    /// Standard output behind a thread of its own. Secrets' places are shown as `•••`.
    private final class Sink {
        private let lane = WriterLane()
        private let stream: Stream
        private var piece: WriterLane.Piece

        init(_ descriptor: Int32) {
            stream = Stream(descriptor)
            piece = lane.freshPiece()
        }

        var out: Output {
            _read { yield piece.out }
            _modify { yield &piece.out }
        }

        func drainIfFull() throws(Finding) {
            guard piece.out.count > 1 << 18 else { return }
            try stream.check()
            lane.write(piece, to: stream)
            piece = lane.freshPiece()
        }

        /// Writes the rest and waits for the end. To be called on every way out.
        func end() throws(Finding) {
            lane.write(piece, to: stream)
            lane.end()
            try stream.check()
        }
    }

    private final class Stream: WriterTarget {
        private let descriptor: Int32
        private let failure = Mutex<Finding?>(nil)

        init(_ descriptor: Int32) { self.descriptor = descriptor }

        func check() throws(Finding) {
            if let failure = failure.withLock({ $0 }) { throw failure }
        }

        func write(_ piece: WriterLane.Piece) {
            guard failure.withLock({ $0 == nil }) else { return }
            let bytes = piece.out.bytes
            do throws(Finding) {
                if bytes.contains(Output.secretMark) {
                    try FileIO.unsafeBytes(Redaction.shown(bytes)) { (all) throws(Finding) in
                        try FileIO.write(all, to: descriptor, shown: "output")
                    }
                } else {
                    try FileIO.write(bytes, to: descriptor, shown: "output")
                }
            } catch {
                let finding = error
                failure.withLock { $0 = finding }
            }
        }

        func close() {}
    }
}

/// How secrets look where people see them.
package enum Redaction {
    /// `bytes` with `•••` for every secret's mark.
    package static func shown(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        var isMark = false
        for byte in bytes {
            if isMark {
                isMark = false
            } else if byte == Output.secretMark {
                isMark = true
                out += Array("•••".utf8)
            } else {
                out.append(byte)
            }
        }
        return out
    }
}

extension Finding {
    /// The finding with its file's name, when it has none.
    package func named(_ file: String) -> Finding {
        guard place.isRecord || place.line == nil, place.file == nil else { return self }
        var named = self
        named.place.file = file
        return named
    }
}

/// A folder for what must lie on disk while one command runs; gone with it.
final class Scratch {
    let folder: String
    private var laid: Int32 = -1

    init() throws(Finding) {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/dropgate-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FileIO.finding(.fileWriteFailed, base) }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The input itself, or a copy of a pipe's content.
    func seekable(_ input: Int32, name: String) throws(Finding) -> Int32 {
        var status = stat()
        if fstat(input, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return input }
        let path = folder + "/input"
        laid = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard laid >= 0 else { throw FileIO.finding(.fileWriteFailed, folder) }
        unlink(path)
        let source = FileSource(descriptor: input, shown: name, hashes: false, closes: false)
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { piece.deallocate() }
        while true {
            let got = try source.read(into: piece)
            if got == 0 { break }
            try FileIO.write(UnsafeRawBufferPointer(rebasing: piece[..<got]), to: laid, shown: folder)
        }
        lseek(laid, 0, SEEK_SET)
        return laid
    }

    func remove() {
        if laid >= 0 { close(laid) }
        for name in FileIO.names(in: folder) { unlink(folder + "/" + name) }
        rmdir(folder)
    }
}
