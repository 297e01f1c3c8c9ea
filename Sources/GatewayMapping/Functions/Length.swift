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
}
