@_spi(HotPath) import GatewayCore

@testable import GatewayMapping

/// Reads the little of YAML that profiles in tests need: keys, lists and maps of one level, no quoting.
func config(_ text: String, file: String = "mappings/channels/test.yaml") -> ConfigNode {
    var entries: [(key: SourceText, value: ConfigNode)] = []
    var items: [ConfigNode] = []
    var inner: [(key: SourceText, value: ConfigNode)] = []
    var pending: SourceText?
    func close() {
        guard let key = pending else { return }
        if !items.isEmpty { entries.append((key, .list(items, key.place))) } else { entries.append((key, .map(inner, key.place))) }
        (pending, items, inner) = (nil, [], [])
    }
    for (n, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() where !raw.isEmpty && !raw.hasPrefix("#") {
        let line = String(raw)
        let indent = line.prefix { $0 == " " }.count
        let body = String(line.dropFirst(indent))
        func place(_ column: Int) -> Place { Place(file: file, line: n + 1, column: column) }
        func pair(_ text: String, _ start: Int) -> (SourceText, SourceText)? {
            guard let colon = text.firstIndex(of: ":") else { return nil }
            let key = String(text[..<colon])
            let value = String(text[text.index(after: colon)...].drop { $0 == " " })
            return (SourceText(key, at: place(start)), SourceText(value, at: place(start + key.count + 2)))
        }
        if indent == 0 {
            close()
            guard let (key, value) = pair(body, 1) else { continue }
            if value.text.isEmpty { pending = key } else { entries.append((key, .text(value))) }
        } else if body.hasPrefix("- ") {
            let item = String(body.dropFirst(2))
            if pending?.text == "settings", let (key, value) = pair(item, indent + 3) {
                items.append(.map([(key, .text(value))], place(indent + 3)))
            } else {
                items.append(.text(SourceText(item, at: place(indent + 3))))
            }
        } else if let (key, value) = pair(body, indent + 1) {
            inner.append((key, .text(value)))
        }
    }
    close()
    return .map(entries, Place(file: file, line: 1, column: 1))
}

struct TestTables: TableSource {
    var tables: [CodeTable] = []
    func table(_ name: String) -> CodeTable? { tables.first { $0.name == name } }
    var tableNames: [String] { tables.map(\.name) }
}

let testTables = TestTables(tables: [
    CodeTable(name: "cod-words", columns: ["word"], rows: [["Cash on Delivery (COD)"], ["Kapıda Ödeme"]]),
    CodeTable(name: "services", columns: ["name", "code"], rows: [["Standard", "ST"], ["Ekspres Gönderi", "EX"]]),
    CodeTable(name: "towns", columns: ["city", "town"], rows: [["İstanbul", "Kadıköy"], ["İstanbul", "Şile"], ["Ankara", "Çankaya"]]),
    CodeTable(name: "cities", columns: ["name", "city"], rows: [["TR-34", "İstanbul"], ["Stambul", "İstanbul"]]),
])

/// What a file becomes: canonical lines and findings.
struct Outcome {
    var lines: [String] = []
    var findings: [String] = []
    var digests: [[UInt64]] = []
    var lineKeys: [UInt64] = []
}

/// Parses a channel profile; the report must be empty.
func channel(_ text: String) throws -> ChannelMapping {
    var report = LintReport()
    let mapping = ChannelMapping.parse(config(text), file: "mappings/channels/test.yaml", tables: testTables, report: &report)
    if let first = report.findings.first { throw first }
    guard let mapping else { throw TestProblem.noMapping }
    return mapping
}

enum TestProblem: Error {
    case noMapping
}

/// Runs a file through a channel, `step` records a batch.
func run(
    _ mapping: ChannelMapping, _ csv: String, slots: DigestSlots = .all, step: Int = 1000, orderRecords: Int = 5000, window: Int = 1 << 16
) throws -> Outcome {
    let reader = SmallReader(csv)
    let pool = ConstantPool()
    let program = try mapping.compile(
        header: reader.header, zone: "Europe/Istanbul", digestSlots: slots, key: .sample, pool: pool, orderRecords: orderRecords)
    var batch = Batch(pool: pool.bytes, window: window, headSlots: program.headSlots, lineSlots: program.lineSlots)
    var machine = ChannelMachine(program)
    var writer = CanonicalWriter(reasons: mapping.skipReasons)
    var out = Output()
    var outcome = Outcome()
    var start = 0
    var width = step
    while start < reader.recordCount {
        let end = min(start + width, reader.recordCount)
        reader.fill(&batch, start..<end)
        try machine.map(&batch, isLast: end == reader.recordCount)
        for order in 0..<batch.orderCount {
            writer.write(batch, order, &out)
            let digests = batch.orders[order].digests
            outcome.digests.append([digests.0, digests.1, digests.2, digests.3])
        }
        for line in 0..<batch.lineCount { outcome.lineKeys.append(batch.lineEntries[line].key) }
        outcome.findings += batch.findings.map { $0.finding.sentence() }
        // An order that does not fit needs a longer batch.
        width = batch.usedRecords == 0 ? width * 2 : step
        start += batch.usedRecords
    }
    outcome.lines = out.string.split(separator: "\n").map(String.init)
    return outcome
}
