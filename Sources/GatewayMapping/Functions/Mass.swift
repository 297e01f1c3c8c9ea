@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let mass = MappingFunction(
        name: "mass", usage: "mass UNIT (kg, g, lb or oz)",
        summary: "Reads a decimal number in the given unit as whole grams, rounding half up.",
        examples: [
            .init("mass kg", of: "1.2345", gives: "1235"),
            .init("mass lb", of: "1", gives: "454"),
            .init("mass g", of: "250", gives: "250"),
            .init("mass kg", of: "1,5", refuses: .mappingMassUnreadable),
        ],
        compile: { arguments throws(Finding) in
            // Micrograms of a unit: exact for the avoirdupois pound and ounce.
            let unit: [String: Int] = ["kg": 1_000_000_000, "g": 1_000_000, "lb": 453_592_370, "oz": 28_349_523]
            let factor = unit[try arguments.word(["kg", "g", "lb", "oz"])] ?? 0
            return .kernel { scale(&$0, by: factor, over: 1_000_000, decimals: 0, isUp: false, refusal: .mass) }
        })

    static let kilograms = MappingFunction(
        name: "kilograms",
        summary: "Writes grams as kilograms with three decimals, exactly.",
        examples: [.init("kilograms", of: "1250", gives: "1.250")],
        compile: { _ in .kernel { scale(&$0, by: 1, over: 1_000, decimals: 3, isUp: false, refusal: .mass) } })

    static let grams = MappingFunction(
        name: "grams",
        summary: "Checks that the value is whole grams.",
        examples: [.init("grams", of: "1250", gives: "1250"), .init("grams", of: "1.5", refuses: .mappingMassUnreadable)],
        compile: { _ in
            .kernel { context in
                guard var number = DecimalText(context.bytes), !number.isNegative, number.shorten(to: 0) else {
                    return context.refuse(.mass)
                }
                context.write { number.write(to: $0) }
            }
        })

    static let pounds = MappingFunction(
        name: "pounds",
        summary: "Writes grams as pounds with three decimals, rounded up.",
        examples: [.init("pounds", of: "454", gives: "1.001"), .init("pounds", of: "1000", gives: "2.205")],
        compile: { _ in .kernel { scale(&$0, by: 100_000, over: 45_359_237, decimals: 3, isUp: true, refusal: .mass) } })

    static let decagrams = MappingFunction(
        name: "decagrams",
        summary: "Writes grams as whole units of ten grams, rounded up.",
        examples: [.init("decagrams", of: "1250", gives: "125"), .init("decagrams", of: "1251", gives: "126")],
        compile: { _ in .kernel { scale(&$0, by: 1, over: 10, decimals: 0, isUp: true, refusal: .mass) } })

    static let ounces = MappingFunction(
        name: "ounces",
        summary: "Writes grams as ounces with one decimal, rounded up.",
        examples: [.init("ounces", of: "1000", gives: "35.3")],
        compile: { _ in .kernel { scale(&$0, by: 100_000_000, over: 2_834_952_313, decimals: 1, isUp: true, refusal: .mass) } })
}
