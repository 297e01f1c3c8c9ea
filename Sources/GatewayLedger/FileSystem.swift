#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Which file system a folder stands on. SQLite's write-ahead log needs memory that all processes share, so a network
/// file system is refused. Source: sqlite.org/wal.html, "does not work over a network filesystem".
///
/// The mount table tells it: `statfs` knows all of FUSE by one number and could not tell sshfs from a local one.
enum FileSystem {
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Makes an empty file that only its owner reads, where there is none; SQLite's log files take its rights over.
    static func make(_ path: String) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        // What can't be made SQLite can't open either, and it says why.
        if descriptor >= 0 { close(descriptor) }
    }

    /// Type of the network file system that holds `folder`; nil: a local one, or one that can't be told.
    static func network(at folder: String) -> String? {
        guard let real = realpath(folder, nil), let table = fopen("/proc/self/mountinfo", "r") else {
            return nil
        }
        let path = String(cString: real)
        free(real)
        defer { fclose(table) }
        var lines: [String] = []
        var line: UnsafeMutablePointer<CChar>?
        var room = 0
        defer { free(line) }
        while getline(&line, &room, table) > 0, let text = line { lines.append(String(cString: text)) }
        return network(at: path, mounts: lines)
    }

    /// - Parameters:
    ///   - path: absolute, links resolved.
    ///   - mounts: lines of `/proc/self/mountinfo`. Source: Linux `proc(5)`.
    static func network(at path: String, mounts: [String]) -> String? {
        var best: (length: Int, type: String)?
        for line in mounts {
            guard let mount = entry(line) else { continue }
            let leads = path == mount.point || mount.point == "/" || path.hasPrefix(mount.point + "/")
            // Of two mounts on one point the later one is seen.
            if leads, mount.point.utf8.count >= best?.length ?? 0 {
                best = (mount.point.utf8.count, mount.type)
            }
        }
        guard let type = best?.type else { return nil }
        let name = type.hasPrefix("fuse.") ? String(type.dropFirst(5)) : type
        return remote.contains(name) ? type : nil
    }

    private static let remote: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "glusterfs", "gfs2",
        "ocfs2", "ncpfs", "sshfs",
        "rclone", "s3fs", "gcsfuse", "davfs", "davfs2", "curlftpfs", "smbnetfs", "goofys",
    ]

    /// Mount point and type of a line; blanks stand there as `\040`.
    private static func entry(_ line: String) -> (point: String, type: String)? {
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\n" })
        guard let dash = words.firstIndex(of: "-"), dash > 4, words.count > dash + 1 else { return nil }
        return (plain(words[4]), String(words[dash + 1]))
    }

    private static func plain(_ text: Substring) -> String {
        var out: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                digits.allSatisfy({ (48...55).contains($0) })
            {
                out.append(UInt8(truncatingIfNeeded: digits.reduce(0) { $0 * 8 + Int($1) - 48 }))
                rest = rest.dropFirst(3)
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
