import GatewayCore
import Glibc

/// The parts of a dropped workbook: opened by name, in any order, each as often as needed.
final class WorkbookParts {
    private let descriptor: Int32
    private let size: Int64
    private let directory: ZipDirectory
    let file: String?
    let limits: IntakeLimits

    /// Whether a file begins as a workbook of any kind does: a zip, or the container of old and of encrypted ones.
    static func begins(_ bytes: some Collection<UInt8>) -> Bool { ZipDirectory.begins(bytes) || bytes.starts(with: oldMark) }

    /// Source: [MS-CFB] 2.2.
    private static let oldMark: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]

    /// - Parameter descriptor: read by position; its own stays.
    init(descriptor: Int32, file: String?, limits: IntakeLimits) throws(Finding) {
        self.descriptor = descriptor
        self.file = file
        self.limits = limits
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileIO.finding(.fileReadFailed, file ?? "file") }
        size = Int64(status.st_size)
        let window = FileWindow(descriptor, shown: file ?? "file")
        let start = try withExtendedLifetime(window) { () throws(Finding) in Array(try window.bytes(at: 0, 8)) }
        if start.starts(with: Self.oldMark) { throw try Self.old(descriptor, file: file) }
        directory = try ZipDirectory(descriptor: descriptor, size: size, file: file)
    }

    /// An encrypted workbook lies in the same container as an old one; its stream has a name. Source: [MS-OFFCRYPTO] 2.3.4.
    private static func old(_ descriptor: Int32, file: String?) throws(Finding) -> Finding {
        let window = FileWindow(descriptor, shown: file ?? "file")
        defer { withExtendedLifetime(window) {} }
        let name: [UInt8] = "EncryptedPackage".utf8.flatMap { [$0, UInt8(0)] }
        var at: Int64 = 0
        while true {
            let piece = Array(try window.bytes(at: at, 1 << 16))
            if piece.count < 128 { break }
            // Names stand in entries of 128 bytes.
            for start in stride(from: 0, to: piece.count - 127, by: 128) {
                guard piece[start..<start + name.count].elementsEqual(name) else { continue }
                return Finding(.workbookEncrypted, at: Place(file: file, isRecord: true), found: .plain("EncryptedPackage"))
            }
            at += Int64(piece.count / 128 * 128)
            if at > 64 << 20 { break }
        }
        return Finding(.workbookKind, at: Place(file: file, isRecord: true), found: .plain("an old workbook (.xls)"))
    }

    func place(_ part: String? = nil) -> Place { Place(file: file, name: part, isRecord: true) }

    func has(_ part: String) -> Bool { directory.entry(part) != nil }

    /// What it is, when it is no workbook.
    func otherKind() -> Finding {
        if directory.entries.contains(where: { $0.isEncrypted }) {
            return Finding(.workbookEncrypted, at: place(), found: .plain("an encrypted zip"))
        }
        let kind =
            if has("xl/workbook.bin") { "a binary workbook (.xlsb)" } else if has("mimetype"), has("content.xml") {
                "an OpenDocument file (.ods)"
            } else if has("word/document.xml") { "a text document (.docx)" } else { "a zip without a workbook" }
        return Finding(.workbookKind, at: place(), found: .plain(kind))
    }

    func open(_ part: String) throws(Finding) -> ZipEntry {
        guard let index = directory.entry(part) else {
            throw Finding(.workbookDamaged, at: place(part), ["detail": .plain("the part \(part)")])
        }
        return try ZipEntry(directory, index, descriptor: descriptor, size: size, file: file, limit: limits.file)
    }

    /// Walks through a part; to its last byte, so that its check sum is compared, unless the listener has enough before.
    func walk(_ part: String, _ listener: any XMLListener) throws(Finding) {
        let entry = try open(part)
        let place = place(part)
        try XMLWalk.run(
            entry, listener, doctype: Finding(.workbookDoctype, at: place, found: .plain("<!DOCTYPE"))
        ) { message, line in
            Finding(
                .workbookDamaged, at: place, found: .plain(message), ["detail": .plain("well-formed XML, line \(line) of \(part)")])
        }
        guard !listener.hasEnough else { return }
        let rest = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 12, alignment: 16)
        defer { rest.deallocate() }
        while try entry.read(into: rest) > 0 {}
    }
}
