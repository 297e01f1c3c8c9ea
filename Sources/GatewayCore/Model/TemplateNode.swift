/// A carrier's or a tracking file's document as a neutral tree: constant bytes, and places where values go.
///
/// A format's template parser makes it from the operator's template; the mapping compiles it. The bytes of `.constant`
/// are already in the format's syntax (tags, quotes, commas); escaping of values is automatic by `Escape`.
package indirect enum TemplateNode: Sendable {
    /// Bytes written as they are.
    case constant([UInt8])
    /// An expression of the mapping language between braces.
    case value(TemplateValue)
    /// The body once for each consignment, parcel or line.
    case each(TemplateSubject, body: [TemplateNode], place: Place)
    /// The body only where the condition holds.
    case when(condition: SourceText, body: [TemplateNode])
    /// Writes `,` unless the byte written last is `{` or `[`: what JSON needs between members that may be left out.
    case separator
}

/// What `each` goes through.
package enum TemplateSubject: String, Sendable, CaseIterable {
    case consignment, parcel, line
}

/// A place in a template where a value goes.
package struct TemplateValue: Sendable {
    /// The text of the expression, without its braces.
    package var expression: SourceText
    package var escape: Escape
    /// Where in the document the value stands, names joined by `/`, for the field table: `SetOrder/orderInfo/Order/ReceiverName`, an attribute as `…/@code`.
    package var path: String

    package init(expression: SourceText, escape: Escape, path: String) {
        self.expression = expression
        self.escape = escape
        self.path = path
    }
}

/// How a value's bytes are made safe where it stands.
package enum Escape: UInt8, Sendable {
    /// As it is: the expression gives a number or a true/false (JSON), or the format has no syntax of its own.
    case none
    /// XML character data: `&`, `<`, `>`.
    case xmlText
    /// XML attribute in double quotes: also `"`, tab, line feed, carriage return.
    case xmlAttribute
    /// Inside a JSON string's quotes, which the constants around it hold.
    case jsonString
    /// A CSV cell: quoted when it holds the delimiter, a quote or a line end.
    case csvCell
}

/// A parsed template: its nodes and what the format needs to know of the whole.
package struct Template: Sendable {
    /// Name of the file, for findings.
    package var file: String
    package var nodes: [TemplateNode]
    /// `xml` or `json`: the outbound file's extension.
    package var fileExtension: String

    package init(file: String, nodes: [TemplateNode], fileExtension: String) {
        self.file = file
        self.nodes = nodes
        self.fileExtension = fileExtension
    }
}
