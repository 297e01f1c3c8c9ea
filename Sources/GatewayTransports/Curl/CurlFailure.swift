import GatewayCore

/// A failed operation of libcurl as a finding: by its stage and code, because most failures carry no words.
struct CurlFailure {
    /// Name of the endpoint.
    let endpoint: String
    let user: String

    /// - Parameter operation: in words, such as `list /out`.
    func finding(_ answer: CurlAnswer, _ operation: String) -> Finding {
        let code = code(answer)
        let found = answer.text.isEmpty ? "libcurl error \(answer.code.rawValue)" : "\(answer.text) (libcurl error \(answer.code.rawValue))"
        return Finding(
            code, at: Place(file: endpoint), found: .plain(found),
            ["endpoint": .plain(endpoint), "operation": .plain(operation), "user": .plain(user), "folder": .plain(operation)])
    }

    private func code(_ answer: CurlAnswer) -> FindingCode {
        let text = answer.text
        switch answer.code {
        case .noProxy, .noHost, .noConnection: return .transportUnreachable
        case .timeout: return .transportTimeout
        case .overdue, .noThread: return .transportAbandoned
        case .noLibrary: return .transportLibraryMissing
        case .peerUntrusted: return .transportHostKeyChanged
        case .loginDenied: return .transportLoginRefused
        case .forbidden: return .transportForbidden
        case .remoteDiskFull: return .transportDiskFull
        case .initFailed, .ssh:
            // libssh2's words for "no algorithm in common" are those of a link that broke meanwhile; only its number tells.
            if answer.hasNoCommonAlgorithm { return .transportHostKeyExchange }
            if text.contains("Permission denied") { return .transportForbidden }
            return .transportLinkLost
        case .partial, .sendFailed, .receiveFailed, .nothing, .tlsFailed, .aborted: return .transportLinkLost
        case .quote:
            if text.contains("Permission denied") { return .transportForbidden }
            return .transportOperationFailed
        case _: return .transportOperationFailed
        }
    }
}

extension CurlAnswer {
    /// The SSH server and libssh2 have no algorithm in common (`LIBSSH2_ERROR_KEX_FAILURE`, -5).
    var hasNoCommonAlgorithm: Bool {
        code == .initFailed && (text.contains("-5, Unable to exchange encryption keys") || text.contains("method '"))
    }
}
