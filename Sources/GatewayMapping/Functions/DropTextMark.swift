@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let dropTextMark = MappingFunction(
        name: "drop text mark",
        summary:
            "Takes off one leading apostrophe that a shop or spreadsheet put before = + - @ or a digit. Names such as 't Hof keep theirs.",
        examples: [
            .init("drop text mark", of: "'85004", gives: "85004"),
            .init("drop text mark", of: "'+905321234567", gives: "+905321234567"),
            .init("drop text mark", of: "'t Hof", gives: "'t Hof"),
        ],
        compile: { _ in
            .kernel { context in
                let bytes = context.bytes
                guard bytes.count > 1, bytes[0] == 0x27 else { return }
                let next = bytes[1]
                if isDigit(next) || next == 0x3D || next == 0x2B || next == 0x2D || next == 0x40 {
                    context.keep(from: 1, count: bytes.count - 1)
                }
            }
        })
}
