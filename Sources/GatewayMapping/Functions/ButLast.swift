@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let butLast = MappingFunction(
        name: "but last of", usage: "but last of TEXT",
        summary:
            "Keeps what stands before the last TEXT, without outer blanks; the whole value where TEXT is not in it. Given names of a full name.",
        examples: [
            .init("but last of \" \"", of: "Elif Nur Örnekoğlu", gives: "Elif Nur"),
            .init("but last of \" \"", of: "Elif", gives: "Elif"),
        ],
        compile: { arguments throws(Finding) in
            let separator = try arguments.text()
            return .kernel { context in
                context.value = Interpreter.trim(context.value, context.base)
                let bytes = context.bytes
                var at = bytes.count - separator.count
                while at >= 0 {
                    if starts(UnsafeRawBufferPointer(rebasing: bytes[at...]), with: separator) {
                        context.keep(from: 0, count: at)
                        context.value = Interpreter.trim(context.value, context.base)
                        return
                    }
                    at -= 1
                }
            }
        })
}
