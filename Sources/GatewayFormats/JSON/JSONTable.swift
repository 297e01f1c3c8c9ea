import GatewayCore

extension Format {
    /// Orders as JSON.
    package static let json = Format(
        "json", "JSON: one document, or one object a line; the profile says where the orders and their lines are.", shapes: [.json],
        accepts: { $0 == "json" }, layout: { (input) throws(Finding) in JSONTable(input) })
}

/// Lays JSON out as a table: one document, or one object a line (JSONL), or objects one after another.
///
/// Orders are found by the profile's `records at:`; each must fit into memory (`limits: record`), everything around them streams. Bytes are
/// gone through once, numbers keep their text, and no tree is made.
final class JSONTable: TableLayout {
    private let input: LayoutInput
    /// Records that are looked at to recognise a file.
    private static let glimpsed = 20

    init(_ input: LayoutInput) { self.input = input }

    func glimpses(_ plan: TablePlan) throws(Finding) -> [Glimpse] {
        let program = try TreeProgram(plan)
        let part = LayoutInput(
            input.descriptor, size: min(input.size, Int64(input.limits.record)), file: input.file, limits: input.limits,
            charset: input.charset)
        var run = JSONTableRun(program, part)
        var paths = TreePaths()
        var isCut = false
        while !isCut, run.records < Self.glimpsed {
            do throws(Finding) {
                guard let start = try run.next() else { break }
                paths.add(JSONPaths.of(start, depthLimit: input.limits.depth))
            } catch {
                // The end of the part that was read is not the end of the file.
                guard run.isAtEnd, part.size < input.size else { throw error }
                isCut = true
            }
        }
        if run.records == 0 { paths.add(wholePaths(part)) }
        let seen = run.seen
        let others = paths.names.filter { !seen.contains($0) }
        return [Glimpse(header: Header(names: seen + others, row: 1))]
    }

    /// Paths from the root, of a file in which no order was found.
    private func wholePaths(_ part: LayoutInput) -> [String] {
        let window = JSONWindow(part, piece: Int(part.size))
        // What is wrong with it was said before; a character that the part's end cuts is nothing wrong.
        // A file that can't be read is told by the reading itself.
        guard (try? window.more(from: window.start)) != nil else { return [] }
        return JSONPaths.of(UnsafeBufferPointer(start: window.start, count: window.filled), depthLimit: input.limits.depth)
    }

    func layOut(_ plan: TablePlan, _ glimpse: Glimpse, into sink: inout TableSink) throws(Finding) {
        try layOut(plan, into: &sink, piece: 1 << 20)
    }

    /// - Parameter piece: bytes that are read at once; for tests.
    func layOut(_ plan: TablePlan, into sink: inout TableSink, piece: Int) throws(Finding) {
        var run = JSONTableRun(try TreeProgram(plan), input, piece: piece)
        try run.head(into: &sink)
        while try run.next() != nil { try run.write(into: &sink) }
    }
}

/// The way through one file.
struct JSONTableRun: ~Copyable {
    /// An object or list that is open outside the orders.
    private struct Frame {
        /// -1: nothing in it is looked at.
        var node: Int
        var isObject: Bool
        var isFirst = true
        var known: UInt128 = 0
    }

    private let program: TreeProgram
    private let input: LayoutInput
    private let window: JSONWindow
    private var scanner: JSONRecordScanner
    private var frames: [Frame] = []
    /// Where the next piece begins.
    private var mark: UnsafePointer<UInt8>
    private var recordStart: UnsafePointer<UInt8>
    /// What the ids of orders begin with, in files whose lines are objects of their own.
    private var orderKind: [UInt8]?
    private(set) var records = 0

    init(_ program: TreeProgram, _ input: LayoutInput, piece: Int = 1 << 20) {
        self.program = program
        self.input = input
        window = JSONWindow(input, piece: piece)
        mark = window.start
        recordStart = window.start
        scanner = JSONRecordScanner(
            program, rows: TreeRows(program, file: input.file, limits: input.limits),
            text: JSONCursor(at: window.start, end: window.start, depthLimit: input.limits.depth))
    }

    var seen: [String] { scanner.rows.seen }
    var isAtEnd: Bool { window.isAtEnd }

    mutating func head(into sink: inout TableSink) throws(Finding) { try scanner.rows.head(into: &sink) }

    /// Writes the order that ``next()`` came to.
    mutating func write(into sink: inout TableSink) throws(Finding) {
        let (window, start) = (window, recordStart)
        try scanner.rows.end(into: &sink, place: try { () throws(Finding) in try window.place(start) }())
    }

    /// Goes to behind the next order; nil at the end. The bytes are valid until the next call.
    mutating func next() throws(Finding) -> UnsafeBufferPointer<UInt8>? {
        while true {
            scanner.text.at = mark
            scanner.text.end = window.end
            do throws(JSONStop) {
                switch try step() {
                case .end: return nil
                case .nothing: mark = scanner.text.at
                case .record:
                    mark = scanner.text.at
                    records += 1
                    return UnsafeBufferPointer(start: recordStart, count: mark - recordStart)
                }
            } catch {
                try mend(error)
            }
        }
    }

