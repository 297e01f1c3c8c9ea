import Foundation

/// An authority of the tests, with a server's certificate for 127.0.0.1 and localhost, made once in a test process.
package final class TestCertificates: Sendable {
    private let folder: TemporaryFolder
    /// The authority's certificate, for a client's `ca` setting.
    package let authority: String
    /// An authority that signed nothing here.
    package let stranger: String
    /// The server's certificate and key in one file.
    package let server: String
    /// A certificate for another host's name, of the same authority.
    package let otherHost: String
    /// `sha256//…`: the digest of the server's public key, as libcurl's pin takes it.
    package let pin: String

    private static let made = Result { try TestCertificates() }

    package static func shared() throws -> TestCertificates { try made.get() }

    private init() throws {
        folder = try TemporaryFolder()
        let folder = self.folder
        func key(_ name: String, _ more: [String]) throws {
            try Tool.run(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-keyout",
                    folder.path(name + ".key"), "-out", folder.path(name + ".crt"),
                ] + more)
        }
        func signed(_ name: String, _ names: String) throws -> String {
            try key(
                name,
                [
                    "-subj", "/CN=\(name)", "-addext", "subjectAltName=\(names)", "-addext", "basicConstraints=CA:FALSE", "-CA",
                    folder.path("authority.crt"), "-CAkey", folder.path("authority.key"),
                ])
            let both = (folder.text(name + ".crt") ?? "") + (folder.text(name + ".key") ?? "")
            let path = try folder.write(both, to: name + ".pem")
            try ServerProcess.give(path)
            return path
        }
        try key("authority", ["-subj", "/CN=Test authority"])
        try key("stranger", ["-subj", "/CN=Another authority"])
        authority = folder.path("authority.crt")
        stranger = folder.path("stranger.crt")
        server = try signed("server", "IP:127.0.0.1,DNS:localhost")
        otherHost = try signed("other", "DNS:other.example")
        // Servers run as another user than the tests when these run as root.
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        try Tool.run("openssl", ["x509", "-in", server, "-pubkey", "-noout", "-out", folder.path("public.pem")])
        try Tool.run("openssl", ["pkey", "-pubin", "-in", folder.path("public.pem"), "-outform", "DER", "-out", folder.path("public.der")])
        try Tool.run("openssl", ["dgst", "-sha256", "-binary", "-out", folder.path("digest"), folder.path("public.der")])
        pin = "sha256//" + Data(folder.contents("digest") ?? []).base64EncodedString()
    }
}
