import GatewayCore

/// A partner's server, as `dropgate.yaml` describes it.
package struct EndpointSettings: Sendable, Hashable {
    package var name: String
    package var transport: Transport
    package var host: String
    package var port: Int
    package var user: String
    package var login: Login
    /// Path of a known_hosts file, relative to the workspace or absolute.
    package var knownHosts: String?
    /// `ssh-ed25519 SHA256:…` or `ssh-ed25519 AAAA…`; any of them is trusted.
    package var hostKeys: [SourceText] = []
    /// Of FTP: where TLS begins.
    package var security = Security.explicit
    /// Of FTP: PEM file of the authorities that sign for the server, relative to the workspace or absolute; nil: the system's.
    package var authority: String?
    /// Of FTP: `sha256//…` of public keys; any of them is trusted, whoever signed.
    package var pins: [SourceText] = []
    /// Sessions at once.
    package var sessions = 4
    /// Between two looks at its folders, milliseconds.
    package var poll: Int64 = 30_000
    /// Until a connection must stand, and for an operation without what a file's bytes take; milliseconds.
    package var connectTimeout: Int64 = 20_000
    package var timeout: Int64 = 60_000
    /// Bytes a second at most; 0: as many as go.
    package var speed: Int64 = 0
    /// How long a file must not have changed, milliseconds.
    package var quiet: Int64 = 10_000
    package var readiness = Readiness.quiet
    package var afterwards: Afterwards
    /// Suffix of an empty file that is put beside each document when it is whole; nil: none.
    package var markerOut: String?
    package var place: Place

    package enum Transport: String, Sendable, CaseIterable {
        case sftp, ftp
    }

    package enum Login: Sendable, Hashable {
        case password(SecretSource)
        /// Path of a private key, relative to the workspace or absolute; and its passphrase.
        case key(String, passphrase: SecretSource?)
    }

    package enum Security: String, Sendable, CaseIterable {
        case explicit, implicit
        /// In the clear.
        case none
    }

    package enum Readiness: Sendable, Hashable {
        /// Two looks saw the same, for at least ``EndpointSettings/quiet``.
        case quiet
        /// The partner puts a file beside it: its name and this suffix.
        case marker(String)
    }

    /// What becomes of a fetched file at the server.
    package enum Afterwards: Sendable, Hashable {
        /// Moved into this folder below its own.
        case move(String)
        case delete
        case leave
    }

    /// Until files that are becoming quiet are looked at again, milliseconds.
    package var settlingPoll: Int64 { min(poll, max(quiet, 500)) }
}

/// A folder at an endpoint: `partner/out`; `partner//srv/out` for an absolute path.
package struct RemotePlace: Sendable, Hashable {
    package var endpoint: String
    /// Counts from the folder of the login unless it begins with `/`; empty: that folder itself.
    package var path: String
}
