internal import CCurl
import GatewayCore
import Glibc
import Synchronization

/// Files on an SFTP server, through libcurl.
package final class SFTPFiles: RemoteFiles {
    package let endpoint: String
    let settings: SFTPEndpoint
    private let failure: CurlFailure
    /// A pool for each type of host key that is pinned; the type that was last good comes first.
    private let pools: [(type: String, pool: CurlPool, check: HostKeyCheck)]
    private let first = Mutex(0)

    /// - Throws: when the folder for known_hosts files can't be written.
    package init(_ settings: SFTPEndpoint) throws(Finding) {
        endpoint = settings.name
        self.settings = settings
        failure = CurlFailure(endpoint: settings.name, user: settings.user)
        var pools: [(type: String, pool: CurlPool, check: HostKeyCheck)] = []
        for type in HostKeyPin.types where settings.pins.contains(where: { $0.type == type }) {
            let check = HostKeyCheck(settings.pins)
            pools.append((type, try Self.pool(settings, type: type, check: check), check))
        }
        self.pools = pools
        guard !pools.isEmpty else {
            throw Finding(.transportHostKeyMissing, at: Place(file: settings.name), ["endpoint": .plain(settings.name)])
        }
    }

    static func pool(_ settings: SFTPEndpoint, type: String, check: HostKeyCheck) throws(Finding) -> CurlPool {
        let path = "\(settings.work)/\(settings.name).\(type)"
        let line = KnownHosts.line(host: settings.host, port: settings.port, type: type)
        try FileIO.replace(path, with: Array(line.utf8), mode: 0o600, shown: "state/endpoints")
        let limits = CurlLimits(connect: settings.connect, stall: settings.stall, mostSpeed: settings.mostSpeed)
        return CurlPool(most: settings.sessions, limits: limits, secrets: settings.login.secrets) { handle in
            handle.set(CURLOPT_PROTOCOLS_STR, "sftp")
            // The path is ours, byte by byte.
            handle.set(CURLOPT_PATH_AS_IS, 1)
            handle.set(CURLOPT_USERNAME, settings.user)
            handle.set(CURLOPT_SSH_KNOWNHOSTS, path)
            check.attach(to: handle)
            switch settings.login {
            case .password(let password):
                handle.set(CURLOPT_PASSWORD, bytes: password)
                handle.set(CURLOPT_SSH_AUTH_TYPES, Int(CURLSSH_AUTH_PASSWORD | CURLSSH_AUTH_KEYBOARD))
            case .key(let path, let passphrase):
                handle.set(CURLOPT_SSH_PRIVATE_KEYFILE, path)
                handle.set(CURLOPT_SSH_AUTH_TYPES, Int(CURLSSH_AUTH_PUBLICKEY))
                if let passphrase { handle.set(CURLOPT_KEYPASSWD, bytes: passphrase) }
            }
        }
    }

    package func close() { for entry in pools { entry.pool.close() } }

    // MARK: Operations

    /// Performs with the type of host key that is known to be good, else with each that is pinned: no credentials leave before one fits.
    func perform(_ request: CurlRequest) -> CurlAnswer {
        let start = first.withLock { $0 }
        var told: CurlAnswer?
        for step in 0..<pools.count {
            let n = (start + step) % pools.count
            var answer = pools[n].pool.perform(request)
            // A link that breaks during the log-in looks the same as a refusal: one more try tells them apart, and locks no account.
            if answer.code == .loginDenied { answer = pools[n].pool.perform(request) }
            let isOtherKey = answer.code == .peerUntrusted
            guard isOtherKey || answer.hasNoCommonAlgorithm else {
                if answer.isGood { first.withLock { $0 = n } }
                return answer
            }
            // A key that differs weighs more than one that the server does not have.
            if told == nil || isOtherKey { told = answer }
        }
        var answer = told ?? CurlAnswer(code: .noThread)
        if answer.code == .peerUntrusted, let shown = pools.lazy.compactMap({ $0.check.shown }).first { answer.text = shown.text }
        return answer
    }

    private func request(_ path: String, limit: Int64? = nil) -> CurlRequest {
        CurlRequest(url: url(path), limit: limit ?? settings.operation)
    }

    func url(_ path: String) -> String {
        var text = "sftp://" + (settings.host.contains(":") ? "[\(settings.host)]" : settings.host) + ":\(settings.port)"
        text += path.hasPrefix("/") ? "" : "/~/"
        let digits = Array("0123456789ABCDEF")
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            case _:
                text += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return text
    }

    /// An argument of a command: always in quotes, because an unquoted space silently makes another name.
    static func quoted(_ path: String) -> [UInt8] {
        var out: [UInt8] = [UInt8(ascii: "\"")]
        for byte in path.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { out.append(UInt8(ascii: "\\")) }
            out.append(byte)
        }
        return out + [UInt8(ascii: "\"")]
    }

    private func command(_ words: [UInt8], _ operation: String) throws(Finding) {
        let answer = run(words)
        guard answer.isGood else { throw failure.finding(answer, operation) }
    }

    private func run(_ words: [UInt8]) -> CurlAnswer {
        var request = request("/")
        request.quote = [words]
        return perform(request)
    }

    /// Time for moving so many bytes: the slowest link that is still worth waiting for.
    private func limit(moving bytes: Int64) -> Int64 { settings.operation + max(0, bytes) / 10 }

    package func sighting(_ path: String) throws(Finding) -> RemoteSighting? {
        var request = request(path)
        request.wantsTime = true
        let answer = perform(request)
        if answer.code == .notFound { return nil }
        guard answer.isGood, let modified = answer.modified else { throw failure.finding(answer, "look at \(path)") }
        // An empty file has no size here.
        return RemoteSighting(size: max(0, answer.size), modified: modified)
    }

    package func fetch(_ path: String, to descriptor: Int32, cap: Int64) throws(Finding) -> (before: RemoteSighting, received: Int64) {
        let copy = dup(descriptor)
        guard copy >= 0 else { throw FileIO.finding(.fileWriteFailed, "state/fetched") }
        let sink = CurlSink(cap: cap, descriptor: Descriptor(copy))
        var request = request(path, limit: limit(moving: cap))
        request.wantsTime = true
        request.body = .receive(sink)
        let answer = perform(request)
        if answer.code == .notFound {
            throw Finding(.intakeFileGone, at: Place(file: endpoint + "/" + path), found: .plain(answer.text))
        }
        if answer.wasCapped {
            if sink.isFull { throw FileIO.finding(.fileWriteFailed, "state/fetched", error: sink.error) }
            throw Finding(
                .intakeFileChanged, at: Place(file: endpoint + "/" + path), found: .plain("more than \(cap) bytes"))
        }
        guard answer.isGood, let modified = answer.modified else { throw failure.finding(answer, "fetch \(path)") }
        return (RemoteSighting(size: max(0, answer.size), modified: modified), answer.received)
    }

    package func put(_ descriptor: Int32, size: Int64, as path: String) throws(Finding) {
        let copy = dup(descriptor)
        guard copy >= 0 else { throw FileIO.finding(.fileReadFailed, "outbox") }
        var request = request(path, limit: limit(moving: size))
        request.body = .send(CurlSource(descriptor: Descriptor(copy), size: size))
        let answer = perform(request)
        guard answer.isGood else {
            // OpenSSH says "Failure" for a full disk, libcurl says nothing: what is known is the stage.
            guard answer.code == .ssh, answer.sent > 0 else { throw failure.finding(answer, "put \(path)") }
            throw Finding(
                .transportUploadBroken, at: Place(file: endpoint), found: .plain("\(answer.sent) bytes sent: \(answer.text)"),
                ["endpoint": .plain(endpoint), "size": .plain("\(size)"), "operation": .plain("put \(path)")])
        }
        // A source that ends early is no failure for libcurl.
        guard answer.sent == size else {
            throw Finding(
                .transportUploadBroken, at: Place(file: endpoint), found: .plain("\(answer.sent) bytes sent"),
                ["endpoint": .plain(endpoint), "size": .plain("\(size)"), "operation": .plain("put \(path)")])
        }
    }

    package func rename(_ from: String, to: String) throws(Finding) {
        try command(Array("rename ".utf8) + Self.quoted(from) + [UInt8(ascii: " ")] + Self.quoted(to), "rename to \(to)")
    }

    package func remove(_ path: String) throws(Finding) -> Bool {
        let answer = run(Array("rm ".utf8) + Self.quoted(path))
        if answer.isGood { return true }
        // The code is the same for every reason, so the reason is looked for.
        if answer.code == .quote, try sighting(path) == nil { return false }
        throw failure.finding(answer, "remove \(path)")
    }

    package func makeFolder(_ path: String) throws(Finding) {
        try command(Array("mkdir ".utf8) + Self.quoted(path), "make the folder \(path)")
    }

    // MARK: Listing

    /// Bytes of a listing for each name that it may have.
    private static let bytesOfName: Int64 = 300

    package func list(_ folder: String, most: Int, each: (RemoteName) -> Void) throws(Finding) {
        let names = ListedNames(most: most)
        try run(listing: folder, most: most, { $0.set(CURLOPT_DIRLISTONLY, 1) }, names.add)
        guard names.isComplete else { throw endless(folder, most) }
        // Nothing there: the second question is saved, and it is the common case.
        guard names.hasAny else { return }
        let lines = ListedLines(names: names.bytes)
        try run(listing: folder, most: most, { _ in }, lines.add)
        lines.finish(each)
    }

    private func run(
        listing folder: String, most: Int, _ options: @escaping @Sendable (CurlHandle) -> Void,
        _ take: @escaping (UnsafeRawBufferPointer) -> Bool
    ) throws(Finding) {
        var request = request(folder.hasSuffix("/") || folder.isEmpty ? folder : folder + "/", limit: settings.operation * 2)
        let sink = CurlSink(cap: Int64(most) * Self.bytesOfName, take: take)
        request.body = .receive(sink)
        request.options = options
        let answer = perform(request)
        if answer.wasCapped { throw endless(folder, most) }
        if answer.code == .notFound {
            throw Finding(
                .transportFolderMissing, at: Place(file: endpoint), found: .plain(answer.text),
                ["endpoint": .plain(endpoint), "folder": .plain(folder.isEmpty ? "." : folder)])
        }
        guard answer.isGood else { throw failure.finding(answer, "list \(folder.isEmpty ? "." : folder)") }
    }

    private func endless(_ folder: String, _ most: Int) -> Finding {
        Finding(
            .transportListingEndless, at: Place(file: endpoint), found: .plain("more than \(most)"),
            ["endpoint": .plain(endpoint), "folder": .plain(folder), "limit": .plain("\(most)")])
    }
}

