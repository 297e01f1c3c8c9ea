import GatewayCore

/// A partner that takes documents by HTTP POST.
package struct HTTPEndpoint: Sendable {
    package var name: String
    /// `https://…`; `http://` only for a host of this machine.
    package var url: String
    /// Of the documents, such as `application/json`.
    package var contentType: String
    /// Further headers of every document, such as an API key's. Values may be secret.
    package var headers: [Header]
    package var login: Login
    package var trust: ServerTrust
    /// What is done when a document was sent and its answer never came.
    package var afterLostReply: LostReply
    /// Header that carries the document's key, such as `Idempotency-Key`; nil: none.
    package var keyHeader: String?
    /// Documents at once.
    package var sessions: Int
    /// Milliseconds for a connection, and for a document with its answer.
    package var connect: Int64
    package var operation: Int64
    /// Bytes of the largest answer.
    package var largestAnswer: Int64

    package struct Header: Sendable, Hashable {
        package var name: String
        package var value: [UInt8]

        package init(_ name: String, _ value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }

    package enum Login: Sendable {
        case none
        case basic(user: String, password: [UInt8])
        case bearer([UInt8])
        /// A token that the server gives for a while.
        case token(TokenLogin)
    }

    package enum LostReply: Sendable, Hashable {
        /// A person finds out at the partner whether the document arrived.
        case hold
        /// The partner knows a document by its key and takes it once, however often it comes.
        case again
        /// `GET` of this URL, `{key}` replaced: 200 with the answer when the document arrived, 404 when it did not.
        case query(String)
    }

    package init(
        name: String, url: String, contentType: String = "application/xml", headers: [Header] = [], login: Login = .none,
        trust: ServerTrust = .system, afterLostReply: LostReply = .hold, keyHeader: String? = nil, sessions: Int = 4,
        connect: Int64 = 20_000, operation: Int64 = 60_000, largestAnswer: Int64 = 16 << 20
    ) {
        self.name = name
        self.url = url
        self.contentType = contentType
        self.headers = headers
        self.login = login
        self.trust = trust
        self.afterLostReply = afterLostReply
        self.keyHeader = keyHeader
        self.sessions = sessions
        self.connect = connect
        self.operation = operation
        self.largestAnswer = largestAnswer
    }

    var secrets: [[UInt8]] {
        headers.map(\.value)
            + {
                switch login {
                case .none: []
                case .basic(_, let password): [password]
                case .bearer(let token): [token]
                case .token(let login): login.values.map(\.value)
                }
            }()
    }
}

/// How a token is had: data of a carrier's or an endpoint's profile.
package struct TokenLogin: Sendable {
    /// Where to log in.
    package var url: String
    package var contentType: String
    /// The request's body; `{name}` is replaced by the value of that name, escaped as the content type wants it.
    package var body: String
    package var values: [HTTPEndpoint.Header]
    /// Where the token stands in the JSON answer: `data.token`; empty: the whole answer is the token.
    package var path: String
    /// Seconds that a token lasts when the answer does not say so.
    package var lifetime: Int64
    /// Where the answer tells the seconds; nil: nowhere.
    package var lifetimePath: String?
    /// Header that carries the token, and what stands before it there.
    package var header: String
    package var prefix: String

    package init(
        url: String, contentType: String = "application/json", body: String, values: [HTTPEndpoint.Header], path: String,
        lifetime: Int64 = 600, lifetimePath: String? = nil, header: String = "Authorization", prefix: String = "Bearer "
    ) {
        self.url = url
        self.contentType = contentType
        self.body = body
        self.values = values
        self.path = path
        self.lifetime = lifetime
        self.lifetimePath = lifetimePath
        self.header = header
        self.prefix = prefix
    }
}
