import GatewayCore

/// The columns of a file by folded heading: how a profile's names find them.
///
/// A name is looked up as it stands. Where no heading reads so, `Price (2)` is the second column called `Price`, and `Price (last)` the
/// last one. A name with `{n}` is a family: `item {n}` stands for `item 1`, `item 2` and so on.
package struct Headings: Sendable {
    package let header: Header
    private let index: [String: [Int]]

    package init(_ header: Header) {
        self.header = header
        index = Dictionary(grouping: header.names.indices) { HeaderName.fold(header.names[$0]) }
    }

    /// Every column that `name` may mean: several when the heading stands there twice, those of all numbers for a family.
    package func columns(_ name: String) -> [Int] {
        if let found = index[HeaderName.fold(name)] { return found }
        if Self.isFamily(name) { return numbers(of: name).flatMap { columns(Self.member(name, $0)) } }
        guard let (base, place) = Self.occurrence(name), let found = index[HeaderName.fold(base)] else { return [] }
        let column = place.map { found.indices.contains($0 - 1) ? found[$0 - 1] : -1 } ?? found[found.count - 1]
        return column < 0 ? [] : [column]
    }

    /// Whether the file has the column.
    package func has(_ name: String) -> Bool { !columns(name).isEmpty }

    /// The numbers of a family that the file has, in order, at most 1,000.
    func numbers(of family: String) -> [Int] {
        var found: Set<Int> = []
        let pattern = HeaderName.fold(family)
        guard let mark = Self.mark(in: pattern) else { return [] }
        let (head, tail) = (pattern[..<mark.lowerBound], pattern[mark.upperBound...])
        for heading in index.keys where heading.hasPrefix(head) && heading.utf8.count > head.utf8.count + tail.utf8.count {
            guard heading.hasSuffix(tail) else { continue }
            let digits = heading.dropFirst(head.count).dropLast(tail.count)
            guard digits.utf8.count <= 4, digits.utf8.allSatisfy(isDigit), let number = Int(digits), number > 0, number <= 1_000 else {
                continue
            }
            found.insert(number)
        }
        return found.sorted()
    }

    /// The column of a family's number; nil: the file does not have it.
    func column(of family: String, _ number: Int) -> Int? { columns(Self.member(family, number)).first }

    /// Whether a name stands for numbered columns.
    static func isFamily(_ name: String) -> Bool { mark(in: name) != nil }

    private static func member(_ family: String, _ number: Int) -> String {
        guard let mark = mark(in: family) else { return family }
        return family[..<mark.lowerBound] + "\(number)" + family[mark.upperBound...]
    }

    private static func mark(in name: String) -> Range<String.Index>? {
        guard let start = name.firstIndex(of: "{"), name[start...].hasPrefix("{n}") else { return nil }
        return start..<name.index(start, offsetBy: 3)
    }

    /// `Price (2)`, `Price (last)`: the heading, and which of them; nil for the last.
    private static func occurrence(_ name: String) -> (base: String, place: Int?)? {
        guard name.hasSuffix(")"), let open = name.lastIndex(of: "(") else { return nil }
        let base = name[..<open]
        guard base.hasSuffix(" ") else { return nil }
        let inner = name[name.index(after: open)...].dropLast()
        if inner == "last" { return (String(base), nil) }
        guard let place = Int(inner), place > 0 else { return nil }
        return (String(base), place)
    }
}

/// A heading, or several of which a file has one: `order_number or order_id`.
package struct HeadingChoice: Sendable {
    package var names: [SourceText]

    /// The first that the file has.
    func found(in headings: Headings) -> SourceText? { names.first { headings.has($0.text) } }
    /// `"order_number" or "order_id"`, as findings show it.
    var shown: String { names.map(\.text).joined(separator: " or ") }
}
