import GatewayCore

/// An SFTP server, and who we are there.
package struct SFTPEndpoint: Sendable {
    package var name: String
    package var host: String
    package var port: Int
    package var user: String
    package var login: Login
    /// Any of them is trusted; none: nothing is.
    package var pins: [HostKeyPin]
    /// Sessions at once.
    package var sessions: Int
    /// Milliseconds for a connection, and for an operation that moves no file.
    package var connect: Int64
    package var operation: Int64
    /// Bytes a second at most; 0: as many as go.
    package var mostSpeed: Int64
    /// Seconds without a byte after which a transfer counts as stalled.
    package var stall: Int
    /// Folder of ours for the generated known_hosts files; it must be there.
    package var work: String

    package enum Login: Sendable {
        case password([UInt8])
        /// Path of a private key in OpenSSH or PEM form, and its passphrase.
        case key(String, passphrase: [UInt8]?)

        var secrets: [[UInt8]] {
            switch self {
            case .password(let password): [password]
            case .key(_, let passphrase): passphrase.map { [$0] } ?? []
            }
        }
    }

    package init(
        name: String, host: String, port: Int = 22, user: String, login: Login, pins: [HostKeyPin], sessions: Int = 4,
        connect: Int64 = 20_000, operation: Int64 = 60_000, mostSpeed: Int64 = 0, stall: Int = 30, work: String
    ) {
        self.name = name
        self.host = host
        self.port = port
        self.user = user
        self.login = login
        self.pins = pins
        self.sessions = sessions
        self.connect = connect
        self.operation = operation
        self.mostSpeed = mostSpeed
        self.stall = stall
        self.work = work
    }
}
