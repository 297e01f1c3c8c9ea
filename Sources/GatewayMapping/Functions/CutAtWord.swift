@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let cutAtWord = MappingFunction(
        name: "cut at word", usage: "cut at word N",
        summary: "Keeps as many whole words as fit into N characters; a first word that is longer is cut.",
        examples: [
            .init("cut at word 12", of: "Atatürk Caddesi No:5", gives: "Atatürk"),
            .init("cut at word 15", of: "Atatürk Caddesi No:5", gives: "Atatürk Caddesi"),
            .init("cut at word 4", of: "Kadıköy", gives: "Kadı"),
        ],
        compile: { arguments throws(Finding) in
            let limit = try arguments.number(1...100_000)
            return .kernel { cutToWords(&$0, limit) }
        })
}

func cutToWords(_ context: inout KernelContext, _ limit: Int) {
    let bytes = context.bytes
    let length = prefixLength(bytes, characters: limit)
    guard length < bytes.count else { return }
    var end = length
    if bytes[length] != 0x20 {
        while end > 0 && bytes[end - 1] != 0x20 { end -= 1 }
    }
    while end > 0 && (bytes[end - 1] == 0x20 || bytes[end - 1] == 0x2C) { end -= 1 }
    context.keep(from: 0, count: end == 0 ? length : end)
}
