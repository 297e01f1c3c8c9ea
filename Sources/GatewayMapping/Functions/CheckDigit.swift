@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let checkDigit = MappingFunction(
        name: "check digit",
        summary: """
            Appends the GS1 check digit to a number: weights 3, 1, 3, 1 … from the last digit, up to the next multiple of ten. EAN-13, \
            GTIN-14 and SSCC have it. Source: GS1 General Specifications, check digit calculations.
            """,
        examples: [
            .init("check digit", of: "275036569845", gives: "2750365698456"),
            .init("check digit", of: "71230000000012567", gives: "712300000000125672"),
            .init("check digit", of: "27503A", refuses: .mappingNumberNotWhole),
        ],
        compile: { _ in
            .kernel { context in
                var sum = 0
                var weight = 3
                for byte in context.bytes.reversed() {
                    guard (0x30...0x39).contains(byte) else { return context.refuse(.whole) }
                    sum += (Int(byte) - 0x30) * weight
                    weight = 4 - weight
                }
                let bytes = context.bytes
                context.write { out in
                    for (at, byte) in bytes.enumerated() { out[at] = byte }
                    out[bytes.count] = UInt8(0x30 + (10 - sum % 10) % 10)
                    return bytes.count + 1
                }
            }
        })
}
