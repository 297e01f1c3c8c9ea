internal import CCurl
import GatewayCore
import Glibc

/// What became of a document that was posted.
package enum PostOutcome: Sendable, Hashable {
    /// The partner took it.
    case answered(PostAnswer)
    /// The partner refuses it for good: sent again it would be refused again.
    case refused(PostAnswer)
    /// It is to be sent again, not before so many milliseconds passed. `isRepeat`: it may have arrived, so say so then.
    case later(milliseconds: Int64, isRepeat: Bool, Finding)
    /// It may have arrived or not, and this endpoint has no way to find out: a person has to.
    case unknown(Finding)
}

/// A partner's answer to a document, its body in a file.
package struct PostAnswer: Sendable, Hashable {
    package let status: Int
    /// The document's name.
    package let document: String
    /// Ending for the answer's file.
    package let ending: String
    /// The body, flushed.
    package let path: String

    /// `A-1042-0f3a.answer.200.json`
    package var name: String {
        let stem = document.lastIndex(of: ".").map { String(document[..<$0]) } ?? document
        return "\(stem).answer.\(status).\(ending)"
    }

    /// Lays the answer into the inbox where the carrier's answers lie. Durable when it returns; may be called again after a crash.
    ///
    /// A document that had to be sent twice may have two answers of other words: the first one stays.
    package func save(into inbox: any DropStore) throws(Finding) {
        do throws(Finding) {
            _ = try inbox.publish(path, as: name, rewrite: nil)
        } catch  where error.code == .publishNameTaken {
            unlink(path)
            return
        }
        try inbox.flush()
        unlink(path)
    }
}

