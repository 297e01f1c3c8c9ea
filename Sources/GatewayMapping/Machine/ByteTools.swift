@_spi(HotPath) import GatewayCore

@inline(__always) func splat(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

/// The high bit of every byte that is zero. Exact for the lowest one; above it a borrow may set more.
@inline(__always) func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
}

/// The high bit of every byte below `limit` (at most 128). Exact for the lowest one.
@inline(__always) func bytesBelow(_ limit: UInt8, _ word: UInt64) -> UInt64 {
    (word &- splat(limit)) & ~word & 0x8080_8080_8080_8080
}

/// Copies `count` bytes in steps of 16; up to 15 bytes after both ends are touched.
@inline(__always) func copyLoose(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ count: Int) {
    var n = 0
    repeat {
        let low = source.loadUnaligned(fromByteOffset: n, as: UInt64.self)
        let high = source.loadUnaligned(fromByteOffset: n + 8, as: UInt64.self)
        target.storeBytes(of: low, toByteOffset: n, as: UInt64.self)
        target.storeBytes(of: high, toByteOffset: n + 8, as: UInt64.self)
        n += 16
    } while n < count
}

/// Whether two runs of bytes are equal; up to 7 bytes after both are read.
@inline(__always) func equalLoose(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ count: Int) -> Bool {
    var n = 0
    while n < count {
        var differs = a.loadUnaligned(fromByteOffset: n, as: UInt64.self) ^ b.loadUnaligned(fromByteOffset: n, as: UInt64.self)
        let left = count - n
        if left < 8 { differs &= (1 << UInt64(left * 8)) &- 1 }
        if differs != 0 { return false }
        n += 8
    }
    return true
}

@inline(__always) func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
@inline(__always) func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
@inline(__always) func asciiLower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
@inline(__always) func asciiUpper(_ byte: UInt8) -> UInt8 { byte &- 0x61 < 26 ? byte & 0xDF : byte }
@inline(__always) func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

/// Writes a whole number from 0 on; gives the number of digits, at most 19.
func writeDecimal(_ number: Int, to out: UnsafeMutablePointer<UInt8>) -> Int {
    var rest = number
    var digits = 1
    while rest >= 10 {
        rest /= 10
        digits += 1
    }
    rest = number
    for n in stride(from: digits - 1, through: 0, by: -1) {
        out[n] = UInt8(0x30 + rest % 10)
        rest /= 10
    }
    return digits
}

/// A whole number from 0 on out of up to 15 digits, nil for anything else.
func readWhole(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard bytes.count > 0, bytes.count <= 15 else { return nil }
    var number = 0
    for byte in bytes {
        guard isDigit(byte) else { return nil }
        number = number * 10 + Int(byte - 0x30)
    }
    return number
}

/// Characters (Unicode scalars) of well-formed UTF-8.
func characterCount(_ bytes: UnsafeRawBufferPointer) -> Int {
    var count = 0
    for byte in bytes where !isContinuation(byte) { count += 1 }
    return count
}
