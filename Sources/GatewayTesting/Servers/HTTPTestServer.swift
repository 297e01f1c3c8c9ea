import Foundation
import Glibc
import Synchronization

/// A small HTTP/1.1 server of the tests. Each request is answered by a closure; connections are kept alive.
package final class HTTPTestServer: Sendable {
    package struct Request: Sendable, Equatable {
        package let method: String
        /// Path and query, as sent.
        package let target: String
        /// Names in lower case.
        package let headers: [String: String]
        package let body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    package enum Response: Sendable {
        case answer(Int, headers: [String: String] = [:], body: [UInt8] = [])
        /// The request was read; then the connection is reset without an answer.
        case lost
        /// The request was read; nothing ever comes.
        case silence
        /// Says a length and sends fewer bytes, then closes.
        case short(claimed: Int, body: [UInt8])
        /// An answer whose body never ends.
        case endless

        package static func text(_ status: Int, _ body: String, _ headers: [String: String] = [:]) -> Response {
            .answer(status, headers: headers, body: Array(body.utf8))
        }
    }

    package let port: UInt16
    private let listener: Int32
    private let state = Mutex<(requests: [Request], sockets: Set<Int32>)>(([], []))

    package init(_ answer: @escaping @Sendable (Request) -> Response) throws {
        (listener, port) = try Loopback.listen()
        let listener = listener
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(listener, nil, nil)
                if client < 0 && (errno == EINTR || errno == ECONNABORTED) { continue }
                guard client >= 0, let self else {
                    if client >= 0 { close(client) }
                    break
                }
                self.state.withLock { _ = $0.sockets.insert(client) }
                Thread.detachNewThread { [weak self] in
                    HTTPTestServer.converse(client, answer) { request in self?.state.withLock { $0.requests.append(request) } }
                    self?.state.withLock { _ = $0.sockets.remove(client) }
                    close(client)
                }
            }
            close(listener)
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        state.withLock { for socket in $0.sockets { shutdown(socket, Int32(SHUT_RDWR)) } }
    }

    /// All requests so far, in the order in which they were read.
    package var requests: [Request] { state.withLock { $0.requests } }

    private static func converse(_ client: Int32, _ answer: (Request) -> Response, _ note: (Request) -> Void) {
        var waiting: [UInt8] = []
        while let request = read(client, &waiting) {
            note(request)
            var head = "HTTP/1.1 "
            switch answer(request) {
            case .answer(let status, let headers, let body):
                head += "\(status) Test\r\n" + headers.map { "\($0): \($1)\r\n" }.joined() + "Content-Length: \(body.count)\r\n\r\n"
                guard send(Array(head.utf8) + body, client) else { return }
            case .lost:
                var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
                setsockopt(client, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
                return
            case .silence:
                var byte: UInt8 = 0
                while recv(client, &byte, 1, 0) > 0 {}
                return
            case .short(let claimed, let body):
                _ = send(Array((head + "200 Test\r\nContent-Length: \(claimed)\r\n\r\n").utf8) + body, client)
                return
            case .endless:
                guard send(Array((head + "200 Test\r\nConnection: close\r\n\r\n").utf8), client) else { return }
                let bytes = [UInt8](repeating: 0x78, count: 64 << 10)
                while send(bytes, client) {}
                return
            }
        }
    }

    private static func send(_ bytes: [UInt8], _ client: Int32) -> Bool { bytes.withUnsafeBytes { Loopback.send($0, to: client) } }

    /// The next request; nil: the client is gone.
    private static func read(_ client: Int32, _ waiting: inout [UInt8]) -> Request? {
        func more() -> Bool {
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            let count = recv(client, &buffer, buffer.count, 0)
            if count > 0 { waiting += buffer[..<count] }
            return count > 0
        }
        var end = 0
        while true {
            if let found = waiting.firstRange(of: Array("\r\n\r\n".utf8)) {
                end = found.upperBound
                break
            }
            guard more() else { return nil }
        }
        let lines = String(decoding: waiting[..<(end - 4)], as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        let length = Int(headers["content-length"] ?? "0") ?? 0
        if headers["expect"] == "100-continue", !send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), client) { return nil }
        while waiting.count < end + length { guard more() else { return nil } }
        let request = Request(
            method: String(words[0]), target: String(words[1]), headers: headers, body: Array(waiting[end..<(end + length)]))
        waiting.removeFirst(end + length)
        return request
    }
}
