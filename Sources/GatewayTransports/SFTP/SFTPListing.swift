import GatewayCore

/// The names of a folder as libcurl gives them: each ends with a line feed, so a name with one inside looks like two.
final class ListedNames: @unchecked Sendable {
    private(set) var bytes: [UInt8] = []
    private var count = 0
    private let most: Int

    init(most: Int) { self.most = most }

    /// False: there are too many.
    func add(_ piece: UnsafeRawBufferPointer) -> Bool {
        for byte in piece where byte == UInt8(ascii: "\n") { count += 1 }
        bytes.append(contentsOf: piece)
        // The folder itself and the one above it are listed too.
        return count <= most + 2
    }

    var isComplete: Bool { bytes.isEmpty || bytes.last == UInt8(ascii: "\n") }

    /// Whether anything but `.` and `..` is there.
    var hasAny: Bool {
        bytes.count > 5 || ![[], Array(".\n".utf8), Array("..\n".utf8), Array(".\n..\n".utf8), Array("..\n.\n".utf8)].contains(bytes)
    }
}

/// The long listing, line by line beside the names: a line is the server's own text and is only compared as a whole.
///
/// A line belongs to a name when it ends with it, and stands at the same place in both listings. Where the two part (a file came or
/// went between them), names from there on have no mark this time.
final class ListedLines: @unchecked Sendable {
    private let names: [UInt8]
    private var at = 0
    private var line: [UInt8] = []
    private var found: [RemoteName] = []
    private var isInStep = true
    /// Whether lines begin as `ls -l` writes them.
    private var isLong: Bool?

    init(names: [UInt8]) { self.names = names }

    func add(_ piece: UnsafeRawBufferPointer) -> Bool {
        for byte in piece {
            if byte == UInt8(ascii: "\n") {
                note()
                line.removeAll(keepingCapacity: true)
            } else {
                line.append(byte)
            }
        }
        return true
    }

    private func nextName() -> ArraySlice<UInt8>? {
        guard at < names.count, let end = names[at...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { at = end + 1 }
        return names[at..<end]
    }

    private func note() {
        guard isInStep, let name = nextName() else { return }
        let (kind, isLong) = Self.kind(line)
        if self.isLong == nil { self.isLong = isLong }
        // A link's line goes on with what it points to.
        let fits = kind == .link ? Self.contains(line, name) : line.count >= name.count && line.suffix(name.count) == name
        guard fits else {
            isInStep = false
            give(name, .unknown, nil)
            return
        }
        // Where all lines begin with their kind, one that does not is the rest of a name with a line end.
        guard isLong || self.isLong == false else { return give(name, .special, nil) }
        let mark = line.withUnsafeBytes { DigestKey.sample.digest($0) }
        give(name, kind, mark)
    }

    private func give(_ name: ArraySlice<UInt8>, _ kind: RemoteName.Kind, _ mark: UInt64?) {
        let verdict = name.withUnsafeBufferPointer { NameRule.judge($0) }
        guard verdict != .passedOver else { return }
        found.append(RemoteName(verdict: verdict, kind: kind, mark: mark))
    }

    func finish(_ each: (RemoteName) -> Void) {
        while let name = nextName() { give(name, .unknown, nil) }
        for name in found { each(name) }
        found = []
    }

    /// `-rw-r--r--` and its like: the one part of the line that is looked at, and only to refuse.
    private static func kind(_ line: [UInt8]) -> (RemoteName.Kind, isLong: Bool) {
        guard line.count > 10, line[1..<10].allSatisfy({ "rwxsStT-".utf8.contains($0) }) else { return (.unknown, false) }
        switch line[0] {
        case UInt8(ascii: "-"): return (.file, true)
        case UInt8(ascii: "d"): return (.folder, true)
        case UInt8(ascii: "l"): return (.link, true)
        case UInt8(ascii: "p"), UInt8(ascii: "s"), UInt8(ascii: "b"), UInt8(ascii: "c"), UInt8(ascii: "D"): return (.special, true)
        case _: return (.unknown, false)
        }
    }

    private static func contains(_ line: [UInt8], _ name: ArraySlice<UInt8>) -> Bool {
        let wanted = Array(name) + Array(" -> ".utf8)
        guard line.count >= wanted.count else { return false }
        return (0...(line.count - wanted.count)).contains { line[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }
}
