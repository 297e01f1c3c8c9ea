@_spi(HotPath) import GatewayCore
import Glibc

/// A file whose records were put together by key, and the rows that they have in the original.
package struct GroupedFile: Sendable {
    /// Headings as in the original, then the records.
    package let dataPath: String
    /// For ``RowNumbers``.
    package let rowsPath: String
    package let records: Int

    /// Removes both files.
    package func remove() {
        unlink(dataPath)
        unlink(rowsPath)
    }
}

/// Puts records with the same key together on disk, in the order in which keys come first; each key's records keep their order.
///
/// Memory is bounded: keys are looked at in passes over a table of their hashes, a million at a time.
package enum DiskGrouping {
    private static let keysAtOnce = 1 << 20

    /// - Parameters:
    ///   - source: read by position.
    ///   - file: shown name, for findings.
    ///   - keyColumns: from 0. Values compare without quotes and outer blanks; a record without a key stays where it is.
    ///   - keylessRowsFollow: a record without a key goes with the one before it.
    ///   - scratchFolder: takes twice the file's size at most.
    package static func group(
        source: Int32, file: String?, keyColumns: [Int], keylessRowsFollow: Bool = false, settings: CSVSettings = CSVSettings(),
        limits: IntakeLimits = IntakeLimits(),
        scratchFolder: String
    ) throws(Finding) -> GroupedFile {
        let reader = try CSVReader(DescriptorSource(source, shown: file ?? "file"), file: file, settings: settings, limits: limits)
        let headEnd = reader.windowOffset
        var table = try RecordTable(in: scratchFolder)
        try table.fill(reader, keyColumns, keylessRowsFollow: keylessRowsFollow)
        let chain = try table.chain(keysAtOnce)

        let data = try ScratchFile.create(in: scratchFolder)
        defer { close(data.descriptor) }
        let rows: (descriptor: Int32, path: String)
        do throws(Finding) { rows = try ScratchFile.create(in: scratchFolder) } catch {
            unlink(data.path)
            throw error
        }
        defer { close(rows.descriptor) }
        let grouped = GroupedFile(dataPath: data.path, rowsPath: rows.path, records: table.count)
        do throws(Finding) {
            try table.write(
                chain, from: source, headEnd: headEnd, lineEnd: reader.dialect.endsInCRLF ? [0x0D, 0x0A] : [0x0A], to: data.descriptor,
                rows: rows.descriptor)
        } catch {
            grouped.remove()
            throw error
        }
        return grouped
    }
}

/// What is known of each record, on disk: 32 bytes each.
private struct RecordTable {
    /// Where a record stands, which row it is, and the hash of its key.
    struct Entry: BitwiseCopyable {
        var offset: Int64
        var hash: UInt64
        var count: UInt32
        var row: UInt32
    }
    private static let size = MemoryLayout<Entry>.stride
    private let file: ScratchFile
    private let folder: String
    private(set) var count = 0

    init(in folder: String) throws(Finding) {
        self.folder = folder
        file = try ScratchFile(in: folder)
    }

    mutating func fill(_ reader: CSVReader, _ keyColumns: [Int], keylessRowsFollow: Bool) throws(Finding) {
        guard let key = DigestKey(randomBytes(16)) else { return }
        var batch = Batch(pool: [], window: 1 << 18, headSlots: 1, lineSlots: 1)
        var text: [UInt8] = []
        var withoutKey: UInt64 = 0
        var before: [UInt8]?
        while try reader.fill(&batch) {
            for r in 0..<batch.recordCount where batch.flags[r] & Batch.blankRecord == 0 {
                text.removeAll(keepingCapacity: true)
                var isEmpty = true
                for c in keyColumns where c < batch.fieldCount(r) {
                    let (offset, length) = batch.field(r, c)
                    let raw = UnsafeRawBufferPointer(start: batch.base + offset, count: length)
                    let value = Array(trimmed(String(decoding: unquoted(raw, quote: reader.dialect.quote), as: UTF8.self)).utf8)
                    if !value.isEmpty { isEmpty = false }
                    text += value
                    text.append(0)
                }
                if isEmpty {
                    withoutKey += 1
                    text = keylessRowsFollow ? before ?? [1] : [1] + Array("\(withoutKey)".utf8)
                }
                before = text
                var entry = Entry(
                    offset: reader.offset(of: r, in: batch), hash: text.withUnsafeBytes { key.digest($0) },
                    count: UInt32(batch.record(r).count),
                    row: UInt32(batch.rowNumber(r)))
                let file = file
                try withUnsafeBytes(of: &entry) { (bytes) throws(Finding) in try file.append(bytes) }
                count += 1
            }
            reader.keep(batch)
        }
        try file.flush()
    }

