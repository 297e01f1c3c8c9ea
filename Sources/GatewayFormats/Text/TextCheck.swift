import CScan
import GatewayCore

/// The one place that judges whether bytes are text we read: UTF-8 without NUL.
enum TextCheck {
    /// What stands at a byte that is no UTF-8, for a finding: up to four bytes in hexadecimal.
    static func shown(_ bytes: UnsafeRawBufferPointer) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        return bytes.prefix(4).map { "0x" + String(decoding: [digits[Int($0 >> 4)], digits[Int($0 & 15)]], as: UTF8.self) }
            .joined(separator: " ")
    }

    /// A finding for the bytes that begin at a place where they are not UTF-8. Character sets are named, not guessed.
    static func notUTF8(_ bytes: UnsafeRawBufferPointer, at place: Place) -> Finding {
        Finding(
            .textNotUTF8, at: place, found: .plain(shown(bytes)),
            ["candidates": .plain("Windows-1254 (Turkish), Windows-1252")])
    }

    /// Checks a short text whole; `place` is told the offset of what is wrong.
    static func check(_ bytes: [UInt8], place: (Int) -> Place) throws(Finding) {
        var error = 0
        let stop = dg_check_text(bytes, bytes.count, &error)
        guard stop != Int32(DG_DONE.rawValue) else { return }
        if stop == Int32(DG_NUL.rawValue) { throw Finding(.nulByte, at: place(error)) }
        let found = bytes.withUnsafeBytes { all in
            notUTF8(UnsafeRawBufferPointer(rebasing: all[error...]), at: place(error))
        }
        throw found
    }
}
