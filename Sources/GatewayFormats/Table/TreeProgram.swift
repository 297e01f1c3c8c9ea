import GatewayCore

/// Paths of a plan as one tree by name: what a scanner looks at, and into which cell it goes.
///
/// Two trees in one list: the envelope, from the document's root to the records, and the record, from an order down. Immutable and flat, so
/// that scanners go through it without counting references.
final class TreeProgram: @unchecked Sendable {
    /// A node of either tree; ranges are places in ``lists``.
    struct Node {
        var name: (start: Int32, count: Int32) = (0, 0)
        /// Start of its table of 32 chains in ``chains``; -1: nothing below it is looked at.
        var table: Int32 = -1
        /// The next one in the same chain; -1: none.
        var next: Int32 = -1
        /// Place among the children of its parent.
        var ordinal: Int32 = 0
        /// Cells that a value here goes to.
        var cells: Range<Int32> = 0..<0
        /// Tests that a value here decides.
        var decides: Range<Int32> = 0..<0
        /// Tests of the elements here.
        var tests: Range<Int32> = 0..<0
        /// Tests that count anew with each element here.
        var restarts: Range<Int32> = 0..<0
        var isLines = false
        var isRecord = false
        var hasAttributes = false
        var wantsText: Bool { !cells.isEmpty || !decides.isEmpty }
    }
    /// A test of the elements of a node.
    struct Test {
        /// From 0; -1: by value.
        var index: Int32
        var value: (start: Int32, count: Int32)
        /// Cells that it decides on, in ``lists``.
        var cells: Range<Int32>
        /// Where their states are kept meanwhile.
        var kept: Int32
    }

    let nodes: UnsafeMutablePointer<Node>
    let nodeCount: Int
    let tests: UnsafeMutablePointer<Test>
    let testCount: Int
    let lists: UnsafeMutablePointer<Int32>
    let chains: UnsafeMutablePointer<Int32>
    let names: UnsafeMutablePointer<UInt8>
    /// Headings in the order of the cells: those of the order, then those of its lines.
    let headings: [String]
    let orderCells: Int
    let keptCount: Int
    /// The record's root.
    let record: Int
    /// Where the lines of an order are; nil: an order is one row.
    let lines: Int?
    let children: TreeLines.Children?
    /// The cell that a child's key goes to.
    let childCell: Int?

    /// The child of `node` with this name; -1: not looked at.
    @inline(__always) func child(of node: Int, _ name: UnsafePointer<UInt8>, _ count: Int) -> Int {
        let table = nodes[node].table
        if table < 0 || count == 0 { return -1 }
        var at = Int(chains[Int(table) + Self.chain(name, count)])
        while at >= 0 {
            let known = nodes[at].name
            if Int(known.count) == count, isSame(names + Int(known.start), name, count) { return at }
            at = Int(nodes[at].next)
        }
        return -1
    }

    @inline(__always) private func isSame(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        for n in 0..<count where a[n] != b[n] { return false }
        return true
    }

    @inline(__always) private static func chain(_ name: UnsafePointer<UInt8>, _ count: Int) -> Int {
        (count &* 7 &+ Int(name[0]) &+ Int(name[count &- 1]) &* 3) & 31
    }

    deinit {
        nodes.deallocate()
        tests.deallocate()
        lists.deallocate()
        chains.deallocate()
        names.deallocate()
    }

    /// - Throws: `read.tree.path` for a path that cannot be read.
    init(_ plan: TablePlan) throws(Finding) {
        var draft = Draft()
        let envelope = draft.add(name: [], below: nil)
        record = draft.add(name: [], below: nil)
        for text in (plan.records ?? ".").split(separator: ",") {
            let shown = String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            guard let path = TreePath(shown), path.steps.allSatisfy(\.tests.isEmpty) else { throw Self.wrong(shown) }
            var node = envelope
            for step in path.steps { node = draft.child(of: node, step.name) }
            draft.nodes[node].isRecord = true
        }
        guard let wanted = TreeLines(plan.lines) else { throw Self.wrong(plan.lines ?? "") }
        var lines: Int?
        if let path = wanted.path {
            var node = record
            for step in path.steps { node = draft.child(of: node, step.name) }
            draft.nodes[node].isLines = true
            lines = node
        }
        self.lines = lines
        children = wanted.children

        var paths: [(text: String, path: TreePath, isLine: Bool)] = []
        for text in plan.columns {
            guard let path = TreePath(text), !path.steps.isEmpty else { throw Self.wrong(text) }
            let isLine = wanted.path.map { path.steps.map(\.name).starts(with: $0.steps.map(\.name)) } ?? false
            paths.append((text, path, isLine))
        }
        paths = paths.filter { !$0.isLine } + paths.filter(\.isLine)
        let shown = paths.map(\.text)
        headings = shown
        orderCells = paths.count { !$0.isLine }
        let keyCell = wanted.children.flatMap { children in shown.firstIndex { $0.utf8.elementsEqual(children.column) } }
        childCell = keyCell
        if let children = wanted.children, keyCell == nil { throw Self.wrong(String(decoding: children.column, as: UTF8.self)) }
        for (cell, entry) in paths.enumerated() {
            var node = record
            for step in entry.path.steps {
                let parent = node
                node = draft.child(of: node, step.name)
                for test in step.tests { draft.test(test, of: node, below: parent, cell: cell) }
            }
            draft.nodes[node].cells.append(cell)
        }

        draft.addEdges()
        let flat = draft.flat()
        nodes = flat.nodes
        nodeCount = draft.nodes.count
        tests = flat.tests
        testCount = draft.tests.count
        lists = flat.lists
        chains = flat.chains
        names = flat.names
        keptCount = draft.tests.reduce(0) { $0 + $1.cells.count }
    }

