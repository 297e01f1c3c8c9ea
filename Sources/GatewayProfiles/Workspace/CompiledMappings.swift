import GatewayCore
import GatewayFormats
import GatewayMapping
import Synchronization

/// Both mappings of a flow, compiled for the headings of a file.
struct CompiledMappings: Sendable {
    var channel: ChannelProgram
    var carrier: CarrierProgram?
    /// Constants of both, for the head of every batch.
    var pool: [UInt8]
    var unmapped: [String]
    /// What the profile reads and the file lacks: each by itself, and all in one remark.
    var missing: [Finding]
    var remark: Finding?
    /// The chosen profile says that quotes are characters like others, and the file's delimiter is the one that it states.
    var isLiteral: Bool
    /// Place of the chosen profile among those offered.
    var chosen: Int
    var candidates: [ProfileCandidate]
}

/// What was compiled last, for the next file of the same layout: compiling takes longer than mapping a small file.
final class CompiledCache: Sendable {
    /// Everything that the result depends on.
    struct Key: Hashable, Sendable {
        var constants: [String: String]
        var zone: String
        var channel: String?
        var carrier: String?
        var header: Header
        /// Nil: of a table that was laid out here.
        var dialect: CSVDialect?
        var digests: DigestKey
        var sources: [ProfileSource]
    }

    private let kept = Mutex<[(key: Key, mappings: CompiledMappings)]>([])
    private static let limit = 16

    func mappings(_ key: Key) -> CompiledMappings? {
        kept.withLock { $0.first { $0.key == key }?.mappings }
    }

    func keep(_ mappings: CompiledMappings, _ key: Key) {
        kept.withLock { all in
            if all.count == Self.limit { all.removeFirst() }
            all.append((key, mappings))
        }
    }
}
