@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let halfWidth = MappingFunction(
        name: "half width",
        summary: "Writes full-width digits, letters, signs and blanks, as Japanese input makes them, as ordinary ones.",
        examples: [
            .init("half width", of: "１５０－０００２", gives: "150-0002"),
            .init("half width", of: "東京都　Ａ１", gives: "東京都 A1"),
            .init("half width", of: "34710", gives: "34710"),
        ],
        compile: { _ in
            .kernel { context in
                let bytes = context.bytes
                guard bytes.contains(where: { $0 >= 0xE3 }) else { return }
                context.write { out in
                    var n = 0
                    forEachScalar(bytes) { scalar, range in
                        if scalar >= 0xFF01 && scalar <= 0xFF5E {
                            out[n] = UInt8(scalar - 0xFF01 + 0x21)
                            n += 1
                        } else if scalar == 0x3000 {
                            out[n] = 0x20
                            n += 1
                        } else {
                            n += copy(bytes, range, to: out, at: n)
                        }
                    }
                    return n
                }
            }
        })
}
