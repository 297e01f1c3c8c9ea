@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let after = MappingFunction(
        name: "after", usage: "after [last] TEXT",
        summary: "Keeps what stands behind TEXT, without outer blanks; nothing when TEXT is not there. With last, behind its last place.",
        examples: [
            .init("after \" x\"", of: "Mug x2", gives: "2"),
            .init("after last \" x\"", of: "Saw x-large x2", gives: "2"),
            .init("after :", of: "Mug", gives: ""),
        ],
        compile: { arguments throws(Finding) in
            let isLast = arguments.has("last")
            let text = try arguments.text()
            return .kernel { context in
                guard let found = place(of: text, in: context.bytes, isLast: isLast) else { return context.drop() }
                context.keep(from: found + text.count, count: context.count - found - text.count)
                context.value = Interpreter.trim(context.value, context.base)
            }
        })
}
