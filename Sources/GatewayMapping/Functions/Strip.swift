@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let strip = MappingFunction(
        name: "strip", usage: "strip TEXT",
        summary: "Takes TEXT off both ends, as often as it is there.",
        examples: [
            .init("strip #", of: "#1001", gives: "1001"),
            .init("strip -", of: "--AB-1-", gives: "AB-1"),
        ],
        compile: { arguments throws(Finding) in
            let text = try arguments.text()
            return .kernel { context in
                while starts(context.bytes, with: text) { context.keep(from: text.count, count: context.count - text.count) }
                while ends(context.bytes, with: text) { context.keep(from: 0, count: context.count - text.count) }
            }
        })
}

func starts(_ bytes: UnsafeRawBufferPointer, with text: [UInt8]) -> Bool {
    guard bytes.count >= text.count else { return false }
    for n in 0..<text.count where bytes[n] != text[n] { return false }
    return true
}

func ends(_ bytes: UnsafeRawBufferPointer, with text: [UInt8]) -> Bool {
    let start = bytes.count - text.count
    guard start >= 0 else { return false }
    for n in 0..<text.count where bytes[start + n] != text[n] { return false }
    return true
}
