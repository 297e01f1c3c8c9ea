@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let transliterate = MappingFunction(
        name: "transliterate", usage: "transliterate [latin1]",
        summary: """
            Writes letters with accents in ASCII: ş as s, ß as ss. With latin1 only what ISO 8859-1 does not hold. \
            Letters without an equal, such as Cyrillic, are refused.
            """,
        examples: [
            .init("transliterate", of: "Gül Şıkça Ağaoğlu – Weiß", gives: "Gul Sikca Agaoglu - Weiss"),
            .init("transliterate latin1", of: "Özgür Şık", gives: "Özgür Sik"),
            .init("transliterate", of: "Москва", refuses: .mappingCharactersUnknown),
        ],
        compile: { arguments in
            let keepsLatin1 = arguments.has("latin1")
            return .kernel(Room(perByte: 3), words: ["set": keepsLatin1 ? "ISO 8859-1" : "ASCII"]) {
                writeInLatin(&$0, keepsLatin1: keepsLatin1)
            }
        })
}

func writeInLatin(_ context: inout KernelContext, keepsLatin1: Bool) {
    let bytes = context.bytes
    var high: UInt8 = 0
    for byte in bytes { high |= byte }
    if high < 0x80 { return }
    var isSound = true
    var written = 0
    let target = context.base + context.arenaEnd
    let out = target.assumingMemoryBound(to: UInt8.self)
    forEachScalar(bytes) { scalar, range in
        if scalar < 128 || (keepsLatin1 && scalar >= 0xA0 && scalar < 0x100) {
            written += copy(bytes, range, to: out, at: written)
        } else if let plain = Letters.ascii(scalar) {
            for byte in plain {
                out[written] = byte
                written += 1
            }
        } else {
            isSound = false
        }
    }
    if isSound { context.write { _ in written } } else { context.refuse(.characters) }
}
