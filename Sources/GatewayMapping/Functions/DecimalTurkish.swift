@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let decimalTurkish = MappingFunction(
        name: "decimal turkish",
        summary: """
            Reads a number as Turkish exports write it: decimal comma, points between thousands, and a decimal point where no thousands can be \
            meant (number cells of a workbook). 1.154 is 1154.
            """,
        examples: [
            .init("decimal turkish", of: "1.234,56", gives: "1234.56"),
            .init("decimal turkish", of: "2,17", gives: "2.17"),
            .init("decimal turkish", of: "2.000", gives: "2000"),
            .init("decimal turkish", of: "1154.5", gives: "1154.5"),
            .init("decimal turkish", of: "2.1750", gives: "2.1750"),
            .init("decimal turkish", of: "0.125", gives: "0.125"),
            .init("decimal turkish", of: "1.234.567", gives: "1234567"),
            .init("decimal turkish", of: "1,234.56", refuses: .mappingNumberUnreadable),
            .init("decimal turkish", of: "Henüz fatura kesilmemiştir.", refuses: .mappingNumberUnreadable),
        ],
        compile: { _ in
            .kernel { context in
                let bytes = context.bytes
                let isPlain = hasDecimalPoint(bytes)
                var isSound = true
                context.write { out in
                    guard isPlain else {
                        let (count, sound) = ungrouped(bytes, grouping: 0x2E, mark: 0x2C, to: out)
                        isSound = sound
                        return count
                    }
                    for (n, byte) in bytes.enumerated() { out[n] = byte }
                    return bytes.count
                }
                if !isSound { context.refuse(.number) }
            }
        })
}

/// Digits, one point, digits, and no thousands: not three digits behind it, or too many or a lone zero before it.
private func hasDecimalPoint(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let digits = bytes.first == 0x2D ? bytes.dropFirst() : bytes[...]
    let parts = digits.split(separator: 0x2E, omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ part in !part.isEmpty && part.allSatisfy(isDigit) }) else { return false }
    return parts[1].count != 3 || parts[0].count > 3 || parts[0].elementsEqual([0x30])
}
