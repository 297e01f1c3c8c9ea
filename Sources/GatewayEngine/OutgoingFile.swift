@_spi(HotPath) import GatewayCore
import Glibc

/// A document or receipt on its way: bytes gather in memory, go to `state/outgoing` and into the content hash as they come.
///
/// Secrets stand in it as marks; the values enter in ``Publisher`` only.
final class OutgoingFile {
    let path: String
    let shown: String
    var out = Output(capacity: 1 << 18)
    private(set) var size: Int64 = 0
    private let descriptor: Int32
    private let hasher = ContentHasher()
    private static let flushAt = 1 << 20

    init(_ path: String, shown: String) throws(Finding) {
        self.path = path
        self.shown = shown
        descriptor = try FileIO.create(path, shown: shown, mode: 0o644)
    }

    deinit { close(descriptor) }

    /// Writes what has gathered, when it is much.
    func drainIfFull() throws(Finding) {
        if out.count >= Self.flushAt { try drain() }
    }

    func drain() throws(Finding) {
        guard out.count > 0 else { return }
        let bytes = out.bytes
        hasher.update(bytes)
        try FileIO.write(bytes, to: descriptor, shown: shown)
        size += Int64(bytes.count)
        out.rewind(to: 0)
    }

    /// Writes the rest and flushes: on disk when it returns. Gives the hash of all of it.
    func finish() throws(Finding) -> ContentHash {
        try drain()
        try FileIO.flush(descriptor, shown: shown)
        return hasher.finish()
    }
}
