import GatewayCore

/// Paths that occur in a tree, each once, in the order in which they were met; bounded.
struct TreePaths {
    private(set) var names: [String] = []
    private var known: Set<String> = []
    /// Paths that are kept at most.
    static let limit = 500

    mutating func add(_ paths: some Sequence<String>) {
        for path in paths where names.count < Self.limit && known.insert(path).inserted { names.append(path) }
    }
}
