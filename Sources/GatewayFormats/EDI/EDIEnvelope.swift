import GatewayCore

/// An interchange as its header says it.
package struct EDIInterchange: Sendable {
    package var delimiters: EDIDelimiters
    /// Control number (ISA13) or reference (UNB 0020), as it stands there.
    package var control: String
    package var sender: EDIParty
    package var recipient: EDIParty
    /// `00401` (ISA12), or `UNOC:3` (S001).
    package var version: String
    /// Date and time as they stand there: `YYMMDD`, `CCYYMMDD`; `HHMM`.
    package var date: String
    package var time: String
    /// Test, not production: ISA15 is `T`, or UNB 0035 is 1.
    package var isTest: Bool
    /// An acknowledgement is wanted: ISA14 or UNB 0031 is 1.
    package var wantsAcknowledgement: Bool
    /// False for sets without an envelope.
    package var hasEnvelope: Bool
    package var offset: Int64
    package var groups = 0
    package var sets = 0
    /// Sets that are complete: begun, ended, and their counts and references agree.
    package var completeSets = 0
}

/// Who sends or receives an interchange.
package struct EDIParty: Hashable, Sendable {
    package var qualifier: String
    package var id: String
}

/// A functional group (GS, UNG).
package struct EDIGroup: Sendable {
    /// GS01 such as `OW`; UNG 0038.
    package var kind: String
    package var control: String
    /// GS08 such as `004010`.
    package var version: String
    package var sender: String
    package var recipient: String
    package var sets = 0
}

/// A transaction set or message.
package struct EDISet: Sendable {
    /// `940`, `ORDERS`.
    package var kind: String
    /// Of EDIFACT: `D:96A:UN:EAN008`; of X12 the group's version, or ST03.
    package var version: String
    package var control: String
    package var offset: Int64
    /// Segments so far, its header and trailer included.
    package var segments = 0
    /// Whether its trailer was read and agrees.
    package var isComplete = false
    /// Findings that concern it.
    package var problems = 0
}

/// How much a flow forgives.
package enum EDITolerance: String, Sendable, CaseIterable {
    /// What the standard says, and nothing else.
    case strict
    /// What real partners send and what cannot be misread; told all the same.
    case partner
    /// Sets without an envelope too, and sets whose counts or references are wrong.
    case lenient
}

/// What a walk through a file comes by.
package enum EDIEvent {
    case interchange(EDIInterchange)
    case group(EDIGroup)
    /// Its header is the current segment.
    case set(EDISet)
    /// A segment inside of a set, neither header nor trailer; the reader's current one.
    case segment
    /// The set ended, rightly or not.
    case setEnd(EDISet)
    case groupEnd(EDIGroup)
    case interchangeEnd(EDIInterchange)
    /// A segment of the envelope beside these: TA1, UNS is none.
    case service
}
