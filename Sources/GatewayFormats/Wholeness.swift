import GatewayCore

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
    let look = CSVWholeness(file: file, settings: settings, limits: limits)
    guard charset == .utf8 else { return try look.all(of: TranscodingSource(source(), from: charset), mendsText: true) ?? .whole }
    if let found = try look.end(of: descriptor, size: size, mendsText: false) { return found }
    // In another character set, or damaged: the rows can be counted all the same.
    return try look.end(of: descriptor, size: size, mendsText: true) ?? .whole
}
