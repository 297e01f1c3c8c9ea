@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let writeDecimalComma = MappingFunction(
        name: "write decimal comma",
        summary: "Writes a decimal comma in the place of the point, for a carrier that wants it.",
        examples: [.init("write decimal comma", of: "30.50", gives: "30,50")],
        compile: { _ in
            .kernel { context in
                let bytes = context.bytes
                guard DecimalText(bytes) != nil else { return context.refuse(.number) }
                context.write { out in
                    for n in 0..<bytes.count { out[n] = bytes[n] == 0x2E ? 0x2C : bytes[n] }
                    return bytes.count
                }
            }
        })
}
