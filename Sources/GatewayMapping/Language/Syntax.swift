@_spi(HotPath) import GatewayCore

/// Where the names of an expression come from.
enum Source: Sendable {
    /// `always "x"`, a quoted text of a template, a number.
    case text([UInt8])
    /// A column, field or name.
    case name(SourceText)
    /// `secret NAME`.
    case secret(SourceText)
}

/// A word after a function's name.
struct Argument: Sendable {
    var text: SourceText
    var isQuoted: Bool
}

/// One use of a function.
struct Step: Sendable {
    var function: MappingFunction
    var arguments: [Argument]
    var place: Place
}

/// A source, perhaps with others to fall back on, and what is done with it.
struct Expression: Sendable {
    var sources: [Source]
    /// All must hold, else the value is absent; they are tested before anything else.
    var conditions: [Condition] = []
    var steps: [Step] = []
    var place: Place
}

/// What a template's braces hold.
struct Choice: Sendable {
    var condition: Condition?
    var then: Expression
    var otherwise: Expression?
}

/// Tests that must all hold.
struct Condition: Sendable {
    var tests: [Test]
    var place: Place

    /// Names that the tests look at.
    var names: [SourceText] {
        tests.flatMap { test -> [SourceText] in
            if case .same(let other) = test.kind { return [test.name, other] }
            return [test.name]
        }
    }

    struct Test: Sendable {
        var name: SourceText
        var kind: Kind
        /// `is not …`, `is absent`.
        var isNegated: Bool
    }

    enum Kind: Sendable {
        case present
        /// Folded words.
        case any([String])
        case inTable(CodeTable)
        /// The number as text.
        case more(String)
        case less(String)
        case longer(Int)
        /// Another name, whose value is compared without regard to ASCII case.
        case same(SourceText)
    }
}

/// An example of a profile: input, what it goes through, and what must come out.
package struct MappingExample: Hashable, Sendable {
    package var input: String
    /// The channel, in a carrier's example.
    package var through: String?
    package var output: String
    package var place: Place

    package init(input: String, through: String?, output: String, place: Place) {
        self.input = input
        self.through = through
        self.output = output
        self.place = place
    }
}

/// What was found while profiles were read.
package struct LintReport: Sendable {
    package var findings: [Finding] = []

    package init() {}

    mutating func say(_ code: FindingCode, at place: Place, found: String? = nil, _ arguments: [String: String] = [:]) {
        findings.append(Finding(code, at: place, found: found.map { .plain($0) }, arguments.mapValues { .plain($0) }))
    }
}

extension Place {
    /// `line 42 of mappings/channels/x.yaml`, for findings about values.
    var asMapping: String {
        switch (line, file) {
        case (let line?, let file?): "line \(line) of \(file)"
        case (nil, let file?): file
        case (let line?, nil): "line \(line)"
        case (nil, nil): "the mapping"
        }
    }

    /// The place `columns` characters further on in the same line.
    func advanced(_ columns: Int) -> Place {
        var place = self
        place.column = column.map { $0 + columns }
        return place
    }
}

/// The nearest name in quotes, or where to look.
func proposal(_ name: String, among candidates: some Sequence<String>) -> String {
    HeaderName.nearest(to: name, among: candidates).map { "\"\($0)\"" } ?? "one of docs/MAPPING.md"
}
