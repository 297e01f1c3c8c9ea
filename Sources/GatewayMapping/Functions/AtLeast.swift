@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let atLeast = MappingFunction(
        name: "at least", usage: "at least N",
        summary: "Gives N when the number is smaller.",
        examples: [.init("at least 1", of: "0.2", gives: "1"), .init("at least 1", of: "3.5", gives: "3.5")],
        compile: { arguments throws(Finding) in
            let text = try arguments.text()
            guard let floor = DecimalText(text) else { throw arguments.misfit() }
            return .kernel(Room(fixed: 64 + text.count)) { context in
                guard let number = DecimalText(context.bytes) else { return context.refuse(.number) }
                if number.isLess(than: floor) { context.set(text) }
            }
        })
}
