internal import CCurl
import FoundationEssentials
import GatewayCore
import Synchronization

/// Logs in, keeps the token, and logs in anew before it ends. One log-in at a time; nothing is kept on disk.
final class TokenKeeper: Sendable {
    private let login: TokenLogin
    private let endpoint: String
    private let pool: CurlPool
    private let limit: Int64
    private let kept = Mutex<Kept?>(nil)
    private static let largest: Int64 = 256 << 10

    private struct Kept {
        var token: [UInt8]
        /// ``MonotonicTime`` after which a new one is fetched.
        var until: Int64
    }

    init(_ login: TokenLogin, endpoint: String, pool: CurlPool, limit: Int64) {
        self.login = login
        self.endpoint = endpoint
        self.pool = pool
        self.limit = limit
    }

    /// The header with a token that is still good.
    func header() throws(Finding) -> [UInt8] {
        let token = try kept.withLock { (kept) throws(Finding) in
            if let now = kept, MonotonicTime.now() < now.until { return now.token }
            let fresh = try logIn()
            kept = fresh
            return fresh.token
        }
        return Array("\(login.header): \(login.prefix)".utf8) + token
    }

    /// The server does not take the token any more.
    func forget() { kept.withLock { $0 = nil } }

    private func logIn() throws(Finding) -> Kept {
        let body = login.filled()
        let type = login.contentType
        let answer = Answer()
        var request = CurlRequest(url: login.url, limit: limit)
        request.body = .receive(CurlSink(cap: Self.largest, take: answer.add))
        request.isFresh = true
        request.options = { handle in
            handle.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: Int64(body.count))
            handle.set(CURLOPT_COPYPOSTFIELDS, bytes: body)
            handle.set(CURLOPT_HTTPHEADER, list: [Array("Content-Type: \(type)".utf8), Array("Expect:".utf8)])
        }
        let result = pool.perform(request)
        if let finding = result.tlsFinding(endpoint) { throw finding }
        guard result.isGood else { throw CurlFailure(endpoint: endpoint, user: login.url).finding(result, "log in") }
        switch result.status {
        case 200..<300: break
        case 400..<500 where result.status != 408 && result.status != 429:
            throw Finding(
                .transportLoginRefused, at: Place(file: endpoint), found: .plain("HTTP status \(result.status)"),
                ["endpoint": .plain(endpoint), "user": .plain(login.url), "operation": .plain("log in")])
        case _:
            throw Finding(
                .postLater, at: Place(file: endpoint), found: .plain("HTTP status \(result.status)"), ["endpoint": .plain(endpoint)])
        }
        guard let token = login.path.isEmpty ? String(decoding: answer.bytes, as: UTF8.self) : answer.text(at: login.path),
            (1...8192).contains(token.utf8.count), token.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
        else {
            throw Finding(
                .postTokenMissing, at: Place(file: endpoint), ["endpoint": .plain(endpoint), "path": .plain(login.path)])
        }
        let told = login.lifetimePath.flatMap { answer.text(at: $0) }.flatMap { Int64($0) }
        let lifetime = min(max(1, told ?? login.lifetime), 86_400 * 365)
        // A tenth of it, at most a minute, is left unused: clocks and links differ.
        return Kept(token: Array(token.utf8), until: MonotonicTime.now() + (lifetime - min(60, lifetime / 10)) * 1_000_000_000)
    }

    /// The answer to a log-in.
    private final class Answer: @unchecked Sendable {
        private(set) var bytes: [UInt8] = []

        func add(_ piece: UnsafeRawBufferPointer) -> Bool {
            bytes += piece
            return true
        }

        /// The text or number at `data.token`; nil: there is none, or the answer is no JSON.
        func text(at path: String) -> String? {
            // What a log-in answers is nobody's business but the token: why it can't be read is not said.
            guard var value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else { return nil }
            for name in path.split(separator: ".") {
                guard case .object(let members) = value, let member = members[String(name)] else { return nil }
                value = member
            }
            switch value {
            case .text(let text): return text
            case .number(let number): return String(number)
            case .object, .other: return nil
            }
        }
    }
}

/// As much of JSON as a token's place needs.
private enum JSONValue: Decodable {
    case object([String: JSONValue])
    case text(String)
    case number(Int64)
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // One kind after the other: the decoder does not tell which one it is.
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let number = try? container.decode(Int64.self) {
            self = .number(number)
        } else if let members = try? container.decode([String: JSONValue].self) {
            self = .object(members)
        } else {
            self = .other
        }
    }
}

extension TokenLogin {
    /// The body with its values, escaped for the content type.
    func filled() -> [UInt8] {
        var out: [UInt8] = []
        var rest = body[...]
        while let open = rest.firstIndex(of: "{") {
            out += rest[..<open].utf8
            rest = rest[open...]
            guard let close = rest.firstIndex(of: "}"),
                let value = values.first(where: { $0.name == rest[rest.index(after: open)..<close] })?.value
            else {
                out.append(UInt8(ascii: "{"))
                rest = rest.dropFirst()
                continue
            }
            out += escaped(value)
            rest = rest[rest.index(after: close)...]
        }
        return out + rest.utf8
    }

    private func escaped(_ value: [UInt8]) -> [UInt8] {
        let type = contentType.prefix { $0 != ";" }.lowercased()
        if type.hasSuffix("json") {
            return value.flatMap { byte -> [UInt8] in
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
                case 0..<0x20: Array("\\u00".utf8) + Array((byte < 16 ? "0" : "").utf8) + Array(String(byte, radix: 16).utf8)
                case _: [byte]
                }
            }
        }
        if type.hasSuffix("x-www-form-urlencoded") {
            return Array(PercentEncoding.path(String(decoding: value, as: UTF8.self)[...]).replacing("/", with: "%2F").utf8)
        }
        if type.hasSuffix("xml") {
            return value.flatMap { byte -> [UInt8] in
                switch byte {
                case UInt8(ascii: "<"): Array("&lt;".utf8)
                case UInt8(ascii: "&"): Array("&amp;".utf8)
                case UInt8(ascii: ">"): Array("&gt;".utf8)
                case UInt8(ascii: "\""): Array("&quot;".utf8)
                case _: [byte]
                }
            }
        }
        return value
    }
}
