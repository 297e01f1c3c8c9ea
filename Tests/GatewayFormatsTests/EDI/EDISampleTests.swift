import Foundation
import GatewayCore
import GatewayFormats
import GatewayTesting
import Testing

/// The public samples beside the repository give the counts and problems that their list of sources states.
struct EDISampleTests {
    @Test func samplesGiveWhatTheirSourcesState() throws {
        guard let root = SharedFiles.root else {
            print("Skipped: the public EDI samples are not beside the repository.")
            return
        }
        let list = String(decoding: try FileIO.contents(root + "/edi/SOURCES.md", shown: "SOURCES.md"), as: UTF8.self)
        var folder = ""
        var files = 0
        for line in list.split(separator: "\n") {
            if line.hasPrefix("## ") { folder = line.dropFirst(3).trimmingCharacters(in: .whitespaces) }
            guard line.hasPrefix("| `"), let facts = SampleFacts(line) else { continue }
            files += 1
            let bytes = try FileIO.contents(root + "/edi/" + folder + facts.file, shown: facts.file)
            let walked = try walkAll(bytes)
            let totals = walked.walk.totals
            let argued = SampleFacts.argued[facts.file]
            #expect(totals.segments == argued?.segments ?? facts.segments, "\(facts.file)")
            #expect(totals.interchanges == argued?.interchanges ?? facts.interchanges, "\(facts.file)")
            #expect(totals.groups == argued?.groups ?? facts.groups, "\(facts.file)")
            #expect(totals.sets == argued?.sets ?? facts.sets, "\(facts.file)")
            if let delimiters = facts.delimiters { #expect(walked.delimiters.first == delimiters, "\(facts.file)") }
            // The list counts indented segments of X12 only.
            let problems = SampleFacts.problems(of: walked.walk.findings, isX12: folder == "x12/").filter {
                folder == "x12/" || !$0.hasSuffix("leading blanks")
            }
            if facts.isOpen {
                #expect(facts.problems.allSatisfy { problems.contains($0) }, "\(facts.file): \(problems)")
            } else {
                #expect(problems.sorted() == (argued?.problems ?? facts.problems).sorted(), "\(facts.file)")
            }
        }
        #expect(files == 119)
    }
}

/// What is seen of a file.
struct Walked {
    var walk: EDIWalk
    /// Service characters of each X12 interchange as the list of sources writes them.
    var delimiters: [String]
    /// One line an event: the same whatever the window.
    var events: [String]
}

func walkAll(_ bytes: [UInt8], window: Int = 1 << 16, tolerance: EDITolerance = .partner) throws -> Walked {
    let walk = EDIWalk(BytesInPieces(bytes, piece: window), file: "sample.edi", tolerance: tolerance, window: window)
    var walked = Walked(walk: walk, delimiters: [], events: [])
    while let event = try walk.next() {
        switch event {
        case .interchange(let interchange):
            if interchange.delimiters.syntax == .x12 { walked.delimiters.append(shown(interchange)) }
            walked.events.append("interchange \(interchange.control) \(interchange.sender) \(interchange.recipient) \(interchange.version)")
        case .group(let group): walked.events.append("group \(group.kind) \(group.control) \(group.version)")
        case .set(let set): walked.events.append("set \(set.kind) \(set.control) \(set.version)")
        case .segment:
            if let segment = walk.reader.segment {
                var line = "\(segment.number)@\(segment.offset) " + segment.tagText
                segment.forEachElement { number, raw in line += " \(number)=" + segment.delimiters.text(raw) }
                walked.events.append(line)
            }
        case .setEnd(let set): walked.events.append("end \(set.control) \(set.segments) \(set.isComplete)")
        case .groupEnd(let group): walked.events.append("group end \(group.control) \(group.sets)")
        case .interchangeEnd(let interchange): walked.events.append("interchange end \(interchange.control) \(interchange.completeSets)")
        case .service: walked.events.append("service " + (walk.reader.segment?.tagText ?? ""))
        }
    }
    return walked
}

private func shown(_ interchange: EDIInterchange) -> String {
    let delimiters = interchange.delimiters
    func name(_ bytes: [UInt8]) -> String {
        switch bytes {
        case [0x0A]: "LF"
        case [0x0D]: "CR"
        case _: String(decoding: bytes, as: UTF8.self)
        }
    }
    let repetition = delimiters.repetition.map { name([$0]) } ?? "-"
    return
        "\(name([delimiters.element])) \(name([delimiters.component])) \(name(delimiters.terminator)) \(repetition) v\(interchange.version)"
}

/// Bytes given out a few at a time.
final class BytesInPieces: ByteSource {
    private let bytes: [UInt8]
    private let piece: Int
    private var at = 0
    init(_ bytes: [UInt8], piece: Int) {
        self.bytes = bytes
        self.piece = piece
    }
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, piece, bytes.count - at)
        bytes[at..<at + count].withUnsafeBytes { buffer.copyMemory(from: $0) }
        at += count
        return count
    }
}