/// Compares a server's host key with the pinned ones, before the login.
final class HostKeyCheck: Sendable {
    private let pins: [HostKeyPin]
    private let last = Mutex<HostKeyPin?>(nil)

    /// No pins: nothing is trusted, the key is only looked at.
    init(_ pins: [HostKeyPin]) { self.pins = pins }

    /// The key that a server showed last and that was not trusted.
    var shown: HostKeyPin? { last.withLock { $0 } }

    /// The handle's options must not outlive this object: it lives with the pool.
    func attach(to handle: CurlHandle) {
        dropgate_curl_set_pointer(handle.raw, CURLOPT_SSH_HOSTKEYDATA, Unmanaged.passUnretained(self).toOpaque())
        dropgate_curl_set_host_key(handle.raw) { context, _, key, count in
            guard let context, let key else { return Int32(CURLKHMATCH_MISMATCH.rawValue) }
            let check = Unmanaged<HostKeyCheck>.fromOpaque(context).takeUnretainedValue()
            return check.trusts(UnsafeRawBufferPointer(start: key, count: count))
                ? Int32(CURLKHMATCH_OK.rawValue) : Int32(CURLKHMATCH_MISMATCH.rawValue)
        }
    }

    private func trusts(_ key: UnsafeRawBufferPointer) -> Bool {
        let pin = HostKeyPin(key: key)
        if let pin, pins.contains(pin) { return true }
        last.withLock { $0 = pin }
        return false
    }
}
