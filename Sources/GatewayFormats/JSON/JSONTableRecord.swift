@_spi(HotPath) import GatewayCore

/// Goes through one order object in memory and gives its cells.
struct JSONRecordScanner: ~Copyable {
    var text: JSONCursor
    var rows: TreeRows
    private let program: TreeProgram
    private var unescaped = Output()

    init(_ program: TreeProgram, rows: consuming TreeRows, text: JSONCursor) {
        self.program = program
        self.rows = rows
        self.text = text
    }

    /// The child of `node` that a key names; -1: not looked at.
    @inline(__always) mutating func child(
        of node: Int, _ key: (start: UnsafePointer<UInt8>, count: Int, isEscaped: Bool)
    ) -> Int {
        guard key.isEscaped else { return program.child(of: node, key.start, key.count) }
        JSONCursor.decode(key.start, key.count, into: &unescaped)
        return program.child(of: node, unescaped.base.assumingMemoryBound(to: UInt8.self), unescaped.count)
    }

    /// The order at `text.at`, to behind its end.
    mutating func record(_ depth: Int) throws(JSONStop) {
        rows.begin()
        guard let children = program.children else { return try value(program.record, depth) }
        let start = text.at
        let parent = try string(of: children.key, depth)
        text.at = start
        guard let parent else { return try value(program.record, depth) }
        try child(parent, depth)
    }

    /// A line that follows its order as an object of its own: a row with its order's key and the line's cells.
    private mutating func child(_ parent: [UInt8], _ depth: Int) throws(JSONStop) {
        guard let lines = program.lines, let cell = program.childCell else { return try text.skip(depth) }
        parent.withUnsafeBufferPointer { bytes in
            if let start = bytes.baseAddress { rows.append(cell, start, bytes.count) }
        }
        try value(lines, depth)
    }

    /// The text of a key of the object at `text.at`, at its first level; nil when it has none. Only in files whose lines are objects of their own.
    mutating func string(of name: [UInt8], _ depth: Int) throws(JSONStop) -> [UInt8]? {
        guard text.at.pointee == 0x7B else { return nil }
        var probe = text
        var found: [UInt8]?
        guard try probe.open(0x7D, depth) else { return nil }
        repeat {
            let key = try probe.key()
            let start = probe.at
            try probe.skip(depth + 1)
            guard start.pointee == 0x22, key.count == name.count, (0..<key.count).allSatisfy({ key.start[$0] == name[$0] }) else {
                continue
            }
            JSONCursor.decode(start + 1, probe.at - start - 2, into: &unescaped)
            found = Array(unescaped.bytes)
        } while try probe.another(0x7D)
        return found
    }

    private mutating func value(_ node: Int, _ depth: Int) throws(JSONStop) {
        switch text.at.pointee {
        case 0x7B: try object(node, depth)
        case 0x5B:
            rows.nothing(node)
            guard try text.open(0x5D, depth) else { return }
            repeat { try value(node, depth + 1) } while try text.another(0x5D)
        case 0x22:
            text.at += 1
            let start = text.at
            let isEscaped = try text.string()
            rows.enter(node)
            if isEscaped {
                JSONCursor.decode(start, text.at - start - 1, into: &unescaped)
                rows.value(node, unescaped.base.assumingMemoryBound(to: UInt8.self), unescaped.count)
            } else {
                rows.value(node, start, text.at - start - 1)
            }
            rows.leave(node)
        default:
            let start = text.at
            try text.literal()
            if start.pointee == 0x6E { return rows.nothing(node) }
            rows.enter(node)
            rows.value(node, start, text.at - start)
            rows.leave(node)
        }
    }

    private mutating func object(_ node: Int, _ depth: Int) throws(JSONStop) {
        rows.nothing(node)
        rows.enter(node)
        if try text.open(0x7D, depth) {
            var known: UInt128 = 0
            repeat {
                let start = text.at
                let key = try text.key()
                let child = child(of: node, key)
                if child < 0 {
                    try text.skip(depth + 1)
                    continue
                }
                let bit: UInt128 = 1 << UInt128(program.nodes[child].ordinal & 127)
                if known & bit != 0, program.nodes[child].ordinal < 128 {
                    text.at = start
                    throw .wrong(.keyDouble)
                }
                known |= bit
                try value(child, depth + 1)
            } while try text.another(0x7D)
        }
        rows.leave(node)
    }
}
