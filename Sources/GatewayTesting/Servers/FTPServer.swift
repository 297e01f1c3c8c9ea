import Foundation

/// A real FTP or FTPS server on loopback, serving one folder to one user.
package final class FTPServer: Sendable {
    /// Which server.
    package enum Kind: String, Sendable, CaseIterable, CustomStringConvertible {
        /// The classic on Unix: no MLSD, LIST as `ls -l`, RNTO replaces, data connections must resume the control connection's TLS session.
        case vsftpd
        /// pyftpdlib by `Tests/Support/ftpserver.py`: MLSD, and the odd behaviour that its words ask for.
        case pyftpdlib

        package var description: String { rawValue }
    }

    package enum TLS: String, Sendable, CaseIterable {
        case none, explicit, implicit
    }

    /// vsftpd checks passwords of its anonymous user without any account of the system.
    package let user: String
    package static let password = "Bir:Parola/5@x"
    /// The folder that is served; a session begins there.
    package let box: TemporaryFolder
    private let process: ServerProcess

    /// - Parameters:
    ///   - words: what `ftpserver.py` knows; for vsftpd further lines of its configuration.
    ///   - certificate: PEM file with certificate and key; nil: the tests' own for 127.0.0.1.
    package init(_ kind: Kind, tls: TLS = .none, words: [String] = [], certificate: String? = nil) throws {
        box = try TemporaryFolder()
        try ServerProcess.give(box.path)
        let folder = try ServerProcess.makeFolder()
        let port = try Loopback.freePort()
        let certificate = try tls == .none ? "" : certificate ?? TestCertificates.shared().server
        switch kind {
        case .vsftpd:
            user = "anonymous"
            let lines = FTPServer.settings(box.path, folder, port, tls, certificate) + words
            try lines.map { $0 + "\n" }.joined().write(toFile: folder + "/vsftpd.conf", atomically: false, encoding: .utf8)
            try (FTPServer.password + "\n").write(toFile: folder + "/passwords", atomically: false, encoding: .utf8)
            // Its settings must belong to the user that it runs as.
            try ServerProcess.give(folder + "/vsftpd.conf")
            process = try ServerProcess("/usr/sbin/vsftpd", [folder + "/vsftpd.conf"], folder: folder, port: port)
        case .pyftpdlib:
            user = "partner"
            let secure = tls == .none ? [] : [tls.rawValue, "certificate=" + certificate]
            let script = try ServerProcess.lay(CSupport.path("ftpserver.py"), in: folder)
            process = try ServerProcess(
                "/usr/bin/python3",
                [script, String(port), box.path, user, FTPServer.password] + secure + words,
                folder: folder, port: port)
        }
    }

    package var port: UInt16 { process.port }
    package var log: String { process.log }
    package func stop() { process.stop() }
    package func start() throws { try process.start() }

    private static func settings(_ box: String, _ folder: String, _ port: UInt16, _ tls: TLS, _ certificate: String) -> [String] {
        [
            "listen=YES", "listen_address=127.0.0.1", "listen_port=\(port)", "background=NO", "run_as_launching_user=YES",
            "seccomp_sandbox=NO", "local_enable=NO", "anonymous_enable=YES", "anon_root=\(box)", "secure_email_list_enable=YES",
            "email_password_file=\(folder)/passwords", "write_enable=YES", "anon_upload_enable=YES", "anon_mkdir_write_enable=YES",
            "anon_other_write_enable=YES", "anon_world_readable_only=NO", "anon_umask=022", "connect_from_port_20=NO",
            "ftpd_banner=ready", "dual_log_enable=NO", "xferlog_enable=YES", "log_ftp_protocol=YES", "vsftpd_log_file=\(folder)/log",
            "delay_failed_login=0", "max_clients=0", "max_per_ip=0", "mdtm_write=YES", "use_localtime=NO",
        ]
            + (tls == .none
                ? []
                : [
                    "ssl_enable=YES", "allow_anon_ssl=YES", "force_anon_logins_ssl=YES", "force_anon_data_ssl=YES",
                    "implicit_ssl=\(tls == .implicit ? "YES" : "NO")", "rsa_cert_file=\(certificate)",
                    "rsa_private_key_file=\(certificate)", "require_ssl_reuse=YES", "ssl_ciphers=HIGH",
                ])
    }
}
