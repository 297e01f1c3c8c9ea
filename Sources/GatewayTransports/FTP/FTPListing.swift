/// A line of an FTP server's listing.
struct FTPEntry: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case file, folder, link, other
    }

    /// Bytes as the server sent them; not yet judged.
    var name: [UInt8]
    var kind: Kind
    /// Nil: the server told none.
    var size: Int64?
    /// Seconds since 1970; a LIST tells it by the server's clock and to the minute or the day only.
    var modified: Int64?
    /// What tells this file from another one of the same name (`unique` of MLSD), as a number.
    var unique: UInt64?
    /// Size and time are exact: MLSD gave them.
    var isExact = false
}

/// Splits a listing into lines as it arrives and reads them. Memory does not grow with the listing.
struct FTPListing {
    /// Which commands gave the listing.
    enum Style: Hashable, Sendable {
        /// `MLSD`: facts and a name. Source: RFC 3659, section 7.
        case facts
        /// `LIST`: as `ls -l` or as Windows servers write it; there is no standard.
        case text
    }

    /// Lines that are no entry: a name with a line end in it, or a format that is not known.
    private(set) var unreadable = 0
    /// The first of them, cut, for a finding.
    private(set) var example: [UInt8] = []
    private let style: Style
    /// Seconds since 1970 now: a LIST leaves out the year of young files.
    private let now: Int64
    private var line: [UInt8] = []
    private static let longest = 4096

    init(_ style: Style, now: Int64) {
        self.style = style
        self.now = now
    }

    /// Adds bytes and calls `each` with every entry that they complete. False as soon as `each` says false.
    mutating func add(_ bytes: UnsafeRawBufferPointer, _ each: (FTPEntry) -> Bool) -> Bool {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                guard finishLine(each) else { return false }
            } else if line.count < Self.longest {
                line.append(byte)
            }
        }
        return true
    }

    /// The last line may lack its end.
    mutating func finish(_ each: (FTPEntry) -> Bool) -> Bool { line.isEmpty || finishLine(each) }

    private mutating func finishLine(_ each: (FTPEntry) -> Bool) -> Bool {
        defer { line.removeAll(keepingCapacity: true) }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        if line.isEmpty { return true }
        let read =
            switch style {
            case .facts: FTPLine.facts(line)
            case .text: FTPLine.text(line, now: now)
            }
        switch read {
        case .entry(let entry): return each(entry)
        case .passedOver: return true
        case .unreadable:
            unreadable += 1
            if example.isEmpty { example = Array(line.prefix(120)) }
            return true
        }
    }
}
