import Foundation
import Glibc

/// A folder that is removed with everything in it when the last reference goes.
package final class TemporaryFolder: Sendable {
    package let path: String

    /// - Parameter parent: nil: the system's folder for temporary files.
    /// - Throws: what the system says when no folder can be made.
    package init(in parent: String? = nil) throws {
        var base = parent ?? NSTemporaryDirectory()
        while base.hasSuffix("/") { base.removeLast() }
        var template = Array((base + "/dropgate-test-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        // A test's leftovers in the system's temporary folder are no failure of what it tests.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Path of something in it.
    package func path(_ name: String) -> String { path + "/" + name }

    /// Makes a folder in it and gives its path.
    @discardableResult
    package func makeFolder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
        return path(name)
    }

    /// Writes a file in it and gives its path.
    @discardableResult
    package func write(_ bytes: some Collection<UInt8>, to name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    @discardableResult
    package func write(_ text: String, to name: String) throws -> String { try write(Array(text.utf8), to: name) }

    /// Contents of a file in it; nil when it is not there.
    package func contents(_ name: String) -> [UInt8]? { FileManager.default.contents(atPath: path(name)).map { [UInt8]($0) } }

    package func text(_ name: String) -> String? { contents(name).map { String(decoding: $0, as: UTF8.self) } }

    /// Names in it or in a folder of it, hidden ones too, sorted.
    package func names(in folder: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path(folder)).sorted()
    }
}
