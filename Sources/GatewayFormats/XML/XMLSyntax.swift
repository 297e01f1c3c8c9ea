import CXML2
import GatewayCore

/// What libxml2 says of a text's syntax, and the few rules of XML that we need ourselves.
enum XMLSyntax {
    /// How a quote may be written inside an expression.
    static let quotes: [[UInt8]] = [[0x22], Array("&quot;".utf8), Array("&#34;".utf8)]

    /// Done once: nothing is ever fetched from a network.
    static let isPrepared: Bool = {
        xmlInitParser()
        xmlSetExternalEntityLoader { xmlNoNetExternalEntityLoader($0, $1, $2) }
        return true
    }()

    static let options = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue)

    /// - Throws: the first mistake with its line and column; also for a DOCTYPE and for a declared encoding other than UTF-8.
    static func check(_ text: TemplateText) throws(Finding) {
        guard isPrepared, let context = xmlNewParserCtxt() else { return }
        defer { xmlFreeParserCtxt(context) }
        let document = text.bytes.withUnsafeBytes { all in
            xmlCtxtReadMemory(context, all.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(all.count), nil, nil, options)
        }
        guard let document else {
            let error = context.pointee.lastError
            let detail = error.message.map { trimmed(String(cString: $0)) } ?? "it can't be parsed"
            throw text.syntax("well-formed XML", detail, at: offset(of: Int(error.line), Int(error.int2), in: text))
        }
        defer { xmlFreeDoc(document) }
        guard document.pointee.intSubset == nil else {
            throw Finding(
                .templateSyntax, at: Place(file: text.file, line: 1), found: .plain("<!DOCTYPE"),
                ["expected": .plain("no document type"), "detail": .plain("remove the DOCTYPE")])
        }
        if let encoding = document.pointee.encoding.map({ String(cString: $0) }), encoding.uppercased() != "UTF-8" {
            throw Finding(
                .templateSyntax, at: Place(file: text.file, line: 1), found: .plain(encoding),
                ["expected": .plain("UTF-8"), "detail": .plain("save it as UTF-8 and say so in its first line")])
        }
    }

    private static func offset(of line: Int, _ column: Int, in text: TemplateText) -> Int {
        var at = 0
        for _ in 1..<max(line, 1) { at = (text.bytes[at...].firstIndex(of: 0x0A) ?? text.bytes.count - 1) + 1 }
        return min(at + max(column - 1, 0), text.bytes.count)
    }

    /// `&`, `<`, `>` as entities; nil for any other byte.
    static func escapedText(_ byte: UInt8) -> [UInt8]? {
        switch byte {
        case 0x26: Array("&amp;".utf8)
        case 0x3C: Array("&lt;".utf8)
        case 0x3E: Array("&gt;".utf8)
        default: nil
        }
    }

    /// Text with its entities and character references replaced.
    static func decoded(_ raw: String) -> String {
        guard raw.contains("&") else { return raw }
        var out = ""
        var rest = raw[...]
        while let start = rest.firstIndex(of: "&"), let end = rest[start...].firstIndex(of: ";") {
            out += rest[..<start]
            let name = rest[rest.index(after: start)..<end]
            switch name {
            case "amp": out += "&"
            case "lt": out += "<"
            case "gt": out += ">"
            case "quot": out += "\""
            case "apos": out += "'"
            default:
                let number = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
                if let scalar = number.flatMap(Unicode.Scalar.init) { out.unicodeScalars.append(scalar) }
            }
            rest = rest[rest.index(after: end)...]
        }
        return out + rest
    }
}
