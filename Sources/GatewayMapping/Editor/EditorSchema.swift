@_spi(HotPath) import GatewayCore

/// A JSON Schema (draft 2020-12) of channel and carrier profiles, for editors that complete and check YAML.
package func editorSchema() -> String {
    let functions = FunctionCatalogue.all.map(\.usage).joined(separator: "; ")
    let line =
        "A source, perhaps \\\", else \\\" another, and steps after \\\" | \\\". Steps: \(quoted(functions)); required; only when CONDITION."
    var out = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "Dropgate profiles",
          "oneOf": [{ "$ref": "#/$defs/channel" }, { "$ref": "#/$defs/carrier" }],
          "$defs": {
            "line": { "type": ["string", "number"], "description": "\(line)" },

        """
    out += definition("channel", ChannelMapping.keys) { key in
        switch key.name {
        case "fields": fields(OrderField.heads.map { ($0.name, $0.summary) })
        case "lines": fields(OrderField.lines.map { (String($0.name.dropFirst(5)), $0.summary) })
        default: nil
        }
    }
    out += ",\n"
    out += definition("carrier", CarrierMapping.keys) { key in
        key.name == "settings" ? "\"type\": \"array\", \"items\": { \"type\": \"object\", \"maxProperties\": 1 }" : nil
    }
    return out + "\n  }\n}\n"
}

private func definition(_ name: String, _ keys: [ProfileKey], _ special: (ProfileKey) -> String?) -> String {
    let required = keys.filter(\.isRequired).map { "\"\($0.name)\"" }.joined(separator: ", ")
    let properties = keys.map { key in
        let shape =
            special(key)
            ?? {
                switch key.shape {
                case .text: "\"type\": [\"string\", \"number\"]"
                case .list: "\"type\": \"array\", \"items\": { \"type\": \"string\" }"
                case .map: "\"type\": \"object\""
                case .textOrList: "\"type\": [\"string\", \"array\"]"
                }
            }()
        return "        \"\(key.name)\": { \"description\": \"\(quoted(key.summary))\", \(shape) }"
    }
    return """
            "\(name)": {
              "type": "object",
              "additionalProperties": false,
              "required": [\(required)],
              "properties": {
        \(properties.joined(separator: ",\n"))
              }
            }
        """
}

private func fields(_ fields: [(name: String, summary: String)]) -> String {
    let properties = fields.map { "\"\($0.name)\": { \"description\": \"\(quoted($0.summary))\", \"$ref\": \"#/$defs/line\" }" }
    return "\"type\": \"object\", \"additionalProperties\": false, \"properties\": { \(properties.joined(separator: ", ")) }"
}

private func quoted(_ text: String) -> String { String(decoding: escaped(text.utf8, as: .jsonString), as: UTF8.self) }
