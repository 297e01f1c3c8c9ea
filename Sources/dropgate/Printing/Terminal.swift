import GatewayCore
import Glibc

/// What commands say to people.
enum Terminal {
    static func say(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }
    static func note(_ text: String) { write(text + "\n", to: STDERR_FILENO) }
    static func complain(_ finding: Finding) { note(finding.sentence()) }

    /// A file's content: on a terminal its control characters are made visible, so that it can't steer the terminal.
    static func show(_ text: String) {
        guard isatty(STDOUT_FILENO) == 1 else { return write(text, to: STDOUT_FILENO) }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(
                line.unicodeScalars.map {
                    $0 == "\t" || $0 == "\r" || $0 == "\u{FEFF}" || $0.value >= 0xA0 || (0x20..<0x7F).contains($0.value)
                        ? Character($0) : "·"
                })
        }
        write(lines.joined(separator: "\n"), to: STDOUT_FILENO)
    }

    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes all of it; a reader that went away ends the command quietly, as a pipe's end does.
    static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { _ = try? FileIO.write(UnsafeRawBufferPointer($0), to: descriptor, shown: "output") }  // nobody is left to tell
    }

    /// Columns of text, each as wide as its widest cell; numbers (columns named in `right`) flush right.
    static func table(_ head: [String], _ rows: [[String]], right: Set<Int> = []) -> String {
        let all = [head] + rows
        let widths = head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            row.enumerated().map { column, cell in
                let blank = String(repeating: " ", count: widths[column] - cell.count)
                return right.contains(column) ? blank + cell : column == row.count - 1 ? cell : cell + blank
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// `2026-11-24 09:30:05 UTC`.
    static func time(_ milliseconds: Int64) -> String {
        var seconds = time_t(milliseconds / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var buffer = [CChar](repeating: 0, count: 32)
        let length = strftime(&buffer, buffer.count, "%Y-%m-%d %H:%M:%S UTC", &parts)
        return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
