import CXML2
import GatewayCore

/// What a schema refuses in a document.
package struct SchemaProblem: Hashable, Sendable {
    /// Line of the document, from 1; 0 when unknown.
    package let line: Int
    /// Names of the elements down to it, joined by `/`, as in ``TemplateValue/path``.
    package let path: String
    /// The validator's sentence. It may hold values of the document: personal.
    package let message: String

    package init(line: Int, path: String, message: String) {
        self.line = line
        self.path = path
        self.message = message
    }
}

/// Validates documents in memory against an XML schema, without any network. One thread at a time.
package final class SchemaValidator {
    private let schema: xmlSchemaPtr

    /// Reads the schema and the files that it includes from its own folder.
    ///
    /// - Parameters:
    ///   - schemaPath: where it stands.
    ///   - shown: its name for findings.
    /// - Throws: ``FindingCode/schemaUnreadable``.
    package init(schemaPath: String, shownAs shown: String) throws(Finding) {
        let problems = Problems()
        var made: xmlSchemaPtr?
        if XMLSyntax.isPrepared, let parser = xmlSchemaNewParserCtxt(schemaPath) {
            let context = Unmanaged.passUnretained(problems).toOpaque()
            xmlSchemaSetParserStructuredErrors(parser, collectProblem, context)
            // Files that can't be opened are reported past the parser, on this thread's handler; else on standard error.
            xmlSetStructuredErrorFunc(context, collectProblem)
            made = xmlSchemaParse(parser)
            xmlSetStructuredErrorFunc(nil, nil)
            xmlSchemaFreeParserCtxt(parser)
        }
        guard let made else {
            let folder = schemaPath.lastIndex(of: "/").map { String(schemaPath[...$0]) } ?? ""
            let first = problems.all.first
            let message = first.map { $0.message.split(separator: folder, omittingEmptySubsequences: false).joined() }
            throw Finding(
                .schemaUnreadable, at: Place(file: shown, line: first.flatMap { $0.line > 0 ? $0.line : nil }),
                found: message.map { .plain($0) })
        }
        schema = made
    }

    deinit { xmlSchemaFree(schema) }

    /// What is wrong with a document, at most 100 problems; empty when it is valid. A DOCTYPE is refused.
    package func problems(in document: UnsafeRawBufferPointer) -> [SchemaProblem] {
        guard document.count <= 1 << 30, let context = xmlNewParserCtxt() else {
            return [SchemaProblem(line: 0, path: "", message: "The document is too large to be validated.")]
        }
        defer { xmlFreeParserCtxt(context) }
        let start = document.baseAddress?.assumingMemoryBound(to: CChar.self)
        guard let parsed = xmlCtxtReadMemory(context, start, Int32(document.count), nil, nil, XMLSyntax.options) else {
            let error = context.pointee.lastError
            let message = error.message.map { trimmed(String(cString: $0)) } ?? "The document can't be parsed."
            return [SchemaProblem(line: Int(error.line), path: "", message: message)]
        }
        defer { xmlFreeDoc(parsed) }
        guard parsed.pointee.intSubset == nil else {
            return [SchemaProblem(line: 1, path: "", message: "The document has a DOCTYPE.")]
        }
        guard let validator = xmlSchemaNewValidCtxt(schema) else {
            return [SchemaProblem(line: 0, path: "", message: "There is no memory to validate the document.")]
        }
        defer { xmlSchemaFreeValidCtxt(validator) }
        let problems = Problems()
        xmlSchemaSetValidStructuredErrors(validator, collectProblem, Unmanaged.passUnretained(problems).toOpaque())
        let result = xmlSchemaValidateDoc(validator, parsed)
        if result != 0, problems.all.isEmpty {
            return [SchemaProblem(line: 0, path: "", message: "The document is not valid.")]
        }
        return problems.all
    }
}

/// Takes what libxml2 reports during one call.
private final class Problems {
    var all: [SchemaProblem] = []
}

private let collectProblem: xmlStructuredErrorFunc = { context, error in
    guard let context, let error else { return }
    let problems = Unmanaged<Problems>.fromOpaque(context).takeUnretainedValue()
    guard problems.all.count < 100 else { return }
    let node = error.pointee.node?.assumingMemoryBound(to: xmlNode.self)
    problems.all.append(
        SchemaProblem(
            line: Int(error.pointee.line), path: path(of: node),
            message: error.pointee.message.map { trimmed(String(cString: $0)) } ?? ""))
}

private func path(of node: UnsafeMutablePointer<xmlNode>?) -> String {
    var names: [String] = []
    var here = node
    while let current = here, current.pointee.type == XML_ELEMENT_NODE || current.pointee.type == XML_ATTRIBUTE_NODE {
        let name = current.pointee.name.map { String(cString: $0) } ?? ""
        names.append(current.pointee.type == XML_ATTRIBUTE_NODE ? "@" + name : name)
        here = current.pointee.parent
    }
    return names.reversed().joined(separator: "/")
}
