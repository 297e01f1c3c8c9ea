import Foundation
import GatewayTesting
import Testing

/// The servers of the tests themselves, seen with the programs that everybody has.
@Suite struct ServersTests {
    @Test func sshdServesItsFolderByKeyAndByPassword() throws {
        let keys = try TemporaryFolder()
        let key = try SSHKey.make(.ed25519, at: keys.path("key"))
        let server = try OpenSSHServer {
            $0.authorized = [key]
            $0.password = "a:b/c@d"
            $0.hostKeys = [.ed25519, .ecdsa]
        }
        try keys.write(server.knownHosts(), to: "known_hosts")
        try keys.write("put \(keys.path("known_hosts")) hosts.txt\nls -1\n", to: "batch")
        #expect(
            try Tool.run(
                "sftp",
                [
                    "-q", "-b", keys.path("batch"), "-i", key.path, "-P", String(server.port), "-o",
                    "UserKnownHostsFile=" + keys.path("known_hosts"), "-o", "StrictHostKeyChecking=yes", "partner@127.0.0.1",
                ]
            ).contains("hosts.txt"))
        #expect(try server.box.names() == ["hosts.txt"])
        let curl = ["curl", "-sS", "-k", "-l", "-u", "partner:a:b/c@d", "sftp://127.0.0.1:\(server.port)/~/"]
        #expect(try Tool.run(curl[0], Array(curl.dropFirst())).split(separator: "\n").sorted() == [".", "..", "hosts.txt"])
        try server.setDiskFull(true)
        #expect(throws: ServerProcess.Failure.self) {
            try Tool.run("curl", ["-sS", "-k", "-u", "partner:a:b/c@d", "-T", key.path, "sftp://127.0.0.1:\(server.port)/~/key"])
        }
        let before = try server.hostKeys().map(\.fingerprint)
        try server.changeHostKeys()
        #expect(try Set(server.hostKeys().map(\.fingerprint)).isDisjoint(with: before))
    }

    @Test func aServerEndsWithEverythingItStarted() throws {
        let server = try OpenSSHServer { $0.password = "x" }
        let socket = try Loopback.connect(server.port)
        var byte: UInt8 = 0
        #expect(recv(socket, &byte, 1, 0) == 1)  // the banner: a session is there
        server.stop()
        #expect(throws: Loopback.Failure.self) { try Loopback.connect(server.port) }
        var rest = [UInt8](repeating: 0, count: 4096)
        while recv(socket, &rest, rest.count, 0) > 0 {}  // ends only when the session's process is gone
        close(socket)
        try server.start()
        close(try Loopback.connect(server.port))
    }

    @Test(arguments: FTPServer.Kind.allCases, FTPServer.TLS.allCases)
    func ftpServersTakeAndGive(_ kind: FTPServer.Kind, _ tls: FTPServer.TLS) throws {
        let server = try FTPServer(kind, tls: tls)
        let mine = try TemporaryFolder()
        let file = try mine.write("hello", to: "a.csv")
        let scheme = tls == .implicit ? "ftps" : "ftp"
        let options =
            ["-sS", "-u", "\(server.user):\(FTPServer.password)"]
            + (tls == .none ? [] : try ["--ssl-reqd", "--cacert", TestCertificates.shared().authority])
        try Tool.run("curl", options + ["-T", file, "\(scheme)://127.0.0.1:\(server.port)/a.csv"])
        #expect(server.box.text("a.csv") == "hello")
        #expect(try Tool.run("curl", options + ["\(scheme)://127.0.0.1:\(server.port)/a.csv"]) == "hello")
        #expect(throws: ServerProcess.Failure.self) {
            try Tool.run("curl", ["-sS", "-k", "--ssl-reqd", "-u", "\(server.user):wrong", "\(scheme)://127.0.0.1:\(server.port)/"])
        }
    }
}
