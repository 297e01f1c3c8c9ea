import GatewayCore

/// The texts that a workbook's cells share, in a scratch file with a few pages of it in memory: a million texts take no more memory than ten.
final class SharedStrings {
    private let texts: PagedFile
    private let ends: PagedFile
    private(set) var count = 0

    init(scratchFolder: String) throws(Finding) {
        texts = try PagedFile(in: scratchFolder)
        ends = try PagedFile(in: scratchFolder)
    }

    func append(_ text: [UInt8]) throws(Finding) {
        try FileIO.unsafeBytes(text) { (bytes) throws(Finding) in try texts.append(bytes) }
        var end = texts.count
        let ends = ends
        try withUnsafeBytes(of: &end) { (bytes) throws(Finding) in try ends.append(bytes) }
        count += 1
    }

    /// Everything is there: from now on texts are asked for.
    func finish() throws(Finding) {
        try texts.flush()
        try ends.flush()
    }

    /// Appends text `index`; false when there is none of that number.
    func get(_ index: Int, into out: inout [UInt8]) throws(Finding) -> Bool {
        guard index >= 0, index < count else { return false }
        let start = index == 0 ? 0 : try ends.number(at: Int64(index - 1) * 8)
        try texts.get(start, try ends.number(at: Int64(index) * 8), into: &out)
        return true
    }
}

/// A scratch file that is read here and there, by pages.
private final class PagedFile {
    private static let pageSize = 1 << 14
    private static let pageCount = 1 << 7
    private let file: ScratchFile
    /// What the pages hold: the number of the file's page, or -1.
    private var held = [Int64](repeating: -1, count: PagedFile.pageCount)
    private var filled = [Int](repeating: 0, count: PagedFile.pageCount)
    private let memory: UnsafeMutableRawBufferPointer

    init(in folder: String) throws(Finding) {
        file = try ScratchFile(in: folder)
        memory = .allocate(byteCount: Self.pageSize * Self.pageCount, alignment: 64)
    }

    deinit { memory.deallocate() }

    var count: Int64 { file.count }
    func append(_ bytes: UnsafeRawBufferPointer) throws(Finding) { try file.append(bytes) }
    func flush() throws(Finding) { try file.flush() }

    private func page(_ number: Int64) throws(Finding) -> UnsafeRawBufferPointer {
        let slot = Int(number) & (Self.pageCount - 1)
        let start = slot * Self.pageSize
        if held[slot] != number {
            let room = UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + Self.pageSize])
            filled[slot] = try file.read(room, at: number * Int64(Self.pageSize))
            held[slot] = number
        }
        return UnsafeRawBufferPointer(rebasing: memory[start..<start + filled[slot]])
    }

    func number(at offset: Int64) throws(Finding) -> Int64 {
        // Eight bytes never lie across pages.
        let page = try page(offset / Int64(Self.pageSize))
        return page.loadUnaligned(fromByteOffset: Int(offset % Int64(Self.pageSize)), as: Int64.self)
    }

    func get(_ start: Int64, _ end: Int64, into out: inout [UInt8]) throws(Finding) {
        var at = start
        while at < end {
            let page = try page(at / Int64(Self.pageSize))
            let from = Int(at % Int64(Self.pageSize))
            let to = min(page.count, from + Int(end - at))
            guard to > from else { return }
            out.append(contentsOf: page[from..<to])
            at += Int64(to - from)
        }
    }
}

/// Listens to `xl/sharedStrings.xml`: all runs of a text one after the other, its reading aids (phonetic runs) left out.
final class SharedStringsListener: XMLListener {
    private let strings: SharedStrings
    private let limit: Int
    private let file: String?
    private var text: [UInt8] = []
    private var isText = false
    private var phonetic = 0
    private(set) var problem: Finding?
    let hasEnough = false

    init(_ strings: SharedStrings, limit: Int, file: String?) {
        self.strings = strings
        self.limit = limit
        self.file = file
    }

    func start(_ name: XMLName, _: XMLAttributes) {
        switch name.bits {
        case XMLName("si").bits: text.removeAll(keepingCapacity: true)
        case XMLName("rPh").bits: phonetic += 1
        case XMLName("t").bits: isText = phonetic == 0
        default: break
        }
    }

    func end(_ name: XMLName) {
        switch name.bits {
        case XMLName("rPh").bits: phonetic -= 1
        case XMLName("t").bits: isText = false
        case XMLName("si").bits:
            WorkbookText.unescape(&text, from: 0)
            do throws(Finding) { try strings.append(text) } catch { problem = error }
        default: break
        }
    }

    func text(_ bytes: UnsafeRawBufferPointer) {
        guard isText else { return }
        text.append(contentsOf: bytes)
        guard text.count > limit else { return }
        problem = Finding(
            .fieldLong, at: Place(file: file, name: "xl/sharedStrings.xml", isRecord: true), found: .plain("\(text.count) bytes"),
            ["limit": .plain("\(limit)")])
    }
}

/// How workbooks write characters that XML can't hold: `_x000D_`. Source: ECMA-376 part 1, 22.9.2.19 (ST_Xstring).
enum WorkbookText {
    /// Replaces what stands for control characters and underscores. A NUL stays as it is written.
    static func unescape(_ text: inout [UInt8], from start: Int) {
        guard text.count >= start + 7, let first = text[start...].firstIndex(of: 0x5F) else { return }
        var out = first
        var at = first
        while at < text.count {
            if let value = escape(text, at) {
                text[out] = value
                at += 7
            } else {
                text[out] = text[at]
                at += 1
            }
            out += 1
        }
        text.removeLast(text.count - out)
    }

    private static func escape(_ text: [UInt8], _ at: Int) -> UInt8? {
        guard at + 7 <= text.count, text[at] == 0x5F, text[at + 1] == 0x78, text[at + 6] == 0x5F else { return nil }
        guard let value = Int(String(decoding: text[(at + 2)..<(at + 6)], as: UTF8.self), radix: 16), value > 0,
            value < 0x20 || value == 0x5F || value == 0x7F
        else { return nil }
        return UInt8(value)
    }
}
