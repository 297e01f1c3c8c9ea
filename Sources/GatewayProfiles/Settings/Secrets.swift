@_spi(HotPath) import GatewayCore
import Glibc

/// Reads values of secrets, when a document is published and never before.
package enum Secrets {
    private static let sizeLimit = 4096

    /// - Parameters:
    ///   - key: the secret's name, for findings; its value never shows.
    ///   - root: folder that `file:` paths are relative to.
    package static func value(_ source: SecretSource, key: String, root: String?) throws(Finding) -> [UInt8] {
        switch source {
        case .environment(let variable):
            guard let value = getenv(variable), value.pointee != 0 else {
                throw Finding(.secretEnvironmentMissing, ["key": .plain(key), "variable": .plain(variable)])
            }
            return Array(UnsafeBufferPointer(start: value, count: strlen(value))).map { UInt8(bitPattern: $0) }
        case .file(let path):
            return try fileValue(path, key: key, root: root)
        }
    }

    /// A login key's file: it must be there and closed to others. Its bytes stay there.
    package static func keyFile(_ path: String, root: String?) throws(Finding) -> Bool {
        try !fileValue(path, key: "key", root: root, limit: 1 << 16).isEmpty
    }

    private static func fileValue(_ path: String, key: String, root: String?, limit: Int = sizeLimit) throws(Finding) -> [UInt8] {
        let full = path.hasPrefix("/") ? path : (root ?? ".") + "/" + path
        let shown = Place(file: path)
        // Follows links: secret stores mount secrets as links to files of their own.
        let descriptor = open(full, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Finding(.secretFileUnreadable, at: shown, found: .plain(FileIO.reason(errno)), ["key": .plain(key)])
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Finding(.secretFileUnreadable, at: shown, ["key": .plain(key)])
        }
        guard status.st_mode & 0o077 == 0 else {
            let mode = "0" + String(status.st_mode & 0o777, radix: 8)
            throw Finding(.secretFileOpen, at: shown, found: .plain(mode), ["key": .plain(key), "file": .plain(path)])
        }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0, count <= limit else {
            throw Finding(.secretFileUnreadable, at: shown, found: .plain("\(max(count, 0)) bytes"), ["key": .plain(key)])
        }
        bytes.removeSubrange(count...)
        // Editors end a file with a line end; it is not part of the value.
        while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
        guard !bytes.isEmpty else { throw Finding(.secretFileUnreadable, at: shown, ["key": .plain(key)]) }
        return bytes
    }
}

/// The marks that stand in a written document where a secret goes: a NUL, then the secret's index + 1.
package enum SecretMarks {
    /// The document for people: `•••` for each secret.
    package static func redacted(_ document: some Collection<UInt8>) -> [UInt8] { replaced(document, by: "•••") }

    /// The document for a schema, which sees letters where a secret goes.
    static func standIn(_ document: some Collection<UInt8>) -> [UInt8] { replaced(document, by: "xxxxxxxx") }

    private static func replaced(_ document: some Collection<UInt8>, by text: String) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(document.count)
        var isMark = false
        for byte in document {
            if isMark {
                isMark = false
            } else if byte == Output.secretMark {
                out += Array(text.utf8)
                isMark = true
            } else {
                out.append(byte)
            }
        }
        return out
    }

    /// Gives the document piece by piece with the secrets in their places.
    ///
    /// - Parameter values: as ``Workspace/secretBytes(of:)`` gives them.
    package static func fill(
        _ document: UnsafeRawBufferPointer, with values: [[UInt8]], into sink: (UnsafeRawBufferPointer) throws(Finding) -> Void
    ) throws(Finding) {
        var rest = document
        while let mark = rest.firstIndex(of: Output.secretMark), mark + 1 < rest.count {
            try sink(UnsafeRawBufferPointer(rebasing: rest[..<mark]))
            let index = Int(rest[mark + 1]) - 1
            if values.indices.contains(index) {
                try FileIO.unsafeBytes(values[index]) { (bytes) throws(Finding) in try sink(bytes) }
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[(mark + 2)...])
        }
        try sink(rest)
    }
}
