@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let cut = MappingFunction(
        name: "cut", usage: "cut N",
        summary: "Keeps the first N characters.",
        examples: [
            .init("cut 5", of: "Kadıköy", gives: "Kadık"),
            .init("cut 10", of: "Kadıköy", gives: "Kadıköy"),
        ],
        compile: { arguments throws(Finding) in
            let limit = try arguments.number(1...100_000)
            return .kernel { $0.keep(from: 0, count: prefixLength($0.bytes, characters: limit)) }
        })
}

/// Bytes of the first `characters` characters.
func prefixLength(_ bytes: UnsafeRawBufferPointer, characters: Int) -> Int {
    if bytes.count <= characters { return bytes.count }
    var count = 0
    for n in 0..<bytes.count where !isContinuation(bytes[n]) {
        if count == characters { return n }
        count += 1
    }
    return bytes.count
}
