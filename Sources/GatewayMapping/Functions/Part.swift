@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let part = MappingFunction(
        name: "part", usage: "part N of TEXT (or: part last of TEXT)",
        summary: "Splits the value at TEXT and keeps the N-th part, without outer blanks. There is nothing when there are fewer parts.",
        examples: [
            .init("part 1 of \" - \"", of: "Shirt - Blue - M", gives: "Shirt"),
            .init("part last of \" - \"", of: "Shirt - Blue - M", gives: "M"),
            .init("part 2 of +", of: "cash", gives: ""),
        ],
        compile: { arguments throws(Finding) in
            let wanted = arguments.has("last") ? Int.max : try arguments.number(1...1_000)
            _ = try arguments.word(["of"])
            let separator = try arguments.text()
            return .kernel { context in
                pick(&context, wanted, separator)
                context.value = Interpreter.trim(context.value, context.base)
            }
        })
}

/// Keeps the `wanted`-th piece, counted from 1.
private func pick(_ context: inout KernelContext, _ wanted: Int, _ separator: [UInt8]) {
    let bytes = context.bytes
    var number = 1
    var start = 0
    var at = 0
    while at < bytes.count {
        if starts(UnsafeRawBufferPointer(rebasing: bytes[at...]), with: separator) {
            if number == wanted { return context.keep(from: start, count: at - start) }
            number += 1
            at += separator.count
            start = at
        } else {
            at += 1
        }
    }
    if number == wanted || wanted == .max { context.keep(from: start, count: bytes.count - start) } else { context.drop() }
}
