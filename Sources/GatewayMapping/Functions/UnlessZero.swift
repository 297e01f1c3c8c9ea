@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let unlessZero = MappingFunction(
        name: "unless zero",
        summary: "Gives nothing when the number is zero.",
        examples: [.init("unless zero", of: "0.00", gives: ""), .init("unless zero", of: "150.00", gives: "150.00")],
        compile: { _ in
            .kernel { context in
                guard let number = DecimalText(context.bytes) else { return context.refuse(.number) }
                if number.mantissa == 0 { context.drop() }
            }
        })
}
