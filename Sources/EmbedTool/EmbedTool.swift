import FoundationEssentials

/// Writes one Swift source that holds files as literals: `EmbedTool ROOT OUTPUT FILE…`, files relative to ROOT.
///
/// A text becomes a `StaticString`, which costs nothing at start-up and compiles fast; bytes that are no UTF-8 become two hexadecimal digits each.
@main
struct EmbedTool {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count >= 2, let root = arguments.first, let output = arguments.dropFirst().first else {
            throw Usage()
        }
        var source = "// Made by EmbedTool from mappings/ and examples/.\nextension ShippedFiles {\n"
        source += "    static let contents: [(path: StaticString, isHexadecimal: Bool, text: StaticString)] = [\n"
        for path in arguments.dropFirst(2) {
            guard let data = FileManager.default.contents(atPath: root + "/" + path) else { throw Unreadable(path: path) }
            let bytes = [UInt8](data)
            if let text = String(validating: bytes, as: UTF8.self) {
                source += "        (\(literal(path)), false, \(literal(text))),\n"
            } else {
                source += "        (\(literal(path)), true, \"\(hexadecimal(bytes))\"),\n"
            }
        }
        source += "    ]\n}\n"
        guard FileManager.default.createFile(atPath: output, contents: Data(source.utf8)) else { throw Unreadable(path: output) }
    }

    private static func literal(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": out += "\\\\"
            case "\"": out += "\\\""
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            default:
                if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0xFEFF {
                    out += "\\u{" + String(scalar.value, radix: 16) + "}"
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    struct Usage: Error {}
    struct Unreadable: Error { let path: String }
}
