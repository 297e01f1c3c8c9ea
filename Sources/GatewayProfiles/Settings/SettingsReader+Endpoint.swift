import GatewayCore

extension SettingsReader {
    static let endpointKeys = [
        "transport", "host", "port", "user", "password", "key", "passphrase", "known hosts", "host keys", "sessions", "poll",
        "connect timeout", "timeout", "speed", "quiet", "ready", "marker", "afterwards", "move to", "marker out", "tls", "authority",
        "pins",
    ]

    mutating func endpoints(_ node: ConfigNode) -> [EndpointSettings] {
        var all: [EndpointSettings] = []
        for (name, node) in named(node, "endpoints") {
            endpointNames.append(name.text)
            if let endpoint = endpoint(node, name) { all.append(endpoint) }
        }
        return all
    }

    private mutating func endpoint(_ node: ConfigNode, _ name: SourceText) -> EndpointSettings? {
        let before = findings.count
        guard let part = section(node, "endpoint \(name.text)", keys: Self.endpointKeys) else { return nil }
        let transports = Dictionary(uniqueKeysWithValues: EndpointSettings.Transport.allCases.map { ($0.rawValue, $0) })
        let transport = text(part, "transport", example: "sftp").flatMap { word($0, transports) }
        let host = text(part, "host", example: "sftp.example.com")
        if let host, !Self.isHost(host.text) { add(.endpointHostInvalid, host) }
        let user = text(part, "user", example: "dropgate")
        let login = login(part)
        let afterwards = afterwards(part)
        let readiness = readiness(part)
        let port = count(part, "port", 1...65_535)
        guard let transport, let host, let user, let login, let afterwards, let readiness else { return nil }
        var endpoint = EndpointSettings(
            name: name.text, transport: transport, host: host.text, port: port ?? 22, user: user.text, login: login,
            afterwards: afterwards, place: name.place)
        endpoint.readiness = readiness
        endpoint.knownHosts = value(part, "known hosts")?.text
        endpoint.hostKeys = hostKeys(part)
        secure(&endpoint, part, portIsStated: port != nil)
        if let sessions = count(part, "sessions", 1...64) { endpoint.sessions = sessions }
        if let poll = duration(part, "poll") { endpoint.poll = max(poll, 100) }
        if let limit = duration(part, "connect timeout") { endpoint.connectTimeout = max(limit, 100) }
        if let limit = duration(part, "timeout") { endpoint.timeout = max(limit, 100) }
        if let quiet = duration(part, "quiet") { endpoint.quiet = quiet }
        if let speed = value(part, "speed"), speed.text != "off" { endpoint.speed = Int64(size(part, "speed") ?? 0) }
        endpoint.markerOut = marker(part, "marker out")
        if findings.count > before { return nil }
        remarkUnencrypted(endpoint, part)
        if transport == .sftp && endpoint.knownHosts == nil && endpoint.hostKeys.isEmpty {
            findings.append(
                Finding(.endpointHostKeyMissing, at: part.place, ["endpoint": .plain(name.text)]))
        }
        return endpoint
    }

    private static func isHost(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || [0x2D, 0x2E, 0x3A].contains($0)
            } && text.utf8.first != 0x2D
    }

    private mutating func value(_ part: ConfigSection, _ key: String) -> SourceText? {
        guard let text = part[key].flatMap({ scalar($0, key) }), !text.text.isEmpty else { return nil }
        return text
    }

    private mutating func login(_ part: ConfigSection) -> EndpointSettings.Login? {
        let passphrase = part["passphrase"].flatMap { secret($0, "passphrase") }
        if let node = part["key"], let source = secret(node, "key") {
            switch source {
            case .file(let path): return .key(path, passphrase: passphrase)
            case .environment:
                findings.append(Finding(.endpointKeyNotFile, at: node.place, found: shown(node)))
                return nil
            }
        }
        if let node = part["password"] { return secret(node, "password").map { .password($0) } }
        if part["key"] == nil {
            findings.append(missing("key", of: part, example: "file:secrets/\(part.name.split(separator: " ").last ?? "")-key"))
        }
        return nil
    }

    private mutating func hostKeys(_ part: ConfigSection) -> [SourceText] {
        guard let node = part["host keys"] else { return [] }
        switch node {
        case .text(let text): return text.text.isEmpty ? [] : [text]
        case .list(let entries, _): return entries.compactMap { scalar($0, "host keys") }
        case .map:
            findings.append(Finding(.configTypeList, at: node.place, found: shown(node), ["key": .plain("host keys")]))
            return []
        }
    }

    private mutating func readiness(_ part: ConfigSection) -> EndpointSettings.Readiness? {
        guard let ready = value(part, "ready") else { return .quiet }
        switch word(ready, ["quiet": false, "marker": true]) {
        case false?: return .quiet
        case true?:
            guard text(part, "marker", example: ".done") != nil else { return nil }
            return marker(part, "marker").map { .marker($0) }
        case nil: return nil
        }
    }

    /// A suffix such as `.done`, of the signs that names are made of.
    private mutating func marker(_ part: ConfigSection, _ key: String) -> String? {
        guard let text = value(part, key) else { return nil }
        guard NameRule.mayPublish("a" + text.text), text.text.utf8.count <= 20 else {
            add(.endpointMarkerInvalid, text)
            return nil
        }
        return text.text
    }

    private mutating func afterwards(_ part: ConfigSection) -> EndpointSettings.Afterwards? {
        enum Word { case move, delete, leave }
        guard let text = text(part, "afterwards", example: "move"),
            let word = word(text, ["move": Word.move, "delete": .delete, "leave": .leave])
        else { return nil }
        switch word {
        case .move: return .move(value(part, "move to")?.text ?? "processed")
        case .delete: return .delete
        case .leave: return .leave
        }
    }

    /// `partner/out`; the endpoint must be there.
    mutating func remotePlace(_ part: ConfigSection, _ key: String) -> RemotePlace? {
        guard let text = value(part, key) else { return nil }
        let name = text.text.prefix { $0 != "/" }
        guard endpointNames.contains(String(name)) else {
            addUnknown(.endpointUnknown, text, among: endpointNames)
            return nil
        }
        let path = String(text.text[name.endIndex...].dropFirst())
        let segments = path.split(separator: "/")
        guard !segments.contains(".."), !segments.contains("."), !path.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            add(.endpointPathInvalid, text)
            return nil
        }
        return RemotePlace(endpoint: String(name), path: path)
    }
}
