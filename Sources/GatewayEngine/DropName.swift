import GatewayCore

/// Names of what we drop: `[A-Za-z0-9_-]` of the subject, 40 characters at most, and a hash; nothing else of a file's content.
enum DropName {
    /// The subject's safe part; runs of other characters become one `-`.
    static func slug(_ text: String) -> String {
        var out = ""
        var wasDash = true
        for scalar in text.unicodeScalars where out.utf8.count < 40 {
            switch scalar {
            case "A"..."Z", "a"..."z", "0"..."9", "_":
                out.unicodeScalars.append(scalar)
                wasDash = false
            default:
                if !wasDash { out += "-" }
                wasDash = true
            }
        }
        while out.hasSuffix("-") { out.removeLast() }
        return out.isEmpty ? "drop" : out
    }

    /// `orders-12-001-3fa9c1d2.xml`: flow, arrival, document, and a hash of place and content.
    static func document(_ subject: String, arrival: Arrival.ID, number: UInt32, content: ContentHash, fileExtension: String) -> String {
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        let identity = ContentHash(of: Array("\(arrival)/\(number)/\(content.hex)".utf8))
        return "\(slug(subject))-\(arrival)-\(padded)-\(identity.hex(8)).\(fileExtension)"
    }

    /// `orders_export-12.receipt.csv`, then `orders_export-12.receipt.r2.csv`.
    static func receipt(of name: String, arrival: Arrival.ID, revision: Int, fileExtension: String = "csv") -> String {
        let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        let identity = ContentHash(of: Array("\(arrival)/\(name)".utf8)).hex(6)
        return "\(slug(stem))-\(arrival)-\(identity).receipt\(revision > 1 ? ".r\(revision)" : "").\(fileExtension)"
    }

    /// 32 hexadecimal digits that name a document to a carrier, the same on every retry.
    static func reference(ledger: String, arrival: Arrival.ID, number: UInt32) -> String {
        ContentHash(of: Array("\(ledger)/\(arrival)/\(number)".utf8)).hex(32)
    }
}
