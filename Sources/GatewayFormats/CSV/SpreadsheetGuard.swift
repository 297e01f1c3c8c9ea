@_spi(HotPath) import GatewayCore

/// What a spreadsheet would take as a formula, and the apostrophe that keeps it a text. Source: OWASP, "CSV Injection".
///
/// A spreadsheet may split at another delimiter than the file's (with Turkish settings at `;`), quotes or not, so a
/// formula may begin behind any delimiter or line end inside a cell as well as at the cell's start.
package enum SpreadsheetGuard {
    private static let apostrophe: UInt8 = 0x27

    /// The text with an apostrophe before everything in it that would begin a formula; most texts come back as they are.
    package static func guarded(_ text: String) -> String {
        var text = text
        let bytes = text.withUTF8 { guarded(UnsafeRawBufferPointer($0)) }
        return bytes.map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// Nil: there is nothing to guard. Quotes behind a delimiter do not end its danger; quotes at the start do, unless the
    /// bytes are a raw cell whose quotes a spreadsheet takes off.
    static func guarded(_ value: UnsafeRawBufferPointer, isRaw: Bool = false) -> [UInt8]? {
        var out: [UInt8] = []
        var copied = 0
        places(value, isRaw) { at in
            out += value[copied..<at]
            out.append(apostrophe)
            copied = at
        }
        guard !out.isEmpty else { return nil }
        return out + value[copied...]
    }

    /// Writes ``guarded(_:isRaw:)``, or the value as it is.
    static func write(_ value: UnsafeRawBufferPointer, isRaw: Bool, to out: inout Output) {
        guard let start = value.baseAddress else { return }
        var copied = 0
        places(value, isRaw) { at in
            out.append(start + copied, at - copied)
            out.append(apostrophe)
            copied = at
        }
        out.append(start + copied, value.count - copied)
    }

    /// Calls `mark` for each byte that needs an apostrophe before it.
    @inline(__always) private static func places(_ value: UnsafeRawBufferPointer, _ isRaw: Bool, _ mark: (Int) -> Void) {
        var walk = Walk(isRaw: isRaw)
        for at in 0..<value.count {
            if walk.isOpen, begins(value, at) { mark(at) }
            walk.step(value[at])
        }
    }

    /// Takes off the apostrophes that ``guarded(_:)`` puts inside a cell. The one at its start is not touched.
    static func unguardedInside(_ value: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var walk = Walk(isRaw: false)
        for (at, byte) in value.enumerated() {
            if at > 0, walk.isOpen, byte == apostrophe, value.withUnsafeBytes({ $0.count > at + 1 && begins($0, at + 1) }) { continue }
            out.append(byte)
            walk.step(byte)
        }
        return out
    }

    /// Begins with `=` `+` `-` `@` tab, a line end or a full-width form, and is no plain negative number.
    static func isFormula(_ value: UnsafeRawBufferPointer) -> Bool {
        guard let first = value.first else { return false }
        switch first {
        case 0x09, 0x0A, 0x0D: return true
        case 0x2D: return !isPlainNumber(value)
        default: return isSign(value, 0)
        }
    }

    private static func begins(_ value: UnsafeRawBufferPointer, _ at: Int) -> Bool {
        // What follows a number inside a cell is not known here: the spreadsheet may read on into the next cell.
        at == 0 ? isFormula(value) : isSign(value, at)
    }

    private static func isSign(_ value: UnsafeRawBufferPointer, _ at: Int) -> Bool {
        switch value[at] {
        case 0x3D, 0x2B, 0x2D, 0x40: true
        case 0xEF: value.count >= at + 3 && value[at + 1] == 0xBC && [0x9D, 0x8B, 0x8D, 0xA0].contains(value[at + 2])
        default: false
        }
    }

    /// `-`, digits, and perhaps one point or comma with digits after it.
    private static func isPlainNumber(_ value: UnsafeRawBufferPointer) -> Bool {
        let parts = value.dropFirst().split(omittingEmptySubsequences: false) { $0 == 0x2E || $0 == 0x2C }
        return parts.count <= 2 && parts.allSatisfy { part in !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) } }
    }

    /// Knows where a cell of some spreadsheet may begin: behind each of ``CSVDialect/candidates`` and line ends.
    private struct Walk {
        /// What comes next may be a cell's first character.
        private(set) var isOpen = true
        private var quotesStayOpen: Bool

        init(isRaw: Bool) { quotesStayOpen = isRaw }

        mutating func step(_ byte: UInt8) {
            switch byte {
            case 0x2C, 0x3B, 0x09, 0x7C, 0x0A, 0x0D:
                isOpen = true
                quotesStayOpen = true
            default:
                isOpen = isOpen && quotesStayOpen && byte == 0x22
            }
        }
    }
}
