internal import CCurl
import GatewayCore

/// Looks at a server before anything of it is trusted: which host keys it has. No login is tried.
package enum SFTPProbe {
    /// A type of host key, and what the server shows for it.
    package enum Shown: Sendable, Hashable {
        case key(HostKeyPin)
        /// It has none of this type, or none that libssh2 can verify.
        case none
        case failed(Finding)
    }

    /// One answer for each of ``HostKeyPin/types``; ends with the first that nobody answers.
    package static func hostKeys(_ endpoint: SFTPEndpoint) throws(Finding) -> [(type: String, shown: Shown)] {
        var found: [(type: String, shown: Shown)] = []
        for type in HostKeyPin.types {
            let check = HostKeyCheck([])
            var looking = endpoint
            // Nothing is trusted, so nothing would be sent; there is nothing to send either.
            looking.login = .password([])
            looking.name = endpoint.name + ".probe"
            looking.sessions = 1
            let pool = try SFTPFiles.pool(looking, type: type, check: check)
            let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
            let answer = pool.perform(CurlRequest(url: "sftp://\(host):\(endpoint.port)/", limit: endpoint.connect))
            pool.close()
            if let key = check.shown, key.type == type {
                found.append((type, .key(key)))
            } else if answer.text.contains("exchange encryption keys") || check.shown != nil {
                found.append((type, .none))
            } else {
                let finding = CurlFailure(endpoint: endpoint.name, user: endpoint.user).finding(answer, "show its host key")
                found.append((type, .failed(finding)))
                if finding.code == .transportUnreachable || finding.code == .transportTimeout { throw finding }
            }
        }
        return found
    }

    /// Versions of the libraries, for reports.
    package static var libraries: String { CurlLibrary.version }
}

extension SFTPFiles {
    /// Free bytes of the file system that a folder lies on; nil: the server does not tell (it is an extension of OpenSSH).
    package func freeSpace(_ folder: String) -> Int64? {
        let lines = Lines()
        var request = CurlRequest(url: url("/"), limit: settings.operation)
        request.quote = [Array("statvfs ".utf8) + Self.quoted(folder.isEmpty ? "." : folder)]
        let sink = CurlSink(cap: 1 << 16) { lines.add($0) }
        request.options = { handle in
            dropgate_curl_set_pointer(handle.raw, CURLOPT_HEADERDATA, Unmanaged.passUnretained(sink).toOpaque())
            dropgate_curl_set_data(handle.raw, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                guard let context, let bytes else { return 0 }
                let sink = Unmanaged<CurlSink>.fromOpaque(context).takeUnretainedValue()
                return sink.add(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
            }
        }
        guard perform(request).isGood, let blocks = lines.value("f_bavail"), let block = lines.value("f_frsize") else { return nil }
        let (bytes, isHuge) = blocks.multipliedReportingOverflow(by: block)
        return isHuge ? nil : bytes
    }

    private final class Lines: @unchecked Sendable {
        private var bytes: [UInt8] = []

        func add(_ piece: UnsafeRawBufferPointer) -> Bool {
            bytes.append(contentsOf: piece)
            return true
        }

        /// `f_bavail: 123`
        func value(_ name: String) -> Int64? {
            for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
                let parts = line.split(separator: ":")
                guard parts.count == 2, parts[0].drop(while: { $0 == " " }) == name else { continue }
                return Int64(parts[1].drop { $0 == " " }.prefix { $0.isNumber })
            }
            return nil
        }
    }
}
