import CScan
import GatewayCore

/// The first bytes of a text.
package enum TextStart {
    /// Bytes that are looked at before a file is read: where another character set shows early, no pass is made in vain.
    package static let length = 1 << 14

    /// Whether bytes are no UTF-8, or NUL. A character that the end cuts is none.
    package static func hasForeignBytes(_ bytes: [UInt8]) -> Bool {
        var error = 0
        let stop = dg_check_text(bytes, bytes.count, &error)
        return stop == Int32(DG_NUL.rawValue) || stop == Int32(DG_NOT_UTF8.rawValue)
    }

    /// Whether an ASCII word stands in the bytes.
    package static func contains(_ bytes: [UInt8], _ word: String) -> Bool {
        let wanted = Array(word.utf8)
        guard bytes.count >= wanted.count, let first = wanted.first else { return false }
        return bytes.indices.dropLast(wanted.count - 1).contains {
            bytes[$0] == first && bytes[$0..<$0 + wanted.count].elementsEqual(wanted)
        }
    }
}
