@_spi(HotPath) import GatewayCore

/// Collects the cells of one record of a tree and writes them as rows: one a line of the order, with the order's cells on each.
///
/// A scanner says what it comes to: elements that begin and end, and values. Memory is that of one record.
struct TreeRows: ~Copyable {
    private struct Cell {
        var base: UnsafeMutablePointer<UInt8>
        var count = 0
        var capacity: Int
        /// It occurred in the file, if only as null.
        var isSeen = false
    }

    let program: TreeProgram
    private let file: String?
    private let limits: IntakeLimits
    private let cells: UnsafeMutablePointer<Cell>
    private let cellCount: Int
    /// By test: how many elements were counted, and whether the present one fits.
    private let counts: UnsafeMutablePointer<Int32>
    private let fits: UnsafeMutablePointer<Bool>
    /// States of cells before an element that may not fit.
    private let kept: UnsafeMutablePointer<(count: Int, isSeen: Bool)>
    /// Texts of the lines' cells, and their ends.
    private var lineTexts = Output()
    private var lineEnds: [Int] = []
    private var lineCount = 0
    private var isLine = false
    private var used = 0
    /// Records that were written.
    private(set) var records = 0
    /// The record takes more memory than it may.
    private(set) var isOver = false

    init(_ program: TreeProgram, file: String?, limits: IntakeLimits) {
        self.program = program
        self.file = file
        self.limits = limits
        cellCount = program.headings.count
        cells = .allocate(capacity: cellCount + 1)
        for n in 0..<cellCount { (cells + n).initialize(to: Cell(base: .allocate(capacity: 64), capacity: 64)) }
        counts = .allocate(capacity: program.testCount + 1)
        counts.initialize(repeating: -1, count: program.testCount)
        fits = .allocate(capacity: program.testCount + 1)
        fits.initialize(repeating: false, count: program.testCount)
        kept = .allocate(capacity: program.keptCount + 1)
        kept.initialize(repeating: (0, false), count: program.keptCount)
    }

    deinit {
        for n in 0..<cellCount { cells[n].base.deallocate() }
        cells.deallocate()
        counts.deallocate()
        fits.deallocate()
        kept.deallocate()
    }

    /// Headings that occurred so far.
    var seen: [String] { (0..<cellCount).filter { cells[$0].isSeen }.map { program.headings[$0] } }

    // MARK: What a scanner comes to

    /// A record begins, or is read again from its start.
    mutating func begin() {
        for n in 0..<cellCount { cells[n].count = 0 }
        lineTexts.rewind(to: 0)
        lineEnds.removeAll(keepingCapacity: true)
        lineCount = 0
        isLine = false
        isOver = false
        used = 0
    }

    /// An element of a node begins.
    @inline(__always) mutating func enter(_ node: Int) {
        let here = program.nodes[node]
        if here.isLines || !here.tests.isEmpty || !here.restarts.isEmpty { beginElement(here) }
    }

    private mutating func beginElement(_ node: TreeProgram.Node) {
        if node.isLines {
            for n in program.orderCells..<cellCount { cells[n].count = 0 }
            isLine = true
        }
        for n in node.restarts { counts[Int(program.lists[Int(n)])] = -1 }
        for n in node.tests {
            let number = Int(program.lists[Int(n)])
            let test = program.tests[number]
            counts[number] += 1
            fits[number] = test.index >= 0 && test.index == counts[number]
            for (place, cell) in test.cells.enumerated() {
                let cell = cells[Int(program.lists[Int(cell)])]
                kept[Int(test.kept) + place] = (cell.count, cell.isSeen)
            }
        }
    }

    /// The element of a node ends.
    @inline(__always) mutating func leave(_ node: Int) {
        let here = program.nodes[node]
        if here.isLines || !here.tests.isEmpty { endElement(here) }
    }

