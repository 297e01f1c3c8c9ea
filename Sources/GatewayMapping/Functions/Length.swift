@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let length = MappingFunction(
        name: "length", usage: "length UNIT (mm, cm, m or in)",
        summary: "Reads a length in the given unit as whole millimetres, rounding half up.",
        examples: [.init("length cm", of: "30.5", gives: "305"), .init("length in", of: "12", gives: "305")],
        compile: { arguments throws(Finding) in
            let unit = ["mm": 10, "cm": 100, "m": 10_000, "in": 254]
            let factor = unit[try arguments.word(["mm", "cm", "m", "in"])] ?? 0
            return .kernel { scale(&$0, by: factor, over: 10, decimals: 0, isUp: false, refusal: .number) }
        })

    static let centimetres = MappingFunction(
        name: "centimetres",
        summary: "Writes millimetres as centimetres with one decimal.",
        examples: [.init("centimetres", of: "305", gives: "30.5"), .init("centimetres", of: "300", gives: "30.0")],
        compile: { _ in .kernel { scale(&$0, by: 1, over: 10, decimals: 1, isUp: false, refusal: .number) } })

    static let metres = MappingFunction(
        name: "metres",
        summary: "Writes millimetres as metres with three decimals.",
        examples: [.init("metres", of: "305", gives: "0.305")],
        compile: { _ in .kernel { scale(&$0, by: 1, over: 1_000, decimals: 3, isUp: false, refusal: .number) } })

    static let inches = MappingFunction(
        name: "inches",
        summary: "Writes millimetres as inches with one decimal, rounded up.",
        examples: [.init("inches", of: "305", gives: "12.1"), .init("inches", of: "254", gives: "10.0")],
        compile: { _ in .kernel { scale(&$0, by: 10, over: 254, decimals: 1, isUp: true, refusal: .number) } })

    static let cubicMetres = MappingFunction(
        name: "cubic metres",
        summary: "Writes cubic millimetres (parcel.volume) as cubic metres with three decimals, rounded up.",
        examples: [.init("cubic metres", of: "6000000", gives: "0.006"), .init("cubic metres", of: "1", gives: "0.001")],
        compile: { _ in .kernel { scale(&$0, by: 1, over: 1_000_000_000, decimals: 3, isUp: true, refusal: .number) } })
}