    private static func wrong(_ path: String) -> Finding { Finding(.treePath, found: .plain(path)) }

    /// The trees while they are made.
    private struct Draft {
        struct Node {
            var name: [UInt8]
            var children: [Int] = []
            var cells: [Int] = []
            var decides: [Int] = []
            var tests: [Int] = []
            var restarts: [Int] = []
            var isLines = false
            var isRecord = false
        }
        struct Test {
            var test: TreePath.Test
            var node: Int
            var cells: [Int]
        }
        var nodes: [Node] = []
        var tests: [Test] = []
        /// Nodes that stand for another one, by their number.
        private var twins: [Int: (node: Int, of: Int)] = [:]

        /// GraphQL gives a list as `nodes` or as `edges` with a `node` each: a path with `nodes` reads both. They count as one key, so a
        /// file that has both is refused rather than read twice.
        mutating func addEdges() {
            for parent in nodes.indices {
                let names = nodes[parent].children.map { nodes[$0].name }
                guard let place = names.firstIndex(where: { $0.elementsEqual("nodes".utf8) }), !names.contains(Array("edges".utf8)) else {
                    continue
                }
                let edges = add(name: Array("edges".utf8), below: parent)
                let node = add(name: Array("node".utf8), below: edges)
                twins[edges] = (node, nodes[parent].children[place])
            }
        }

        mutating func add(name: [UInt8], below parent: Int?) -> Int {
            nodes.append(Node(name: name))
            if let parent { nodes[parent].children.append(nodes.count - 1) }
            return nodes.count - 1
        }

        mutating func child(of node: Int, _ name: [UInt8]) -> Int {
            nodes[node].children.first { nodes[$0].name == name } ?? add(name: name, below: node)
        }

        mutating func test(_ test: TreePath.Test, of node: Int, below parent: Int, cell: Int) {
            if let known = tests.firstIndex(where: { $0.node == node && $0.test == test }) {
                tests[known].cells.append(cell)
                return
            }
            let number = tests.count
            tests.append(Test(test: test, node: node, cells: [cell]))
            nodes[node].tests.append(number)
            switch test {
            case .index: nodes[parent].restarts.append(number)
            case .equals(let key, _):
                let decider = key.isEmpty ? node : child(of: node, key)
                nodes[decider].decides.append(number)
            }
        }

        struct Flat {
            var nodes: UnsafeMutablePointer<TreeProgram.Node>
            var tests: UnsafeMutablePointer<TreeProgram.Test>
            var lists: UnsafeMutablePointer<Int32>
            var chains: UnsafeMutablePointer<Int32>
            var names: UnsafeMutablePointer<UInt8>
        }

        func flat() -> Flat {
            var lists: [Int32] = []
            var chains: [Int32] = []
            var names: [UInt8] = []
            func list(_ values: [Int]) -> Range<Int32> {
                let start = Int32(lists.count)
                lists += values.map { Int32($0) }
                return start..<Int32(lists.count)
            }
            func name(_ bytes: [UInt8]) -> (start: Int32, count: Int32) {
                names += bytes
                return (Int32(names.count - bytes.count), Int32(bytes.count))
            }
            var made = nodes.map { node in
                TreeProgram.Node(
                    name: name(node.name), cells: list(node.cells), decides: list(node.decides), tests: list(node.tests),
                    restarts: list(node.restarts), isLines: node.isLines, isRecord: node.isRecord,
                    hasAttributes: node.children.contains { nodes[$0].name.first == 0x40 })
            }
            for (number, node) in nodes.enumerated() where !node.children.isEmpty {
                made[number].table = Int32(chains.count)
                var heads = [Int32](repeating: -1, count: 32)
                for (ordinal, child) in node.children.enumerated() {
                    made[child].ordinal = Int32(ordinal)
                    let bucket = nodes[child].name.withUnsafeBufferPointer { bytes in
                        bytes.baseAddress.map { TreeProgram.chain($0, bytes.count) } ?? 0
                    }
                    made[child].next = heads[bucket]
                    heads[bucket] = Int32(child)
                }
                chains += heads
            }
            for (edges, twin) in twins {
                made[edges].ordinal = made[twin.of].ordinal
                var same = made[twin.of]
                (same.name, same.next, same.ordinal) = (made[twin.node].name, made[twin.node].next, made[twin.node].ordinal)
                made[twin.node] = same
            }
            var kept: Int32 = 0
            let checks = tests.map { test in
                defer { kept += Int32(test.cells.count) }
                switch test.test {
                case .index(let index):
                    return TreeProgram.Test(index: Int32(clamping: index), value: (0, 0), cells: list(test.cells), kept: kept)
                case .equals(_, let value): return TreeProgram.Test(index: -1, value: name(value), cells: list(test.cells), kept: kept)
                }
            }
            return Flat(
                nodes: memory(made), tests: memory(checks), lists: memory(lists), chains: memory(chains), names: memory(names))
        }

        private func memory<T>(_ values: [T]) -> UnsafeMutablePointer<T> {
            let made = UnsafeMutablePointer<T>.allocate(capacity: values.count + 1)
            made.initialize(from: values, count: values.count)
            return made
        }
    }
}
