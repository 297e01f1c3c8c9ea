import GatewayCore

/// What a zip's central directory says of its entries, read before anything is inflated. Source: PKWARE APPNOTE 6.3.
struct ZipDirectory {
    struct Entry {
        /// As it stands there.
        var name: String
        var packed: Int64
        /// What the directory claims; what comes out is counted again.
        var size: Int64
        var isEncrypted: Bool
        /// Where its local header begins.
        var offset: Int64
    }

    private(set) var entries: [Entry] = []

    static let entryLimit = 10_000

    /// Whether the first bytes are those of a zip.
    static func begins(_ bytes: some Sequence<UInt8>) -> Bool { bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

    /// - Throws: `workbook.unfinished` when the end or an entry is missing, `workbook.damaged` or `workbook.large` else.
    init(descriptor: Int32, size: Int64, file: String?) throws(Finding) {
        let window = FileWindow(descriptor, shown: file ?? "file")
        // Its bytes are looked at after the last call.
        defer { withExtendedLifetime(window) {} }
        func unfinished(_ found: String) -> Finding {
            Finding(.workbookUnfinished, at: Place(file: file, isRecord: true), found: .plain(found))
        }
        let end = try Self.end(window, size, unfinished)
        guard end.count <= Self.entryLimit else {
            throw Finding(
                .workbookLarge, at: Place(file: file, isRecord: true), found: .plain("\(end.count) entries"),
                ["limit": .plain("\(Self.entryLimit)"), "what": .plain("entries")])
        }
        var at = end.start
        for _ in 0..<Int(end.count) {
            let head = try window.bytes(at: at, 46)
            guard head.count == 46, head.word(0) == 0x0201_4B50 else { throw unfinished("no entry at byte \(at)") }
            let (nameLength, extraLength, noteLength) = (head.half(28), head.half(30), head.half(32))
            var entry = Entry(
                name: "", packed: Int64(head.word(20)), size: Int64(head.word(24)), isEncrypted: head.half(8) & 1 != 0,
                offset: Int64(head.word(42)))
            let rest = try window.bytes(at: at + 46, nameLength + extraLength)
            guard rest.count == nameLength + extraLength else { throw unfinished("a cut list of contents") }
            entry.name = String(decoding: rest.prefix(nameLength), as: UTF8.self)
            Self.widen(&entry, UnsafeRawBufferPointer(rebasing: rest.dropFirst(nameLength)))
            guard entry.offset >= 0, entry.packed >= 0, entry.size >= 0, entry.offset + 30 <= end.start, entry.packed <= end.start else {
                throw unfinished("an entry outside of the file")
            }
            entries.append(entry)
            at += Int64(46 + nameLength + extraLength + noteLength)
        }
        // A writer that fills a file out of order leaves holes: each entry must begin where the directory says.
        for entry in entries {
            let head = try window.bytes(at: entry.offset, 30)
            guard head.count == 30, head.word(0) == 0x0403_4B50,
                entry.offset + 30 + Int64(head.half(26) + head.half(28)) + entry.packed <= end.start
            else { throw unfinished("no entry at byte \(entry.offset)") }
        }
        var seen: Set<String> = []
        for entry in entries where !seen.insert(Self.folded(entry.name)).inserted {
            throw Finding(
                .workbookDamaged, at: Place(file: file, isRecord: true), found: .plain(entry.name),
                ["detail": .plain("each part once")])
        }
    }

    /// The entry of a part; names of parts are compared without regard to case. Source: ECMA-376 part 2, 6.2.2.3.
    func entry(_ part: String) -> Int? {
        let wanted = Self.folded(part)
        return entries.firstIndex { Self.folded($0.name) == wanted }
    }

    private static func folded(_ name: String) -> String {
        String(decoding: name.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 == 0x5C ? 0x2F : $0 }, as: UTF8.self)
    }

    private static func end(
        _ window: FileWindow, _ size: Int64, _ unfinished: (String) -> Finding
    ) throws(Finding) -> (start: Int64, count: Int64) {
        let length = Int(min(size, 22 + 65_535))
        let tail = Array(try window.bytes(at: size - Int64(length), length))
        guard tail.count == length, length >= 22 else { throw unfinished("no end of a zip") }
        // The note behind the record may hold anything, even what looks like a record: it ends where the file does.
        let found = stride(from: length - 22, through: 0, by: -1).first { at in
            tail.withUnsafeBytes { $0.word(at) == 0x0605_4B50 && at + 22 + $0.half(at + 20) == length }
        }
        guard let found else { throw unfinished("no end of a zip") }
        let offset = size - Int64(length) + Int64(found)
        var (count, bytes, start) = tail.withUnsafeBytes { all in
            (Int64(all.half(found + 10)), Int64(all.word(found + 12)), Int64(all.word(found + 16)))
        }
        if count == 0xFFFF || bytes == 0xFFFF_FFFF || start == 0xFFFF_FFFF, offset >= 20 {
            let locator = Array(try window.bytes(at: offset - 20, 20))
            if locator.count == 20, locator.withUnsafeBytes({ $0.word(0) }) == 0x0706_4B50 {
                let at = locator.withUnsafeBytes { $0.long(8) }
                guard at >= 0, at + 56 <= offset else { throw unfinished("no end of a zip") }
                let wide = try window.bytes(at: at, 56)
                guard wide.count == 56, wide.word(0) == 0x0606_4B50 else { throw unfinished("no end of a zip") }
                (count, bytes, start) = (wide.long(32), wide.long(40), wide.long(48))
            }
        }
        guard count >= 0, bytes >= 0, start >= 0, start <= offset, bytes <= offset - start else {
            throw unfinished("no list of contents")
        }
        return (start, count)
    }

    /// Sizes and place of a zip64 entry.
    private static func widen(_ entry: inout Entry, _ extra: UnsafeRawBufferPointer) {
        var at = 0
        while at + 4 <= extra.count {
            let (kind, length) = (extra.half(at), extra.half(at + 2))
            guard at + 4 + length <= extra.count else { return }
            if kind == 1 {
                var from = at + 4
                func next(_ value: inout Int64) {
                    guard value == 0xFFFF_FFFF, from + 8 <= at + 4 + length else { return }
                    value = extra.long(from)
                    from += 8
                }
                next(&entry.size)
                next(&entry.packed)
                next(&entry.offset)
            }
            at += 4 + length
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Little-endian numbers, as a zip holds them.
    fileprivate func half(_ at: Int) -> Int { Int(self[at]) | Int(self[at + 1]) << 8 }
    fileprivate func word(_ at: Int) -> UInt32 { UInt32(half(at)) | UInt32(half(at + 2)) << 16 }
    fileprivate func long(_ at: Int) -> Int64 { Int64(word(at)) | Int64(truncatingIfNeeded: UInt64(word(at + 4)) << 32) }
}
