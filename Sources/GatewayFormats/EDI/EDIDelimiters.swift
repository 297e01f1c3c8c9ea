/// The two families of EDI that the reader and the writer know.
package enum EDISyntax: String, Sendable {
    case x12 = "X12"
    case edifact = "EDIFACT"
}

/// The service characters of one interchange. Each interchange of a file has its own.
package struct EDIDelimiters: Hashable, Sendable {
    package var syntax: EDISyntax
    /// Between the elements of a segment.
    package var element: UInt8
    /// Between the components of an element.
    package var component: UInt8
    /// Between the repetitions of an element; nil: elements do not repeat.
    package var repetition: UInt8?
    /// Makes the next character literal; nil: there is none, as in all of X12.
    package var release: UInt8?
    /// Decimal mark of numbers: `.` or `,`.
    package var decimal: UInt8
    /// Ends a segment: one byte, or the bytes of one UTF-8 character. CR and CR LF are told as CR: a LF after it is skipped.
    package var terminator: [UInt8]

    /// EDIFACT's characters where no UNA says others. Source: ISO 9735, service string advice.
    package static let edifact = EDIDelimiters(
        syntax: .edifact, element: 0x2B, component: 0x3A, repetition: nil, release: 0x3F, decimal: 0x2E, terminator: [0x27])

    /// EDIFACT level B without UNA: the separators are the control characters 1D, 1F and 1C. Source: ISO 9735, level B character set.
    package static let levelB = EDIDelimiters(
        syntax: .edifact, element: 0x1D, component: 0x1F, repetition: nil, release: nil, decimal: 0x2E, terminator: [0x1C])

    /// Whether lines may break anywhere between and inside of segments: the terminator is no line end itself.
    var allowsLineBreaks: Bool { terminator != [0x0A] && terminator != [0x0D] }
}

/// What stands between and around segments that a reader forgives; each is told once.
package struct EDILaxity: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A byte order mark before the interchange.
    package static let mark = EDILaxity(rawValue: 1)
    /// Blanks or tabs before a segment's tag.
    package static let indented = EDILaxity(rawValue: 2)
    /// A line break inside of a segment.
    package static let wrapped = EDILaxity(rawValue: 4)
    /// The file ends without the segment's terminator.
    package static let unterminated = EDILaxity(rawValue: 8)
    /// Bytes before the interchange that belong to nothing.
    package static let junk = EDILaxity(rawValue: 16)
    /// The header names no component separator.
    package static let headerShort = EDILaxity(rawValue: 32)
    /// The length of binary data could not be read or does not fit: the segment ends at the next terminator.
    package static let binaryLength = EDILaxity(rawValue: 64)
}
