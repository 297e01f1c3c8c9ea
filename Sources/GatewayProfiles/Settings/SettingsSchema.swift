import GatewayCore

/// A JSON Schema (draft 2020-12) of `dropgate.yaml`, for editors that complete and check YAML. `dropgate check` knows more.
package func settingsSchema() -> String {
    SettingsSchema.text(SettingsSchema.file, indent: "") + "\n"
}

/// The shape of `dropgate.yaml` as a schema; its keys are those that ``SettingsReader`` takes.
enum SettingsSchema {
    indirect enum Shape: Sendable {
        /// A text or number, with the words it may be; nil: any.
        case value(String, words: [String]? = nil)
        /// A section with these keys and no others.
        case section(String, [(String, Shape)], required: [String])
        /// Names of the operator's own, each with the same shape.
        case named(String, Shape)
        /// One text, or a list of them.
        case texts(String)
    }

    static let file = Shape.section(
        "A Dropgate workspace.",
        SettingsReader.topKeys.map { key in
            switch key {
            case "merchants": (key, .named("Merchants by name; folders are named by them.", merchant))
            case "accounts": (key, .named("Accounts by carrier.", .named("Accounts of the carrier by name.", account)))
            case "endpoints": (key, .named("Partners' servers by name.", endpoint))
            case "ranges": (key, .named("Number ranges that carriers hand out.", range))
            case "limits": (key, section("What a dropped file may be at most.", SettingsReader.limitKeys))
            default: (key, described(key))
            }
        }, required: ["workspace", "merchants"])

    private static let merchant = Shape.section(
        "A merchant: flows and the places that goods leave from.",
        [
            ("flows", .named("Flows by name.", flow)),
            ("consignors", .named("Warehouses by name.", section("Where goods leave from.", ConsignorSettings.keys))),
            ("receipts outbox", described("receipts outbox")),
        ], required: ["flows"])

    private static let flow = Shape.section(
        "Files of one kind, from one shop, to one account of a carrier.",
        SettingsReader.flowKeys.map { key in
            switch key {
            case "mode": (key, .value("test: nothing leaves for a carrier; live: the real thing.", words: Mode.allCases.map(\.rawValue)))
            case "language": (key, .value("Of receipts.", words: ["en", "tr"]))
            case "receipts": (key, .value("Whether receipts are written.", words: ["on", "off"]))
            case "channels": (key, .texts("A family of profiles in mappings/channels, or profiles by name."))
            case "parcel": (key, section("What to assume where the order does not say.", SettingsReader.parcelKeys))
            case "guards": (key, section("Go-live guards: hold what looks wrong until it is released.", SettingsReader.guardKeys))
            default: (key, described(key))
            }
        }, required: ["mode", "shop", "channels", "zone", "consignor"])

    private static let account = Shape.section(
        "An account: what the carrier's profile asks for.",
        [
            ("settings", .named("By the names of the profile's `settings:`.", .value("Its value."))),
            ("secrets", .named("Never the value itself.", .value("env:NAME or file:PATH."))),
            ("outbox", described("outbox")),
        ], required: [])

    private static let endpoint = Shape.section(
        "A partner's server.",
        SettingsReader.endpointKeys.map { key in
            switch key {
            case "transport": (key, .value("How it is reached.", words: EndpointSettings.Transport.allCases.map(\.rawValue)))
            case "ready": (key, .value("When a file may be fetched.", words: ["quiet", "marker"]))
            case "afterwards": (key, .value("What becomes of a fetched file there.", words: ["move", "delete", "leave"]))
            case "tls":
                (
                    key,
                    .value("Of FTP: where TLS begins; explicit unless stated.", words: EndpointSettings.Security.allCases.map(\.rawValue))
                )
            case "pins": (key, .texts("Of FTP: `sha256//…` of the server's public key; any of them is trusted."))
            case "host keys": (key, .texts("`ssh-ed25519 SHA256:…`; any of them is trusted."))
            default: (key, described(key))
            }
        }, required: ["transport", "host", "user", "afterwards"])

    private static let range = section("First and last number of a range.", ["from", "to"])

    private static func section(_ summary: String, _ keys: [String]) -> Shape {
        .section(summary, keys.map { ($0, described($0)) }, required: [])
    }

    private static func described(_ key: String) -> Shape { .value(summaries[key] ?? "See the comment in dropgate.yaml.") }