/// Posts documents to one partner.
///
/// A lost answer is never followed by a blind repetition: libcurl itself sends a request again when a kept connection turns
/// out to be closed, so each document has a connection of its own unless the partner knows documents by their keys.
package final class HTTPPost: Sendable {
    package let settings: HTTPEndpoint
    private let pool: CurlPool
    private let token: TokenKeeper?
    private let failure: CurlFailure

    package init(_ settings: HTTPEndpoint) {
        self.settings = settings
        failure = CurlFailure(endpoint: settings.name, user: settings.userName)
        let isPlain = Self.isOfThisMachine(settings.url)
        pool = CurlPool(most: settings.sessions, limits: CurlLimits(connect: settings.connect), secrets: settings.secrets) { handle in
            handle.set(CURLOPT_PROTOCOLS_STR, isPlain ? "http,https" : "https")
            handle.set(settings.trust)
        }
        switch settings.login {
        case .token(let login): token = TokenKeeper(login, endpoint: settings.name, pool: pool, limit: settings.operation)
        case .none, .basic, .bearer: token = nil
        }
    }

    package func close() { pool.close() }

    /// Whether plain HTTP may be used: only where nothing passes a wire.
    package static func isOfThisMachine(_ url: String) -> Bool {
        ["http://127.0.0.1", "http://localhost", "http://[::1]"].contains { start in
            url.hasPrefix(start) && [":", "/", nil].contains(url.dropFirst(start.count).first)
        }
    }

    /// Sends the document at `path`.
    ///
    /// - Parameters:
    ///   - document: its name, made from its content: the key that it has at the partner.
    ///   - isRepeat: an earlier call may have sent it and its outcome is not known.
    ///   - body: path of a new file of ours for the answer.
    /// - Throws: when nothing was sent or asked; then the same call may be made again.
    package func send(_ path: String, as document: String, isRepeat: Bool, answer body: String) throws(Finding) -> PostOutcome {
        if isRepeat, let outcome = try resolve(document, answer: body) { return outcome }
        let attempt = try attempt(path, document, body)
        switch attempt {
        case .outcome(let outcome): return outcome
        case .lost(let finding): return afterLoss(document, finding)
        case .refusesToken:
            // 401: the token ran out before its time; nothing was taken.
            token?.forget()
            guard token != nil else { throw loginRefused(401) }
            switch try self.attempt(path, document, body) {
            case .outcome(let outcome): return outcome
            case .lost(let finding): return afterLoss(document, finding)
            case .refusesToken: throw loginRefused(401)
            }
        }
    }

    private enum Attempt {
        case outcome(PostOutcome)
        /// It may have arrived.
        case lost(Finding)
        case refusesToken
    }

    // MARK: Sending

    private func attempt(_ path: String, _ document: String, _ body: String) throws(Finding) -> Attempt {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw FileIO.finding(.fileReadFailed, "outbox") }
        let source = Descriptor(descriptor)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileIO.finding(.fileReadFailed, "outbox") }
        let size = Int64(status.st_size)
        let headers = try headers(document) + [Array("Content-Type: \(settings.contentType)".utf8)]
        let (answer, reply) = try exchange(body) { (sink) in
            var request = CurlRequest(url: self.settings.url, limit: self.settings.operation)
            request.body = .exchange(CurlSource(descriptor: source, size: size), sink)
            request.isFresh = self.settings.afterLostReply != .again
            request.options = { handle in
                handle.set(CURLOPT_POST, 1)
                handle.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: size)
                handle.set(CURLOPT_HTTPHEADER, list: headers)
            }
            return request
        }
        guard answer.isGood else {
            if answer.wasCapped, answer.status >= 200 { return .lost(tooLarge()) }
            if let finding = answer.tlsFinding(settings.name) { throw finding }
            let finding = failure.finding(answer, "post \(document)")
            // Whole requests only are taken: one whose body did not leave can't have arrived.
            if answer.sent < size || Self.cameBefore(answer.code) { throw finding }
            return .lost(finding)
        }
        return judge(answer.status, answer, document, reply)
    }

    /// Failures before a request's first byte.
    private static func cameBefore(_ code: CurlCode) -> Bool {
        switch code {
        case .noProxy, .noHost, .noConnection, .tlsFailed, .peerUntrusted, .noThread: true
        case _: false
        }
    }

    private func judge(_ status: Int, _ answer: CurlAnswer, _ document: String, _ path: String) -> Attempt {
        let kept = PostAnswer(status: status, document: document, ending: Self.ending(answer.contentType), path: path)
        switch status {
        case 200..<300: return .outcome(.answered(kept))
        case 401: return .refusesToken
        case 408, 425, 429, 503:
            unlink(path)
            let finding = Finding(
                .postLater, at: Place(file: settings.name), found: .plain("HTTP status \(status)"), ["endpoint": .plain(settings.name)])
            // A server's word counts up to an hour.
            return .outcome(.later(milliseconds: min(3_600_000, max(0, answer.retryAfter) * 1000), isRepeat: false, finding))
        case 300..<400:
            unlink(path)
            return .outcome(
                .unknown(
                    Finding(
                        .postRedirected, at: Place(file: settings.name), found: .plain("HTTP status \(status)"),
                        ["endpoint": .plain(settings.name), "document": .plain(document)])))
        case 400..<500: return .outcome(.refused(kept))
        case _:
            unlink(path)
            return .lost(
                Finding(
                    .postUnclear, at: Place(file: settings.name), found: .plain("HTTP status \(status)"),
                    ["endpoint": .plain(settings.name), "document": .plain(document)]))
        }
    }

    /// Performs a request whose answer goes into a new file at `path`, flushed.
    private func exchange(_ path: String, _ make: (CurlSink) -> CurlRequest) throws(Finding) -> (CurlAnswer, String) {
        unlink(path)
        let descriptor = try FileIO.create(path, shown: "state/answers")
        let copy = dup(descriptor)
        defer { Glibc.close(descriptor) }
        guard copy >= 0 else { throw FileIO.finding(.fileWriteFailed, "state/answers") }
        let answer = pool.perform(make(CurlSink(cap: settings.largestAnswer, descriptor: Descriptor(copy))))
        if answer.isGood { try FileIO.flush(descriptor, shown: "state/answers") } else { unlink(path) }
        return (answer, path)
    }

    private func headers(_ document: String?) throws(Finding) -> [[UInt8]] {
        // Without `Expect: 100-continue` no server makes each document wait a second.
        var lines = [Array("Expect:".utf8)] + settings.headers.map { Array(($0.name + ": ").utf8) + $0.value }
        if let document, let header = settings.keyHeader { lines.append(Array("\(header): \(Self.key(document))".utf8)) }
        switch settings.login {
        case .none: break
        case .basic(let user, let password):
            lines.append(
                Array("Authorization: Basic ".utf8) + Array(Base64.encode(Array((user + ":").utf8) + password, isPadded: true).utf8))
        case .bearer(let token): lines.append(Array("Authorization: Bearer ".utf8) + token)
        case .token: if let token { lines.append(try token.header()) }
        }
        for line in lines where line.contains(where: { $0 < 0x20 && $0 != 0x09 }) {
            let name = String(decoding: line.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
            throw Finding(.postHeaderRefused, at: Place(file: settings.name), found: .plain(name), ["endpoint": .plain(settings.name)])
        }
        return lines
    }

    /// What a partner knows a document by: its name without the ending.
    static func key(_ document: String) -> String { document.lastIndex(of: ".").map { String(document[..<$0]) } ?? document }

    /// Ending of an answer's file by its content type.
    static func ending(_ contentType: String) -> String {
        let type = contentType.prefix { $0 != ";" }.lowercased()
        if type.hasSuffix("json") { return "json" }
        if type.hasSuffix("xml") { return "xml" }
        return type.hasSuffix("csv") ? "csv" : "txt"
    }

    // MARK: Lost answers

    private func unclear(_ document: String, _ found: String) -> Finding {
        Finding(
            .postUnclear, at: Place(file: settings.name), found: .plain(found),
            ["endpoint": .plain(settings.name), "document": .plain(document)])
    }

    /// The answer of a document that was just sent did not come.
    private func afterLoss(_ document: String, _ finding: Finding) -> PostOutcome {
        switch settings.afterLostReply {
        case .hold: .unknown(unclear(document, finding.found?.text ?? "no answer"))
        case .again: .later(milliseconds: 0, isRepeat: true, finding)
        // The partner may be at it still: asked at once, it would not know the document that it is about to take.
        case .query: .later(milliseconds: settings.operation, isRepeat: true, finding)
        }
    }

    /// Finds out what became of a document that may have arrived. Nil: it did not, or it may come twice: it is sent.
    private func resolve(_ document: String, answer body: String) throws(Finding) -> PostOutcome? {
        let lost = unclear(document, "no answer")
        switch settings.afterLostReply {
        case .hold: return .unknown(lost)
        case .again: return nil
        case .query(let template):
            let url = Self.filled(template, key: Self.key(document))
            let headers = try headers(nil)
            let (answer, path) = try exchange(body) { (sink) in
                var request = CurlRequest(url: url, limit: self.settings.operation)
                request.body = .receive(sink)
                request.options = { $0.set(CURLOPT_HTTPHEADER, list: headers) }
                return request
            }
            if let finding = answer.tlsFinding(settings.name) { throw finding }
            guard answer.isGood else { throw failure.finding(answer, "query \(document)") }
            switch answer.status {
            case 200..<300:
                return .answered(PostAnswer(status: answer.status, document: document, ending: Self.ending(answer.contentType), path: path))
            case 404:
                unlink(path)
                return nil
            case 401:
                unlink(path)
                token?.forget()
                return .later(milliseconds: 0, isRepeat: true, lost)
            case 408, 425, 429, 500..<600:
                unlink(path)
                return .later(milliseconds: min(3_600_000, max(0, answer.retryAfter) * 1000), isRepeat: true, lost)
            case _:
                unlink(path)
                return .unknown(lost)
            }
        }
    }

    static func filled(_ template: String, key: String) -> String {
        guard let mark = template.firstRange(of: "{key}") else { return template }
        return template[..<mark.lowerBound] + PercentEncoding.path(key[...]).replacing("/", with: "%2F") + template[mark.upperBound...]
    }

    private func tooLarge() -> Finding {
        Finding(
            .postAnswerLarge, at: Place(file: settings.name), found: .plain("more than \(settings.largestAnswer) bytes"),
            ["endpoint": .plain(settings.name), "limit": .plain("\(settings.largestAnswer)")])
    }

    private func loginRefused(_ status: Int) -> Finding {
        Finding(
            .transportLoginRefused, at: Place(file: settings.name), found: .plain("HTTP status \(status)"),
            ["endpoint": .plain(settings.name), "user": .plain(settings.userName), "operation": .plain("post")])
    }
}

extension HTTPEndpoint {
    /// Who we are there, for findings.
    var userName: String {
        switch login {
        case .none, .bearer: "the sender"
        case .basic(let user, _): user
        case .token(let login): login.url
        }
    }
}
