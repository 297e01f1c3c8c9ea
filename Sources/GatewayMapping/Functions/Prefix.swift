@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let prefix = MappingFunction(
        name: "prefix", usage: "prefix TEXT",
        summary: "Puts TEXT before a value. An absent value stays absent.",
        examples: [.init("prefix DG-", of: "1001", gives: "DG-1001"), .init("prefix DG-", of: "", gives: "")],
        compile: { arguments throws(Finding) in
            let text = try arguments.text()
            return .kernel(Room(fixed: 64 + text.count)) { context in
                let bytes = context.bytes
                context.write { out in
                    for n in 0..<text.count { out[n] = text[n] }
                    return text.count + copy(bytes, 0..<bytes.count, to: out, at: text.count)
                }
            }
        })
}
