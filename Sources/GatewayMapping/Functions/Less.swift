@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let less = MappingFunction(
        name: "less", usage: "less SOURCE",
        summary:
            "Takes another number off, whatever its sign: exports write refunded pieces as -1 as well as 1. Absent, it counts as 0. What would fall below 0 is refused.",
        examples: [
            .init("less Refunded", of: "3", with: ["Refunded": "-1"], gives: "2"),
            .init("less Refunded", of: "3", with: ["Refunded": "1"], gives: "2"),
            .init("less Refunded", of: "3", with: ["Refunded": ""], gives: "3"),
            .init("less Refunded", of: "3", with: ["Refunded": "4"], refuses: .mappingNumberUnreadable),
            .init("less Refunded", of: "3", with: ["Refunded": "some"], refuses: .mappingNumberUnreadable),
        ],
        compile: { arguments throws(Finding) in
            var side = try arguments.source()
            side.staysInRow = true
            return .kernel(sides: [side]) { context in
                guard context.side.count > 0 else { return }
                guard var number = DecimalText(context.bytes), var other = DecimalText(context.sideBytes), !number.isNegative,
                    number.lengthen(to: other.scale), other.lengthen(to: number.scale), other.mantissa <= number.mantissa
                else { return context.refuse(.number) }
                number.mantissa -= other.mantissa
                context.write { number.write(to: $0) }
            }
        })
}
