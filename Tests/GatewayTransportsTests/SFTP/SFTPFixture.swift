import GatewayCore
import GatewayTesting
import GatewayTransports
import Testing

/// A real sshd and the gateway's view of it.
struct SFTPFixture {
    let server: OpenSSHServer
    let work: TemporaryFolder
    let key: SSHKey

    init(_ change: @escaping (inout OpenSSHServer.Options) throws -> Void = { _ in }) throws {
        let work = try TemporaryFolder()
        let key = try SSHKey.make(.ed25519, at: work.path("login"))
        self.work = work
        self.key = key
        server = try OpenSSHServer {
            $0.authorized = [key]
            try change(&$0)
        }
    }

    func pins() throws -> [HostKeyPin] { try server.hostKeys().compactMap { HostKeyPin($0.publicLine) } }

    func endpoint(_ change: (inout SFTPEndpoint) -> Void = { _ in }) throws -> SFTPEndpoint {
        var endpoint = SFTPEndpoint(
            name: "partner", host: "127.0.0.1", port: Int(server.port), user: OpenSSHServer.user,
            login: .key(key.path, passphrase: nil), pins: try pins(), operation: 10_000, work: work.path)
        change(&endpoint)
        return endpoint
    }

    func files(_ change: (inout SFTPEndpoint) -> Void = { _ in }) throws -> SFTPFiles { try SFTPFiles(endpoint(change)) }

    /// What the call throws.
    static func finding(_ body: () throws -> Void) -> Finding? {
        do {
            try body()
            return nil
        } catch { return error as? Finding }
    }
}
