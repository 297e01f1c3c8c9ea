@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let slug = MappingFunction(
        name: "slug",
        summary: "Small letters a to z, digits and single hyphens; accents go, everything else becomes a hyphen.",
        examples: [.init("slug", of: "Çok Güzel: İş!", gives: "cok-guzel-is")],
        compile: { _ in
            .kernel(Room(perByte: 3)) { context in
                let bytes = context.bytes
                context.write { out in
                    var n = 0
                    func add(_ byte: UInt8) {
                        let low = asciiLower(byte)
                        if isLetter(low) || isDigit(low) {
                            out[n] = low
                            n += 1
                        } else if n > 0 && out[n - 1] != 0x2D {
                            out[n] = 0x2D
                            n += 1
                        }
                    }
                    forEachScalar(bytes) { scalar, _ in
                        if scalar < 128 {
                            add(UInt8(scalar))
                        } else if let plain = Letters.ascii(scalar) {
                            plain.forEach(add)
                        } else {
                            add(0x2D)
                        }
                    }
                    return n > 0 && out[n - 1] == 0x2D ? n - 1 : n
                }
            }
        })
}
