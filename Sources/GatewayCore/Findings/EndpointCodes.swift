// Problems of the endpoints in dropgate.yaml. Each code stands once here and once in the list below.
extension FindingCode {
    package static let endpointHostInvalid = FindingCode(
        "config.endpoint.host", stops: .start, when: "An endpoint's host is no name or address.",
        en: ("a host name or address such as sftp.example.com", "Write the host alone, without user, port or sftp://."),
        tr: ("sftp.example.com gibi bir ad ya da adres", "Yalnızca host adını yazın; kullanıcı, port ve sftp:// olmadan."))
    package static let endpointHostKeyMissing = FindingCode(
        "config.endpoint.hostkey", stops: .endpoint,
        when: "An endpoint has neither host keys nor a known_hosts file. `dropgate run` does not start; `dropgate doctor` shows the keys.",
        en: (
            "host keys: or known hosts: of the endpoint {endpoint}",
            "Run `dropgate doctor {endpoint}`, compare the fingerprints it shows with the partner by another way, and add them."
        ),
        tr: (
            "{endpoint} ucu için host keys: ya da known hosts:",
            "`dropgate doctor {endpoint}` çalıştırın, gösterdiği parmak izlerini ortağınızla başka bir yoldan karşılaştırıp ekleyin."
        ))
    package static let endpointHostKeyUnreadable = FindingCode(
        "config.endpoint.hostkey.form", stops: .start, when: "A pinned host key is not in a form that can be compared.",
        en: (
            "ssh-ed25519 SHA256:… or ssh-ed25519 AAAA… (or an ecdsa-sha2-nistp… type)",
            "Copy the line that `dropgate doctor` shows, or the one in the server's .pub file."
        ),
        tr: (
            "ssh-ed25519 SHA256:… ya da ssh-ed25519 AAAA… (ya da ecdsa-sha2-nistp… türü)",
            "`dropgate doctor` çıktısındaki satırı ya da sunucunun .pub dosyasındakini kopyalayın."
        ))
    package static let endpointKeyNotFile = FindingCode(
        "config.endpoint.key", stops: .start, when: "A login key is given otherwise than as a file.",
        en: ("file:PATH of a private key", "Put the key into a file with mode 0600 and name it: key: file:secrets/NAME."),
        tr: ("bir özel anahtar için file:YOL", "Anahtarı 0600 izinli bir dosyaya koyup gösterin: key: file:secrets/AD."))
    package static let endpointMarkerInvalid = FindingCode(
        "config.endpoint.marker", stops: .start, when: "A marker is not a suffix that names can have.",
        en: ("a suffix such as .done, of at most 20 letters, digits, points, hyphens and underscores", "Write the suffix alone."),
        tr: ("en çok 20 harf, rakam, nokta, tire ve alt çizgiden oluşan .done gibi bir son ek", "Yalnızca son eki yazın."))
    package static let endpointPathInvalid = FindingCode(
        "config.endpoint.path", stops: .start, when: "A folder at an endpoint is written with `.`, `..` or control characters.",
        en: ("ENDPOINT/FOLDER, or ENDPOINT//FOLDER for a path from the root", "Write the folder as the partner names it."),
        tr: ("UÇ/KLASÖR ya da kökten bir yol için UÇ//KLASÖR", "Klasörü ortağınızın verdiği gibi yazın."))
    package static let endpointPinInvalid = FindingCode(
        "config.endpoint.pin", stops: .start, when: "A pinned public key of a TLS server is not in a form that can be compared.",
        en: ("sha256// and 44 letters of base64", "Copy the pin from the finding tls.key.changed or from the partner, sha256// included."),
        tr: ("sha256// ve 44 base64 harfi", "Anahtar özetini sha256// ile birlikte ortağınızdan alıp kopyalayın."))
    package static let endpointSettingForeign = FindingCode(
        "config.endpoint.setting", stops: .start, when: "A setting of an endpoint belongs to another transport.",
        en: ("settings of the transport {transport}", "Remove it; not of this transport are: {foreign}."),
        tr: ("{transport} taşıyıcısının ayarları", "Bu ayarı silin; bu taşıyıcıya ait olmayanlar: {foreign}."))
    package static let endpointUnknown = FindingCode(
        "config.endpoint.unknown", stops: .start, when: "An inbox, an outbox or a command names an endpoint that is not there.",
        en: ("an endpoint below endpoints:", "Correct the name, the nearest is \"{nearest}\", or add the endpoint."),
        tr: ("endpoints: altında bir uç", "Adı düzeltin, en yakını \"{nearest}\", ya da ucu ekleyin."))

    package static let endpointCodes: [FindingCode] = [
        endpointHostInvalid, endpointHostKeyMissing, endpointHostKeyUnreadable, endpointKeyNotFile, endpointMarkerInvalid,
        endpointPathInvalid, endpointPinInvalid, endpointSettingForeign, endpointUnknown,
    ]
}
