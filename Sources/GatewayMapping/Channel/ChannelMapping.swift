@_spi(HotPath) import GatewayCore

/// A channel's profile, read and checked: how the rows of its files become orders.
package struct ChannelMapping: Sendable {
    package let name: String
    /// The flow's name that it ships under.
    package let family: String
    package let source: String
    package let format: String
    /// Character set of its text files; nil: found out.
    package let charset: SourceText?
    /// Of a tree: the path to the order objects, and below one to its line objects.
    package let recordsPath: String?
    package let linesPath: String?
    /// Of fixed width: the columns and their places.
    package let columnPlaces: [(name: String, place: String)]
    package let file: String
    package let examples: [MappingExample]
    /// What ``OrderEntry/reason`` points into; the first is for orders without a line to ship.
    package let skipReasons: [String]
    package let usedTables: [String]

    let recognisedBy: [HeadingChoice]
    let notRecognisedBy: [SourceText]
    let keyColumns: [HeadingChoice]
    /// Rows in which all key columns are blank belong to the order of the row above.
    let keylessRowsFollow: Bool
    /// Where lines come from when they are not the rows.
    let lineSource: LineSource?
    /// Line fields that tell a line from the others of its order; none: every line counts.
    let oncePer: [OrderField]
    let fillsShortRows: Bool
    /// With the index of the reason.
    let skips: [(condition: Condition, reason: Int)]
    let holds: [(condition: Condition, reason: String)]
    let ships: [Condition]
    let shipLines: [Condition]
    let skipLines: [Condition]
    let linesPlace: Place
    let fields: [FieldLine]
    let lines: [FieldLine]
    let hasLines: Bool
    let shipPlace: Place
    /// Tables that it uses, by name.
    let tables: [String: CodeTable]

    /// A line of `fields:` or `lines:`.
    struct FieldLine: Sendable {
        var field: OrderField
        var expression: Expression
    }

    /// The reason of an order none of whose lines ships.
    static let nothingToShip = "nothing to ship"

    // MARK: Recognition

    /// How well a file's header fits.
    package struct Recognition: Sendable {
        /// All of `recognised by` are there, and none of `not recognised by`.
        package var isMatch: Bool
        /// Columns of the file that the mapping uses.
        package var matched: Int
        /// Of `recognised by`.
        package var missing: [String]
        /// The column that says it is a look-alike.
        package var excludedBy: String?
    }

    /// Whether a file with this header is one of the channel's.
    package func recognises(_ header: Header) -> Recognition {
        let headings = Headings(header)
        let missing = recognisedBy.filter { $0.found(in: headings) == nil }.map(\.shown)
        let excluded = notRecognisedBy.map(\.text).first { headings.has($0) }
        let matched = usedColumns.filter { headings.has($0) }.count
        return Recognition(
            isMatch: missing.isEmpty && excluded == nil && !recognisedBy.isEmpty, matched: matched, missing: missing, excludedBy: excluded)
    }

    /// Headings that the mapping names, each once.
    package var usedColumns: [String] {
        var seen: Set<String> = []
        return columns.map(\.text).filter { seen.insert(HeaderName.fold($0)).inserted }
    }

    /// Columns that the mapping reads and that none of the examples' headers has, each once, in the order of the file.
    ///
    /// Not those of `not recognised by`: a file that has one is none of the channel's. Not those of the profile that this one extends:
    /// its own examples show them.
    package func unknownColumns(_ headers: [Header]) -> [Finding] {
        let files = headers.map { Headings($0) }
        var seen = Set(notRecognisedBy.map { HeaderName.fold($0.text) })
        let choices = recognisedBy + keyColumns
        let inOrder = columns.filter { $0.place.file == file }.sorted {
            ($0.place.line ?? 0, $0.place.column ?? 0) < ($1.place.line ?? 0, $1.place.column ?? 0)
        }
        return inOrder.filter { name in
            guard seen.insert(HeaderName.fold(name.text)).inserted, !files.contains(where: { $0.has(name.text) }) else { return false }
            // Of alternatives one is enough.
            let others = choices.filter { $0.names.contains { HeaderName.fold($0.text) == HeaderName.fold(name.text) } }
            return !others.contains { choice in files.contains { choice.found(in: $0) != nil } }
        }.map { name in
            let nearest = HeaderName.nearest(to: name.text, among: headers.flatMap(\.names)).map { "\"\($0)\"" } ?? "none"
            return Finding(.mappingColumnUnknown, at: name.place, found: .plain(name.text), ["nearest": .plain(nearest)])
        }
    }

    /// Headings of the file that the mapping does not name.
    package func unmappedColumns(of header: Header) -> [String] {
        let headings = Headings(header)
        let used = Set(usedColumns.flatMap { headings.columns($0) })
        return header.names.indices.filter { !used.contains($0) }.map { header.names[$0] }
    }

    /// Every mention of a column.
    private var columns: [SourceText] {
        var names = recognisedBy.flatMap(\.names) + keyColumns.flatMap(\.names)
        if let lineSource { names.append(lineSource.column) }
        let conditions = skips.map(\.condition) + holds.map(\.condition) + ships + skipLines + shipLines
        names += conditions.flatMap(\.names)
        // Of a tree only the columns that are asked for here are laid out: a plain name that something is read from is one (`note: note`),
        // even where a field is called so; only an argument (`money currency`) is the field then.
        var plain = Set(recordsPath == nil ? [] : names.map(\.text).filter { !$0.contains(".") })
        for line in fields + lines {
            names += self.names(of: line.expression, literals: false)
            for case .name(let name) in line.expression.sources where recordsPath != nil && !name.text.contains(".") {
                plain.insert(name.text)
            }
        }
        return names.filter { !isOwn($0.text) || plain.contains($0.text) }
    }

    /// Names of this profile's own making: its fields, and the pieces that lines are made of.
    func isOwn(_ name: String) -> Bool {
        fieldNamed(name) != nil || (lineSource != nil && LineSource.key(name) != nil) || lineFieldNamed(name) != nil
    }

    /// The line field that a name refers to: `line.quantity`, when this profile fills it.
    func lineFieldNamed(_ name: String) -> FieldLine? {
        name.hasPrefix("line.") ? lines.first { $0.field.name == name } : nil
    }

    /// The field that a name refers to: one that this profile fills, written exactly as it is called.
    func fieldNamed(_ name: String) -> OrderField? {
        fields.first { $0.field.name == name }?.field
    }
}

