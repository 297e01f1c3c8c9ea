@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let decimal = MappingFunction(
        name: "decimal", usage: "decimal N",
        summary: "Writes a number with exactly N decimals. Digits that are not zeros are never lost: put round before.",
        examples: [
            .init("decimal 2", of: "150", gives: "150.00"),
            .init("decimal 2", of: "1.500", gives: "1.50"),
            .init("decimal 0", of: "7.0", gives: "7"),
            .init("decimal 2", of: "1.505", refuses: .mappingDecimalsLost),
            .init("decimal 2", of: "1,5", refuses: .mappingNumberUnreadable),
        ],
        compile: { arguments throws(Finding) in
            let decimals = try arguments.number(0...9)
            return .kernel(words: ["decimals": String(decimals)]) { context in
                guard var number = DecimalText(context.bytes) else { return context.refuse(.number) }
                guard number.shorten(to: decimals) else { return context.refuse(.decimals) }
                guard number.lengthen(to: decimals) else { return context.refuse(.number) }
                context.write { number.write(to: $0) }
            }
        })
}
