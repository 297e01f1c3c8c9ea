import GatewayCore
import GatewayTesting

@testable import GatewayTransports

/// A real FTP server and the gateway's view of it.
struct FTPFixture {
    let server: FTPServer
    let security: FTPEndpoint.Security
    let work: TemporaryFolder

    init(_ kind: FTPServer.Kind, _ security: FTPEndpoint.Security = .none, words: [String] = [], certificate: String? = nil) throws {
        let tls: FTPServer.TLS =
            switch security {
            case .none: .none
            case .explicit: .explicit
            case .implicit: .implicit
            }
        server = try FTPServer(kind, tls: tls, words: words, certificate: certificate)
        self.security = security
        work = try TemporaryFolder()
    }

    func files(port: UInt16? = nil, _ change: (inout FTPEndpoint) throws -> Void = { _ in }) throws -> FTPFiles {
        var endpoint = FTPEndpoint(
            name: "partner", host: "127.0.0.1", port: Int(port ?? server.port), user: server.user,
            password: Array(FTPServer.password.utf8), security: security, operation: 10_000)
        if security != .none { endpoint.trust = .authority(try TestCertificates.shared().authority) }
        try change(&endpoint)
        return FTPFiles(endpoint)
    }

    /// What listing the folder of the login throws.
    func refusal(port: UInt16? = nil, _ change: (inout FTPEndpoint) throws -> Void = { _ in }) throws -> Finding? {
        try Self.finding { try files(port: port, change).list("", most: 100) { _ in } }
    }

    static func finding(_ body: () throws -> Void) throws -> Finding? {
        do {
            try body()
            return nil
        } catch let finding as Finding {
            return finding
        }
    }
}
