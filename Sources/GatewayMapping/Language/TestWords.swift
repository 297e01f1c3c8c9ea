import GatewayCore

/// Words of other rule languages that look like tests here: taken as a heading or a value, they would decide silently.
///
/// `Cancelled at exists` would be a column that no file has, and cancelled orders would ship. What is really called so is quoted.
enum TestWords {
    private static let words: Set<String> = [
        "exists", "equals", "equal", "contains", "has", "empty", "blank", "missing", "in", "not", "is", "isn't", "or", "matches",
    ]
    private static let values: Set<String> = ["exists", "empty", "blank", "missing"]
    private static let beginnings = ["equal to ", "equals ", "contains ", "greater than ", "at least ", "at most "]

    /// Whether a bare name reads like a test: one of the words after its first, `not` as its first, or a sign anywhere.
    static func areIn(_ name: String) -> Bool {
        if hasSign(name) { return true }
        let parts = HeaderName.fold(name).split(separator: " ").map(String.init)
        return parts.count > 1 && (parts[0] == "not" || parts.dropFirst().contains(where: words.contains))
    }

    /// Whether a value after `is` reads like the rest of a test.
    static func areValue(_ value: String) -> Bool {
        guard !value.hasPrefix("\"") else { return false }
        let folded = HeaderName.fold(value)
        return values.contains(folded) || beginnings.contains(where: folded.hasPrefix) || folded.first.map { "=<>!".contains($0) } == true
            || folded.split(separator: " ").dropFirst().dropLast().contains { $0 == "is" || $0 == "or" }
    }

    private static func hasSign(_ name: String) -> Bool { name.utf8.contains { $0 == 0x3C || $0 == 0x3D || $0 == 0x3E } }
}
