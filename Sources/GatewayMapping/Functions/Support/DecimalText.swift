/// A number in our own decimal grammar: an optional minus, digits, perhaps a point and digits. No exponent, no grouping, no blank.
///
/// At most 18 digits count; `Double("0x1A")` is 26 and `Double("nan")` succeeds, so neither is asked.
struct DecimalText {
    var mantissa: Int
    /// Digits after the point.
    var scale: Int
    var isNegative: Bool

    /// Nil when `bytes` is not such a number.
    @inline(__always) init?(_ bytes: UnsafeRawBufferPointer) {
        var number = 0
        var digits = 0
        var point = -1
        var n = 0
        var minus = false
        if bytes.count > 0, bytes[0] == 0x2D {
            minus = true
            n = 1
        }
        let start = n
        while n < bytes.count {
            let byte = bytes[n]
            if isDigit(byte) {
                if digits > 0 || byte != 0x30 { digits += 1 }
                if digits > 18 { return nil }
                number = number &* 10 &+ Int(byte &- 0x30)
            } else if byte == 0x2E && point < 0 && n > start {
                point = n
            } else {
                return nil
            }
            n += 1
        }
        if n == start || point == n - 1 { return nil }
        mantissa = number
        scale = point < 0 ? 0 : n - 1 - point
        if scale > 18 { return nil }
        isNegative = minus && number != 0
    }

    init?(_ bytes: [UInt8]) {
        guard let number = bytes.withUnsafeBytes({ DecimalText($0) }) else { return nil }
        self = number
    }

    /// Takes decimals off that are zeros; false when one of them is not.
    mutating func shorten(to decimals: Int) -> Bool {
        while scale > decimals {
            guard mantissa % 10 == 0 else { return false }
            mantissa /= 10
            scale -= 1
        }
        return true
    }

    /// Puts zeros behind; false when there is no room.
    mutating func lengthen(to decimals: Int) -> Bool {
        while scale < decimals {
            let (product, isOver) = mantissa.multipliedReportingOverflow(by: 10)
            guard !isOver else { return false }
            mantissa = product
            scale += 1
        }
        return true
    }

    /// Rounds half up, or up, to `decimals`.
    mutating func round(to decimals: Int, isUp: Bool) {
        guard scale > decimals else { return }
        let divisor = powerOfTen(scale - decimals)
        let rest = mantissa % divisor
        mantissa /= divisor
        if isUp ? rest > 0 : rest >= divisor - rest { mantissa += 1 }
        scale = decimals
    }

    func isLess(than other: DecimalText) -> Bool {
        if isNegative != other.isNegative { return isNegative }
        var (a, b) = (self, other)
        let fits = a.lengthen(to: b.scale) && b.lengthen(to: a.scale)
        // Without room for the longer one the magnitudes differ by far.
        let isSmaller =
            fits
            ? a.mantissa < b.mantissa : Double(a.mantissa) / Double(powerOfTen(a.scale)) < Double(b.mantissa) / Double(powerOfTen(b.scale))
        return isNegative ? !isSmaller && a.mantissa != b.mantissa : isSmaller
    }

    /// Writes it; gives the number of bytes, at most 21.
    @inline(__always) func write(to out: UnsafeMutablePointer<UInt8>) -> Int {
        var digits = 1
        var bound = 10
        while digits < 18 && (bound <= mantissa || digits <= scale) {
            bound = bound &* 10
            digits += 1
        }
        if bound <= mantissa || digits <= scale { digits += 1 }
        let sign = isNegative ? 1 : 0
        if isNegative { out[0] = 0x2D }
        let length = sign + digits + (scale > 0 ? 1 : 0)
        var rest = mantissa
        var at = length - 1
        var written = 0
        while at >= sign {
            if written == scale && scale > 0 {
                out[at] = 0x2E
                at -= 1
            }
            out[at] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
            rest /= 10
            written += 1
            at -= 1
        }
        return length
    }
}

func powerOfTen(_ exponent: Int) -> Int {
    var power = 1
    for _ in 0..<exponent { power *= 10 }
    return power
}

/// Writes the number times `factor` over `divisor` with `decimals`, rounded half up or up.
func scale(_ context: inout KernelContext, by factor: Int, over divisor: Int, decimals: Int, isUp: Bool, refusal: Refusal) {
    guard let number = DecimalText(context.bytes), !number.isNegative, number.scale <= 9 else { return context.refuse(refusal) }
    let (product, isOver) = number.mantissa.multipliedReportingOverflow(by: factor)
    let (wide, isOverToo) = product.multipliedReportingOverflow(by: powerOfTen(decimals))
    guard !isOver, !isOverToo else { return context.refuse(refusal) }
    let (whole, isOverAgain) = divisor.multipliedReportingOverflow(by: powerOfTen(number.scale))
    guard !isOverAgain else { return context.refuse(refusal) }
    let rest = wide % whole
    var result = DecimalText(mantissa: wide / whole, scale: decimals)
    if isUp ? rest > 0 : rest >= whole - rest { result.mantissa += 1 }
    context.write { result.write(to: $0) }
}

extension DecimalText {
    init(mantissa: Int, scale: Int) {
        self.mantissa = mantissa
        self.scale = scale
        isNegative = false
    }
}
