import GatewayCore

/// Reads a small table that people edit (code tables, field tables): rows of cells with their line and column; the first row is the header.
///
/// Lines that start with `#` are comments, here only. Blank lines are left out. The delimiter is found out on the first row.
package func readTable(_ bytes: [UInt8], file: String) throws(Finding) -> [[SourceText]] {
    let bytes = bytes.starts(with: CSVDialect.mark) ? Array(bytes.dropFirst(3)) : bytes
    try TextCheck.check(bytes) { offset in
        Place(file: file, line: 1 + bytes[..<offset].count { $0 == CSVDialect.lineFeed })
    }
    var dialect = CSVDialect()
    var table: [[SourceText]] = []
    var lineNumber = 0
    var at = 0
    while at < bytes.count {
        lineNumber += 1
        var end = bytes[at...].firstIndex(of: CSVDialect.lineFeed) ?? bytes.count
        if bytes[at] == 0x23 || bytes[at..<end].allSatisfy({ $0 == 0x20 || $0 == 0x0D }) {
            at = end + 1
            continue
        }
        if table.isEmpty {
            let head = Array(bytes[at..<end])
            let best = CSVDialect.candidates.max { a, b in head.count { $0 == a } < head.count { $0 == b } }
            if let best, head.contains(best) { dialect.delimiter = best }
        }
        let firstLine = lineNumber
        var walk = CSVWalk(dialect)
        var row: [SourceText] = []
        var start = at
        var line = firstLine
        var lineStart = at
        var place = Place(file: file, line: line, column: 1)
        while at <= bytes.count {
            let step = at < bytes.count ? walk.step(bytes[at]) : .lineEnd
            if step == .inside {
                if bytes[at] == CSVDialect.lineFeed {
                    line += 1
                    lineStart = at + 1
                }
                at += 1
                continue
            }
            var raw = bytes[start..<at]
            if step == .lineEnd, raw.last == CSVDialect.carriageReturn { raw = raw.dropLast() }
            row.append(SourceText(trimmed(String(decoding: unquoted(raw), as: UTF8.self)), at: place))
            at += 1
            if step == .lineEnd { break }
            start = at
            place = Place(
                file: file, line: line, column: 1 + String(decoding: bytes[lineStart..<at], as: UTF8.self).unicodeScalars.count)
        }
        guard !walk.isQuoted else { throw Finding(.quoteUnclosed, at: row.last?.place ?? place) }
        end = at
        lineNumber = line
        table.append(row)
    }
    guard !table.isEmpty else { throw Finding(.fileEmpty, at: Place(file: file)) }
    return table
}
