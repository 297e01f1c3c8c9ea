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
