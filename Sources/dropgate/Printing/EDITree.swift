import GatewayCore
import GatewayFormats
import GatewayProfiles

/// Writes an EDI file as a tree in words, findings at their place. Streams.
struct EDITree {
    let words: EDIWords
    /// Envelopes and findings only.
    let isBrief: Bool
    private(set) var isStopped = false
    private var told = 0
    /// Depth of each packing level of the current set, by its number.
    private var depths: [String: Int] = [:]
    private var depth = 0

    init(words: EDIWords, isBrief: Bool) {
        self.words = words
        self.isBrief = isBrief
    }

    /// Levels deeper than this are shown at it.
    private static let deepest = 12
    /// Levels of a set that are remembered.
    private static let levelLimit = 1_000_000

    mutating func show(_ walk: EDIWalk) throws(Finding) {
        while let event = try walk.next() {
            for line in lines(of: event, walk) { Terminal.show(line + "\n") }
            tellFindings(of: walk)
        }
        tellFindings(of: walk)
        let totals = walk.totals
        if walk.untold > 0 { Terminal.say("\(walk.untold) more findings are not shown.") }
        Terminal.say(
            "\(totals.segments) segments, \(totals.interchanges) interchanges, \(totals.groups) groups, \(totals.sets) sets, "
                + "\(totals.completeSets) of them complete.")
    }

    private mutating func tellFindings(of walk: EDIWalk) {
        for finding in walk.findings[told...] {
            if finding.code.stops != .nothing { isStopped = true }
            Terminal.say("! " + finding.sentence().replacing("\n", with: "\n  "))
        }
        told = walk.findings.count
    }

    private mutating func lines(of event: EDIEvent, _ walk: EDIWalk) -> [String] {
        switch event {
        case .interchange(let interchange):
            guard interchange.hasEnvelope else { return ["sets without an interchange"] }
            let parties = "from \(name(interchange.sender)) to \(name(interchange.recipient))"
            let test = interchange.isTest ? ", test" : ""
            return [
                "interchange \(interchange.control): \(interchange.delimiters.syntax.rawValue) \(interchange.version), \(parties), "
                    + "\(interchange.date) \(interchange.time)\(test)"
            ]
        case .group(let group):
            return ["  group \(group.control): \(meaning(.x12, "GS", 1, group.kind)), version \(group.version)"]
        case .set(let set):
            depths = [:]
            depth = 0
            let kind = walk.interchange?.delimiters.syntax == .x12 ? meaning(.x12, "ST", 1, set.kind) : set.kind + " " + set.version
            return ["    set \(set.control): \(kind)"]
        case .segment:
            return isBrief ? [] : walk.reader.segment.map { segmentLines($0) } ?? []
        case .service:
            return walk.reader.segment.map { segmentLines($0) } ?? []
        case .setEnd(let set):
            return ["    end of set \(set.control): \(set.segments) segments, \(set.isComplete ? "complete" : "not complete")"]
        case .groupEnd(let group):
            return ["  end of group \(group.control): \(group.sets) sets"]
        case .interchangeEnd(let interchange):
            return interchange.hasEnvelope ? ["end of interchange \(interchange.control)"] : []
        }
    }

    private func name(_ party: EDIParty) -> String { party.qualifier.isEmpty ? party.id : "\(party.id) (\(party.qualifier))" }

    private func meaning(_ syntax: EDISyntax, _ tag: String, _ element: Int, _ code: String) -> String {
        words.code(syntax, tag, element, code).map { "\(code) \($0)" } ?? code
    }

    private mutating func segmentLines(_ segment: EDISegment) -> [String] {
        let syntax = segment.delimiters.syntax
        let tag = segment.tagText
        level(segment)
        let indent = String(repeating: " ", count: 6 + 2 * min(depth, Self.deepest))
        var lines = [indent + [tag, words.segment(syntax, tag)].compactMap { $0 }.joined(separator: "  ")]
        segment.forEachElement { number, raw in
            guard raw.count > 0 else { return }
            let title = words.element(syntax, tag, number) ?? "element"
            var values: [String] = []
            segment.delimiters.forEachRepetition(of: raw) { _, repeated in
                var parts: [String] = []
                segment.delimiters.forEachComponent(of: repeated) { part, bytes in
                    let text = segment.delimiters.text(bytes)
                    let meaning = part == 1 ? words.code(syntax, tag, number, text) : nil
                    parts.append(meaning.map { "\(text) (\($0))" } ?? text)
                }
                values.append(parts.joined(separator: " : "))
            }
            let digits = number < 10 ? "0\(number)" : "\(number)"
            lines.append("\(indent)  \(digits) \(title): " + Finding.visible(values.joined(separator: " | ")))
        }
        return lines
    }

    /// Packing levels (HL, CPS) indent what follows them. Levels are looked up by number: no recursion, whatever their depth.
    private mutating func level(_ segment: EDISegment) {
        guard segment.isTag("HL") || segment.isTag("CPS") else { return }
        let parent = segment.text(2)
        depth = parent.isEmpty ? 0 : (depths[parent] ?? 0) + 1
        if depths.count < Self.levelLimit { depths[segment.text(1)] = depth }
    }
}
