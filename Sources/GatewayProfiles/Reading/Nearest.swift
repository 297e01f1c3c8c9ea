/// Finds the known name that someone probably meant.
package enum Nearest {
    /// The name with the fewest letters to change, without regard to case; the first of equals. Nil when there are no names.
    package static func name(to wrong: String, among names: [String]) -> String? {
        let target = Array(wrong.lowercased().unicodeScalars.prefix(64))
        var best: (name: String, distance: Int)?
        for name in names {
            let found = distance(target, Array(name.lowercased().unicodeScalars.prefix(64)))
            if best.map({ found < $0.distance }) ?? true { best = (name, found) }
        }
        return best?.name
    }

    /// Letters to insert, remove, exchange or swap with their neighbour (optimal string alignment).
    private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
        var older: [Int] = []
        var last = Array(0...b.count)
        for i in 1...a.count {
            var row = [i]
            for j in 1...b.count {
                var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, older[j - 2] + 1) }
                row.append(cost)
            }
            older = last
            last = row
        }
        return last[b.count]
    }
}
