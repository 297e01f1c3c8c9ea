import GatewayCore

/// Reads headers of envelopes.
enum EDIHeaders {
    /// Widths of ISA01 to ISA16. Source: X12.5, interchange control structures.
    static let isaWidths = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1]

    static func isa(_ segment: EDISegment) -> EDIInterchange {
        EDIInterchange(
            delimiters: segment.delimiters, control: trimmed(segment.text(13)),
            sender: EDIParty(qualifier: trimmed(segment.text(5)), id: trimmed(segment.text(6))),
            recipient: EDIParty(qualifier: trimmed(segment.text(7)), id: trimmed(segment.text(8))), version: trimmed(segment.text(12)),
            date: segment.text(9), time: segment.text(10), isTest: segment.text(15) == "T", wantsAcknowledgement: segment.text(14) == "1",
            hasEnvelope: true, offset: segment.offset)
    }

    /// Numbers of the header's elements that do not have their width.
    static func wrongWidths(_ segment: EDISegment) -> [Int] {
        var wrong: [Int] = []
        segment.forEachElement { number, bytes in
            guard number <= 16 else { return }
            // The component separator is the 16th element and splits none.
            if number == 16, segment.laxity.contains(.headerShort) { return }
            if characters(bytes) != isaWidths[number - 1] { wrong.append(number) }
        }
        return wrong
    }

    static func unb(_ segment: EDISegment) -> EDIInterchange {
        EDIInterchange(
            delimiters: segment.delimiters, control: segment.text(5),
            sender: EDIParty(qualifier: segment.text(2, 2), id: segment.text(2, 1)),
            recipient: EDIParty(qualifier: segment.text(3, 2), id: segment.text(3, 1)),
            version: segment.text(1, 2).isEmpty ? segment.text(1, 1) : segment.text(1, 1) + ":" + segment.text(1, 2),
            date: segment.text(4, 1), time: segment.text(4, 2), isTest: segment.text(11) == "1",
            wantsAcknowledgement: segment.text(9) == "1",
            hasEnvelope: true, offset: segment.offset)
    }

    static func bare(_ segment: EDISegment) -> EDIInterchange {
        EDIInterchange(
            delimiters: segment.delimiters, control: "", sender: EDIParty(qualifier: "", id: ""),
            recipient: EDIParty(qualifier: "", id: ""),
            version: "", date: "", time: "", isTest: false, wantsAcknowledgement: false, hasEnvelope: false, offset: segment.offset)
    }

    static func gs(_ segment: EDISegment) -> EDIGroup {
        EDIGroup(
            kind: segment.text(1), control: segment.text(6), version: trimmed(segment.text(8)), sender: trimmed(segment.text(2)),
            recipient: trimmed(segment.text(3)))
    }
    static func ung(_ segment: EDISegment) -> EDIGroup {
        EDIGroup(
            kind: segment.text(1), control: segment.text(5), version: segment.text(7, 1) + segment.text(7, 2), sender: segment.text(2, 1),
            recipient: segment.text(3, 1))
    }

    static func st(_ segment: EDISegment, _ group: EDIGroup?) -> EDISet {
        let own = trimmed(segment.text(3))
        return EDISet(
            kind: trimmed(segment.text(1)), version: own.isEmpty ? group?.version ?? "" : own, control: trimmed(segment.text(2)),
            offset: segment.offset, segments: 1)
    }
    static func unh(_ segment: EDISegment) -> EDISet {
        let parts = (2...5).map { segment.text(2, $0) }.reversed().drop { $0.isEmpty }.reversed()
        return EDISet(
            kind: segment.text(2, 1), version: parts.joined(separator: ":"), control: segment.text(1), offset: segment.offset, segments: 1)
    }

    private static func trimmed(_ text: String) -> String {
        var text = Substring(text)
        while text.last == " " { text.removeLast() }
        while text.first == " " { text.removeFirst() }
        return String(text)
    }
    /// Characters of UTF-8; bytes where it is none.
    private static func characters(_ bytes: UnsafeRawBufferPointer) -> Int {
        String(validating: bytes, as: UTF8.self).map(\.unicodeScalars.count) ?? bytes.count
    }
}
