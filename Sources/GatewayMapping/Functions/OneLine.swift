@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let oneLine = MappingFunction(
        name: "one line",
        summary: "Makes a blank of every line end and tab, and one blank of several.",
        examples: [.init("one line", of: "Atatürk  Cad.\r\nNo: 5", gives: "Atatürk Cad. No: 5")],
        compile: { _ in
            .kernel { context in
                let bytes = context.bytes
                var needs = false
                for n in 0..<bytes.count where bytes[n] <= 0x20 {
                    if bytes[n] != 0x20 || n + 1 < bytes.count && bytes[n + 1] == 0x20 { needs = true }
                }
                guard needs else { return }
                context.write { out in
                    var n = 0
                    for byte in bytes {
                        if byte > 0x20 {
                            out[n] = byte
                            n += 1
                        } else if n > 0 && out[n - 1] != 0x20 {
                            out[n] = 0x20
                            n += 1
                        }
                    }
                    return n > 0 && out[n - 1] == 0x20 ? n - 1 : n
                }
            }
        })
}
