import GatewayCore

extension Format {
    /// Rows of text whose cells stand at fixed places.
    package static let fixedWidth = Format(
        "fixed", "Text whose cells stand at fixed places, told under columns; places count characters, or bytes with \"fixed bytes\".",
        shapes: [.text], accepts: { $0 == "fixed" || $0 == "fixed bytes" },
        layout: { (input) throws(Finding) in FixedWidthTable(input) })
}

/// Where a cell of a fixed-width row stands.
struct FixedPlace: Hashable, Sendable {
    /// What rows begin with that have the cell; empty: all rows.
    var prefix: [UInt8]
    /// From 0; nil: rows of this kind are passed over.
    var range: Range<Int>?

    /// `1-10`, `H 2-11`, or `T` for rows that are passed over; places from 1. Nil when it cannot be read.
    init?(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard (1...2).contains(words.count), let last = words.last else { return nil }
        let ends = last.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        if ends.count == 2, let from = ends[0], let to = ends[1] {
            guard from >= 1, to >= from, to <= 1 << 20 else { return nil }
            prefix = words.count == 2 ? Array(words[0].utf8) : []
            range = from - 1..<to
        } else {
            guard words.count == 1, !last.contains("-") else { return nil }
            prefix = Array(last.utf8)
        }
    }
}

/// Lays fixed-width text out as a table: a row for each line of the file, below the names of the columns.
///
/// A file may have rows of several kinds, told apart by what they begin with: an order's row and rows of its lines below it. Each fills the cells
/// of its kind, and the profile says that rows without an order number belong to the order above.
final class FixedWidthTable: TableLayout {
    private let input: LayoutInput
    /// Lines that are looked at to recognise a file.
    private static let glimpsed = 20

    init(_ input: LayoutInput) { self.input = input }

    func glimpses(_ plan: TablePlan) throws(Finding) -> [Glimpse] {
        let columns = try FixedColumns(plan)
        guard !columns.places.isEmpty else { return [] }
        var lines = FixedLines(input.bytes(), input, piece: 1 << 14)
        for _ in 0..<Self.glimpsed {
            guard let line = try lines.next() else { break }
            if !line.isEmpty, columns.kind(of: line) == nil { return [] }
        }
        return [Glimpse(header: Header(names: columns.names, row: 1))]
    }

    func layOut(_ plan: TablePlan, _ glimpse: Glimpse, into sink: inout TableSink) throws(Finding) {
        try layOut(plan, into: &sink, piece: 1 << 18)
    }

    /// - Parameter piece: bytes that are read at once; for tests.
    func layOut(_ plan: TablePlan, into sink: inout TableSink, piece: Int) throws(Finding) {
        let columns = try FixedColumns(plan)
        for name in columns.names { try sink.cell(name) }
        try sink.endRow()
        var lines = FixedLines(input.bytes(), input, piece: piece)
        while let line = try lines.next() {
            guard !line.isEmpty else {
                try sink.endRow()
                continue
            }
            guard let kind = columns.kind(of: line) else {
                throw Finding(
                    .fixedKindUnknown, at: input.place(sink.row), found: .plain(String(decoding: line.prefix(4), as: UTF8.self)),
                    ["kinds": .plain(columns.kinds.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", "))])
            }
            for place in columns.places where !columns.isPassedOver(kind) {
                let range = place.prefix.isEmpty || place.prefix == kind ? place.range : nil
                try sink.cell(range.map { columns.cell(line, $0) } ?? [])
            }
            try sink.endRow()
        }
    }
}

/// The columns of a plan by their places.
private struct FixedColumns {
    var names: [String] = []
    var places: [FixedPlace] = []
    /// What rows begin with; empty: all are of one kind.
    var kinds: [[UInt8]] = []
    private var passedOver: [[UInt8]] = []
    private let countsBytes: Bool

    /// - Throws: `read.fixed.place` for a place that cannot be read.
    init(_ plan: TablePlan) throws(Finding) {
        countsBytes = plan.format == "fixed bytes"
        for column in plan.places {
            guard let place = FixedPlace(column.place) else { throw Finding(.fixedPlace, found: .plain(column.place)) }
            if !place.prefix.isEmpty, !kinds.contains(place.prefix) { kinds.append(place.prefix) }
            if place.range == nil {
                passedOver.append(place.prefix)
            } else {
                names.append(column.name)
                places.append(place)
            }
        }
        // The longest first: `HD` before `H`.
        kinds.sort { $0.count > $1.count }
    }

    func isPassedOver(_ kind: [UInt8]) -> Bool { passedOver.contains(kind) }

    /// Nil: a row of no kind that is known.
    func kind(of line: ArraySlice<UInt8>) -> [UInt8]? { kinds.isEmpty ? [] : kinds.first { line.starts(with: $0) } }

    /// A cell's bytes without outer blanks; empty where the line ends before it.
    func cell(_ line: ArraySlice<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var found = line
        if countsBytes {
            found = line.dropFirst(range.lowerBound).prefix(range.count)
        } else {
            // Characters are counted by the bytes that begin one.
            var count = 0
            var (low, high) = (line.endIndex, line.endIndex)
            for n in line.indices where line[n] & 0xC0 != 0x80 {
                if count == range.lowerBound { low = n }
                if count == range.upperBound {
                    high = n
                    break
                }
                count += 1
            }
            found = line[low..<max(low, high)]
        }
        while found.first == 0x20 || found.first == 0x09 { found.removeFirst() }
        while found.last == 0x20 || found.last == 0x09 { found.removeLast() }
        return Array(found)
    }
}

/// Lines of a file without their ends.
private struct FixedLines {
    private let source: any ByteSource
    private let input: LayoutInput
    private let piece: Int
    private var memory: [UInt8] = []
    private var at = 0
    private var row = 0
    private var isAtEnd = false

    init(_ source: any ByteSource, _ input: LayoutInput, piece: Int) {
        self.source = source
        self.input = input
        self.piece = piece
    }

    /// Nil at the end.
    ///
    /// - Throws: `read.record.long`.
    mutating func next() throws(Finding) -> ArraySlice<UInt8>? {
        var looked = at
        while true {
            if let end = memory[looked...].firstIndex(of: 0x0A) {
                defer { at = end + 1 }
                return line(at..<end)
            }
            if isAtEnd {
                guard at < memory.count else { return nil }
                defer { at = memory.count }
                return line(at..<memory.count)
            }
            looked = memory.count - at
            memory.removeFirst(at)
            at = 0
            guard memory.count <= input.limits.record else {
                throw Finding(.recordLong, at: input.place(row + 1), ["limit": .plain("\(input.limits.record)")])
            }
            try read()
        }
    }

    private mutating func line(_ range: Range<Int>) -> ArraySlice<UInt8> {
        row += 1
        var line = memory[range]
        if line.last == 0x0D { line.removeLast() }
        if row == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        return line
    }

    private mutating func read() throws(Finding) {
        let before = memory.count
        memory.append(contentsOf: repeatElement(0, count: piece))
        var got = 0
        var failed: Finding?
        memory.withUnsafeMutableBytes { all in
            do throws(Finding) { got = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: all[before...])) } catch {
                failed = error
            }
        }
        if let failed { throw failed }
        memory.removeLast(piece - got)
        isAtEnd = got == 0
    }
}
