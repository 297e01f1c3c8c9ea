internal import CCurl
import GatewayCore
import Glibc
import Synchronization

/// Files on an FTP or FTPS server, through libcurl.
///
/// Each transfer goes into the file's folder first and names the file alone there: servers differ in what they make of paths.
/// Data connections are passive, to the host of the control connection, and resume its TLS session.
package final class FTPFiles: RemoteFiles {
    package let endpoint: String
    let settings: FTPEndpoint
    private let pool: CurlPool
    private let failure: CurlFailure
    /// False as soon as the server said that it has no MLSD.
    private let hasFacts = Atomic<Bool>(true)

    package init(_ settings: FTPEndpoint) {
        endpoint = settings.name
        self.settings = settings
        failure = CurlFailure(endpoint: settings.name, user: settings.user)
        let limits = CurlLimits(connect: settings.connect, stall: settings.stall, mostSpeed: settings.mostSpeed)
        pool = CurlPool(most: settings.sessions, limits: limits, secrets: [settings.password]) { handle in
            handle.set(CURLOPT_PROTOCOLS_STR, settings.security == .implicit ? "ftps" : "ftp")
            handle.set(CURLOPT_USERNAME, settings.user)
            handle.set(CURLOPT_PASSWORD, bytes: settings.password)
            handle.set(CURLOPT_FTP_FILEMETHOD, Int(CURLFTPMETHOD_SINGLECWD.rawValue))
            handle.set(CURLOPT_FTP_SKIP_PASV_IP, 1)
            switch settings.security {
            case .none: break
            case .explicit, .implicit:
                handle.set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
                handle.set(settings.trust)
                // With 1.3 a server's tickets arrive on data connections that are only written to; the kernel answers the
                // close of an unread connection with a reset, and the end of the upload is lost (curl's KNOWN_BUGS, "FTPS
                // upload data loss with TLS 1.3"). Servers that demand session reuse fail as well, now and then.
                handle.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2) | Int(CURL_SSLVERSION_MAX_TLSv1_2))
            }
        }
    }

    package func close() { pool.close() }

    // MARK: Operations

    package func sighting(_ path: String) throws(Finding) -> RemoteSighting? {
        var request = try request(path)
        request.wantsTime = true
        let answer = pool.perform(request)
        if answer.code == .notFound { return nil }
        guard answer.isGood else { throw finding(answer, "look at \(path)", path) }
        guard let told = told(answer) else { return try listed(path) }
        return told
    }

    /// What a transfer told of the file; nil: the server has no SIZE or no MDTM, and only its listing knows.
    private func told(_ answer: CurlAnswer) -> RemoteSighting? {
        guard answer.size >= 0, let modified = answer.modified else { return nil }
        return RemoteSighting(size: answer.size, modified: modified)
    }

    /// Finds a file in its folder's listing.
    private func listed(_ path: String) throws(Finding) -> RemoteSighting? {
        let (folder, name) = Self.split(path)
        var found: RemoteSighting?
        try entries(folder, most: 1_000_000) { entry in
            if entry.name.elementsEqual(name.utf8), let size = entry.size {
                found = RemoteSighting(size: size, modified: entry.modified ?? 0)
            }
        }
        return found
    }

    package func fetch(_ path: String, to descriptor: Int32, cap: Int64) throws(Finding) -> (before: RemoteSighting, received: Int64) {
        let copy = dup(descriptor)
        guard copy >= 0 else { throw FileIO.finding(.fileWriteFailed, "state/fetched") }
        let sink = CurlSink(cap: cap, descriptor: Descriptor(copy))
        var request = try request(path, limit: limit(moving: cap))
        request.wantsTime = true
        request.body = .receive(sink)
        let answer = pool.perform(request)
        if answer.code == .notFound {
            throw Finding(.intakeFileGone, at: place(path), found: .plain(answer.text))
        }
        if answer.wasCapped {
            if sink.isFull { throw FileIO.finding(.fileWriteFailed, "state/fetched", error: sink.error) }
            throw Finding(.intakeFileChanged, at: place(path), found: .plain("more than \(cap) bytes"))
        }
        guard answer.isGood else { throw finding(answer, "fetch \(path)", path) }
        var before = told(answer)
        if before == nil { before = try listed(path) }
        guard let before else { throw Finding(.intakeFileGone, at: place(path), found: .plain("not listed any more")) }
        return (before, answer.received)
    }

    package func put(_ descriptor: Int32, size: Int64, as path: String) throws(Finding) {
        let copy = dup(descriptor)
        guard copy >= 0 else { throw FileIO.finding(.fileReadFailed, "outbox") }
        var request = try request(path, limit: limit(moving: size))
        request.body = .send(CurlSource(descriptor: Descriptor(copy), size: size))
        let answer = pool.perform(request)
        guard answer.isGood else { throw finding(answer, "put \(path)", path) }
        // A source that ends early is no failure for libcurl.
        guard answer.sent == size else {
            throw Finding(
                .transportUploadBroken, at: Place(file: endpoint), found: .plain("\(answer.sent) bytes sent"),
                ["endpoint": .plain(endpoint), "size": .plain("\(size)"), "operation": .plain("put \(path)")])
        }
    }

    package func rename(_ from: String, to: String) throws(Finding) {
        let (folder, name) = Self.split(from)
        let (toFolder, toName) = Self.split(to)
        let answer =
            folder == toFolder
            ? try run(["RNFR " + name, "RNTO " + toName], in: folder) : try run(["RNFR " + from, "RNTO " + to], in: "")
        guard answer.isGood else { throw finding(answer, "rename to \(to)", to) }
    }

    package func remove(_ path: String) throws(Finding) -> Bool {
        let (folder, name) = Self.split(path)
        let answer = try run(["DELE " + name], in: folder)
        if answer.isGood { return true }
        // Servers say 550 for every reason, so the reason is looked for.
        if answer.code == .quote, try sighting(path) == nil { return false }
        throw finding(answer, "remove \(path)", path)
    }

    package func makeFolder(_ path: String) throws(Finding) {
        let answer = try run(["MKD " + path], in: "")
        guard answer.isGood else { throw finding(answer, "make the folder \(path)", path) }
    }

    /// Commands in a folder; the empty one is the folder of the login.
    private func run(_ commands: [String], in folder: String) throws(Finding) -> CurlAnswer {
        for command in commands { try requireOneLine(command) }
        var request = try request(folder.isEmpty || folder == "/" ? folder : folder + "/")
        let lines = commands.map { Array($0.utf8) }
        // Commands of CURLOPT_QUOTE would run before libcurl goes into the folder.
        request.options = { $0.set(CURLOPT_PREQUOTE, list: lines) }
        return pool.perform(request)
    }

    // MARK: Listing

    /// Bytes of a listing for each name that it may have.
    private static let bytesOfName: Int64 = 400

    package func list(_ folder: String, most: Int, each: (RemoteName) -> Void) throws(Finding) {
        try entries(folder, most: most) { entry in
            var named = RemoteName(verdict: entry.name.withUnsafeBufferPointer { NameRule.judge($0) })
            switch entry.kind {
            case .file: named.kind = .file
            case .folder: named.kind = .folder
            case .link: named.kind = .link
            case .other: named.kind = .special
            }
            var mark = Mark()
            for number in [entry.size ?? -1, entry.modified ?? -1, Int64(bitPattern: entry.unique ?? 0)] { mark.add(number) }
            if entry.size != nil || entry.modified != nil || entry.unique != nil { named.mark = mark.value }
            if entry.isExact, let size = entry.size, let modified = entry.modified {
                named.sighting = RemoteSighting(size: size, modified: modified)
            }
            each(named)
        }
    }

    /// All entries of a folder, the strange ones too.
    private func entries(_ folder: String, most: Int, _ each: (FTPEntry) -> Void) throws(Finding) {
        if hasFacts.load(ordering: .relaxed) {
            let (reader, answer) = try read(folder, .facts, most)
            if answer.isGood { return try give(reader, folder, most, each) }
            // 500, 501, 502 and 504 are ways to say "unknown command"; a folder that is not there fails before.
            guard answer.code == .notRetrieved, (500...504).contains(answer.status) else { throw listingFinding(answer, folder, most) }
            hasFacts.store(false, ordering: .relaxed)
        }
        let (reader, answer) = try read(folder, .text, most)
        guard answer.isGood else { throw listingFinding(answer, folder, most) }
        try give(reader, folder, most, each)
    }

    private func read(_ folder: String, _ style: FTPListing.Style, _ most: Int) throws(Finding) -> (ListingReader, CurlAnswer) {
        var request = try request(folder.isEmpty || folder.hasSuffix("/") ? folder : folder + "/", limit: settings.operation * 2)
        let reader = ListingReader(style, most: most)
        request.body = .receive(CurlSink(cap: Int64(most) * Self.bytesOfName, take: reader.add))
        switch style {
        case .facts: request.options = { $0.set(CURLOPT_CUSTOMREQUEST, "MLSD") }
        case .text: break
        }
        return (reader, pool.perform(request))
    }

    private func give(_ reader: ListingReader, _ folder: String, _ most: Int, _ each: (FTPEntry) -> Void) throws(Finding) {
        let (entries, unreadable, example) = reader.finish()
        guard entries.count <= most else { throw endless(folder, most) }
        for entry in entries { each(entry) }
        guard unreadable > 0 else { return }
        let shown = String(decoding: example, as: UTF8.self)
        guard !entries.isEmpty else {
            throw Finding(
                .ftpListingUnreadable, at: Place(file: endpoint), found: .plain(shown),
                ["endpoint": .plain(endpoint), "folder": .plain(folder.isEmpty ? "." : folder)])
        }
        // Half of a name with a line end in it.
        each(FTPEntry(name: example + [UInt8(ascii: "\n")], kind: .other))
    }

    private func listingFinding(_ answer: CurlAnswer, _ folder: String, _ most: Int) -> Finding {
        answer.wasCapped ? endless(folder, most) : finding(answer, "list \(folder.isEmpty ? "." : folder)", folder)
    }

    private func endless(_ folder: String, _ most: Int) -> Finding {
        Finding(
            .transportListingEndless, at: Place(file: endpoint), found: .plain("more than \(most)"),
            ["endpoint": .plain(endpoint), "folder": .plain(folder), "limit": .plain("\(most)")])
    }

    // MARK: Requests

    /// - Throws: when the path holds what would begin another command.
    private func request(_ path: String, limit: Int64? = nil) throws(Finding) -> CurlRequest {
        try requireOneLine(path)
        return CurlRequest(url: url(path), limit: limit ?? settings.operation)
    }

    /// A line end in a name would begin a command of its own on the control connection.
    private func requireOneLine(_ text: String) throws(Finding) {
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw Finding(.ftpNameRefused, at: Place(file: endpoint), found: .plain(text), ["endpoint": .plain(endpoint)])
        }
    }

    func url(_ path: String) -> String {
        var text = settings.security == .implicit ? "ftps://" : "ftp://"
        text += (settings.host.contains(":") ? "[\(settings.host)]" : settings.host) + ":\(settings.port)/"
        // A first slash would be taken for the one after the host.
        text += path.hasPrefix("/") ? "%2F" : ""
        return text + PercentEncoding.path(path.hasPrefix("/") ? path.dropFirst() : path[...])
    }

    /// Time for moving so many bytes: the slowest link that is still worth waiting for.
    private func limit(moving bytes: Int64) -> Int64 { settings.operation + max(0, bytes) / 10 }

    /// `("/in", "a.csv")` of `/in/a.csv`; the folder is empty for the one of the login.
    static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        let folder = slash == path.startIndex ? "/" : String(path[..<slash])
        return (folder, String(path[path.index(after: slash)...]))
    }

    // MARK: Findings

    private func place(_ path: String) -> Place { Place(file: endpoint + "/" + path) }

    private func finding(_ answer: CurlAnswer, _ operation: String, _ path: String) -> Finding {
        if settings.security != .none, let finding = answer.tlsFinding(endpoint) { return finding }
        let code: FindingCode
        switch (answer.code, answer.status) {
        case (.forbidden, _): code = .transportFolderMissing  // CWD was refused
        case (.uploadFailed, 452), (.uploadFailed, 552), (_, 452): code = .transportDiskFull
        case (.uploadFailed, 550), (.uploadFailed, 553), (.uploadFailed, 532): code = .transportForbidden
        case (.quote, 550), (.quote, 553): code = .transportForbidden
        case (_, 421): code = .ftpServerBusy
        case (.oddPassive, _), (.timeout, 227), (.timeout, 229), (.noConnection, 227), (.noConnection, 229): code = .ftpDataBlocked
        case (_, 522), (_, 425): code = .ftpDataBlocked
        case _: return failure.finding(answer, operation)
        }
        let words = "\(answer.text) (FTP reply \(answer.status), libcurl error \(answer.code.rawValue))"
        return Finding(
            code, at: Place(file: endpoint), found: .plain(words),
            [
                "endpoint": .plain(endpoint), "operation": .plain(operation), "user": .plain(settings.user),
                "folder": .plain(code == .transportFolderMissing ? Self.folder(of: path) : path),
            ])
    }

    private static func folder(of path: String) -> String {
        let folder = split(path).folder
        return folder.isEmpty ? path.isEmpty ? "." : path : folder
    }
}

/// Keeps a listing's entries as they arrive on libcurl's thread.
private final class ListingReader: @unchecked Sendable {
    private var listing: FTPListing
    private var entries: [FTPEntry] = []
    private let most: Int

    init(_ style: FTPListing.Style, most: Int) {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        listing = FTPListing(style, now: Int64(now.tv_sec))
        self.most = most
    }

    /// False: more names than are wanted.
    func add(_ bytes: UnsafeRawBufferPointer) -> Bool {
        listing.add(bytes) { entry in
            entries.append(entry)
            return entries.count <= most
        }
    }

    func finish() -> (entries: [FTPEntry], unreadable: Int, example: [UInt8]) {
        _ = listing.finish { entry in
            entries.append(entry)
            return true
        }
        return (entries, listing.unreadable, listing.example)
    }
}

/// FNV-1a over numbers.
private struct Mark {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ number: Int64) {
        for shift in stride(from: 0, to: 64, by: 8) {
            value = (value ^ UInt64(truncatingIfNeeded: number >> Int64(shift)) & 0xFF) &* 0x100_0000_01B3
        }
    }
}
