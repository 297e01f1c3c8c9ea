internal import CCurl
import GatewayCore

/// By what a TLS server is known. There is no way to trust any server.
package enum ServerTrust: Sendable, Hashable {
    /// The authorities of the system.
    case system
    /// The authorities in a PEM file.
    case authority(String)
    /// Public keys, as ``PublicKeyPin`` writes them: any of them, whoever signed the certificate and whatever name it has.
    case pins([String])
}

extension CurlHandle {
    /// Options of TLS: at least 1.2, the server verified.
    func set(_ trust: ServerTrust) {
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        switch trust {
        case .system: break
        case .authority(let path):
            set(CURLOPT_CAINFO, path)
            set(CURLOPT_CAPATH, "/nonexistent")
        case .pins(let pins):
            // The key itself is known: names and authorities add nothing, and partners' own certificates have neither.
            set(CURLOPT_SSL_VERIFYPEER, 0)
            set(CURLOPT_SSL_VERIFYHOST, 0)
            set(CURLOPT_PINNEDPUBLICKEY, pins.isEmpty ? "sha256//none" : pins.joined(separator: ";"))
        }
    }
}

extension CurlAnswer {
    /// What is wrong with the server's TLS; nil: nothing of that kind.
    func tlsFinding(_ endpoint: String) -> Finding? {
        let code: FindingCode
        switch self.code {
        case .peerUntrusted: code = .tlsUntrusted
        case .pinDiffers: code = .tlsKeyChanged
        case .noTLS: code = .tlsMissing
        case .noAuthorities: code = .tlsAuthorityUnreadable
        case .tlsFailed: code = .tlsFailed
        case _: return nil
        }
        return Finding(
            code, at: Place(file: endpoint), found: .plain("\(text) (libcurl error \(self.code.rawValue))"), ["endpoint": .plain(endpoint)])
    }
}

extension CurlCode {
    static let noAuthorities = CurlCode(rawValue: 77)
    static let pinDiffers = CurlCode(rawValue: 90)
    static let oddReply = CurlCode(rawValue: 8)
    static let oddPassive = CurlCode(rawValue: 13)
    static let notRetrieved = CurlCode(rawValue: 19)
}
