import GatewayCore
import Glibc

/// Where files of mappings are looked up: folders on the disk first, file by file, then what came with the binary.
struct MappingFiles: Sendable {
    /// A folder in the shape of `mappings/`.
    struct Base: Sendable {
        /// Path on the disk.
        var folder: String
        /// Its name in findings; empty for the folder that the command runs in.
        var shown: String

        func name(of relative: String) -> String { shown.isEmpty ? relative : shown + "/" + relative }
    }

    let bases: [Base]

    /// The file at `relative`, such as `channels/NAME.yaml`; nil when there is none.
    func read(_ relative: String) throws(Finding) -> MappingFile? {
        for base in bases {
            let path = base.folder + "/" + relative
            guard let stamp = FileStamp(path) else { continue }
            let shown = base.name(of: relative)
            return MappingFile(shown: shown, bytes: try ConfigFile.contents(path, shown: shown), stamp: stamp)
        }
        return ShippedFiles.bytes("mappings/" + relative).map { MappingFile(shown: "mappings/" + relative, bytes: $0, stamp: nil) }
    }

    /// How the file at `relative` stands now, to notice a change. Nil: not on the disk.
    func stamp(_ relative: String) -> FileStamp? {
        for base in bases {
            if let stamp = FileStamp(base.folder + "/" + relative) { return stamp }
        }
        return nil
    }

    /// Path on the disk of the file at `relative`; nil when it is not there.
    func path(_ relative: String) -> (path: String, shown: String)? {
        for base in bases where FileStamp(base.folder + "/" + relative) != nil {
            return (base.folder + "/" + relative, base.name(of: relative))
        }
        return nil
    }

    /// Names without their ending of the files in `folder`, the disk's and the shipped ones, sorted.
    func names(in folder: String, ending: String) -> [String] {
        var names = Set<String>()
        for base in bases {
            for name in FileIO.names(in: base.folder + "/" + folder) where name.hasSuffix(ending) && !name.hasPrefix(".") {
                names.insert(String(name.dropLast(ending.count)))
            }
        }
        let prefix = "mappings/" + folder + "/"
        for path in ShippedFiles.paths where path.hasPrefix(prefix) && path.hasSuffix(ending) {
            let name = path.dropFirst(prefix.count).dropLast(ending.count)
            if !name.contains("/") { names.insert(String(name)) }
        }
        return names.sorted()
    }
}

/// A file of mappings with what tells its versions apart.
struct MappingFile: Sendable {
    var shown: String
    var bytes: [UInt8]
    /// Nil: it came with the binary.
    var stamp: FileStamp?
}

/// What changes when a regular file is written or replaced.
struct FileStamp: Sendable, Hashable {
    private let inode: UInt64
    private let size: Int64
    private let seconds: Int
    private let nanoseconds: Int

    /// Nil when there is no regular file at `path`.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}
