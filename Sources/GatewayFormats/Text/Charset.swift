import CScan
import GatewayCore

/// A character set that text files come in. Raw values are the names that profiles state under `charset:`.
package enum Charset: String, Sendable, CaseIterable {
    case utf8 = "UTF-8"
    case utf16LittleEndian = "UTF-16LE"
    case utf16BigEndian = "UTF-16BE"
    /// Turkish as Windows writes it.
    case windows1254 = "windows-1254"
    /// Turkish by the standard: without the characters 0x80 to 0x9F of windows-1254.
    case latin5 = "ISO-8859-9"
    /// Western European as Windows writes it.
    case windows1252 = "windows-1252"
    /// Japanese as Windows writes it (Shift JIS with its extensions).
    case cp932 = "cp932"

    /// The set that a profile names, in capitals or not.
    package static func named(_ text: String) -> Charset? { allCases.first { $0.rawValue.lowercased() == text.lowercased() } }

    var code: Int32 {
        let code =
            switch self {
            case .utf8: DG_UTF8
            case .utf16LittleEndian: DG_UTF16_LE
            case .utf16BigEndian: DG_UTF16_BE
            case .windows1254: DG_WINDOWS_1254
            case .latin5: DG_LATIN_5
            case .windows1252: DG_WINDOWS_1252
            case .cp932: DG_CP932
            }
        return Int32(code.rawValue)
    }

    /// Bytes of the mark at the start of a file.
    package func markLength(_ start: [UInt8]) -> Int {
        switch self {
        case .utf8: start.starts(with: CSVDialect.mark) ? 3 : 0
        case .utf16LittleEndian: start.starts(with: [0xFF, 0xFE]) ? 2 : 0
        case .utf16BigEndian: start.starts(with: [0xFE, 0xFF]) ? 2 : 0
        case .windows1254, .latin5, .windows1252, .cp932: 0
        }
    }

    /// The bytes as UTF-8. What the set does not have becomes the byte 0xFF, which UTF-8 never has.
    package func utf8(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bytes.count * 3 + 16) { out, count in
            var used = 0
            count = out.baseAddress.map { dg_to_utf8(code, bytes, bytes.count, 1, $0, &used) } ?? 0
        }
    }
}

/// A source in another character set, given as UTF-8 without a mark. What the set does not have becomes the byte 0xFF, for the reader to find.
package final class TranscodingSource: ByteSource {
    private let source: any ByteSource
    private let charset: Charset
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 3 << 16 + 64, alignment: 64)
    /// Bytes of `input` that a piece cut, and what waits in `output`.
    private var rest = 0
    private var ready = 0..<0
    private var hasEnded = false
    private var isStart = true

    package init(_ source: any ByteSource, from charset: Charset) {
        self.source = source
        self.charset = charset
    }

    deinit {
        input.deallocate()
        output.deallocate()
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(Finding) -> Int {
        while ready.isEmpty {
            guard !hasEnded else { return 0 }
            try convert()
        }
        let count = min(buffer.count, ready.count)
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: output[ready.prefix(count)]))
        ready = ready.lowerBound + count..<ready.upperBound
        return count
    }

    private func convert() throws(Finding) {
        let got = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: input[rest...]))
        hasEnded = got == 0
        let all = rest + got
        var skipped = 0
        if isStart {
            // The mark has to be there whole to be seen.
            guard all >= 4 || hasEnded else {
                rest = all
                return
            }
            skipped = charset.markLength(Array(input[..<min(4, all)]))
            isStart = false
        }
        guard let from = input.baseAddress, let to = output.baseAddress else { return }
        var used = 0
        let written = dg_to_utf8(
            charset.code, (from + skipped).assumingMemoryBound(to: UInt8.self), all - skipped, hasEnded ? 1 : 0,
            to.assumingMemoryBound(to: UInt8.self), &used)
        rest = all - skipped - used
        from.copyMemory(from: from + skipped + used, byteCount: rest)
        ready = 0..<written
    }
}

extension LayoutInput {
    /// The text as UTF-8, without a mark, from the start.
    package func text() -> any ByteSource { TranscodingSource(bytes(), from: charset) }

    /// The same file, read as another character set.
    package func with(_ charset: Charset) -> LayoutInput {
        LayoutInput(descriptor, size: size, file: file, limits: limits, charset: charset, scratch: scratch)
    }
}