    private static let summaries = [
        "workspace": "Layout of this file: 1.",
        "quiet": "A file is read when it has not changed for this long: 2 s.",
        "rescan": "How often the folders are listed, whatever the system reports: 30 s.",
        "inbox": "ENDPOINT/FOLDER that files are fetched from.",
        "outbox": "ENDPOINT/FOLDER that documents are delivered to, in mode live.",
        "receipts outbox": "ENDPOINT/FOLDER that receipts are delivered to, in mode live.",
        "host": "Name or address, without user and port.", "port": "22 unless stated.", "user": "Who logs in.",
        "password": "env:NAME or file:PATH.", "key": "file:PATH of a private key, mode 0600.", "passphrase": "env:NAME or file:PATH.",
        "known hosts": "A known_hosts file.", "sessions": "At once: 4.", "poll": "How often its folders are listed: 30 s.",
        "connect timeout": "Until a connection stands: 20 s.", "timeout": "Of an operation: 60 s.",
        "speed": "Bytes a second at most, such as 1 MB; or off.", "marker": "Suffix of the partner's marker, such as .done.",
        "authority": "Of FTP: PEM file of the authorities that sign for the server; the system's unless stated.",
        "move to": "Folder below the one fetched from: processed.", "marker out": "Suffix of the marker that we put beside a document.",
        "shop": "Orders are known by shop and reference.",
        "carrier": "A profile in mappings/carriers, or none.",
        "account": "The account of that carrier, below accounts:.",
        "consignor": "Where the goods leave from, below consignors:.",
        "zone": "IANA zone of the shop's times, such as Europe/Istanbul.",
        "key prefix": "Begins every key sent to the carrier.",
        "waybill": "none, reference, or range NAME.",
        "orders per document": "At most, for carriers that take batches.",
        "give up after": "A file that stays unfinished this long is refused: 15 min.",
        "hold orders older than": "Such as 14 days, or off.",
        "hold files with more new orders than": "Such as 200, or off.",
        "weight": "With g, kg, oz or lb.", "length": "With mm, cm, m or in.", "width": "With mm, cm, m or in.",
        "height": "With mm, cm, m or in.",
        "contents": "In words, for customs and labels.",
        "product": "The carrier's product code.",
        "from": "First number.", "to": "Last number.",
        "file": "Bytes of a file: 4 GB.", "record": "Bytes of one row.", "field": "Bytes of one cell.",
        "columns": "Columns of a file.", "order records": "Rows of one order.", "depth": "Nesting of an XML or JSON file.",
        "country": "Two letters.", "district": "Türkiye: the ilçe.", "city": "Türkiye: the il.",
    ]

    static func text(_ shape: Shape, indent: String) -> String {
        let inner = indent + "  "
        func quoted(_ text: String) -> String {
            // Our own sentences and keys: no control character is among them.
            "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"") + "\""
        }
        func object(_ parts: [(String, String)]) -> String {
            "{\n" + parts.map { "\(inner)\(quoted($0.0)): \($0.1)" }.joined(separator: ",\n") + "\n\(indent)}"
        }
        let types = "[\"string\", \"number\", \"boolean\"]"
        switch shape {
        case .value(let summary, let words):
            var parts = [("description", quoted(summary)), ("type", types)]
            // YAML reads on and off as truth values in some editors.
            if let words {
                let all = words.map(quoted) + (words == ["on", "off"] ? ["true", "false"] : [])
                parts.append(("enum", "[" + all.joined(separator: ", ") + "]"))
            }
            return object(parts)
        case .texts(let summary):
            return object([
                ("description", quoted(summary)), ("type", "[\"string\", \"array\"]"), ("items", "{ \"type\": \"string\" }"),
            ])
        case .named(let summary, let each):
            return object([
                ("description", quoted(summary)), ("type", "[\"object\", \"null\"]"),
                ("additionalProperties", text(each, indent: inner)),
            ])
        case .section(let summary, let keys, let required):
            let deeper = inner + "  "
            let properties = keys.map { "\(deeper)\(quoted($0.0)): \(text($0.1, indent: deeper))" }.joined(separator: ",\n")
            var parts = [("description", quoted(summary)), ("type", "[\"object\", \"null\"]"), ("additionalProperties", "false")]
            if indent.isEmpty { parts.insert(("$schema", quoted("https://json-schema.org/draft/2020-12/schema")), at: 0) }
            if !required.isEmpty { parts.append(("required", "[" + required.map(quoted).joined(separator: ", ") + "]")) }
            parts.append(("properties", "{\n\(properties)\n\(inner)}"))
            return object(parts)
        }
    }
}
