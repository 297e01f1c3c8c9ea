/// Where something stands: a line of a file that people edit, or a row and column of a file that was dropped.
package struct Place: Hashable, Sendable {
    /// Shown name of the file, relative to the workspace; never a path of the machine.
    package var file: String?
    /// Line of a text file, or the row as a spreadsheet shows it; from 1.
    package var line: Int?
    /// Column: of a text file the character, of a dropped file the column; from 1.
    package var column: Int?
    /// Heading of the column, or the field's name.
    package var name: String?
    /// True for rows and columns of a dropped file.
    package var isRecord: Bool
    /// Sheet of a workbook. Rows and columns are then said as its cells are: `AB17`.
    package var part: String?
    /// Where it stands in an EDI file, instead of rows and columns.
    package var edi: EDIPlace?

    package init(file: String? = nil, line: Int? = nil, column: Int? = nil, name: String? = nil, isRecord: Bool = false) {
        self.file = file
        self.line = line
        self.column = column
        self.name = name
        self.isRecord = isRecord
    }

    /// A row of a dropped file, and a column of it.
    package static func row(_ row: Int, column: Int? = nil, name: String? = nil, file: String? = nil) -> Place {
        Place(file: file, line: row, column: column, name: name, isRecord: true)
    }
}

/// A place in an EDI file: from the envelope down to the component.
package struct EDIPlace: Hashable, Sendable {
    /// Control numbers of what it stands in; nil: outside of one.
    package var interchange: String?
    package var group: String?
    package var set: String?
    /// Number of the segment in the file, from 1, and its tag.
    package var segment: Int?
    package var tag: String?
    /// Element and component, from 1.
    package var element: Int?
    package var component: Int?
    /// Offset of the segment in the file, in bytes from 0.
    package var byte: Int64?

    package init(
        interchange: String? = nil, group: String? = nil, set: String? = nil, segment: Int? = nil, tag: String? = nil, element: Int? = nil,
        component: Int? = nil, byte: Int64? = nil
    ) {
        self.interchange = interchange
        self.group = group
        self.set = set
        self.segment = segment
        self.tag = tag
        self.element = element
        self.component = component
        self.byte = byte
    }
}

extension Place {
    /// The cell as a spreadsheet names it, such as `AB17`; the row alone without a column; nil without a row.
    package var cell: String? {
        guard isRecord, let line else { return nil }
        var letters = ""
        var rest = column ?? 0
        while rest > 0 {
            letters = String(UnicodeScalar(UInt8(0x41 + (rest - 1) % 26))) + letters
            rest = (rest - 1) / 26
        }
        return letters + String(line)
    }
}

/// A piece of a file that people edit, with its place.
package struct SourceText: Hashable, Sendable {
    package var text: String
    package var place: Place

    package init(_ text: String, at place: Place) {
        self.text = text
        self.place = place
    }
}

/// A configuration file as a tree of text: no type is guessed (`NO` is Norway, `01234` a postcode).
package indirect enum ConfigNode: Sendable {
    case text(SourceText)
    case list([ConfigNode], Place)
    case map([(key: SourceText, value: ConfigNode)], Place)

    package var place: Place {
        switch self {
        case .text(let text): text.place
        case .list(_, let place), .map(_, let place): place
        }
    }
    /// The value of `key`, when this is a map that has it.
    package subscript(key: String) -> ConfigNode? {
        guard case .map(let entries, _) = self else { return nil }
        return entries.first { $0.key.text == key }?.value
    }
}
