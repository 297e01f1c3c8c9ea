@_spi(HotPath) import GatewayCore

/// Whether a dropped file's content shows that it is there whole.
package enum Wholeness: Sendable {
    case whole
    /// Something is still open or missing; it may still be written.
    case notYet(Finding)
}

/// Looks through a file once, at the reader's speed, and says whether it ends where its format lets it end.
///
/// Delimited text: quotes are closed and the last row has as many cells as there are headings; a missing last line end
/// is fine then. XML: the root element is closed. JSON: every bracket is closed. What else may be wrong with a file is
/// its reader's to say; so is what is over the limits, since no wait makes it smaller.
/// - Parameters:
///   - descriptor: read by position; its own stays.
///   - format: a profile's `format:`; nil: XML and JSON are told by their first character.
///   - limits: what the reader will be given.
/// - Throws: only when the file can't be read.
package func wholeness(
    descriptor: Int32, size: Int64, file: String?, format: String? = nil, limits: IntakeLimits = IntakeLimits()
) throws(Finding) -> Wholeness {
    let shown = file ?? "file"
    func source() -> DescriptorSource { DescriptorSource(descriptor, shown: shown, end: size) }
    guard size > 0 else { return .notYet(Finding(.fileEmpty, at: Place(file: file, isRecord: true))) }
    let input = LayoutInput(descriptor, size: size, file: file, limits: limits)
    if let format = FormatCatalogue.layingOut(try SourceShape.of(input)), let look = format.wholeness { return try look(input) }
    if format == nil {
        var document = DocumentBalance(depthLimit: limits.depth)
        if let isClosed = try document.run(source()) {
            return isClosed ? .whole : .notYet(Finding(.documentUnfinished, at: Place(file: file, isRecord: true)))
        }
    }
    let settings = format.flatMap(CSVSettings.parse) ?? CSVSettings()
    let charset = try CharsetEvidence.utf16(input.start()) ?? .utf8
    func text() -> any ByteSource { charset == .utf8 ? source() : TranscodingSource(source(), from: charset) }
    let found = try CSVWholeness.look(text(), file: file, settings: settings, limits: limits, mendsText: charset != .utf8)
    // In another character set, or damaged: the rows can be counted all the same.
    if let found { return found }
    return try CSVWholeness.look(text(), file: file, settings: settings, limits: limits, mendsText: true) ?? .whole
}

/// The delimited part of ``wholeness(descriptor:size:file:format:limits:)``.
enum CSVWholeness {
    /// Ends of a file that a later part may still continue; any other finding is final, and the reader says it.
    private static let unfinished: [FindingCode] = [.quoteUnclosed, .fileEmpty]

    /// Nil: bytes of it are no UTF-8.
    static func look(
        _ source: any ByteSource, file: String?, settings: CSVSettings, limits: IntakeLimits, mendsText: Bool
    ) throws(Finding) -> Wholeness? {
        let tail = TailSource(source)
        do throws(Finding) {
            let reader = try CSVReader(tail, file: file, settings: settings, limits: limits, mendsText: mendsText)
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
            if unfinished.contains(error.code) { return .notYet(error) }
            // The last bytes may be the beginning of a character whose rest is still to come.
            if error.code == .textNotUTF8, tail.isCut { return .notYet(error) }
            return error.concernsText && !mendsText ? nil : .whole
        }
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
