@_spi(HotPath) import GatewayCore

/// Countries of ISO 3166-1 with their names in English and Turkish. Source: ISO 3166-1; Turkish names as the Turkish foreign ministry writes them.
enum Countries {
    /// Whether two letters are a code.
    static let valid: [Bool] = {
        var table = [Bool](repeating: false, count: 26 * 26)
        for row in rows { table[index(row.code)] = true }
        return table
    }()

    /// The code of a country by its folded name.
    static func code(ofName name: UnsafeRawBufferPointer) -> String? { byName[HeaderName.fold(name)] }

    /// The name of a country by its code.
    static func name(of code: UnsafeRawBufferPointer, isTurkish: Bool) -> String? {
        guard let row = byCode[String(decoding: code, as: UTF8.self)] else { return nil }
        return isTurkish ? row.turkish : row.english
    }

    @Sendable static func isCode(_ text: String) -> Bool { byCode[text] != nil }

    private static func index(_ code: String) -> Int { code.utf8.reduce(0) { $0 * 26 + Int($1 - 0x41) } }

    private static let rows: [(code: String, english: String, turkish: String)] = CountryNames.table.split(separator: "\n").compactMap {
        let parts = $0.split(separator: "|").map(String.init)
        return parts.count >= 2 ? (parts[0], parts[1], parts.count > 2 ? parts[2] : parts[1]) : nil
    }
    private static let byCode = Dictionary(uniqueKeysWithValues: rows.map { ($0.code, $0) })
    private static let byName: [[UInt8]: String] = {
        var names: [[UInt8]: String] = [:]
        for row in rows {
            names[HeaderName.fold(row.english.utf8)] = row.code
            names[HeaderName.fold(row.turkish.utf8)] = row.code
        }
        for line in CountryNames.others.split(separator: "\n") {
            let parts = line.split(separator: "|").map(String.init)
            for name in parts.dropFirst() { names[HeaderName.fold(name.utf8)] = parts[0] }
        }
        return names
    }()
}
