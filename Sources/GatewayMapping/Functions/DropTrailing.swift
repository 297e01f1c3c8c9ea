@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let dropTrailing = MappingFunction(
        name: "drop trailing", usage: "drop trailing TEXT",
        summary: "Takes TEXT off the end, once. Nothing happens when it is not there.",
        examples: [.init("drop trailing \" TL\"", of: "150 TL", gives: "150")],
        compile: { arguments throws(Finding) in
            let text = try arguments.text()
            return .kernel { context in
                if ends(context.bytes, with: text) { context.keep(from: 0, count: context.count - text.count) }
            }
        })
}
