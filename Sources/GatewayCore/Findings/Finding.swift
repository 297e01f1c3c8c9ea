/// A problem, said whole: where, what was found, what was expected, what to do, and a stable code.
package struct Finding: Error, Hashable, Sendable {
    package let code: FindingCode
    package var place: Place
    /// What was found there; nil: nothing.
    package var found: Shown?
    /// Values for the `{name}` parts of the code's wording.
    package var arguments: [String: Shown]

    package init(_ code: FindingCode, at place: Place = Place(), found: Shown? = nil, _ arguments: [String: Shown] = [:]) {
        self.code = code
        self.place = place
        self.found = found
        self.arguments = arguments
    }

    /// Whether it is about bytes that are no UTF-8 text: another look at the whole file says whether it is text of another character set.
    package var concernsText: Bool { code == .textNotUTF8 || code == .nulByte }

    /// What the problem stops.
    package enum Stops: String, Sendable, CaseIterable {
        /// Nothing: it is said, the work goes on.
        case nothing
        /// The order is held.
        case order
        /// The file is refused or waits.
        case file
        /// The endpoint, folder or ledger stops until it is mended.
        case endpoint
        /// The gateway does not start.
        case start
    }

    /// A value as it may be shown. Personal ones are whole on the operator's terminal and in receipts, hashed in logs.
    package enum Shown: Hashable, Sendable {
        case plain(String)
        case personal(String)

        package var text: String {
            switch self {
            case .plain(let text), .personal(let text): text
            }
        }
    }
}

/// A kind of problem: its stable code and its sentences in the shipped languages.
///
/// `expected` completes "found …, expected …"; `remedy` says what to do. `{name}` is replaced by the finding's
/// argument of that name. `docs/FINDINGS.md` is generated from the catalogue.
package struct FindingCode: Hashable, Sendable {
    package let id: String
    package let stops: Finding.Stops
    /// When it occurs: one sentence for the manual.
    package let when: String
    package let english: Wording
    package let turkish: Wording

    package struct Wording: Hashable, Sendable {
        package let expected: String
        package let remedy: String
        package init(expected: String, remedy: String) {
            self.expected = expected
            self.remedy = remedy
        }
    }

    package init(
        _ id: String, stops: Finding.Stops, when: String,
        en: (expected: String, remedy: String), tr: (expected: String, remedy: String)
    ) {
        self.id = id
        self.stops = stops
        self.when = when
        english = Wording(expected: en.expected, remedy: en.remedy)
        turkish = Wording(expected: tr.expected, remedy: tr.remedy)
    }

    package static func == (a: FindingCode, b: FindingCode) -> Bool { a.id == b.id }
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// Languages that receipts and findings are written in.
package enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case turkish = "tr"
}
