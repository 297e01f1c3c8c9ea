/// Files on a partner's server, as far as the gateway needs them: one implementation for each transport.
///
/// Blocking, from any thread; every call ends within its limit of time. Paths are `folder/name`; one that does not begin with
/// `/` counts from the folder of the login. No call is repeated inside: after a lost reply the caller looks.
package protocol RemoteFiles: Sendable {
    /// The endpoint's name.
    var endpoint: String { get }
    /// Gives the names in a folder, without `.` and `..`, in the server's order.
    ///
    /// - Parameter most: names that a listing may have; more end it with `transport.listing.endless`.
    func list(_ folder: String, most: Int, each: (RemoteName) -> Void) throws(Finding)
    /// What the server says of a file; nil: it is not there. Links are followed.
    func sighting(_ path: String) throws(Finding) -> RemoteSighting?
    /// Writes a file's bytes into `descriptor`, at most `cap` of them. Gives what the server said when it was opened, and what came.
    func fetch(_ path: String, to descriptor: Int32, cap: Int64) throws(Finding) -> (before: RemoteSighting, received: Int64)
    /// Writes the first `size` bytes of `descriptor` as a new file, or over the one that is there.
    func put(_ descriptor: Int32, size: Int64, as path: String) throws(Finding)
    /// Plain rename. Some servers replace what is there, others refuse: never rely on either.
    func rename(_ from: String, to: String) throws(Finding)
    /// False: it was not there.
    @discardableResult func remove(_ path: String) throws(Finding) -> Bool
    func makeFolder(_ path: String) throws(Finding)
    /// Lets go of all connections.
    func close()
}

/// A name in a folder of a server.
package struct RemoteName: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case file, folder, link, special
        /// The server does not say.
        case unknown
    }
    /// What may be done with it.
    package var verdict: NameRule.Verdict
    package var kind: Kind
    /// Changes when the file changes, as far as a listing shows it; nil: the listing shows nothing. Only to be compared.
    package var mark: UInt64?
    /// Where the listing itself tells size and time in full (FTP's MLSD); then no further question is needed.
    package var sighting: RemoteSighting?

    package init(verdict: NameRule.Verdict, kind: Kind = .unknown, mark: UInt64? = nil, sighting: RemoteSighting? = nil) {
        self.verdict = verdict
        self.kind = kind
        self.mark = mark
        self.sighting = sighting
    }
}

/// What a server says of a file. Its clock is its own: times are only compared with each other.
package struct RemoteSighting: Sendable, Hashable {
    package var size: Int64
    /// Seconds since 1970.
    package var modified: Int64

    package init(size: Int64, modified: Int64) {
        self.size = size
        self.modified = modified
    }
}

/// How half-written files are named in a partner's folder until they are whole.
package enum RemoteTemp: String, Sendable, CaseIterable {
    /// `.dropgate-….part`: hidden, as most partners expect.
    case hidden
    /// `dropgate-….part`: for servers that refuse names that begin with a point.
    case suffix

    /// - Parameter stem: unique for the attempt.
    package func name(_ stem: String) -> String {
        switch self {
        case .hidden: NameRule.ownPrefix + stem + ".part"
        case .suffix: NameRule.ownPrefix.dropFirst() + stem + ".part"
        }
    }
}
