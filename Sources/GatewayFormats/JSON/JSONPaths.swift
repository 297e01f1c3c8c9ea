import GatewayCore

/// Paths of the values in a JSON text, for recognising files and for drafting a profile.
enum JSONPaths {
    /// Levels that are gone down.
    private static let depth = 8

    /// - Parameter bytes: with 64 zeros behind; may end anywhere.
    static func of(_ bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int) -> [String] {
        guard let start = bytes.baseAddress else { return [] }
        var walk = Walk(text: JSONCursor(at: start, end: start + bytes.count, depthLimit: depthLimit))
        walk.text.blanks()
        // What comes before a cut or a mistake is known all the same; layOut says what is wrong.
        // Only paths are gathered here; the reading itself tells what is wrong.
        try? walk.value("", 0)
        return walk.paths.names
    }

    private struct Walk {
        var text: JSONCursor
        var paths = TreePaths()

        mutating func value(_ path: String, _ depth: Int) throws(JSONStop) {
            switch text.at.pointee {
            case 0x7B where depth < JSONPaths.depth:
                guard try text.open(0x7D, depth) else { return }
                repeat {
                    let key = try text.key()
                    let name = String(decoding: UnsafeBufferPointer(start: key.start, count: key.count), as: UTF8.self)
                    try value(path.isEmpty ? name : path + "." + name, depth + 1)
                } while try text.another(0x7D)
            case 0x5B:
                guard try text.open(0x5D, depth) else { return }
                repeat { try value(path, depth + 1) } while try text.another(0x5D)
            default:
                try text.skip(depth)
                if !path.isEmpty { paths.add([path]) }
            }
        }
    }
}