    private mutating func endElement(_ node: TreeProgram.Node) {
        for n in node.tests {
            let number = Int(program.lists[Int(n)])
            if fits[number] { continue }
            let test = program.tests[number]
            for (place, cell) in test.cells.enumerated() {
                let cell = Int(program.lists[Int(cell)])
                cells[cell].count = kept[Int(test.kept) + place].count
                cells[cell].isSeen = kept[Int(test.kept) + place].isSeen
            }
        }
        guard node.isLines, isLine else { return }
        isLine = false
        for n in program.orderCells..<cellCount {
            lineTexts.append(cells[n].base, cells[n].count)
            lineEnds.append(lineTexts.count)
        }
        lineCount += 1
        used += 64
        if lineCount > limits.orderRecords { isOver = true }
    }

    /// A value of a node; outer blanks are not wanted. Several values of one cell are joined with a comma.
    @inline(__always) mutating func value(_ node: Int, _ bytes: UnsafePointer<UInt8>, _ count: Int) {
        let here = program.nodes[node]
        for n in here.cells { append(Int(program.lists[Int(n)]), bytes, count) }
        if !here.decides.isEmpty { decide(here, bytes, count) }
    }

    /// A value that is null, or nothing.
    @inline(__always) mutating func nothing(_ node: Int) {
        for n in program.nodes[node].cells { cells[Int(program.lists[Int(n)])].isSeen = true }
    }

    private mutating func decide(_ node: TreeProgram.Node, _ bytes: UnsafePointer<UInt8>, _ count: Int) {
        for n in node.decides {
            let number = Int(program.lists[Int(n)])
            let value = program.tests[number].value
            guard Int(value.count) == count else { continue }
            let wanted = program.names + Int(value.start)
            if (0..<count).allSatisfy({ wanted[$0] == bytes[$0] }) { fits[number] = true }
        }
    }

    /// Adds a value to a cell.
    @inline(__always) mutating func append(_ number: Int, _ bytes: UnsafePointer<UInt8>, _ count: Int) {
        cells[number].isSeen = true
        if count == 0 { return }
        let before = cells[number].count
        let needed = before + count + 2
        if needed > cells[number].capacity { grow(number, needed) }
        var end = cells[number].base + before
        if before > 0 {
            end[0] = 0x2C
            end[1] = 0x20
            end += 2
        }
        end.update(from: bytes, count: count)
        cells[number].count = end + count - cells[number].base
        used += count
        if used > limits.record { isOver = true }
    }

    private mutating func grow(_ number: Int, _ needed: Int) {
        // Past the limit nothing more is kept: the record is refused anyway.
        let capacity = max(cells[number].capacity * 2, needed)
        let bigger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        bigger.update(from: cells[number].base, count: cells[number].count)
        cells[number].base.deallocate()
        cells[number].base = bigger
        cells[number].capacity = capacity
    }

    // MARK: Rows

    /// The headings, as the first row.
    mutating func head(into sink: inout TableSink) throws(Finding) {
        for heading in program.headings { try sink.cell(heading) }
        try sink.endRow()
    }

    /// Writes the record's rows.
    ///
    /// - Parameter place: where the record begins in the file.
    mutating func end(into sink: inout TableSink, place: @autoclosure () throws(Finding) -> Place) throws(Finding) {
        let order = (0..<program.orderCells).reduce(0) { $0 + cells[$1].count }
        if isOver || order * max(lineCount - 1, 0) > 8 * limits.record {
            throw Finding(
                .treeOrderLarge, at: try place(), found: .plain("\(lineCount) lines"),
                ["lines": .plain("\(limits.orderRecords)"), "limit": .plain("\(8 * limits.record)")])
        }
        records += 1
        let width = cellCount - program.orderCells
        for line in 0..<max(lineCount, 1) {
            for n in 0..<program.orderCells {
                try sink.cell(UnsafeRawBufferPointer(start: cells[n].base, count: cells[n].count))
            }
            for n in 0..<width {
                guard lineCount > 0 else {
                    try sink.emptyCell()
                    continue
                }
                let at = line * width + n
                let start = at == 0 ? 0 : lineEnds[at - 1]
                try sink.cell(UnsafeRawBufferPointer(start: lineTexts.base + start, count: lineEnds[at] - start))
            }
            try sink.endRow()
        }
    }
}
