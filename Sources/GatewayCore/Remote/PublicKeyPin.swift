/// The digest of a TLS server's public key, as libcurl takes it.
package enum PublicKeyPin {
    /// Whether it is `sha256//` and 44 letters of base64.
    package static func isPin(_ text: String) -> Bool {
        guard text.hasPrefix("sha256//"), text.utf8.count == 52, text.hasSuffix("=") else { return false }
        return text.utf8.dropFirst(8).dropLast().allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2B || $0 == 0x2F
        }
    }
}
