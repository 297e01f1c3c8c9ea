/// A character set that text files come in.
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
}
