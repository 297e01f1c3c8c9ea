import GatewayCore
import GatewayMapping
import Synchronization

/// Profiles that were read, kept as long as none of their files changes: an operator mends a mapping while the gateway runs.
final class ProfileCache: Sendable {
    private struct Kept {
        var channels: [String: Loaded<ChannelMapping>] = [:]
        var carriers: [String: Loaded<CarrierMapping>] = [:]
    }
    private let kept = Mutex(Kept())
    let loader: ProfileLoader

    init(_ files: MappingFiles) { loader = ProfileLoader(files: files) }

    func channel(_ relative: String) throws(Finding) -> Loaded<ChannelMapping>? {
        if let known = kept.withLock({ $0.channels[relative] }), isCurrent(known.sources) { return known }
        let loaded = try loader.channel(relative)
        kept.withLock { $0.channels[relative] = loaded }
        return loaded
    }

    func carrier(_ relative: String) throws(Finding) -> Loaded<CarrierMapping>? {
        if let known = kept.withLock({ $0.carriers[relative] }), isCurrent(known.sources) { return known }
        let loaded = try loader.carrier(relative)
        kept.withLock { $0.carriers[relative] = loaded }
        return loaded
    }

    private func isCurrent(_ sources: [ProfileSource]) -> Bool {
        sources.allSatisfy { $0.stamp == loader.files.stamp($0.relative) }
    }
}
