import FoundationEssentials

/// Real files and public schemas that stand beside the repository, read in place; never in it.
package enum SharedFiles {
    /// The folder `shared` beside the repository, nil where it is absent (a plain clone).
    package static let root: String? = {
        var folder = #filePath.split(separator: "/").dropLast(3)
        folder = folder.dropLast() + ["shared"]
        let path = "/" + folder.joined(separator: "/")
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    /// Contents of a file below it; nil where the folder is absent.
    package static func contents(_ path: String) -> [UInt8]? {
        guard let root, let data = FileManager.default.contents(atPath: root + "/" + path) else { return nil }
        return [UInt8](data)
    }
}