    private func entry(_ record: Int, _ window: FileWindow) throws(Finding) -> Entry {
        try window.bytes(at: Int64(record * Self.size), Self.size).loadUnaligned(as: Entry.self)
    }

    /// For each record the next of its key + 1 (0: none); the top bit says that one stands before it.
    func chain(_ keysAtOnce: Int) throws(Finding) -> MappedNumbers {
        let next = try MappedNumbers(count: count, in: folder)
        let passes = UInt64(count / keysAtOnce + 1)
        for pass in 0..<passes {
            let window = FileWindow(file.descriptor, shown: "scratch file")
            var last: [UInt64: UInt32] = [:]
            for record in 0..<count {
                let hash = try entry(record, window).hash
                guard hash % passes == pass else { continue }
                if let before = last.updateValue(UInt32(record), forKey: hash) {
                    next.numbers[Int(before)] |= UInt32(record) + 1
                    next.numbers[record] |= MappedNumbers.top
                }
            }
        }
        return next
    }

    func write(
        _ chain: MappedNumbers, from source: Int32, headEnd: Int64, lineEnd: [UInt8], to data: Int32, rows: Int32
    ) throws(Finding) {
        let bytes = FileWindow(source, shown: "file")
        let entries = FileWindow(file.descriptor, shown: "scratch file")
        var out = Output(capacity: 1 << 18)
        var numbers: [UInt8] = []
        let head = try bytes.bytes(at: 0, Int(headEnd))
        if let start = head.baseAddress { out.append(start, head.count) }
        for first in 0..<count where chain.numbers[first] & MappedNumbers.top == 0 {
            var record = first
            while true {
                let entry = try entry(record, entries)
                let text = try bytes.bytes(at: entry.offset, Int(entry.count))
                if let start = text.baseAddress { out.append(start, text.count) }
                out.append(lineEnd)
                numbers += withUnsafeBytes(of: entry.row.littleEndian) { Array($0) }
                if out.count > 1 << 17 {
                    try FileIO.write(out.bytes, to: data, shown: "scratch file")
                    out.rewind(to: 0)
                    try FileIO.unsafeBytes(numbers) { (all) throws(Finding) in try FileIO.write(all, to: rows, shown: "scratch file") }
                    numbers.removeAll(keepingCapacity: true)
                }
                let next = Int(chain.numbers[record] & ~MappedNumbers.top)
                if next == 0 { break }
                record = next - 1
            }
        }
        try FileIO.write(out.bytes, to: data, shown: "scratch file")
        try FileIO.unsafeBytes(numbers) { (all) throws(Finding) in try FileIO.write(all, to: rows, shown: "scratch file") }
    }
}

/// Numbers in a file that is mapped to memory: the system takes the pages back when it needs them.
private final class MappedNumbers {
    static let top: UInt32 = 1 << 31
    let numbers: UnsafeMutablePointer<UInt32>
    private let file: ScratchFile
    private let bytes: Int

    init(count: Int, in folder: String) throws(Finding) {
        file = try ScratchFile(in: folder)
        bytes = max(4, count * 4)
        // Room is taken now: a full disk is a finding here, and a broken mapping later.
        let error = posix_fallocate(file.descriptor, 0, off_t(bytes))
        guard error == 0 else { throw FileIO.finding(.fileWriteFailed, "scratch file", error: error) }
        guard let place = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor, 0), place != MAP_FAILED else {
            throw FileIO.finding(.fileWriteFailed, "scratch file")
        }
        numbers = place.bindMemory(to: UInt32.self, capacity: bytes / 4)
    }

    deinit { munmap(numbers, bytes) }
}
