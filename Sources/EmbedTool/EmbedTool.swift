import FoundationEssentials

/// Writes one Swift source that holds files as literals: `EmbedTool ROOT OUTPUT PART…`, files and folders relative to ROOT.
///
/// OUTPUT is written only when it changes; OUTPUT.stamp always is, so that the tool runs at the next build too.
///
/// A text becomes a `StaticString`, which costs nothing at start-up and compiles fast; bytes that are no UTF-8 become two hexadecimal digits each.
@main
struct EmbedTool {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count > 2 else { throw Usage() }
        let (root, output) = (arguments[0], arguments[1])
        let parts = arguments.dropFirst(2)
        var source = "// Made by EmbedTool from \(parts.joined(separator: ", ")).\nextension ShippedFiles {\n"
        source += "    static let contents: [(path: StaticString, isHexadecimal: Bool, text: StaticString)] = [\n"
        for path in parts.flatMap({ files($0, root) }) {
            guard let data = FileManager.default.contents(atPath: root + "/" + path) else { throw Unreadable(path: path) }
            let bytes = [UInt8](data)
            if let text = String(validating: bytes, as: UTF8.self) {
                source += "        (\(literal(path)), false, \(literal(text))),\n"
            } else {
                source += "        (\(literal(path)), true, \"\(hexadecimal(bytes))\"),\n"
            }
        }
        source += "    ]\n}\n"
        try write(Data("\(Date.now.timeIntervalSince1970)".utf8), to: output + ".stamp")
        let made = Data(source.utf8)
        if FileManager.default.contents(atPath: output) != made { try write(made, to: output) }
    }

    private static func write(_ data: Data, to path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: data) else { throw Unwritable(path: path) }
    }

    /// The file at `path`, or all files below it, sorted; hidden ones stay out.
    private static func files(_ path: String, _ root: String) -> [String] {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isFolder) else { return [] }
        guard isFolder else { return [path] }
        // A folder that can't be listed holds nothing to ship; the file that is then missing is noticed by the tests.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/" + path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted().flatMap { files(path + "/" + $0, root) }
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
    struct Unwritable: Error { let path: String }
}
