@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let currency = MappingFunction(
        name: "currency",
        summary: "Reads a currency code of ISO 4217, in capitals.",
        examples: [.init("currency", of: "try", gives: "TRY"), .init("currency", of: "TL", refuses: .mappingCurrencyUnknown)],
        compile: { _ in
            let exponents = Currencies.exponents
            return .kernel { context in
                let bytes = context.bytes
                guard Currencies.exponent(bytes, exponents) >= 0 else { return context.refuse(.currency) }
                context.write { out in
                    for n in 0..<3 { out[n] = asciiUpper(bytes[n]) }
                    return 3
                }
            }
        })
}
