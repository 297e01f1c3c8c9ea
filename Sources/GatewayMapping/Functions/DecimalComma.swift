@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let decimalComma = MappingFunction(
        name: "decimal comma",
        summary: "Reads a number with a decimal comma, points between thousands allowed: 1.234,56 becomes 1234.56.",
        examples: [
            .init("decimal comma", of: "1.234,56", gives: "1234.56"),
            .init("decimal comma", of: "12,5", gives: "12.5"),
            .init("decimal comma", of: "1.234", gives: "1234"),
            .init("decimal comma", of: "12.5", refuses: .mappingNumberUnreadable),
        ],
        compile: { _ in .kernel { ungroup(&$0, grouping: 0x2E, mark: 0x2C) } })

    static let decimalPoint = MappingFunction(
        name: "decimal point",
        summary: "Reads a number with a decimal point, commas between thousands allowed: 1,234.56 becomes 1234.56.",
        examples: [
            .init("decimal point", of: "1,234.56", gives: "1234.56"),
            .init("decimal point", of: "12,5", refuses: .mappingNumberUnreadable),
        ],
        compile: { _ in .kernel { ungroup(&$0, grouping: 0x2C, mark: 0x2E) } })
}

extension MappingFunction {
    static let decimalEither = MappingFunction(
        name: "decimal either",
        summary: """
            Reads a number with a decimal comma or a decimal point, for files of which nobody knows: of two marks the last is the decimal one, a             mark that stands twice stands between thousands, and one that has not three digits behind it is the decimal one. What may be either,             as 1.234, is refused.
            """,
        examples: [
            .init("decimal either", of: "1.234,56", gives: "1234.56"),
            .init("decimal either", of: "1,234.56", gives: "1234.56"),
            .init("decimal either", of: "149,90", gives: "149.90"),
            .init("decimal either", of: "149.90", gives: "149.90"),
            .init("decimal either", of: "-12", gives: "-12"),
            .init("decimal either", of: "1.234.567", gives: "1234567"),
            .init("decimal either", of: "1234,567", gives: "1234.567"),
            .init("decimal either", of: "0.125", gives: "0.125"),
            .init("decimal either", of: "1.234", refuses: .mappingNumberUnreadable),
            .init("decimal either", of: "1,234", refuses: .mappingNumberUnreadable),
            .init("decimal either", of: "1.23,456.7", refuses: .mappingNumberUnreadable),
        ],
        compile: { _ in
            .kernel { context in
                let bytes = context.bytes
                let points = bytes.lazy.filter { $0 == 0x2E }.count
                let commas = bytes.lazy.filter { $0 == 0x2C }.count
                switch (points, commas) {
                case (0, 0): ungroup(&context, grouping: 0x2C, mark: 0x2E)
                case (1, 0), (0, 1):
                    let mark: UInt8 = points == 1 ? 0x2E : 0x2C
                    if mayBeThousands(bytes, mark) { return context.refuse(.number) }
                    ungroup(&context, grouping: mark == 0x2E ? 0x2C : 0x2E, mark: mark)
                case (_, 0): ungroup(&context, grouping: 0x2E, mark: 0x2C)
                case (0, _): ungroup(&context, grouping: 0x2C, mark: 0x2E)
                case (_, _):
                    let isPoint = bytes.last { $0 == 0x2E || $0 == 0x2C } == 0x2E
                    ungroup(&context, grouping: isPoint ? 0x2C : 0x2E, mark: isPoint ? 0x2E : 0x2C)
                }
            }
        })
}

/// One to three digits, not a lone zero, before the mark and three behind it.
private func mayBeThousands(_ bytes: UnsafeRawBufferPointer, _ mark: UInt8) -> Bool {
    let digits = bytes.first == 0x2D ? bytes.dropFirst() : bytes[...]
    guard let at = digits.firstIndex(of: mark) else { return false }
    let before = at - digits.startIndex
    return before >= 1 && before <= 3 && digits[digits.startIndex] != 0x30 && digits.endIndex - at == 4
}

/// Takes grouping marks out where they stand before three digits each, and makes the mark a point.
private func ungroup(_ context: inout KernelContext, grouping: UInt8, mark: UInt8) {
    let bytes = context.bytes
    var isSound = true
    context.write { out in
        let (count, sound) = ungrouped(bytes, grouping: grouping, mark: mark, to: out)
        isSound = sound
        return count
    }
    if !isSound { context.refuse(.number) }
}

/// The number with a point for `mark`, and whether the grouping marks stood where they may.
func ungrouped(
    _ bytes: UnsafeRawBufferPointer, grouping: UInt8, mark: UInt8, to out: UnsafeMutablePointer<UInt8>
) -> (count: Int, isSound: Bool) {
    var isSound = true
    var n = 0
    var inGroup = 0
    var hasGroups = false
    var hasMark = false
    for byte in bytes {
        if isDigit(byte) {
            out[n] = byte
            n += 1
            inGroup += 1
        } else if byte == grouping && !hasMark {
            if hasGroups ? inGroup != 3 : inGroup == 0 || inGroup > 3 { isSound = false }
            hasGroups = true
            inGroup = 0
        } else if byte == mark && !hasMark {
            if hasGroups && inGroup != 3 || n == 0 { isSound = false }
            hasMark = true
            inGroup = 0
            out[n] = 0x2E
            n += 1
        } else if byte == 0x2D && n == 0 {
            out[n] = byte
            n += 1
        } else {
            isSound = false
        }
    }
    if hasGroups && !hasMark && inGroup != 3 || inGroup == 0 { isSound = false }
    return (n, isSound)
}
