import GatewayCore
import GatewayTesting
import GatewayTransports
import Testing

/// The suite that every drop store passes, on real FTP and FTPS servers.
@Suite struct FTPConformanceTests {
    /// One server for all checks of a kind: each check has a folder of its own.
    static let kinds: [(FTPServer.Kind, FTPEndpoint.Security, [String])] = [
        (.vsftpd, .none, []), (.vsftpd, .explicit, []), (.vsftpd, .implicit, []), (.pyftpdlib, .none, []),
        (.pyftpdlib, .explicit, []), (.pyftpdlib, .none, ["mlsd=no", "windows"]), (.pyftpdlib, .none, ["size=no", "mdtm=no"]),
    ]

    @Test(arguments: kinds.indices)
    func aServer(_ number: Int) throws {
        let (kind, security, words) = Self.kinds[number]
        let fixture = try FTPFixture(kind, security, words: words)
        let files = try fixture.files()
        for (n, check) in DropStoreConformance.checks.enumerated() {
            let folder = try fixture.server.box.makeFolder("check-\(n)")
            try ServerProcess.give(folder)
            let box = fixture.server.box
            let work = try TemporaryFolder()
            do {
                try check.run(
                    .init(
                        store: RemoteDropStore(RemoteFolder(files, path: "check-\(n)"), work: fixture.work.path), work: work,
                        put: { bytes, name in _ = try box.write(bytes, to: "check-\(n)/" + name) },
                        contents: { box.contents("check-\(n)/" + $0) }, names: { try box.names(in: "check-\(n)") }))
            } catch {
                let said = (error as? Finding)?.sentence() ?? "\(error)"
                Issue.record("\(kind), tls \(security.rawValue), \(words): \(check.name): \(said)")
            }
        }
    }
}
