/// Which names of dropped files are looked at, and which are refused. The same for every transport.
package enum NameRule {
    /// What a name is.
    package enum Verdict: Hashable, Sendable {
        case candidate(String)
        /// Hidden, or a name that writers use until a file is complete: not looked at, not worth a word.
        case passedOver
        /// It must not be taken; `shown` is the name with what can't be shown made visible.
        case refused(FindingCode, shown: String)
    }

    /// Names that begin so are our own unfinished files.
    package static let ownPrefix = ".dropgate-"

    private static let unfinished = [".part", ".tmp", ".filepart", ".writing", ".partial", ".crdownload", "~"]

    /// Judges the bytes of a name as a folder or a server lists it.
    package static func judge(_ bytes: UnsafeBufferPointer<UInt8>) -> Verdict {
        // Hidden; also the folder itself and the one above it.
        if bytes.first == UInt8(ascii: ".") && !bytes.contains(UInt8(ascii: "/")) { return .passedOver }
        guard let name = String(validating: bytes, as: UTF8.self) else {
            return .refused(.intakeNameEncoding, shown: escaped(bytes))
        }
        let shown = Finding.visible(name)
        if bytes.count > 255 { return .refused(.intakeNameLong, shown: shown) }
        if bytes.isEmpty || bytes.contains(UInt8(ascii: "/")) { return .refused(.intakeNamePath, shown: shown) }
        if name.unicodeScalars.contains(where: isControl) { return .refused(.intakeNameControl, shown: shown) }
        let folded = String(decoding: bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
        // Office programs put an owner file `~$name` beside a file that is open.
        if folded.hasPrefix("~$") || unfinished.contains(where: { folded.hasSuffix($0) }) { return .passedOver }
        return .candidate(name)
    }

    package static func judge(_ name: String) -> Verdict {
        var name = name
        return name.withUTF8 { judge($0) }
    }

    /// Whether `name` may be published: letters, digits, point, hyphen, underscore; not hidden, not an option, 255 at most.
    package static func mayPublish(_ name: String) -> Bool {
        guard (1...255).contains(name.utf8.count), let first = name.utf8.first, first != 0x2E, first != 0x2D else { return false }
        return name.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
        }
    }

    /// C0, DEL, C1, line and paragraph separators, and what turns the direction of writing (`gnp.csv` for `csv.png`).
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    private static func escaped(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        var out = ""
        for byte in bytes.prefix(120) {
            if (0x20..<0x7F).contains(byte) {
                out.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                out += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return out
    }
}
