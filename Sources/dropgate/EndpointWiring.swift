import GatewayCore
import GatewayEngine
import GatewayLedger
import GatewayProfiles
import GatewayTransports
import Glibc

/// Endpoints of `dropgate.yaml` as connections: secrets are read, keys and known_hosts files checked.
extension Wiring {
    /// - Throws: what keeps the endpoint from being reached; above all a missing host key.
    func remoteFiles(_ endpoint: EndpointSettings) throws(Finding) -> any RemoteFiles {
        switch endpoint.transport {
        case .sftp: try SFTPFiles(sftp(endpoint))
        case .ftp: FTPFiles(try ftp(endpoint))
        }
    }

    private func ftp(_ endpoint: EndpointSettings) throws(Finding) -> FTPEndpoint {
        let password: [UInt8]
        switch endpoint.login {
        case .password(let source): password = try Secrets.value(source, key: "password", root: root)
        case .key:
            throw Finding(
                .endpointSettingForeign, at: endpoint.place, found: .plain("key"), ["transport": .plain("ftp"), "foreign": .plain("key")])
        }
        let security: FTPEndpoint.Security =
            switch endpoint.security {
            case .explicit: .explicit
            case .implicit: .implicit
            case .none: .none
            }
        var settings = FTPEndpoint(
            name: endpoint.name, host: endpoint.host, port: endpoint.port, user: endpoint.user, password: password, security: security,
            sessions: endpoint.sessions, connect: endpoint.connectTimeout, operation: endpoint.timeout, mostSpeed: endpoint.speed)
        settings.stall = Int(max(5, min(endpoint.timeout / 1000, 60)))
        if !endpoint.pins.isEmpty {
            settings.trust = .pins(endpoint.pins.map(\.text))
        } else if let path = endpoint.authority {
            settings.trust = .authority(absolute(path))
        }
        return settings
    }

    /// An SFTP endpoint; without any trusted key it can only be asked for its keys.
    func sftp(_ endpoint: EndpointSettings) throws(Finding) -> SFTPEndpoint {
        try FileIO.makeFolder(state.endpoints, mode: 0o700, shown: "state/endpoints")
        let login: SFTPEndpoint.Login
        switch endpoint.login {
        case .password(let source):
            login = .password(try Secrets.value(source, key: "password", root: root))
        case .key(let path, let passphrase):
            // The file is read by libssh2; that it is there and closed to others is checked here.
            _ = try Secrets.keyFile(path, root: root)
            let bytes: [UInt8]? = if let passphrase { try Secrets.value(passphrase, key: "passphrase", root: root) } else { nil }
            login = .key(absolute(path), passphrase: bytes)
        }
        var settings = SFTPEndpoint(
            name: endpoint.name, host: endpoint.host, port: endpoint.port, user: endpoint.user, login: login, pins: try pins(endpoint),
            sessions: endpoint.sessions, connect: endpoint.connectTimeout, operation: endpoint.timeout, mostSpeed: endpoint.speed,
            work: state.endpoints)
        settings.stall = Int(max(5, min(endpoint.timeout / 1000, 60)))
        return settings
    }

    private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : root + "/" + path }

    private func pins(_ endpoint: EndpointSettings) throws(Finding) -> [HostKeyPin] {
        var pins: [HostKeyPin] = []
        for text in endpoint.hostKeys {
            guard let pin = HostKeyPin(text.text) else {
                throw Finding(.endpointHostKeyUnreadable, at: text.place, found: .plain(text.text))
            }
            pins.append(pin)
        }
        if let path = endpoint.knownHosts {
            let bytes = try FileIO.contents(absolute(path), shown: path, limit: 1 << 20)
            pins += KnownHosts.pins(String(decoding: bytes, as: UTF8.self), host: endpoint.host, port: endpoint.port)
        }
        return pins
    }

    func traffic(_ ledger: any TrafficLedger, _ stores: LocalDropStores) -> TrafficParts {
        TrafficParts(
            ledger: ledger,
            files: { (endpoint) throws(Finding) in try remoteFiles(endpoint) },
            settings: { (name) throws(Finding) in
                let (workspace, findings) = Workspace.load(root: root)
                if let workspace { return workspace.settings.endpoints.first { $0.name == name } }
                throw findings.first { $0.code.stops == .start } ?? Finding(.unexpected, at: Place(file: "dropgate.yaml"))
            },
            dropIn: { (path, folder, name) throws(Finding) in try stores.store(folder).dropIn(path, as: name) })
    }

    /// No host key, no start: every endpoint must have what it needs before the first is reached.
    func requireEndpoints() throws {
        for endpoint in workspace.settings.endpoints {
            do throws(Finding) { try remoteFiles(endpoint).close() } catch { throw Failure(error, code: .configuration) }
        }
    }
}
