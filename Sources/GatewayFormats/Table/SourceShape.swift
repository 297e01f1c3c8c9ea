import GatewayCore
import Glibc

/// What kind of file it is, told by its first bytes and never by its name.
package enum SourceShape: String, Sendable, CaseIterable {
    /// Delimited or fixed-width text in any character set.
    case text
    /// Begins with `{` or `[`; lines of objects included.
    case json
    /// Begins with `<`.
    case xml
    /// A zip archive, or the container of old and of encrypted workbooks.
    case workbook

    /// Bytes that are looked at.
    package static let lookLength = 1 << 12

    /// - Parameter start: the file's first bytes, at most ``lookLength`` of them.
    package static func of(_ start: [UInt8]) -> SourceShape {
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) || start.starts(with: [0x50, 0x4B, 0x05, 0x06]) { return .workbook }
        if Workbook.begins(start) { return .workbook }
        switch firstCharacter(start) {
        case 0x3C: return .xml
        case 0x7B, 0x5B: return .json
        case _: return .text
        }
    }

    /// - Throws: a finding when the file can't be read.
    package static func of(_ input: LayoutInput) throws(Finding) -> SourceShape { of(try input.start()) }

    /// The first byte that is no mark, blank or NUL: UTF-16 has NULs around its ASCII characters.
    private static func firstCharacter(_ start: [UInt8]) -> UInt8? {
        var rest = start[...]
        for mark: [UInt8] in [[0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF]] where rest.starts(with: mark) {
            rest = rest.dropFirst(mark.count)
        }
        return rest.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D && $0 != 0 }
    }
}

extension LayoutInput {
    /// The first bytes of the file, at most `count`.
    package func start(_ count: Int = SourceShape.lookLength) throws(Finding) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(min(Int64(count), max(size, 0))))
        var filled = 0
        while filled < bytes.count {
            let got = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress.map { $0 + filled }, $0.count - filled, off_t(filled))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw FileIO.finding(.fileReadFailed, file ?? "file") }
            if got == 0 { break }
            filled += got
        }
        return Array(bytes.prefix(filled))
    }
}
