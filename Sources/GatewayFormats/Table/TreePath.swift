import GatewayCore

/// A path of a profile into a tree: names with dots between, each perhaps with tests in brackets.
///
/// `a.b`, `a[0].b` (the first), `a[key=x].b` (those whose `key` is `x`), `a[=x]` (those that are `x`), `a.@name` (an attribute of XML), `.` (the whole). Lists are passed
/// through without being named; `a[].b` is the same as `a.b`.
struct TreePath: Hashable, Sendable {
    struct Step: Hashable, Sendable {
        var name: [UInt8]
        var tests: [Test] = []
    }
    enum Test: Hashable, Sendable {
        /// Place among its like; from 0.
        case index(Int)
        /// A value below it; its own when `key` is empty.
        case equals(key: [UInt8], value: [UInt8])
    }
    var steps: [Step]

    /// Nil when it cannot be read.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        steps = []
        if bytes == [0x2E] { return }
        var at = 0
        while at <= bytes.count {
            var name: [UInt8] = []
            while at < bytes.count, bytes[at] != 0x2E, bytes[at] != 0x5B {
                name.append(bytes[at])
                at += 1
            }
            var step = Step(name: name)
            while at < bytes.count, bytes[at] == 0x5B {
                guard let close = bytes[at...].firstIndex(of: 0x5D) else { return nil }
                guard let test = Self.test(Array(bytes[at + 1..<close])) else { return nil }
                if let test = test.value { step.tests.append(test) }
                at = close + 1
            }
            // Of the whole: `[].a` is the same as `a`.
            let isRootList = name.isEmpty && steps.isEmpty && at > 0 && step.tests.isEmpty
            guard !name.isEmpty || isRootList else { return nil }
            if !isRootList { steps.append(step) }
            if at == bytes.count { return }
            guard bytes[at] == 0x2E else { return nil }
            at += 1
        }
        return nil
    }

    /// What stands in brackets; a value of nil is `[]`, which tests nothing.
    private static func test(_ inner: [UInt8]) -> (value: Test?, Void)? {
        if inner.isEmpty { return (nil, ()) }
        if inner.allSatisfy({ (0x30...0x39).contains($0) }) {
            return Int(String(decoding: inner, as: UTF8.self)).map { (.index($0), ()) }
        }
        guard let sign = inner.firstIndex(of: 0x3D), sign + 1 < inner.count else { return nil }
        return (.equals(key: Array(inner[..<sign]), value: Array(inner[(sign + 1)...])), ())
    }
}

/// What `lines at:` says: where the lines of an order are.
struct TreeLines: Hashable, Sendable {
    /// Below the order; nil: an order is one row.
    var path: TreePath?
    /// Lines that follow their order as objects of their own.
    var children: Children?

    /// `KIND children by KEY of COLUMN`
    struct Children: Hashable, Sendable {
        /// How a child's own id ends before its last `/`: other children are passed over.
        var kind: [UInt8]
        /// Its key that names the order.
        var key: [UInt8]
        /// The order's column that has the same value.
        var column: [UInt8]
    }

    /// `PATH`, or `PATH, KIND children by KEY of COLUMN`; nil when it cannot be read.
    init?(_ text: String?) {
        guard let text else { return }
        let parts = text.split(separator: ",").map { $0.split(separator: " ").map(String.init) }
        guard let first = parts.first, first.count == 1, parts.count <= 2, let path = TreePath(first[0]) else { return nil }
        guard !path.steps.isEmpty, path.steps.allSatisfy(\.tests.isEmpty) else { return nil }
        self.path = path
        guard parts.count == 2 else { return }
        let words = parts[1]
        guard words.count == 6, words[1] == "children", words[2] == "by", words[4] == "of" else { return nil }
        children = Children(kind: Array(words[0].utf8), key: Array(words[3].utf8), column: Array(words[5].utf8))
    }
}
