import GatewayCore

/// Walks through a file's envelopes and checks them: nesting, counts, references. Findings gather in ``findings``; a bad set never hides its neighbours.
package final class EDIWalk {
    package let reader: EDIReader
    private let file: String
    private let tolerance: EDITolerance
    /// Problems so far, at most ``findingsLimit`` of them.
    package private(set) var findings: [Finding] = []
    /// Further problems that were counted only.
    package private(set) var untold = 0
    package static let findingsLimit = 1_000

    package private(set) var interchange: EDIInterchange?
    package private(set) var group: EDIGroup?
    package private(set) var set: EDISet?
    /// Control numbers of the interchanges so far, to notice a repeated one.
    private var controls: Set<String> = []
    private var setControls: Set<String> = []
    private var seen: EDILaxity = []
    private var indented = 0
    private var wrapped = 0
    private var events: [EDIEvent] = []
    private var isAtEnd = false
    /// Totals of the file.
    package private(set) var totals = EDITotals()

    package init(
        _ source: any ByteSource, file: String, tolerance: EDITolerance = .partner, limits: IntakeLimits = IntakeLimits(),
        window: Int = 1 << 18
    ) {
        reader = EDIReader(source, file: file, limits: limits, window: window)
        self.file = file
        self.tolerance = tolerance
    }

    /// The next event; nil at the end of the file.
    package func next() throws(Finding) -> EDIEvent? {
        while true {
            if !events.isEmpty { return events.removeFirst() }
            if isAtEnd { return nil }
            guard try reader.next(), let segment = reader.segment else {
                isAtEnd = true
                finish()
                continue
            }
            totals.segments += 1
            notice(segment)
            if let event = step(segment) { return event }
        }
    }

    // MARK: segments

    private func step(_ segment: EDISegment) -> EDIEvent? {
        // Inside of a set nearly every segment is a body segment: tags of envelopes begin with few letters.
        switch segment.delimiters.syntax {
        case .x12:
            if segment.isTag("ISA") { return header(EDIHeaders.isa(segment), segment) }
            if segment.isTag("GS") { return begin(EDIHeaders.gs(segment), segment) }
            if segment.isTag("ST") { return begin(EDIHeaders.st(segment, group), segment) }
            if segment.isTag("SE") { return endSet(segment) }
            if segment.isTag("GE") { return endGroup(segment) }
            if segment.isTag("IEA") { return endInterchange(segment) }
            if set == nil, ["TA1", "ISB", "ISE", "ISX"].contains(segment.tagText) { return .service }
        case .edifact:
            if segment.isTag("UNB") { return header(EDIHeaders.unb(segment), segment) }
            if segment.isTag("UNG") { return begin(EDIHeaders.ung(segment), segment) }
            if segment.isTag("UNH") { return begin(EDIHeaders.unh(segment), segment) }
            if segment.isTag("UNT") { return endSet(segment) }
            if segment.isTag("UNE") { return endGroup(segment) }
            if segment.isTag("UNZ") { return endInterchange(segment) }
        }
        if !isTag(segment) { tell(.ediTagUnknown, segment, found: segment.tagText) }
        guard set != nil else {
            if interchange == nil { bare(segment) }
            tell(.ediSegmentOutside, segment, found: segment.tagText)
            return nil
        }
        set?.segments += 1
        return .segment
    }

    // Tags are two or three capitals or digits; EDIFACT's are three capitals.
    private func isTag(_ segment: EDISegment) -> Bool {
        let tag = segment.tag
        let isLong = segment.delimiters.syntax == .edifact ? tag.count == 3 : tag.count == 2 || tag.count == 3
        return isLong && tag.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) }
    }

    private func header(_ new: EDIInterchange, _ segment: EDISegment) -> EDIEvent? {
        if interchange != nil { closeAll(segment) }
        interchange = new
        totals.interchanges += 1
        setControls = []
        let identity = "\(new.sender)\(new.recipient)\(new.control)"
        if !controls.insert(identity).inserted { tell(.ediControlRepeated, segment, found: new.control) }
        if new.delimiters.syntax == .x12 {
            let wrong = EDIHeaders.wrongWidths(segment)
            if !wrong.isEmpty { tell(.ediHeaderWidths, segment, found: wrong.map(String.init).joined(separator: ",")) }
        }
        events.append(.interchange(new))
        return nil
    }

    /// Sets without an envelope around them.
    private func bare(_ segment: EDISegment) {
        interchange = EDIHeaders.bare(segment)
        interchange.map { events.append(.interchange($0)) }
        if !totals.hasBare { tell(.ediEnvelopeMissing, segment, found: segment.tagText) }
        totals.hasBare = true
    }

    private func begin(_ new: EDIGroup, _ segment: EDISegment) -> EDIEvent? {
        if interchange == nil { bare(segment) }
        closeSet(segment)
        closeGroup(segment)
        group = new
        interchange?.groups += 1
        totals.groups += 1
        setControls = []
        events.append(.group(new))
        return nil
    }

    private func begin(_ new: EDISet, _ segment: EDISegment) -> EDIEvent? {
        if interchange == nil { bare(segment) }
        closeSet(segment)
        set = new
        group?.sets += 1
        interchange?.sets += 1
        totals.sets += 1
        totals.kinds.append(new.kind)
        if !setControls.insert(new.control).inserted { tell(.ediControlRepeated, segment, found: new.control) }
        events.append(.set(new))
        return nil
    }

    private func endSet(_ segment: EDISegment) -> EDIEvent? {
        guard var ended = set else {
            tell(.ediTrailerAlone, segment, found: segment.tagText)
            return nil
        }
        ended.segments += 1
        set = ended
        let count = compare(segment, 1, ended.segments, .ediSegmentCount)
        let reference = agree(segment, 2, ended.control)
        // A set that ends with the file and without a terminator may be cut in its trailer.
        let isCut = segment.laxity.contains(.unterminated)
        ended.isComplete = (count && reference || tolerance == .lenient) && !isCut
        ended.problems = set?.problems ?? 0
        set = nil
        if ended.isComplete {
            interchange?.completeSets += 1
            totals.completeSets += 1
        }
        return .setEnd(ended)
    }

    private func endGroup(_ segment: EDISegment) -> EDIEvent? {
        closeSet(segment)
        guard let ended = group else {
            tell(.ediTrailerAlone, segment, found: segment.tagText)
            return nil
        }
        _ = compare(segment, 1, ended.sets, .ediSetCount)
        _ = agree(segment, 2, ended.control)
        group = nil
        events.append(.groupEnd(ended))
        return nil
    }

    private func endInterchange(_ segment: EDISegment) -> EDIEvent? {
        closeSet(segment)
        closeGroup(segment)
        guard let ended = interchange else {
            tell(.ediTrailerAlone, segment, found: segment.tagText)
            return nil
        }
        let isOfGroups = ended.groups > 0 || ended.delimiters.syntax == .x12
        _ = compare(segment, 1, isOfGroups ? ended.groups : ended.sets, isOfGroups ? .ediGroupCount : .ediSetCount)
        _ = agree(segment, 2, ended.control)
        interchange = nil
        reader.endInterchange()
        events.append(.interchangeEnd(ended))
        return nil
    }

    // MARK: what is missing

    private func closeSet(_ segment: EDISegment?) {
        guard let ended = set else { return }
        tell(.ediTrailerMissing, segment, found: ended.control, ["trailer": .plain(isX12 ? "SE" : "UNT")])
        set = nil
        events.append(.setEnd(ended))
    }
    private func closeGroup(_ segment: EDISegment?) {
        guard let ended = group else { return }
        tell(.ediTrailerMissing, segment, found: ended.control, ["trailer": .plain(isX12 ? "GE" : "UNE")])
        group = nil
        events.append(.groupEnd(ended))
    }
    private func closeAll(_ segment: EDISegment?) {
        closeSet(segment)
        closeGroup(segment)
        guard let ended = interchange else { return }
        if ended.hasEnvelope { tell(.ediTrailerMissing, segment, found: ended.control, ["trailer": .plain(isX12 ? "IEA" : "UNZ")]) }
        interchange = nil
        events.append(.interchangeEnd(ended))
    }
    private var isX12: Bool { interchange?.delimiters.syntax == .x12 }

    private func finish() {
        closeAll(nil)
        if totals.interchanges == 0, totals.sets == 0 { tell(.ediNothing, nil, found: nil) }
        if reader.junk > 0 { tell(.ediJunk, nil, found: String(reader.junk)) }
        if indented > 0 { tell(.ediIndented, nil, found: String(indented)) }
        if wrapped > 0 { tell(.ediWrapped, nil, found: String(wrapped)) }
    }

    // MARK: comparing

    /// Whether a trailer's count agrees.
    private func compare(_ segment: EDISegment, _ element: Int, _ actual: Int, _ code: FindingCode) -> Bool {
        let said = segment.text(element)
        if Int(said) == actual { return true }
        tell(code, segment, element: element, found: said, ["actual": .plain(String(actual))])
        return false
    }

    /// Whether a trailer's reference agrees; as numbers is agreement too, but told.
    private func agree(_ segment: EDISegment, _ element: Int, _ wanted: String) -> Bool {
        let said = segment.text(element)
        if said == wanted { return true }
        if let number = Int(said), number == Int(wanted) {
            tell(.ediReferenceWritten, segment, element: element, found: said, ["wanted": .plain(wanted)])
            return true
        }
        tell(.ediReferenceDiffers, segment, element: element, found: said, ["wanted": .plain(wanted)])
        return false
    }

    private func notice(_ segment: EDISegment) {
        let laxity = segment.laxity
        guard laxity != [] else { return }
        if laxity.contains(.indented) { indented += 1 }
        if laxity.contains(.wrapped) { wrapped += 1 }
        let new = laxity.subtracting(seen)
        seen.formUnion(laxity)
        if new.contains(.mark) { tell(.ediMark, segment, found: nil) }
        if new.contains(.headerShort) { tell(.ediHeaderShort, segment, found: nil) }
        if laxity.contains(.unterminated) { tell(.ediUnterminated, segment, found: segment.tagText) }
        if laxity.contains(.binaryLength) { tell(.ediBinaryLength, segment, found: segment.tagText) }
    }

    /// Keeps a finding at a segment of the current set, group and interchange.
    package func tell(
        _ code: FindingCode, _ segment: EDISegment?, element: Int? = nil, found: String?, _ arguments: [String: Finding.Shown] = [:]
    ) {
        set?.problems += 1
        totals.problems += 1
        guard findings.count < Self.findingsLimit else {
            untold += 1
            return
        }
        var place = Place(file: file)
        place.edi = EDIPlace(
            interchange: interchange?.control, group: group?.control, set: set?.control, segment: segment?.number,
            tag: segment?.tagText, element: element, byte: segment?.offset)
        findings.append(Finding(code, at: place, found: found.map { .plain($0) }, arguments))
    }
}

/// Counts of a whole file.
package struct EDITotals: Sendable {
    package var segments = 0
    package var interchanges = 0
    package var groups = 0
    package var sets = 0
    package var completeSets = 0
    package var problems = 0
    package var hasBare = false
    /// Kinds of the sets in order.
    package var kinds: [String] = []
}
