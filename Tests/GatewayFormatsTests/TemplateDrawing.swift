import GatewayCore
import GatewayFormats

/// A template as text: values as `⟨expression⟩`, repeated and conditional parts in brackets, separators as `¸`.
func drawing(_ nodes: [TemplateNode], details: Bool = false) -> String {
    var out = ""
    for node in nodes {
        switch node {
        case .constant(let bytes): out += String(decoding: bytes, as: UTF8.self)
        case .value(let value):
            out += details ? "⟨\(value.expression.text) \(value.escape) \(value.path)⟩" : "⟨\(value.expression.text)⟩"
        case .each(let subject, let body, _): out += "⟦each \(subject.rawValue):" + drawing(body, details: details) + "⟧"
        case .when(let condition, let body): out += "⟦if \(condition.text):" + drawing(body, details: details) + "⟧"
        case .separator: out += "¸"
        }
    }
    return out
}

/// The document that a template gives when nothing is left out and each part comes `count` times; values are their expressions in capitals.
func rendering(_ nodes: [TemplateNode], count: Int = 2, keeps: Bool = true) -> String {
    var out = ""
    for node in nodes {
        switch node {
        case .constant(let bytes): out += String(decoding: bytes, as: UTF8.self)
        case .value(let value): out += value.escape == .none ? "0" : value.path.uppercased()
        case .each(_, let body, _):
            for _ in 0..<count { out += nested(body, after: out, count, keeps) }
        case .when(_, let body): if keeps { out += nested(body, after: out, count, keeps) }
        case .separator: if let last = out.last, last != "{", last != "[" { out += "," }
        }
    }
    return out
}

/// The text that `body` adds after what stands before it: a separator looks at the last byte.
private func nested(_ body: [TemplateNode], after out: String, _ count: Int, _ keeps: Bool) -> String {
    let mark = out.last.map(String.init) ?? ""
    return String(rendering([.constant(Array(mark.utf8))] + body, count: count, keeps: keeps).dropFirst(mark.count))
}
