import Foundation

/// A pair of SSH keys in files, made by `ssh-keygen`.
package struct SSHKey: Sendable {
    /// Kinds by the names that `ssh-keygen -t` knows.
    package enum Kind: String, Sendable, CaseIterable {
        case ed25519, ecdsa, rsa
    }

    /// Path of the private key; the public one lies beside it with `.pub`.
    package let path: String
    /// `ssh-ed25519 AAAA…`, without a comment.
    package let publicLine: String
    /// `SHA256:…` without `=`, as OpenSSH shows it.
    package let fingerprint: String

    /// Reads a key that lies there.
    package init(path: String) throws {
        self.path = path
        let line = try String(contentsOfFile: path + ".pub", encoding: .utf8)
        publicLine = line.split(separator: " ").prefix(2).joined(separator: " ").trimmingCharacters(in: .newlines)
        let words = try Tool.run("ssh-keygen", ["-l", "-E", "sha256", "-f", path + ".pub"]).split(separator: " ")
        guard words.count > 1 else { throw ServerProcess.Failure(description: "ssh-keygen -l says nothing of \(path)") }
        fingerprint = String(words[1])
    }

    /// Makes a key at `path`.
    ///
    /// - Parameter format: what `ssh-keygen -m` knows: nil is OpenSSH's own, `PEM` the older one that RSA keys often have.
    package static func make(_ kind: Kind, at path: String, passphrase: String = "", format: String? = nil) throws -> SSHKey {
        var arguments = ["-q", "-t", kind.rawValue, "-N", passphrase, "-C", "test", "-f", path]
        switch kind {
        case .rsa: arguments += ["-b", "2048"]
        case .ecdsa: arguments += ["-b", "256"]
        case .ed25519: break
        }
        if let format { arguments += ["-m", format] }
        try Tool.run("ssh-keygen", arguments)
        return try SSHKey(path: path)
    }
}
