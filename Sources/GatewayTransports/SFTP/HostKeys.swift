import GatewayCore

/// A server's host key as it is pinned: its type and the SHA-256 of the key.
package struct HostKeyPin: Hashable, Sendable {
    /// `ssh-ed25519`, `ecdsa-sha2-nistp256`, …
    package let type: String
    package let digest: ContentHash

    package init(type: String, digest: ContentHash) {
        self.type = type
        self.digest = digest
    }

    /// Types that libssh2 can be told to ask for.
    package static let types = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"]

    /// `ssh-ed25519 SHA256:…` or `ssh-ed25519 AAAA…`, as `ssh-keygen -lf` and `.pub` files write them. Nil: neither.
    package init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count >= 2, Self.types.contains(String(words[0])) else { return nil }
        type = String(words[0])
        if words[1].hasPrefix("SHA256:") {
            guard let bytes = Base64.decode(words[1].dropFirst(7)), let digest = ContentHash(bytes) else { return nil }
            self.digest = digest
        } else {
            // A key names its type inside: the two must agree.
            guard let key = Base64.decode(words[1]), Self.type(of: key) == type else { return nil }
            digest = ContentHash(of: key)
        }
    }

    /// A key as a server shows it. Nil: not one of ours.
    package init?(key: some Collection<UInt8>) {
        let key = Array(key)
        guard let type = Self.type(of: key) else { return nil }
        self.type = type
        digest = ContentHash(of: key)
    }

    /// `ssh-ed25519 SHA256:…`: to paste below `host keys:`.
    package var text: String { "\(type) SHA256:\(Base64.encode(digest.bytes, isPadded: false))" }

    private static func type(of key: [UInt8]) -> String? {
        guard key.count > 4 else { return nil }
        let count = key[..<4].reduce(0) { $0 << 8 | Int($1) }
        guard count > 0, count <= 64, key.count >= 4 + count else { return nil }
        let name = String(decoding: key[4..<4 + count], as: UTF8.self)
        return types.contains(name) ? name : nil
    }
}

/// A known_hosts file, read as far as it tells keys of one host. Wildcards, `@revoked` and authorities are not: no match, no trust.
package enum KnownHosts {
    /// The keys of `host` and `port`. Lines that can't be read are passed over: they only trust less.
    package static func pins(_ text: String, host: String, port: Int) -> [HostKeyPin] {
        let names = port == 22 ? [host, "[\(host)]:22"] : ["[\(host)]:\(port)"]
        var pins: [HostKeyPin] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count >= 3, !words[0].hasPrefix("#"), !words[0].hasPrefix("@") else { continue }
            let isOurs = words[0].split(separator: ",").contains { name in
                names.contains { name.hasPrefix("|1|") ? isHash(name, of: $0) : name == $0 }
            }
            if isOurs, let pin = HostKeyPin("\(words[1]) \(words[2])"), !pins.contains(pin) { pins.append(pin) }
        }
        return pins
    }

    /// `|1|salt|hash`: HMAC-SHA1 of the name.
    private static func isHash(_ field: Substring, of name: String) -> Bool {
        let parts = field.split(separator: "|")
        guard parts.count == 3, let salt = Base64.decode(parts[1]), let hash = Base64.decode(parts[2]) else { return false }
        return SHA1.authenticate(Array(name.utf8), key: salt) == hash
    }

    /// A file that makes libssh2 ask for one type of key. The key in it is a stand-in: the check is ours.
    static func line(host: String, port: Int, type: String) -> String {
        "[\(host)]:\(port) \(type) AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
    }
}

enum Base64 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8], isPadded: Bool) -> String {
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let piece = bytes[start..<min(start + 3, bytes.count)]
            let word = piece.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - piece.count))
            for n in 0..<4 {
                if n <= piece.count {
                    out.append(letters[Int(word >> UInt32(18 - 6 * n)) & 63])
                } else if isPadded {
                    out.append(UInt8(ascii: "="))
                }
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Nil: not base64. Padding may be missing.
    static func decode(_ text: Substring) -> [UInt8]? {
        var out: [UInt8] = []
        var word: UInt32 = 0
        var bits = 0
        var body = Array(text.utf8)
        while body.last == UInt8(ascii: "=") { body.removeLast() }
        for letter in body {
            guard let value = letters.firstIndex(of: letter) else { return nil }
            word = (word << 6 | UInt32(value)) & 0xFF_FFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                out.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
            }
        }
        return body.isEmpty || bits >= 6 ? nil : out
    }
}

/// SHA-1, for hashed names of known_hosts files and nothing else. Source: RFC 3174, RFC 2104.
enum SHA1 {
    static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        var key = key.count > 64 ? hash(key) : key
        key += [UInt8](repeating: 0, count: 64 - key.count)
        return hash(key.map { $0 ^ 0x5C } + hash(key.map { $0 ^ 0x36 } + message))
    }

    static func hash(_ message: [UInt8]) -> [UInt8] {
        var h: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
        var padded = message + [0x80]
        while padded.count % 64 != 56 { padded.append(0) }
        padded += (0..<8).map { UInt8(truncatingIfNeeded: UInt64(message.count * 8) >> UInt64(56 - 8 * $0)) }
        var w = [UInt32](repeating: 0, count: 80)
        for block in stride(from: 0, to: padded.count, by: 64) {
            for n in 0..<16 { w[n] = (0..<4).reduce(0) { $0 << 8 | UInt32(padded[block + 4 * n + $1]) } }
            for n in 16..<80 { w[n] = rotate(w[n - 3] ^ w[n - 8] ^ w[n - 14] ^ w[n - 16], 1) }
            var (a, b, c, d, e) = (h[0], h[1], h[2], h[3], h[4])
            for n in 0..<80 {
                let (f, k): (UInt32, UInt32) =
                    switch n {
                    case ..<20: ((b & c) | (~b & d), 0x5A82_7999)
                    case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
                    case ..<60: ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC)
                    case _: (b ^ c ^ d, 0xCA62_C1D6)
                    }
                (a, b, c, d, e) = (rotate(a, 5) &+ f &+ e &+ k &+ w[n], a, rotate(b, 30), c, d)
            }
            for (n, value) in [a, b, c, d, e].enumerated() { h[n] &+= value }
        }
        return h.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) } }
    }

    private static func rotate(_ word: UInt32, _ bits: UInt32) -> UInt32 { word << bits | word >> (32 - bits) }
}
