import Foundation
import GatewayCore
import GatewayTesting
import Synchronization
import Testing

@testable import GatewayTransports

/// Documents by POST, to a small server that answers as partners do.
@Suite struct HTTPPostTests {
    private let work: TemporaryFolder
    private let document: String

    init() throws {
        work = try TemporaryFolder()
        document = try work.write("<order/>", to: "A-1042-0f3a.xml")
    }

    private func post(_ server: HTTPTestServer, _ change: (inout HTTPEndpoint) throws -> Void = { _ in }) throws -> HTTPPost {
        var endpoint = HTTPEndpoint(name: "partner", url: "http://127.0.0.1:\(server.port)/orders?x=1", operation: 5000)
        try change(&endpoint)
        return HTTPPost(endpoint)
    }

    private func send(_ post: HTTPPost, isRepeat: Bool = false) throws -> PostOutcome {
        try post.send(document, as: "A-1042-0f3a.xml", isRepeat: isRepeat, answer: work.path("answer"))
    }

    private func finding(_ body: () throws -> Void) throws -> Finding? {
        do {
            try body()
            return nil
        } catch let finding as Finding {
            return finding
        }
    }

    // MARK: Answers

    @Test func theAnswerIsSavedWhereTheCarriersAnswersLie() throws {
        let server = try HTTPTestServer { _ in .text(201, "{\"number\":7}", ["Content-Type": "application/json; charset=utf-8"]) }
        let outcome = try send(post(server) { $0.keyHeader = "Idempotency-Key" })
        guard case .answered(let answer) = outcome else { throw Issue.Unexpected(outcome) }
        #expect(answer.name == "A-1042-0f3a.answer.201.json")
        let request = try #require(server.requests.first)
        #expect(request.method == "POST")
        #expect(request.target == "/orders?x=1")
        #expect(request.text == "<order/>")
        #expect(request.headers["content-type"] == "application/xml")
        #expect(request.headers["idempotency-key"] == "A-1042-0f3a")
        #expect(request.headers["expect"] == nil)
        #expect(request.headers["authorization"] == nil)
        let inbox = try TemporaryFolder()
        let store = LocalDropStore(path: inbox.path, name: "inbox/carriers/x/main")
        try answer.save(into: store)
        #expect(try inbox.names() == ["A-1042-0f3a.answer.201.json"])
        #expect(inbox.text("A-1042-0f3a.answer.201.json") == "{\"number\":7}")
        // After a crash between the saving and the note of it; the second answer has other words.
        try work.write("{\"number\":8}", to: "answer")
        try answer.save(into: store)
        #expect(inbox.text("A-1042-0f3a.answer.201.json") == "{\"number\":7}")
        #expect(work.contents("answer") == nil)
    }

