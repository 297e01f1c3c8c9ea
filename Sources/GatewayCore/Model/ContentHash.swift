internal import CCrypto

/// SHA-256 of a file's or document's content: its identity.
package struct ContentHash: Hashable, Sendable {
    /// 32 bytes.
    package let bytes: [UInt8]

    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        self.bytes = Array(bytes)
    }

    /// Of `content`, at once.
    package init(of content: some Collection<UInt8>) {
        let hasher = ContentHasher()
        Array(content).withUnsafeBytes { hasher.update($0) }
        self = hasher.finish()
    }

    fileprivate init(finished bytes: [UInt8]) { self.bytes = bytes }

    /// 64 lower-case hexadecimal digits.
    package var hex: String { hex(64) }
    /// The first `digits` of ``hex``.
    package func hex(_ digits: Int) -> String {
        let alphabet = Array("0123456789abcdef".utf8)
        let all = bytes.flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] }
        return String(decoding: all.prefix(digits), as: UTF8.self)
    }
}

/// SHA-256 of content that arrives in pieces. Belongs to one thread at a time.
package struct ContentHasher: ~Copyable, @unchecked Sendable {
    private let context: OpaquePointer

    package init() {
        guard let made = EVP_MD_CTX_new(), EVP_DigestInit_ex(made, EVP_sha256(), nil) == 1 else {
            preconditionFailure("libcrypto has no SHA-256")
        }
        context = made
    }

    deinit { EVP_MD_CTX_free(context) }

    package func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        _ = EVP_DigestUpdate(context, start, bytes.count)
    }

    /// The hash; the hasher starts anew.
    package func finish() -> ContentHash {
        var out = [UInt8](repeating: 0, count: 32)
        _ = EVP_DigestFinal_ex(context, &out, nil)
        _ = EVP_DigestInit_ex(context, EVP_sha256(), nil)
        return ContentHash(finished: out)
    }
}

/// Bytes that nobody can guess, for keys.
package func randomBytes(_ count: Int) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: count)
    guard RAND_bytes(&out, Int32(count)) == 1 else { preconditionFailure("libcrypto gives no random bytes") }
    return out
}