/// What a profile compiles to for one header. Immutable: each thread runs it with a machine of its own.
package struct ChannelProgram: Sendable {
    package let headSlots: Int
    package let lineSlots: Int
    let code: Code
    /// Fields and judgement of an order; test and fields of a line.
    let head: Range<Int>
    let line: Range<Int>
    /// Whose values tell orders apart.
    package let keyColumns: [Int]
    package let keylessRowsFollow: Bool
    let fillsShortRows: Bool
    let hasLines: Bool
    /// Nil: the rows are the lines.
    let pieces: PieceProgram?
    /// Slots of the line fields that tell lines apart.
    let oncePer: [Int]
    /// Lines are read by the long way: pieces, lines that count once, tests of computed fields.
    let isPlain: Bool
    let literalQuotes: Bool
    let columnCount: Int
    let orderRecords: Int
    /// Slots by block, in order.
    let digestSlots: DigestList
    let key: DigestKey
    let reference: Note
    /// Identifiers that are looked at for a spreadsheet's damage: slots of the order and of its lines.
    let damagedHeads: [Int]
    let damagedLines: [Int]
    let damageNotes: [Note]
    /// Fields that are looked at for text of a wrong character set and for a spreadsheet's error values.
    let texts: TextFields
    /// What stands for none of the conditions: a note's index in the code.
    let undecidedNote: Int
    let lineNote: Note
}

/// The fields that a profile fills: what is looked at when a row holds signs of damage.
struct TextFields: Sendable {
    struct Field: Sendable {
        var slot: Int
        var note: Note
        /// Its error values are said with other damage of identifiers.
        var isIdentifier: Bool
    }

    var heads: [Field] = []
    var lines: [Field] = []
    /// Slot of the consignee's country.
    var country = 0
}

/// Which order fields reach a consignment, and so make it a changed one.
package struct DigestSlots: Hashable, Sendable {
    var bits: UInt64

    package static let all = DigestSlots(bits: ~0)
    package static let none = DigestSlots(bits: 0)

    mutating func insert(_ slot: Int) { bits |= 1 << UInt64(slot) }
    func contains(_ slot: Int) -> Bool { bits & (1 << UInt64(slot)) != 0 }
}

/// The slots that each digest is taken of, flat.
final class DigestList: @unchecked Sendable {
    // Immutable after init, so any thread may read it.
    let slots: UnsafeMutablePointer<UInt16>
    let ends: (Int, Int, Int, Int)

    init(_ wanted: [(slot: Int, block: Int)]) {
        slots = .allocate(capacity: wanted.count + 1)
        var count = 0
        var ends = [0, 0, 0, 0]
        for block in 0..<4 {
            for entry in wanted where entry.block == block {
                (slots + count).initialize(to: UInt16(entry.slot))
                count += 1
            }
            ends[block] = count
        }
        self.ends = (ends[0], ends[1], ends[2], ends[3])
    }

    deinit { slots.deallocate() }
}
