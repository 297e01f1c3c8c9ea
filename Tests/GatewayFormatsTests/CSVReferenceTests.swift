@_spi(HotPath) import GatewayCore
import GatewayFormats
import Testing

/// A parser so simple that one sees that it is right.
private func reference(_ bytes: [UInt8], columns: Int, delimiter: UInt8) -> [SeenRecord] {
    var records: [SeenRecord] = []
    var fields: [[UInt8]] = [[]]
    var odd = false
    /// 0 start of a field, 1 unquoted, 2 quoted, 3 after its closing quote, 4 after closing quote and CR.
    var state = 0
    func finish() {
        if fields[fields.count - 1].last == 0x0D { fields[fields.count - 1].removeLast() }
        var flags: UInt8 = odd ? Batch.oddQuotes : 0
        let isBlank = fields.allSatisfy(\.isEmpty)
        if isBlank { flags |= Batch.blankRecord }
        if fields.count < columns, !isBlank { flags |= Batch.shortRecord }
        if fields.count > columns { flags |= Batch.longRecord }
        while fields.count < columns { fields.append([]) }
        records.append(SeenRecord(row: records.count + 2, fields: fields.map { String(decoding: $0, as: UTF8.self) }, flags: flags))
        fields = [[]]
        odd = false
        state = 0
    }
    for byte in bytes {
        switch (state, byte) {
        case (2, 0x22): state = 3
        case (2, _): break
        case (_, 0x0A):
            finish()
            continue
        case (_, delimiter):
            if state == 4 { odd = true }
            fields.append([])
            state = 0
            continue
        case (0, 0x22), (3, 0x22): state = 2
        case (3, 0x0D): state = 4
        case (3, _), (4, _):
            odd = true
            state = 1
        default: state = 1
        }
        fields[fields.count - 1].append(byte)
    }
    if fields != [[]] { finish() }
    return records
}

@Suite struct CSVReferenceTests {
    /// Bytes that matter, in all orders: separators, quotes and line ends at every place of a block.
    private func text(_ seed: UInt64, pieces: [String], count: Int) -> [UInt8] {
        var random = SplitMix(state: seed)
        var out: [UInt8] = []
        for _ in 0..<count { out += Array((pieces.randomElement(using: &random) ?? "").utf8) }
        var isQuoted = false
        var state = 0
        for byte in out {
            switch (state, byte) {
            case (2, 0x22): state = 3
            case (2, _): break
            case (0, 0x22), (3, 0x22): state = 2
            case (_, 0x2C), (_, 0x0A): state = 0
            case (3, 0x0D): state = 4
            default: state = 1
            }
            isQuoted = state == 2
        }
        return isQuoted ? out + [0x22] : out
    }

    @Test(arguments: 0..<200)
    func agreesWithASimpleParserWhateverTheWindow(_ seed: Int) throws {
        let wild = ["a", ",", "\"", "\n", "\r\n", "\r", "ş", "日本", "🚚", "", "bcd"]
        let tame = ["abcdefgh", ",", ",", "\"x,y\"\"z\",", "\n", "\r\n", "\"line\nend\",", "\"\"", "ğüşiöç", "0123456789"]
        let body = text(UInt64(seed), pieces: seed.isMultiple(of: 2) ? wild : tame, count: 40 + seed * 17)
        let whole = Array("h1,h2,h3\n".utf8) + body
        let wanted = reference(body, columns: 3, delimiter: 0x2C)
        guard wanted.contains(where: { $0.flags & Batch.blankRecord == 0 }) else { return }
        var random = SplitMix(state: UInt64(seed) &+ 99)
        var choices: [(Int, Int, Int)] = [(1 << 16, .max, 0), (64, 1, 0), (64, 7, 1)]
        for _ in 0..<4 {
            choices.append(
                (.random(in: 64...700, using: &random), .random(in: 1...200, using: &random), .random(in: 0...3, using: &random)))
        }
        for (window, piece, keptBack) in choices {
            let seen = try readAll(whole, window: window, piece: piece, keepingBack: keptBack).records
            #expect(seen == wanted, "window \(window), piece \(piece), kept back \(keptBack), seed \(seed)")
        }
    }
}
