@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let before = MappingFunction(
        name: "before", usage: "before [last] TEXT",
        summary: "Keeps what stands before TEXT, without outer blanks; all of it when TEXT is not there. With last, before its last place.",
        examples: [
            .init("before \" (\"", of: "Mug (MUG-1) x2", gives: "Mug"),
            .init("before last \" x\"", of: "Saw x-large x2", gives: "Saw x-large"),
            .init("before -", of: "Mug", gives: "Mug"),
        ],
        compile: { arguments throws(Finding) in
            let isLast = arguments.has("last")
            let text = try arguments.text()
            return .kernel { context in
                guard let found = place(of: text, in: context.bytes, isLast: isLast) else { return }
                context.keep(from: 0, count: found)
                context.value = Interpreter.trim(context.value, context.base)
            }
        })
}

/// Where `text` stands first or last; nil when it does not.
func place(of text: [UInt8], in bytes: UnsafeRawBufferPointer, isLast: Bool) -> Int? {
    var found: Int?
    var at = 0
    while at + text.count <= bytes.count {
        if starts(UnsafeRawBufferPointer(rebasing: bytes[at...]), with: text) {
            found = at
            if !isLast { return found }
        }
        at += 1
    }
    return found
}
