@_spi(HotPath) import GatewayCore
import GatewayProfiles
import Glibc
import Synchronization

/// Maps one file to standard output: no ledger, no workspace state. What only a ledger could give are sample values.
package struct ConvertRun {
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

    /// Gives the totals; in them nothing is unchanged.
    ///
    /// - Parameters:
    ///   - input: a file or a pipe; a pipe is laid aside first when it has to be read twice.
    ///   - name: for findings.
    ///   - output: where documents or JSON lines go.
    ///   - say: called for every finding's sentence; at the end, when what was written may have to be taken back.
    package func run(input: Int32, name: String, output: Int32, say: (String) -> Void) throws -> Arrival.Totals {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let input = try scratch.seekable(input, name: name)
        func layOut(_ isSecondLook: Bool) throws(Finding) -> LaidOutDrop? {
            try workspace.layOut(input, file: name, flow: flow, channel: channel, scratch: scratch.folder, isSecondLook: isSecondLook)
        }
        let table = try layOut(false)
        do {
            return try run(input, table, scratch, name, output, say)
        } catch let finding as Finding where table == nil && finding.concernsText {
            // Only the whole of it tells its character set. What was written was taken back.
            return try run(input, layOut(true), scratch, name, output, say)
        }
    }

    private func run(
        _ input: Int32, _ table: LaidOutDrop?, _ scratch: Scratch, _ name: String, _ output: Int32, _ say: (String) -> Void
    ) throws -> Arrival.Totals {
        let descriptor = table?.descriptor ?? input
        var status = stat()
        fstat(descriptor, &status)
        do {
            if status.st_size < Self.small {
                // One batch holds the file: what stands apart is seen before anything is written.
                return try write(try open(descriptor, name, table, nil, window: Self.small), to: output, doubles: .inBatch, say)
            }
            if let start = Self.end(of: output) {
                let remarks = try Remarks(in: scratch.folder)
                do {
                    let totals = try write(
                        try open(descriptor, name, table, nil), to: output,
                        doubles: .inFile { candidates in try open(descriptor, name, table, nil).isApart(candidates) }, remarks.add)
                    try remarks.tell(say)
                    return totals
                } catch is Reopened {
                    try Self.takeBack(output, to: start)
                    throw Reopened()
                } catch let finding as Finding where table == nil && finding.concernsText {
                    try Self.takeBack(output, to: start)
                    throw finding
                } catch {
                    try remarks.tell(say)
                    throw error
                }
            }
            // Nothing that was written can be taken back: two quick looks before.
            let candidates = try open(descriptor, name, table, nil).reopenCandidates()
            if try !candidates.isEmpty && open(descriptor, name, table, nil).isApart(candidates) { throw Reopened() }
            return try write(try open(descriptor, name, table, nil), to: output, doubles: .none, say)
        } catch is Reopened {
            let grouped = try open(descriptor, name, table, nil).group(descriptor: descriptor, scratch: scratch.folder)
            defer { grouped.remove() }
            let data = try FileIO.openForReading(grouped.dataPath, shown: name)
            defer { close(data) }
            return try write(try open(data, name, table, grouped), to: output, doubles: .none, say)
        }
    }

    private static func takeBack(_ output: Int32, to start: off_t) throws(Finding) {
        guard ftruncate(output, start) == 0, lseek(output, start, SEEK_SET) == start else {
            throw FileIO.finding(.fileWriteFailed, "output")
        }
    }

    /// A smaller file is one batch; a larger one goes in smaller batches, three of them on their way.
    private static let small = 1 << 20
    private static let window = 1 << 18

    /// Rows of one order stand apart, and what was written is taken back.
    private struct Reopened: Error {}

    /// Where to look for orders whose rows stand apart.
    private enum Doubles {
        /// They were looked for before, or put together.
        case none
        case inBatch
        /// The closure looks closer at candidates.
        case inFile((Set<UInt64>) throws -> Bool)
    }

    /// The end of a file that is being written at its end, and can be cut to it again; nil for a pipe and everything else.
    private static func end(of output: Int32) -> off_t? {
        var status = stat()
        guard fstat(output, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        let appends = fcntl(output, F_GETFL) & O_APPEND != 0
        return appends || lseek(output, 0, SEEK_CUR) == status.st_size ? status.st_size : nil
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

    private func write(
        _ pipeline: Pipeline, to output: Int32, doubles: Doubles, _ say: (String) throws -> Void
    ) throws -> Arrival.Totals {
        var conversion = Conversion(pipeline, try workspace.sampleDraws(carrier: carrier))
        var lookout = ReopenLookout()
        // A class, so that the batch's closure and this function write to the same buffer.
        let sink = Sink(output)
        var hasEnded = false
        defer { if !hasEnded { try? sink.end() } }  // another error is on its way out already
        try BatchRing().run(pipeline) { batch, isOnly in
            switch doubles {
            case .none: break
            case .inBatch: if !isOnly || hasDoubles(batch) { throw Reopened() }
            case .inFile: pipeline.note(batch, in: &lookout)
            }
            pipeline.indexFindings(batch)
            for found in batch.findings where found.finding.code.stops != .nothing || carrier == nil {
                try say(found.finding.named(pipeline.file).sentence())
            }
            var refused: [Finding] = []
            conversion.take(&batch, into: &sink.out) { order, batch, finding in
                if let finding, carrier != nil, batch.orders[order].fate == .ship { refused.append(finding) }
            }
            for finding in refused { try say(finding.named(pipeline.file).sentence()) }
            try sink.drainIfFull()
        }
        conversion.end(into: &sink.out)
        if case .inFile(let areApart) = doubles, try !lookout.candidates.isEmpty && areApart(lookout.candidates) { throw Reopened() }
        hasEnded = true
        try sink.end()
        return conversion.totals
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
                if let start = bytes.baseAddress, memchr(start, Int32(Output.secretMark), bytes.count) != nil {
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
