import GatewayCore

/// What an FTP endpoint has instead of host keys.
extension SettingsReader {
    private static let keysOfSFTP = ["key", "passphrase", "known hosts", "host keys"]
    private static let keysOfFTP = ["tls", "authority", "pins"]

    mutating func secure(_ endpoint: inout EndpointSettings, _ part: ConfigSection, portIsStated: Bool) {
        let foreign =
            switch endpoint.transport {
            case .sftp: Self.keysOfFTP
            case .ftp: Self.keysOfSFTP
            }
        for key in foreign {
            guard let node = part[key] else { continue }
            findings.append(
                Finding(
                    .endpointSettingForeign, at: node.place, found: .plain(key),
                    ["transport": .plain(endpoint.transport.rawValue), "foreign": .plain(foreign.joined(separator: ", "))]))
        }
        guard endpoint.transport == .ftp else { return }
        let words = Dictionary(uniqueKeysWithValues: EndpointSettings.Security.allCases.map { ($0.rawValue, $0) })
        if let node = part["tls"], let text = scalar(node, "tls"), let security = word(text, words) { endpoint.security = security }
        if !portIsStated { endpoint.port = endpoint.security == .implicit ? 990 : 21 }
        if part["sessions"] == nil { endpoint.sessions = 2 }
        if let node = part["authority"], let text = scalar(node, "authority"), !text.text.isEmpty { endpoint.authority = text.text }
        endpoint.pins = pins(part)
    }

    /// Said at every start: nobody uses it without knowing.
    mutating func remarkUnencrypted(_ endpoint: EndpointSettings, _ part: ConfigSection) {
        if endpoint.transport == .ftp && endpoint.security == .none {
            findings.append(Finding(.ftpUnencrypted, at: part.place, ["endpoint": .plain(endpoint.name)]))
        }
    }

    private mutating func pins(_ part: ConfigSection) -> [SourceText] {
        guard let node = part["pins"] else { return [] }
        var pins: [SourceText] = []
        switch node {
        case .text(let text): pins = [text]
        case .list(let entries, _): pins = entries.compactMap { scalar($0, "pins") }
        case .map: findings.append(Finding(.configTypeList, at: node.place, found: shown(node), ["key": .plain("pins")]))
        }
        for pin in pins where !PublicKeyPin.isPin(pin.text) { add(.endpointPinInvalid, pin) }
        return pins
    }
}
