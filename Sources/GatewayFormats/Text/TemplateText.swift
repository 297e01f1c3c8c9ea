import GatewayCore

/// A template's bytes with the place of each of them.
struct TemplateText {
    let bytes: [UInt8]
    let file: String
    /// Offsets at which lines begin.
    private let lines: [Int]

    /// Takes BOM and CR LF away.
    ///
    /// - Throws: a finding when the bytes are not UTF-8, or more than 4 MiB.
    init(_ source: [UInt8], file: String) throws(Finding) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(source.count)
        var lines = [0]
        for byte in source.starts(with: CSVDialect.mark) ? source[3...] : source[...] where byte != 0x0D {
            bytes.append(byte)
            if byte == 0x0A { lines.append(bytes.count) }
        }
        self.bytes = bytes
        self.file = file
        self.lines = lines
        guard bytes.count <= 4 << 20 else {
            throw Finding(.fileTooLarge, at: Place(file: file), ["limit": .plain("\(4 << 20)")])
        }
        let starts = lines
        try TextCheck.check(bytes) { offset in Place(file: file, line: starts.count { $0 <= offset }) }
    }

    /// Line and column (characters from 1) of an offset.
    func place(_ offset: Int) -> Place {
        var low = 0
        var high = lines.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lines[middle] <= offset { low = middle } else { high = middle }
        }
        let before = bytes[lines[low]..<min(offset, bytes.count)]
        return Place(file: file, line: low + 1, column: 1 + before.count { $0 & 0xC0 != 0x80 })
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// A finding of wrong syntax at an offset; shows what stands there.
    func syntax(_ expected: String, _ detail: String, at offset: Int) -> Finding {
        let end = bytes[min(offset, bytes.count)...].firstIndex(of: 0x0A) ?? bytes.count
        let there = trimmed(text(min(offset, end)..<min(end, offset + 60)))
        return Finding(
            .templateSyntax, at: place(offset), found: there.isEmpty ? nil : .plain(there),
            ["expected": .plain(expected), "detail": .plain(detail)])
    }

    /// Splits text at its expressions. `{{` and `}}` are braces meant as characters; quotes inside an expression protect braces.
    ///
    /// - Parameter quotes: how a quote may be written inside an expression, such as `"` or `&quot;`.
    func pieces(_ range: Range<Int>, quotes: [[UInt8]]) throws(Finding) -> [TemplatePiece] {
        var pieces: [TemplatePiece] = []
        var constant: [UInt8] = []
        var at = range.lowerBound
        while at < range.upperBound {
            let byte = bytes[at]
            let isDouble = at + 1 < range.upperBound && bytes[at + 1] == byte
            guard byte == 0x7B || byte == 0x7D else {
                constant.append(byte)
                at += 1
                continue
            }
            if isDouble {
                constant.append(byte)
                at += 2
                continue
            }
            guard byte == 0x7B else { throw Finding(.templateBrace, at: place(at), found: .plain("}")) }
            let end = try expressionEnd(at, range, quotes)
            if !constant.isEmpty { pieces.append(.constant(constant)) }
            constant = []
            pieces.append(.expression(at + 1..<end))
            at = end + 1
        }
        if !constant.isEmpty { pieces.append(.constant(constant)) }
        return pieces
    }

    private func expressionEnd(_ open: Int, _ range: Range<Int>, _ quotes: [[UInt8]]) throws(Finding) -> Int {
        var isQuoted = false
        var at = open + 1
        while at < range.upperBound {
            if let quote = quotes.first(where: { bytes[at..<range.upperBound].starts(with: $0) }) {
                isQuoted.toggle()
                at += quote.count
                continue
            }
            if !isQuoted {
                if bytes[at] == 0x7D { return at }
                if bytes[at] == 0x7B { break }
            }
            at += 1
        }
        throw Finding(.templateBrace, at: place(open), found: .plain(trimmed(text(open..<min(range.upperBound, open + 60)))))
    }
}

/// A run of characters of a template, or an expression between braces.
enum TemplatePiece {
    case constant([UInt8])
    /// Without its braces.
    case expression(Range<Int>)
}
