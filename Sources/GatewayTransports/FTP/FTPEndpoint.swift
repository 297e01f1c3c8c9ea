import GatewayCore

/// An FTP or FTPS server, and who we are there.
package struct FTPEndpoint: Sendable {
    package enum Security: String, Sendable, CaseIterable {
        /// TLS from the first byte, mostly at port 990.
        case implicit
        /// `AUTH TLS` before the login, at port 21.
        case explicit
        /// Password and files pass in the clear: only where the settings say so in a word of their own.
        case none
    }

    package var name: String
    package var host: String
    package var port: Int
    package var user: String
    package var password: [UInt8]
    package var security: Security
    package var trust: ServerTrust
    /// Sessions at once; many servers allow two for a user.
    package var sessions: Int
    /// Milliseconds for a connection, and for an operation that moves no file.
    package var connect: Int64
    package var operation: Int64
    /// Bytes a second at most; 0: as many as go.
    package var mostSpeed: Int64
    /// Seconds without a byte after which a transfer counts as stalled.
    package var stall: Int

    package init(
        name: String, host: String, port: Int? = nil, user: String, password: [UInt8], security: Security = .explicit,
        trust: ServerTrust = .system, sessions: Int = 2, connect: Int64 = 20_000, operation: Int64 = 60_000, mostSpeed: Int64 = 0,
        stall: Int = 30
    ) {
        self.name = name
        self.host = host
        self.port = port ?? (security == .implicit ? 990 : 21)
        self.user = user
        self.password = password
        self.security = security
        self.trust = trust
        self.sessions = sessions
        self.connect = connect
        self.operation = operation
        self.mostSpeed = mostSpeed
        self.stall = stall
    }
}