/// One line of the list of sources.
struct SampleFacts {
    var file: String
    var segments: Int
    var interchanges: Int
    var groups: Int
    var sets: Int
    var delimiters: String?
    var problems: [String]
    /// More problems than are listed.
    var isOpen: Bool

    init?(_ line: Substring) {
        let cells = line.components(separatedBy: "` | ")
        guard cells.count > 2, let facts = line.components(separatedBy: "` | ").last, let marks = facts.range(of: " :: ") else {
            return nil
        }
        file = String(cells[0].dropFirst(3))
        func number(_ key: String) -> Int? {
            facts.range(of: " \(key)=").flatMap { Int(facts[$0.upperBound...].prefix { $0.isNumber }) }
        }
        guard let segments = number("seg") else { return nil }
        self.segments = segments
        interchanges = number("isa") ?? number("unb") ?? 0
        groups = number("gs") ?? number("ung") ?? 0
        sets = number("st") ?? number("unh") ?? 0
        if let open = facts.range(of: " ["), let close = facts.range(of: "]") {
            delimiters = facts[open.upperBound..<close.lowerBound].replacingOccurrences(of: "\\|", with: "|")
        }
        let said = facts[marks.upperBound...].replacingOccurrences(of: " |", with: "").trimmingCharacters(in: .whitespaces)
        isOpen = said.contains(" (+")
        problems = said == "clean" ? [] : said.components(separatedBy: "; ").map { $0.components(separatedBy: " (+")[0] }
    }

    /// Our findings in the words of the list.
    static func problems(of findings: [Finding], isX12: Bool) -> [String] {
        findings.compactMap { finding in
            let found = finding.found?.text ?? ""
            let tag = finding.place.edi?.tag ?? ""
            func argument(_ name: String) -> String { finding.arguments[name]?.text ?? "" }
            switch finding.code.id {
            case "edi.count.segments":
                return tag == "SE" ? "SE01=\(found) actual \(argument("actual"))" : "UNT=\(found) actual \(argument("actual"))"
            case "edi.count.groups", "edi.count.sets": return "\(tag)01=\(found) actual \(argument("actual"))"
            case "edi.reference.differs", "edi.reference.written":
                let wanted = argument("wanted")
                switch tag {
                case "SE": return "SE02=\(found) ST02=\(wanted)"
                case "GE": return "GE02=\(found) GS06=\(wanted)"
                case "IEA": return "IEA02=\(found) ISA13=\(wanted)"
                case "UNT": return "UNT ref \(found) UNH \(wanted)"
                case "UNE": return "UNE ref \(found) UNG \(wanted)"
                case _: return "UNZ ref \(found) UNB \(wanted)"
                }
            case "edi.segment.unterminated": return "last segment unterminated"
            case "edi.segments.indented": return "\(found) segment ids with leading blanks"
            case "edi.segments.wrapped": return "\(found) segments wrapped over lines"
            case "edi.header.widths": return "ISA element widths wrong: \(found)"
            case "edi.trailer.missing": return "missing \(argument("trailer"))"
            case "edi.envelope.missing": return "UNH outside UNB"
            case "edi.segment.outside": return "segment \(found) outside message"
            case "edi.tag.unknown": return "bad \(isX12 ? "segment id" : "tag") '\(found)'"
            case "edi.control.repeated": return "duplicate ISA13 \(found)"
            case "edi.mark": return nil
            case _: return finding.code.id
            }
        }
    }

    /// Where we read a sample otherwise than its list of sources, and why.
    struct Argued {
        var segments: Int?
        var interchanges: Int?
        var groups: Int?
        var sets: Int?
        var problems: [String]?
    }
    static let argued: [String: Argued] = [
        // Two messages have the reference 1; the list looks for repeated interchanges only.
        "edinet_edifact.01.multi-message.edi": Argued(
            problems: ["UNT=158 actual 31", "UNT=158 actual 31", "UNZ ref 20101000064507 UNB HBQ001", "duplicate ISA13 1"]),
        // A line break stands inside of ISA08; without it the element has its 15 characters.
        "edinet_x12.214.edi": Argued(problems: ["1 segments wrapped over lines"]),
    ]
}
