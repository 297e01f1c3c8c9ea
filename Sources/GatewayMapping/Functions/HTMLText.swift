@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let htmlText = MappingFunction(
        name: "html text",
        summary:
            "Writes the character for entities such as &amp; &quot; &#8211; &times;, which shops put into names. What is no known entity stays as it is.",
        examples: [
            .init("html text", of: "Cup &quot;big&quot; &amp; plate", gives: "Cup \"big\" & plate"),
            .init("html text", of: "Kilim &#8211; 80&times;150", gives: "Kilim – 80×150"),
            .init("html text", of: "A & B; C &x; D", gives: "A & B; C &x; D"),
            .init("html text", of: "&#x131;&#xFFFFFFFF;", gives: "ı&#xFFFFFFFF;"),
        ],
        compile: { _ in
            .kernel { context in
                let bytes = context.bytes
                guard bytes.contains(0x26) else { return }
                context.write { out in
                    var n = 0
                    var at = 0
                    while at < bytes.count {
                        guard bytes[at] == 0x26, let (scalar, length) = entity(bytes, at) else {
                            out[n] = bytes[at]
                            n += 1
                            at += 1
                            continue
                        }
                        // Never longer than the entity: the shortest has four bytes.
                        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                            out[n] = byte
                            n += 1
                        }
                        at += length
                    }
                    return n
                }
            }
        })
}

/// The character that an entity at `at` stands for, and its length; nil: it is none.
private func entity(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> (Unicode.Scalar, Int)? {
    guard let end = bytes[at..<min(at + 12, bytes.count)].firstIndex(of: 0x3B), end > at + 2 else { return nil }
    let inner = bytes[(at + 1)..<end]
    if inner.first == 0x23 {
        let isHex = inner.dropFirst().first.map { $0 | 0x20 == 0x78 } ?? false
        let digits = String(decoding: inner.dropFirst(isHex ? 2 : 1), as: UTF8.self)
        guard let number = UInt32(digits, radix: isHex ? 16 : 10), number >= 0x20, let scalar = Unicode.Scalar(number) else { return nil }
        return (scalar, end + 1 - at)
    }
    return names[String(decoding: inner, as: UTF8.self)].map { ($0, end + 1 - at) }
}

/// Source: HTML Living Standard, named character references; those that shop systems write.
private let names: [String: Unicode.Scalar] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "times": "×", "ndash": "–", "mdash": "—",
    "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "hellip": "…", "deg": "°", "euro": "€", "pound": "£", "yen": "¥",
]
