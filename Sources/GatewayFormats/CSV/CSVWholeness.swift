import CScan
@_spi(HotPath) import GatewayCore

/// The delimited part of ``wholeness(descriptor:size:file:format:limits:)``.
struct CSVWholeness {
    let file: String?
    let settings: CSVSettings
    let limits: IntakeLimits

    /// Ends of a file that a later part may still continue; any other finding is final, and the reader says it.
    private static let unfinished: [FindingCode] = [.quoteUnclosed, .fileEmpty]

    /// A file above this is read as records only near its end.
    private static let large: Int64 = 4 << 20
    private static let piece = 1 << 18
    private static let near: Int64 = 1 << 16

    /// Looks at a file in UTF-8, or one whose bytes below 128 mean the same. Nil: bytes that were looked at closely are no UTF-8.
    func end(of descriptor: Int32, size: Int64, mendsText: Bool) throws(Finding) -> Wholeness? {
        func source(from: Int64 = 0, end: Int64) -> DescriptorSource {
            DescriptorSource(descriptor, shown: file ?? "file", from: from, end: end)
        }
        guard size > Self.large else { return try all(of: source(end: size), mendsText: mendsText) }
        let headings: Int64
        let dialect: CSVDialect
        do throws(Finding) {
            let reader = try CSVReader(source(end: size), file: file, settings: settings, limits: limits, mendsText: mendsText)
            (headings, dialect) = (reader.windowOffset, reader.dialect)
        } catch {
            // Said as of a small file.
            return try all(of: source(end: size), mendsText: mendsText)
        }
        let blocks = source(from: headings, end: headings + max(0, size - headings - Self.near) / 64 * 64)
        guard let last = try lastRecord(in: blocks, dialect) else { return try all(of: source(end: size), mendsText: mendsText) }
        let joined = JoinedSource(source(end: headings), source(from: headings + last.offset, end: size))
        return try all(of: joined, passedOver: last.records, mendsText: mendsText)
    }

    /// Where the last record begins that begins in the blocks, and how many there are before it. Nil: there is a NUL byte, behind
    /// which quotes mean nothing.
    private func lastRecord(in blocks: any ByteSource, _ dialect: CSVDialect) throws(Finding) -> (offset: Int64, records: Int)? {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.piece, alignment: 64)
        defer { memory.deallocate() }
        var state = dg_look()
        state.delimiter = dialect.delimiter
        state.quote = dialect.quote.map(Int16.init) ?? -1
        while true {
            var got = 0
            while got < memory.count {
                let more = try blocks.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[got...]))
                if more == 0 { break }
                got += more
            }
            // Of a file that shrinks no whole block may be left.
            guard got >= 64, let start = memory.baseAddress?.assumingMemoryBound(to: UInt8.self) else { break }
            guard dg_look_run(&state, start, got / 64 * 64) != 0 else { return nil }
        }
        return (Int64(state.start), state.records)
    }

    /// Nil: bytes of it are no UTF-8.
    ///
    /// - Parameter passedOver: records between the headings and what the source gives after them.
    func all(of source: any ByteSource, passedOver: Int = 0, mendsText: Bool) throws(Finding) -> Wholeness? {
        let tail = TailSource(source)
        do throws(Finding) {
            let reader = try CSVReader(
                tail, file: file, settings: settings, limits: limits, passedOver: passedOver, mendsText: mendsText)
            var batch = Batch(pool: [], window: 1 << 18, headSlots: 1, lineSlots: 1)
            var last: (row: Int, cells: Int) = (0, reader.header.names.count)
            while try reader.fill(&batch) {
                var r = batch.recordCount - 1
                while r >= 0, batch.flags[r] & Batch.blankRecord != 0 { r -= 1 }
                if r >= 0 { last = (batch.rowNumber(r), batch.realFieldCount(r)) }
                reader.keep(batch)
            }
            guard last.cells < reader.header.names.count else { return .whole }
            return .notYet(
                Finding(
                    .rowUnfinished, at: .row(last.row, file: file), found: .plain("\(last.cells)"),
                    ["columns": .plain("\(reader.header.names.count)")]))
        } catch {
            if error.code == .fileReadFailed { throw error }
            if error.code == .rowsNone { return tail.last == CSVDialect.lineFeed ? .whole : .notYet(error) }
            if Self.unfinished.contains(error.code) { return .notYet(error) }
            // The last bytes may be the beginning of a character whose rest is still to come.
            if error.code == .textNotUTF8, tail.isCut { return .notYet(error) }
            return error.concernsText && !mendsText ? nil : .whole
        }
    }
}

/// Two sources, one after the other.
private final class JoinedSource: ByteSource {
    private let first: any ByteSource
    private let second: any ByteSource
    private var isFirst = true

    init(_ first: any ByteSource, _ second: any ByteSource) {
        self.first = first
        self.second = second
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Finding) -> Int {
        if isFirst {
            let got = try first.read(into: buffer)
            if got > 0 { return got }
            isFirst = false
        }
        return try second.read(into: buffer)
    }
}

/// A source that remembers its last bytes.
private final class TailSource: ByteSource {
    private let source: any ByteSource
    private var recent: [UInt8] = []
    var last: UInt8? { recent.last }

    init(_ source: any ByteSource) { self.source = source }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Finding) -> Int {
        let got = try source.read(into: buffer)
        if got > 0 { recent = Array((recent + buffer[max(0, got - 4)..<got]).suffix(4)) }
        return got
    }

    /// Whether the last bytes begin a character of more bytes than there are.
    var isCut: Bool {
        guard let start = recent.lastIndex(where: { $0 & 0xC0 != 0x80 }) else { return false }
        let length = recent[start] >= 0xF0 ? 4 : recent[start] >= 0xE0 ? 3 : recent[start] >= 0xC0 ? 2 : 1
        return recent.count - start < length
    }
}
