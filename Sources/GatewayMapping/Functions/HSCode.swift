@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let hsCodeDotted = MappingFunction(
        name: "hs code dotted",
        summary:
            "Writes the digits of an HS code with points after the fourth, sixth and eighth: 6912.00. Codes of 4, 6, 8 or 10 digits only.",
        examples: [
            .init("hs code dotted", of: "691200", gives: "6912.00"),
            .init("hs code dotted", of: "6912002900", gives: "6912.00.29.00"),
            .init("hs code dotted", of: "69120", refuses: .mappingNumberUnreadable),
        ],
        compile: { _ in
            .kernel { context in
                let bytes = context.bytes
                guard [4, 6, 8, 10].contains(bytes.count), bytes.allSatisfy({ (0x30...0x39).contains($0) }) else {
                    return context.refuse(.number)
                }
                context.write { out in
                    var written = 0
                    for (at, byte) in bytes.enumerated() {
                        if at >= 4, at.isMultiple(of: 2) {
                            out[written] = 0x2E
                            written += 1
                        }
                        out[written] = byte
                        written += 1
                    }
                    return written
                }
            }
        })
}
