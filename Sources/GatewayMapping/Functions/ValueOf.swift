@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let valueOf = MappingFunction(
        name: "value of", usage: "value of KEY",
        summary: "Out of a cell with lines such as `key: value`, the value of KEY. Case does not matter; the first such line counts.",
        examples: [
            .init("value of \"gift message\"", of: "utm: x\nGift Message: For you: a hat", gives: "For you: a hat"),
            .init("value of floor", of: "door: 5", gives: ""),
        ],
        compile: { arguments throws(Finding) in
            let key = HeaderName.fold(try arguments.text())
            return .kernel { context in
                let bytes = context.bytes
                var found: Range<Int>?
                forEachLine(bytes) { line in
                    guard found == nil, let colon = bytes[line].firstIndex(of: 0x3A) else { return }
                    if HeaderName.fold(bytes[line.lowerBound..<colon]) == key { found = colon + 1..<line.upperBound }
                }
                guard let found else { return context.drop() }
                context.keep(from: found.lowerBound, count: found.count)
                context.value = Interpreter.trim(context.value, context.base)
            }
        })
}