    private mutating func mend(_ stop: JSONStop) throws(Finding) {
        switch stop {
        case .more:
            guard let moved = try window.more(from: mark) else {
                throw Finding(.documentUnfinished, at: Place(file: input.file, isRecord: true))
            }
            mark = moved
        case .wrong(let problem):
            let place = try window.place(scanner.text.at)
            switch problem {
            case .depth: throw Finding(.treeDeep, at: place, ["limit": .plain("\(input.limits.depth)")])
            case .keyDouble: throw Finding(.jsonKeyDouble, at: place, found: .plain(shown()))
            case .value, .key, .colon, .comma, .control, .escape, .surrogate, .number:
                throw Finding(.jsonSyntax, at: place, found: .plain(shown()), ["expected": .plain(problem.rawValue)])
            }
        }
    }

    /// The few characters at the place that is wrong: punctuation and the beginning of a word, no one's name.
    private func shown() -> String {
        var bytes: [UInt8] = []
        var at = scanner.text.at
        while at < window.end, bytes.count < 12, at.pointee > 0x20 {
            bytes.append(at.pointee)
            at += 1
        }
        if bytes.isEmpty { return at < window.end ? TextCheck.shown(UnsafeRawBufferPointer(start: at, count: 1)) : "the end" }
        return String(decoding: bytes, as: UTF8.self)
    }

    private enum Outcome { case record, nothing, end }

    /// One key and value, one value of a list, or one bracket.
    private mutating func step() throws(JSONStop) -> Outcome {
        scanner.text.blanks()
        guard let frame = frames.last else {
            if scanner.text.at >= scanner.text.end {
                if window.isAtEnd { return .end }
                throw .more
            }
            return try element(0)
        }
        let bracket: UInt8 = frame.isObject ? 0x7D : 0x5D
        if frame.isFirst, scanner.text.at.pointee == bracket {
            scanner.text.at += 1
            frames.removeLast()
            return .nothing
        }
        if !frame.isFirst {
            guard try scanner.text.another(bracket) else {
                frames.removeLast()
                return .nothing
            }
        }
        let place = frames.count - 1
        var child = frame.node
        var known = frame.known
        if frame.isObject {
            let start = scanner.text.at
            let key = try scanner.text.key()
            child = frame.node < 0 ? -1 : scanner.child(of: frame.node, key)
            if child >= 0 {
                let bit: UInt128 = 1 << UInt128(program.nodes[child].ordinal & 127)
                if known & bit != 0 {
                    scanner.text.at = start
                    throw .wrong(.keyDouble)
                }
                known |= bit
            }
        }
        let outcome = try element(child)
        frames[place].isFirst = false
        frames[place].known = known
        return outcome
    }

    /// A value outside the orders, or an order.
    private mutating func element(_ node: Int) throws(JSONStop) -> Outcome {
        switch scanner.text.at.pointee {
        case 0x7B:
            if node >= 0, program.nodes[node].isRecord, try isOrder(node) { return try order() }
            try push(Frame(node: node, isObject: true))
        case 0x5B: try push(Frame(node: node, isObject: false))
        default: try scanner.text.skip(frames.count)
        }
        return .nothing
    }

    private mutating func push(_ frame: Frame) throws(JSONStop) {
        if frames.count >= input.limits.depth { throw scanner.text.wrong(.depth) }
        scanner.text.at += 1
        // An empty one at the end of the memory is told apart with the next step.
        frames.append(frame)
    }

    private mutating func order() throws(JSONStop) -> Outcome {
        let start = scanner.text.at
        if let children = program.children, try isPassedOver(children) {
            try scanner.text.skip(frames.count)
            return .nothing
        }
        try scanner.record(frames.count)
        recordStart = start
        return .record
    }

    /// Whether it is a child of another kind than the order's lines, or a child of something else than an order.
    private mutating func isPassedOver(_ children: TreeLines.Children) throws(JSONStop) -> Bool {
        let id = try scanner.string(of: Array("id".utf8), frames.count)
        guard let parent = try scanner.string(of: children.key, frames.count) else {
            orderKind = id.map(Self.kind)
            return false
        }
        guard let id, Self.kind(id).reversed().starts(with: children.kind.reversed()) else { return true }
        return orderKind.map { $0 != Self.kind(parent) } ?? false
    }

    /// What stands before an id's last `/`.
    private static func kind(_ id: [UInt8]) -> [UInt8] { Array(id[..<(id.lastIndex(of: 0x2F) ?? 0)]) }

    /// Whether an object is an order itself and not what another of the paths leads through: a root object may be either.
    private mutating func isOrder(_ node: Int) throws(JSONStop) -> Bool {
        guard program.nodes[node].table >= 0 else { return true }
        let start = scanner.text.at
        defer { scanner.text.at = start }
        guard try scanner.text.open(0x7D, frames.count) else { return true }
        repeat {
            let key = try scanner.text.key()
            let isBracket = scanner.text.at.pointee == 0x7B || scanner.text.at.pointee == 0x5B
            if isBracket, scanner.child(of: node, key) >= 0 { return false }
            try scanner.text.skip(frames.count + 1)
        } while try scanner.text.another(0x7D)
        return true
    }
}
