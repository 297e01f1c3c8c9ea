import Foundation
import Glibc

/// OpenSSH's `sshd` on loopback with throw-away keys, serving one folder by SFTP to the user `partner`.
///
/// No account of the system is needed, nor root: `Tests/Support/partner.c` gives sshd the partner's account.
package final class OpenSSHServer: Sendable {
    package struct Options: Sendable {
        /// In the order in which they are offered.
        package var hostKeys: [SSHKey.Kind] = [.ed25519]
        /// Public keys that may log in.
        package var authorized: [SSHKey] = []
        /// Nil: no password logs in.
        package var password: String?
        /// `internal-sftp -R`: nothing can be written.
        package var isReadOnly = false
        /// Further lines of sshd_config.
        package var lines: [String] = []

        package init() {}
    }

    package static let user = "partner"
    /// The folder that is served; it is the partner's home and where a session begins.
    package let box: TemporaryFolder
    private let process: ServerProcess
    private let control: String
    private let kinds: [SSHKey.Kind]

    package init(_ change: (inout Options) throws -> Void = { _ in }) throws {
        var options = Options()
        try change(&options)
        kinds = options.hostKeys
        box = try TemporaryFolder()
        try ServerProcess.give(box.path)
        let folder = try ServerProcess.makeFolder()
        control = folder + "/control"
        try FileManager.default.createDirectory(atPath: control, withIntermediateDirectories: false)
        for kind in kinds { try OpenSSHServer.makeHostKey(kind, folder) }
        try options.authorized.map { $0.publicLine + "\n" }.joined()
            .write(toFile: folder + "/authorized_keys", atomically: false, encoding: .utf8)
        let port = try Loopback.freePort()
        let serve = "internal-sftp -d \(box.path)" + (options.isReadOnly ? " -R" : "")
        let lines =
            kinds.map { "HostKey \(folder)/host_\($0.rawValue)" } + [
                "ListenAddress 127.0.0.1:\(port)", "PidFile none", "UsePAM no", "StrictModes no",
                "AuthorizedKeysFile \(folder)/authorized_keys", "AllowUsers \(OpenSSHServer.user)",
                "PasswordAuthentication \(options.password == nil ? "no" : "yes")", "KbdInteractiveAuthentication no",
                "Subsystem sftp \(serve)", "ForceCommand \(serve)", "MaxStartups 200", "MaxSessions 100", "LogLevel VERBOSE",
            ] + options.lines
        try lines.map { $0 + "\n" }.joined().write(toFile: folder + "/sshd_config", atomically: false, encoding: .utf8)
        let hash = try options.password.map { try Tool.run("openssl", ["passwd", "-6", $0]) } ?? "*"
        let account = try ServerProcess.lay(CSupport.library("partner"), in: folder)
        process = try ServerProcess(
            "/usr/sbin/sshd", ["-D", "-e", "-f", folder + "/sshd_config"],
            environment: [
                "LD_PRELOAD": account, "PARTNER_NAME": OpenSSHServer.user, "PARTNER_HOME": box.path,
                "PARTNER_HASH": hash.trimmingCharacters(in: .newlines), "PARTNER_CONTROL": control,
            ], folder: folder, port: port)
    }

    package var port: UInt16 { process.port }
    package var log: String { process.log }

    /// The server's public keys, as its owner would hand them over.
    package func hostKeys() throws -> [SSHKey] { try kinds.map { try SSHKey(path: process.folder + "/host_" + $0.rawValue) } }

    /// Lines for a known_hosts file.
    package func knownHosts() throws -> String {
        try hostKeys().map { "[127.0.0.1]:\(port) \($0.publicLine)\n" }.joined()
    }

    /// Kills the server with its sessions, in the middle of whatever they do.
    package func stop() { process.stop() }
    package func start() throws { try process.start() }

    /// The server comes back with other host keys, as after a reinstallation or with somebody in between.
    package func changeHostKeys() throws {
        process.stop()
        for kind in kinds { try OpenSSHServer.makeHostKey(kind, process.folder) }
        try process.start()
    }

    /// Keys that may log in from now on.
    package func authorize(_ keys: [SSHKey]) throws {
        try keys.map { $0.publicLine + "\n" }.joined()
            .write(toFile: process.folder + "/authorized_keys", atomically: false, encoding: .utf8)
    }

    /// Every write to a file fails as on a full disk while it is true.
    package func setDiskFull(_ isFull: Bool) throws {
        if isFull {
            try "".write(toFile: control + "/full", atomically: false, encoding: .utf8)
        } else {
            try FileManager.default.removeItem(atPath: control + "/full")
        }
    }

    private static func makeHostKey(_ kind: SSHKey.Kind, _ folder: String) throws {
        let path = folder + "/host_" + kind.rawValue
        for old in [path, path + ".pub"] where FileManager.default.fileExists(atPath: old) {
            try FileManager.default.removeItem(atPath: old)
        }
        try ServerProcess.give(SSHKey.make(kind, at: path).path)
    }
}
