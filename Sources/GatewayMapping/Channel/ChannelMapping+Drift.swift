import GatewayCore

/// A column that a profile reads and a file does not have: it counts as empty.
package struct MissingColumn: Sendable {
    /// The heading as the profile writes it, and where.
    let name: SourceText
    /// Fields and rules that read it, such as `consignee.phone` and `skip when`.
    package fileprivate(set) var readers: [String]
    /// Whether an order could be shipped wrongly without it: a rule reads it, or a field that reaches the consignment.
    fileprivate(set) var matters: Bool
    /// The nearest heading of the file that nothing reads.
    let nearest: String?
    /// Nearest is so near that it is taken for the same column under another name.
    let isRenamed: Bool

    package var heading: String { name.text }

    /// What is missing and what depends on it.
    ///
    /// - Parameter row: of the headings.
    package func finding(row: Int) -> Finding {
        Finding(.mappingColumnAbsent, at: .row(row), arguments(["nearest": .plain(nearest.map { "\"\($0)\"" } ?? "none")]))
    }

    private func arguments(_ more: [String: Finding.Shown]) -> [String: Finding.Shown] {
        more.merging(
            [
                "column": .plain(name.text), "readers": .plain(readers.joined(separator: ", ")),
                "mapping": .plain(name.place.asMapping),
            ]) { first, _ in first }
    }

    /// Why a file is refused in which this column seems to have another name; nil: it does not, or nothing depends on it.
    fileprivate func refusal(row: Int) -> Finding? {
        guard matters, isRenamed, let nearest else { return nil }
        return Finding(.headerRenamed, at: .row(row), found: .plain(nearest), arguments([:]))
    }
}

extension ChannelMapping {
    /// Columns that the profile reads and a file does not have, each with what depends on it.
    ///
    /// A field that has one of its alternatives is not missing the others. What the profile cannot do without refuses the file elsewhere.
    package func missingColumns(of header: Header) -> [MissingColumn] {
        let headings = Headings(header)
        let free = unmappedColumns(of: header)
        var missing: [MissingColumn] = []
        func note(_ names: [SourceText], _ reader: String, matters: Bool) {
            for name in names where !isOwn(name.text) && !headings.has(name.text) {
                if let known = missing.firstIndex(where: { HeaderName.fold($0.name.text) == HeaderName.fold(name.text) }) {
                    if !missing[known].readers.contains(reader) { missing[known].readers.append(reader) }
                    missing[known].matters = missing[known].matters || matters
                } else {
                    let renamed = free.first { HeaderName.isRenamed(name.text, to: $0) }
                    missing.append(
                        MissingColumn(
                            name: name, readers: [reader], matters: matters,
                            nearest: renamed ?? HeaderName.nearest(to: name.text, among: free), isRenamed: renamed != nil))
                }
            }
        }
        for line in fields + lines {
            let sources = line.expression.sources.compactMap { source -> SourceText? in
                if case .name(let name) = source { name } else { nil }
            }
            let matters = line.field.block != nil
            let hasOne = sources.contains { isOwn($0.text) || headings.has($0.text) }
            if !hasOne { note(sources, line.field.name, matters: matters) }
            let others = names(of: line.expression, literals: false).filter { name in !sources.contains { $0.text == name.text } }
            note(others, line.field.name, matters: matters)
        }
        for (names, reader) in [
            (skips.flatMap(\.condition.names), "skip when"), (holds.flatMap(\.condition.names), "hold when"),
            (ships.flatMap(\.names), "ship when"), (skipLines.flatMap(\.names), "skip lines when"),
            (shipLines.flatMap(\.names), "ship lines when"),
        ] {
            note(names, reader, matters: true)
        }
        return missing
    }

    /// Why a file must be refused in which a column that matters seems to have another name: `Cancelled at` renamed must not let cancelled
    /// orders ship. Nil: there is none.
    package func renamedColumn(_ missing: [MissingColumn], row: Int) -> Finding? {
        missing.lazy.compactMap { $0.refusal(row: row) }.first
    }

    /// All that a file does not have of what the profile reads, in one remark; nil: it has everything.
    package func absentRemark(_ missing: [MissingColumn], row: Int) -> Finding? {
        if missing.isEmpty { return nil }
        var shown = ""
        var count = 0
        for column in missing {
            let next = (count == 0 ? "" : ", ") + "\"\(column.heading)\""
            // Longer values are cut when they are shown.
            if !shown.isEmpty && shown.unicodeScalars.count + next.unicodeScalars.count > 110 { break }
            shown += next
            count += 1
        }
        if count < missing.count { shown += " (+\(missing.count - count))" }
        return Finding(.mappingColumnsAbsent, at: .row(row), ["columns": .plain(shown), "profile": .plain(name)])
    }
}
