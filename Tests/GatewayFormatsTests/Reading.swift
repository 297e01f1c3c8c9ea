@_spi(HotPath) import GatewayCore
import GatewayFormats
import Glibc
import Testing

/// A record as tests compare it.
struct SeenRecord: Equatable, CustomStringConvertible {
    var row: Int
    var fields: [String]
    var flags: UInt8 = 0
    var description: String { "\(row) \(fields) \(flags)" }
}

/// Everything that a reader gives, whatever the window, the pieces of the source, and how many records are kept back.
func readAll(
    _ bytes: [UInt8], window: Int = 1 << 16, piece: Int = .max, keepingBack: Int = 0, settings: CSVSettings = CSVSettings(),
    limits: IntakeLimits = IntakeLimits(), file: String? = "orders.csv"
) throws(Finding) -> (header: Header, dialect: CSVDialect, records: [SeenRecord]) {
    let reader = try CSVReader(MemorySource(bytes, piece: piece), file: file, settings: settings, limits: limits)
    var batch = Batch(pool: [], window: window, headSlots: 1, lineSlots: 1)
    var seen: [SeenRecord] = []
    while try reader.fill(&batch) {
        batch.usedRecords = reader.isAtEnd ? batch.recordCount : max(0, batch.recordCount - keepingBack)
        seen += taken(batch)
        reader.keep(batch)
    }
    return (reader.header, reader.dialect, seen)
}

/// The used records of a batch.
func taken(_ batch: borrowing Batch) -> [SeenRecord] {
    var seen: [SeenRecord] = []
    for r in 0..<batch.usedRecords {
        var fields: [String] = []
        for c in 0..<batch.fieldCount(r) {
            let (offset, count) = batch.field(r, c)
            fields.append(String(decoding: UnsafeRawBufferPointer(start: batch.base + offset, count: count), as: UTF8.self))
        }
        seen.append(SeenRecord(row: batch.rowNumber(r), fields: fields, flags: batch.flags[r]))
    }
    return seen
}

/// The same numbers on every machine.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// The whole sentence of the finding that `body` throws; nil when it throws none.
func sentence(_ language: Language = .english, of body: () throws(Finding) -> Void) -> String? {
    do throws(Finding) {
        try body()
        return nil
    } catch { return error.sentence(in: language) }
}

/// A file in a folder that is removed with the object.
final class Scratch {
    let folder: String

    init() throws {
        var template = Array("/tmp/dropgate-formats-XXXXXX".utf8CString)
        let isMade = template.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkdtemp($0) != nil } ?? false }
        try #require(isMade)
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in names { unlink(folder + "/" + name) }
        rmdir(folder)
    }

    /// What is in it.
    var names: [String] {
        guard let entries = opendir(folder) else { return [] }
        defer { closedir(entries) }
        var found: [String] = []
        while let entry = readdir(entries) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != ".." { found.append(name) }
        }
        return found.sorted()
    }

    func file(_ name: String, _ bytes: [UInt8]) throws(Finding) -> Int32 {
        try FileIO.replace(folder + "/" + name, with: bytes, shown: name)
        return try FileIO.openForReading(folder + "/" + name, shown: name)
    }
}

/// Contents of a file below Tests/Fixtures/reading.
func fixture(_ path: String) throws(Finding) -> [UInt8] {
    let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return try FileIO.contents("/" + tests + "/Fixtures/reading/" + path, shown: path)
}
