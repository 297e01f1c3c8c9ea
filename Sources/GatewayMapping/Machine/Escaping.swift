@_spi(HotPath) import GatewayCore

/// Writing values where a format has a syntax of its own.
///
/// Every loop stores 8 bytes and stops only where one needs an entity. The caller reserves six bytes for each.
enum Escaping {
    /// XML character data. False when the value holds a control character that XML cannot hold.
    @inline(__always) static func text(_ source: UnsafeRawPointer, _ count: Int, _ out: inout Output) -> Bool {
        run(source, count, &out) { word in
            // '<' and '>' differ in one bit.
            zeroBytes(word ^ splat(0x26)) | zeroBytes((word & ~splat(2)) ^ splat(0x3C)) | bytesBelow(0x20, word)
        } entity: { byte, target in
            textEntity(byte, target)
        }
    }

    /// XML attribute value in double quotes.
    @inline(__always) static func attribute(_ source: UnsafeRawPointer, _ count: Int, _ out: inout Output) -> Bool {
        run(source, count, &out) { word in
            zeroBytes(word ^ splat(0x26)) | zeroBytes((word & ~splat(2)) ^ splat(0x3C)) | zeroBytes(word ^ splat(0x22))
                | bytesBelow(0x20, word)
        } entity: { byte, target in
            attributeEntity(byte, target)
        }
    }

    /// Inside a JSON string's quotes.
    @inline(__always) static func json(_ source: UnsafeRawPointer, _ count: Int, _ out: inout Output) -> Bool {
        run(source, count, &out) { word in
            zeroBytes(word ^ splat(0x22)) | zeroBytes(word ^ splat(0x5C)) | bytesBelow(0x20, word)
        } entity: { byte, target in
            jsonEscape(byte, target)
        }
    }

    /// A CSV cell: quoted when it holds a comma, semicolon, tab, quote or line end.
    static func cell(_ source: UnsafeRawPointer, _ count: Int, _ out: inout Output) {
        let bytes = UnsafeRawBufferPointer(start: source, count: count)
        let quoted = bytes.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x3B || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        if quoted { out.append(0x22) }
        for byte in bytes {
            if byte == 0x22 { out.append(0x22) }
            out.append(byte)
        }
        if quoted { out.append(0x22) }
    }

    @inline(__always) private static func run(
        _ source: UnsafeRawPointer, _ count: Int, _ out: inout Output, stops: (UInt64) -> UInt64,
        entity: (UInt8, UnsafeMutableRawPointer) -> Int
    ) -> Bool {
        let start = out.base + out.count
        var target = start
        var n = 0
        var isClean = true
        while n < count {
            let word = source.loadUnaligned(fromByteOffset: n, as: UInt64.self)
            target.storeBytes(of: word, as: UInt64.self)
            let hit = stops(word)
            let step = hit == 0 ? 8 : hit.trailingZeroBitCount >> 3
            if n + step >= count {
                target += count - n
                break
            }
            target += step
            n += step
            if hit != 0 {
                let length = entity(source.load(fromByteOffset: n, as: UInt8.self), target)
                if length == 0 { isClean = false }
                target += length
                n += 1
            }
        }
        out.count += target - start
        return isClean
    }

    @inline(never) private static func textEntity(_ byte: UInt8, _ target: UnsafeMutableRawPointer) -> Int {
        switch byte {
        case 0x26: put("&amp;", target)
        case 0x3C: put("&lt;", target)
        case 0x3E: put("&gt;", target)
        // A bare CR would be read back as a line feed.
        case 0x0D: put("&#13;", target)
        case 0x0A, 0x09: put(byte, target)
        default: 0
        }
    }

    @inline(never) private static func attributeEntity(_ byte: UInt8, _ target: UnsafeMutableRawPointer) -> Int {
        switch byte {
        case 0x22: put("&quot;", target)
        case 0x0A: put("&#10;", target)
        case 0x09: put("&#9;", target)
        default: textEntity(byte, target)
        }
    }

    @inline(never) private static func jsonEscape(_ byte: UInt8, _ target: UnsafeMutableRawPointer) -> Int {
        switch byte {
        case 0x22: return put("\\\"", target)
        case 0x5C: return put("\\\\", target)
        case 0x0A: return put("\\n", target)
        case 0x0D: return put("\\r", target)
        case 0x09: return put("\\t", target)
        default:
            let digits: StaticString = "0123456789abcdef"
            let length = put("\\u00", target)
            target.storeBytes(of: digits.utf8Start[Int(byte >> 4)], toByteOffset: length, as: UInt8.self)
            target.storeBytes(of: digits.utf8Start[Int(byte & 15)], toByteOffset: length + 1, as: UInt8.self)
            return length + 2
        }
    }

    private static func put(_ text: StaticString, _ target: UnsafeMutableRawPointer) -> Int {
        target.copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
        return text.utf8CodeUnitCount
    }
    private static func put(_ byte: UInt8, _ target: UnsafeMutableRawPointer) -> Int {
        target.storeBytes(of: byte, as: UInt8.self)
        return 1
    }
}

/// `bytes` as they stand in a document where `escape` applies: what the publisher puts in the place of a secret.
package func escaped(_ bytes: some Collection<UInt8>, as escape: Escape) -> [UInt8] {
    var out = Output(capacity: bytes.count * 6 + 64)
    let padded = Array(bytes) + [UInt8](repeating: 0, count: 16)
    padded.withUnsafeBytes { all in
        guard let start = all.baseAddress else { return }
        switch escape {
        case .none: out.append(start, bytes.count)
        case .xmlText: _ = Escaping.text(start, bytes.count, &out)
        case .xmlAttribute: _ = Escaping.attribute(start, bytes.count, &out)
        case .jsonString: _ = Escaping.json(start, bytes.count, &out)
        case .csvCell: Escaping.cell(start, bytes.count, &out)
        }
    }
    return Array(out.bytes)
}
