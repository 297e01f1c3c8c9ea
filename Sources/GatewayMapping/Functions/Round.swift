@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let round = MappingFunction(
        name: "round", usage: "round N",
        summary: "Rounds a number to N decimals, half up.",
        examples: [
            .init("round 2", of: "1.505", gives: "1.51"), .init("round 0", of: "2.4", gives: "2"), .init("round 2", of: "3", gives: "3"),
        ],
        compile: { arguments throws(Finding) in
            let decimals = try arguments.number(0...9)
            return .kernel { roundKernel(&$0, to: decimals, isUp: false) }
        })

    static let roundUp = MappingFunction(
        name: "round up", usage: "round up [N]",
        summary: "Rounds a number up to N decimals, 0 when N is not given.",
        examples: [
            .init("round up", of: "1.001", gives: "2"),
            .init("round up", of: "2.000", gives: "2"),
            .init("round up 1", of: "0.31", gives: "0.4"),
        ],
        compile: { arguments throws(Finding) in
            let decimals = try arguments.optionalNumber(0...9, default: 0)
            return .kernel { roundKernel(&$0, to: decimals, isUp: true) }
        })
}

private func roundKernel(_ context: inout KernelContext, to decimals: Int, isUp: Bool) {
    guard var number = DecimalText(context.bytes), !number.isNegative else { return context.refuse(.number) }
    number.round(to: decimals, isUp: isUp)
    context.write { number.write(to: $0) }
}
