@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let digits = MappingFunction(
        name: "digits",
        summary: "Keeps the digits 0 to 9 only.",
        examples: [.init("digits", of: "(0532) 123-45", gives: "053212345")],
        compile: { _ in .kernel { keepBytes(&$0, isDigit) } })
}

/// Keeps ASCII bytes that fit; others go.
@inline(__always) func keepBytes(_ context: inout KernelContext, _ fits: (UInt8) -> Bool) {
    let bytes = context.bytes
    guard let first = bytes.firstIndex(where: { !fits($0) }) else { return }
    context.write { out in
        var n = first
        for k in 0..<first { out[k] = bytes[k] }
        for byte in bytes[first...] where fits(byte) {
            out[n] = byte
            n += 1
        }
        return n
    }
}
