import GatewayCore
import GatewayProfiles
import Glibc

/// The files that an endpoint's connection is made of. When one of them changed, an endpoint that stands still is tried again.
enum EndpointFiles {
    /// Size, times and inode of a file; nil: it is not there.
    struct Mark: Hashable, Sendable {
        private var numbers: [Int64]

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            numbers = [
                Int64(status.st_size), Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec), Int64(status.st_ctim.tv_sec),
                Int64(status.st_ctim.tv_nsec), Int64(bitPattern: UInt64(status.st_ino)),
            ]
        }
    }

    /// - Parameter root: folder of the workspace.
    static func marks(_ endpoint: EndpointSettings, root: String) -> [Mark?] {
        var paths = ["dropgate.yaml"]
        switch endpoint.login {
        case .password(let source): paths += path(source)
        case .key(let key, let passphrase): paths += [key] + (passphrase.map(path) ?? [])
        }
        paths += [endpoint.knownHosts, endpoint.authority].compactMap(\.self)
        return paths.map { Mark($0.hasPrefix("/") ? $0 : root + "/" + $0) }
    }

    private static func path(_ source: SecretSource) -> [String] {
        switch source {
        case .environment: []
        case .file(let path): [path]
        }
    }
}
