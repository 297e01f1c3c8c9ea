@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let suffix = MappingFunction(
        name: "suffix", usage: "suffix TEXT",
        summary: "Puts TEXT after a value. An absent value stays absent.",
        examples: [.init("suffix \" kg\"", of: "2", gives: "2 kg")],
        compile: { arguments throws(Finding) in
            let text = try arguments.text()
            return .kernel(Room(fixed: 64 + text.count)) { context in
                let bytes = context.bytes
                context.write { out in
                    let count = copy(bytes, 0..<bytes.count, to: out, at: 0)
                    for n in 0..<text.count { out[count + n] = text[n] }
                    return count + text.count
                }
            }
        })
}