    @Test func aRefusalIsFinalAndKeepsItsWords() throws {
        let server = try HTTPTestServer { _ in .text(422, "<error>no such town</error>", ["Content-Type": "text/xml"]) }
        let outcome = try send(post(server))
        guard case .refused(let answer) = outcome else { throw Issue.Unexpected(outcome) }
        #expect(answer.name == "A-1042-0f3a.answer.422.xml")
        #expect(work.text("answer") == "<error>no such town</error>")
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [429, 503]) func aBusyPartnerIsAskedLater(_ status: Int) throws {
        let server = try HTTPTestServer { _ in .text(status, "busy", ["Retry-After": "17"]) }
        guard case .later(17_000, isRepeat: false, let finding) = try send(post(server)) else { throw Issue.Unexpected(status) }
        #expect(
            finding.sentence() == """
                partner: found "HTTP status \(status)", expected partner to take documents.
                Nothing is needed; dropgate waits as long as the partner asked for and tries again. [post.later]
                """)
        #expect(work.contents("answer") == nil)
    }

    @Test func anotherAddressIsNeverFollowed() throws {
        let other = try HTTPTestServer { _ in .text(200, "mine now") }
        let server = try HTTPTestServer { _ in .answer(307, headers: ["Location": "http://127.0.0.1:\(other.port)/"]) }
        guard case .unknown(let finding) = try send(post(server) { $0.afterLostReply = .again }) else { throw Issue.Unexpected(307) }
        #expect(finding.code == .postRedirected)
        #expect(other.requests.isEmpty)
    }

    @Test func anAnswerWithoutEndIsCutOff() throws {
        let server = try HTTPTestServer { _ in .endless }
        let outcome = try send(post(server) { $0.largestAnswer = 100_000 })
        guard case .unknown(let finding) = outcome else { throw Issue.Unexpected(outcome) }
        #expect(finding.code == .postUnclear)
        #expect(finding.found == .plain("more than 100000 bytes"))
        #expect(work.contents("answer") == nil)
    }

    // MARK: Lost answers

    @Test func withoutAnyKeyALostAnswerIsForAPerson() throws {
        let server = try HTTPTestServer { _ in .lost }
        guard case .unknown(let finding) = try send(post(server)) else { throw Issue.Unexpected("lost") }
        #expect(finding.code == .postUnclear)
        #expect(finding.problem().hasSuffix("expected an answer of partner to A-1042-0f3a.xml."))
        #expect(server.requests.count == 1)
        // After a crash whose outcome nobody knows, nothing is sent either.
        guard case .unknown = try send(post(server), isRepeat: true) else { throw Issue.Unexpected("repeat") }
        #expect(server.requests.count == 1)
    }

    @Test func libcurlItselfRepeatsNothing() throws {
        // The first answer leaves the connection open; the next request on it is read and the connection cut.
        let count = Mutex(0)
        let server = try HTTPTestServer { _ in
            count.withLock {
                $0 += 1
                return $0
            } == 1 ? .text(200, "ok") : .lost
        }
        let post = try post(server)
        guard case .answered = try send(post) else { throw Issue.Unexpected("first") }
        guard case .unknown = try send(post) else { throw Issue.Unexpected("second") }
        #expect(server.requests.count == 2)
    }

    @Test func anErrorOfTheServerMayHaveTakenTheDocument() throws {
        let server = try HTTPTestServer { _ in .text(502, "bad gateway") }
        guard case .unknown(let finding) = try send(post(server)) else { throw Issue.Unexpected(502) }
        #expect(finding.code == .postUnclear)
    }

    @Test func aPartnerThatKnowsKeysGetsItAgain() throws {
        let count = Mutex(0)
        let server = try HTTPTestServer { _ in
            count.withLock {
                $0 += 1
                return $0
            } == 1 ? .lost : .text(200, "ok")
        }
        let post = try post(server) {
            $0.afterLostReply = .again
            $0.keyHeader = "X-Key"
        }
        guard case .later(0, isRepeat: true, _) = try send(post) else { throw Issue.Unexpected("first") }
        guard case .answered = try send(post, isRepeat: true) else { throw Issue.Unexpected("second") }
        #expect(server.requests.map { $0.headers["x-key"] } == ["A-1042-0f3a", "A-1042-0f3a"])
    }

    @Test func aPartnerThatCanBeAskedIsAsked() throws {
        let isKnown = Mutex(false)
        let server = try HTTPTestServer { request in
            if request.method == "POST" { return .lost }
            return isKnown.withLock { $0 } ? .text(200, "<number>7</number>", ["Content-Type": "application/xml"]) : .text(404, "unknown")
        }
        let post = try post(server) { $0.afterLostReply = .query("http://127.0.0.1:\(server.port)/by-key/{key}?full=1") }
        guard case .later(5000, isRepeat: true, _) = try send(post) else { throw Issue.Unexpected("first") }
        // Not known there: sent again, and lost again.
        guard case .later(5000, isRepeat: true, _) = try send(post, isRepeat: true) else { throw Issue.Unexpected("second") }
        isKnown.withLock { $0 = true }
        guard case .answered(let answer) = try send(post, isRepeat: true) else { throw Issue.Unexpected("third") }
        #expect(work.text("answer") == "<number>7</number>")
        #expect(answer.name == "A-1042-0f3a.answer.200.xml")
        #expect(server.requests.map(\.method) == ["POST", "GET", "POST", "GET"])
        #expect(server.requests.map(\.target)[1] == "/by-key/A-1042-0f3a?full=1")
    }

    @Test func whatNeverLeftMayBeSentAgain() throws {
        let server = try HTTPTestServer { _ in .text(200, "ok") }
        let proxy = try FaultProxy(to: server.port)
        proxy.change { $0.isBlackHole = true }
        let mute = try HTTPPost(HTTPEndpoint(name: "partner", url: "http://127.0.0.1:\(Loopback.freePort())/", operation: 2000))
        #expect(try finding { _ = try send(mute) }?.code == .transportUnreachable)
        let hole = HTTPPost(HTTPEndpoint(name: "partner", url: "http://127.0.0.1:\(proxy.port)/", operation: 1000))
        guard case .unknown = try send(hole) else { throw Issue.Unexpected("black hole") }
        #expect(server.requests.isEmpty)
    }

    // MARK: Logins

    @Test func loginsAndHeaders() throws {
        let server = try HTTPTestServer { _ in .text(200, "ok") }
        _ = try send(post(server) { $0.login = .basic(user: "shop", password: Array("pa:ss/ö".utf8)) })
        _ = try send(post(server) { $0.login = .bearer(Array("abc".utf8)) })
        _ = try send(post(server) { $0.headers = [.init("X-Api-Key", Array("k-1".utf8))] })
        #expect(server.requests[0].headers["authorization"] == "Basic " + Data("shop:pa:ss/ö".utf8).base64EncodedString())
        #expect(server.requests[1].headers["authorization"] == "Bearer abc")
        #expect(server.requests[2].headers["x-api-key"] == "k-1")
        let refused = try finding { _ = try send(post(server) { $0.headers = [.init("X-Api-Key", Array("k\r\nX: y".utf8))] }) }
        #expect(refused?.code == .postHeaderRefused)
        #expect(refused?.sentence().contains("k\\r") == false)
        #expect(server.requests.count == 3)
    }

    @Test func aTokenIsFetchedKeptAndRenewed() throws {
        let given = Mutex(0)
        let server = try HTTPTestServer { request in
            if request.target == "/login" {
                let number = given.withLock {
                    $0 += 1
                    return $0
                }
                return .text(200, "{\"data\":{\"token\":\"t\(number)\",\"seconds\":3600}}")
            }
            // The first token is withdrawn before its time.
            return request.headers["x-token"] == "Token t1" && request.text == "<order/>" && given.withLock({ $0 }) == 1
                && request.target == "/withdrawn" ? .text(401, "who?") : .text(200, "ok")
        }
        let login = TokenLogin(
            url: "http://127.0.0.1:\(server.port)/login", body: "{\"user\":\"{user}\",\"key\":\"{key}\"}",
            values: [.init("user", Array("shop".utf8)), .init("key", Array("a\"b".utf8))], path: "data.token",
            lifetimePath: "data.seconds", header: "X-Token", prefix: "Token ")
        let post = try post(server) { $0.login = .token(login) }
        for _ in 0..<3 { guard case .answered = try send(post) else { throw Issue.Unexpected("kept") } }
        #expect(server.requests.map(\.target) == ["/login", "/orders?x=1", "/orders?x=1", "/orders?x=1"])
        #expect(server.requests[0].text == "{\"user\":\"shop\",\"key\":\"a\\\"b\"}")
        given.withLock { $0 = 0 }
        let withdrawn = try self.post(server) {
            $0.url = "http://127.0.0.1:\(server.port)/withdrawn"
            $0.login = .token(login)
        }
        guard case .answered = try send(withdrawn) else { throw Issue.Unexpected("renewed") }
        #expect(server.requests.suffix(4).map(\.target) == ["/login", "/withdrawn", "/login", "/withdrawn"])
        #expect(server.requests.last?.headers["x-token"] == "Token t2")
    }

    @Test func aRefusedLogInStopsTheEndpoint() throws {
        let server = try HTTPTestServer { request in request.target == "/login" ? .text(403, "canary-secret") : .text(401, "") }
        let login = TokenLogin(
            url: "http://127.0.0.1:\(server.port)/login", body: "{key}", values: [.init("key", Array("canary-secret".utf8))], path: "token")
        let refused = try finding { _ = try send(post(server) { $0.login = .token(login) }) }
        #expect(refused?.code == .transportLoginRefused)
        #expect(refused?.sentence().contains("canary") == false)
        #expect(server.requests.count == 1)
        let basic = try finding { _ = try send(post(server) { $0.login = .bearer(Array("old".utf8)) }) }
        #expect(basic?.code == .transportLoginRefused)
        let empty = try HTTPTestServer { _ in .text(200, "{\"other\":1}") }
        let misplaced = try finding {
            _ = try send(
                post(empty) {
                    $0.login = .token(
                        TokenLogin(url: "http://127.0.0.1:\(empty.port)/login", body: "", values: [], path: "data.token"))
                })
        }
        #expect(misplaced?.code == .postTokenMissing)
    }

    // MARK: TLS

    @Test func plainHTTPStaysOnThisMachine() throws {
        for url in ["http://127.0.0.1:80/", "http://localhost/", "http://[::1]:8080/x", "http://127.0.0.1"] {
            #expect(HTTPPost.isOfThisMachine(url))
        }
        for url in ["http://127.0.0.1.example.com/", "http://localhost@example.com/", "http://example.com/", "https://127.0.0.1/"] {
            #expect(!HTTPPost.isOfThisMachine(url))
        }
        let plain = HTTPPost(HTTPEndpoint(name: "partner", url: "http://partner.example/orders", operation: 1000))
        #expect(try finding { _ = try send(plain) } != nil)
    }

    @Test func theServerIsAlwaysVerified() throws {
        let certificates = try TestCertificates.shared()
        let server = try HTTPTestServer { _ in .text(200, "ok") }
        let front = try TLSFront(behind: server.port)
        func outcome(_ trust: ServerTrust, _ port: UInt16) throws -> PostOutcome {
            try send(
                post(server) {
                    $0.url = "https://127.0.0.1:\(port)/orders"
                    $0.trust = trust
                })
        }
        guard case .answered = try outcome(.authority(certificates.authority), front.port) else { throw Issue.Unexpected("authority") }
        guard case .answered = try outcome(.pins([certificates.pin]), front.port) else { throw Issue.Unexpected("pin") }
        #expect(try finding { _ = try outcome(.authority(certificates.stranger), front.port) }?.code == .tlsUntrusted)
        #expect(try finding { _ = try outcome(.system, front.port) }?.code == .tlsUntrusted)
        #expect(
            try finding { _ = try outcome(.pins(["sha256//" + String(repeating: "A", count: 43) + "="]), front.port) }?.code
                == .tlsKeyChanged)
        let other = try TLSFront(behind: server.port, certificate: certificates.otherHost)
        #expect(try finding { _ = try outcome(.authority(certificates.authority), other.port) }?.code == .tlsUntrusted)
        #expect(server.requests.count == 2)
    }
}

extension Issue {
    /// Another outcome than the one that is expected.
    fileprivate struct Unexpected: Error, CustomStringConvertible {
        let description: String
        init(_ found: some Sendable) { description = "\(found)" }
    }
}
