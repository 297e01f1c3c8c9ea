@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let money = MappingFunction(
        name: "money", usage: "money CURRENCY",
        summary: """
            Reads an amount from 0 on and writes it with as many decimals as the currency has. CURRENCY is a column, a field or a code such as TRY. \
            Signs, grouping and currency signs are refused; so is a digit that the currency has no room for.
            """,
        examples: [
            .init("money Currency", of: "150", with: ["Currency": "TRY"], gives: "150.00"),
            .init("money JPY", of: "1500.00", gives: "1500"),
            .init("money KWD", of: "1.5", gives: "1.500"),
            .init("money USD", of: "1.505", refuses: .mappingDecimalsLost),
            .init("money USD", of: "-5.00", refuses: .mappingMoneyUnreadable),
            .init("money USD", of: "1,500.00", refuses: .mappingMoneyUnreadable),
            .init("money Currency", of: "150", with: ["Currency": "TL"], refuses: .mappingCurrencyUnknown),
            .init("money Currency", of: "150", with: ["Currency": ""], refuses: .mappingCurrencyUnknown),
        ],
        compile: { arguments throws(Finding) in
            let side = try arguments.source(isLiteral: Currencies.isCode)
            let exponents = Currencies.exponents
            return .kernel(sides: [side], words: ["decimals": "as many as the currency has"]) { context in
                let exponent = Currencies.exponent(context.sideBytes, exponents)
                guard exponent >= 0 else { return context.refuse(.currency) }
                let bytes = context.bytes
                guard var number = DecimalText(bytes), !number.isNegative else { return context.refuse(.money) }
                // Most amounts are written as they must be.
                if number.scale == exponent && (bytes[0] != 0x30 || bytes.count == exponent + 2) { return }
                guard number.shorten(to: exponent) else { return context.refuse(.decimals) }
                guard number.lengthen(to: exponent) else { return context.refuse(.money) }
                context.write { number.write(to: $0) }
            }
        })

    static let minorUnits = MappingFunction(
        name: "minor units", usage: "minor units CURRENCY",
        summary: "Writes an amount in the currency's smallest unit: 150.00 TRY as 15000.",
        examples: [.init("minor units TRY", of: "150.00", gives: "15000"), .init("minor units JPY", of: "1500", gives: "1500")],
        compile: { arguments throws(Finding) in
            let side = try arguments.source(isLiteral: Currencies.isCode)
            let exponents = Currencies.exponents
            return .kernel(sides: [side], words: ["decimals": "as many as the currency has"]) { context in
                let exponent = Currencies.exponent(context.sideBytes, exponents)
                guard exponent >= 0 else { return context.refuse(.currency) }
                guard var number = DecimalText(context.bytes), !number.isNegative else { return context.refuse(.money) }
                guard number.shorten(to: exponent) else { return context.refuse(.decimals) }
                guard number.lengthen(to: exponent) else { return context.refuse(.money) }
                number.scale = 0
                context.write { number.write(to: $0) }
            }
        })
}
