import Foundation
import GatewayCore
import Glibc
import Synchronization

/// A drop store without a disk on the partner's side: what a partner would see is a dictionary.
package final class MemoryDropStore: DropStore {
    package let name: String
    private let files = Mutex<[String: File]>([:])

    private struct File {
        var bytes: [UInt8]
        var modified: Int64
        var inode: UInt64
    }

    package init(name: String = "memory") { self.name = name }

    // MARK: The partner's side

    /// Drops a file, or replaces the one of that name.
    package func put(_ bytes: some Collection<UInt8>, as name: String) {
        files.withLock { files in
            let inode = (files.values.map(\.inode).max() ?? 0) + 1
            files[name] = File(bytes: Array(bytes), modified: Int64(inode) * 1_000_000_000, inode: inode)
        }
    }

    package func contents(_ name: String) -> [UInt8]? { files.withLock { $0[name]?.bytes } }

    package func remove(_ name: String) { files.withLock { $0[name] = nil } }

    /// All names, sorted.
    package var names: [String] { files.withLock { $0.keys.sorted() } }

    // MARK: DropStore

    package func list(limit: Int) throws(Finding) -> [DropEntry] {
        let all = files.withLock { $0 }
        var entries: [DropEntry] = []
        for (name, file) in all.sorted(by: { ($0.value.modified, $0.key) < ($1.value.modified, $1.key) }) {
            switch NameRule.judge(name) {
            case .passedOver: continue
            case .candidate:
                entries.append(DropEntry(name: name, size: Int64(file.bytes.count), modified: file.modified, inode: file.inode))
            case .refused(let code, let shown):
                entries.append(
                    DropEntry(name: shown, size: 0, modified: 0, inode: 0, refusal: Finding(code, at: place(shown), found: .plain(shown))))
            }
        }
        return Array(entries.filter { $0.refusal == nil }.prefix(limit)) + entries.filter { $0.refusal != nil }
    }

    package func open(_ entry: DropEntry) throws(Finding) -> Int32 {
        let file = try listed(entry)
        var template = Array((NSTemporaryDirectory() + "/dropgate-memory-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw FileIO.finding(.fileWriteFailed, "memory") }
        unlink(template)
        try FileIO.unsafeBytes(file.bytes) { (bytes) throws(Finding) in try FileIO.write(bytes, to: descriptor, shown: "memory") }
        lseek(descriptor, 0, SEEK_SET)
        return descriptor
    }

    package func take(_ entry: DropEntry, to path: String) throws(Finding) {
        let file: File
        do {
            file = try listed(entry)
        } catch  where error.code == .intakeFileGone {
            guard FileIO.exists(path), try FileIO.contents(path, shown: "memory").count == Int(entry.size) else { throw error }
            return
        }
        if FileIO.exists(path) {
            guard try FileIO.contents(path, shown: "memory") == file.bytes else {
                throw Finding(.intakeTakeOccupied, at: place(entry.name), found: .plain("another file"))
            }
        } else {
            try FileIO.replace(path, with: file.bytes, shown: "memory")
        }
        files.withLock { $0[entry.name] = nil }
    }

    package func publish(
        _ path: String, as name: String,
        rewrite: (@Sendable (UnsafeRawBufferPointer, (UnsafeRawBufferPointer) throws(Finding) -> Void) throws(Finding) -> Void)?
    ) throws(Finding) -> PublishOutcome {
        guard NameRule.mayPublish(name) else {
            throw Finding(.publishNameRefused, at: Place(file: self.name), found: .plain(name))
        }
        guard FileIO.exists(path) else {
            if contents(name) != nil { return .alreadyThere }
            throw Finding(.publishSourceMissing, at: place(name))
        }
        let source = try FileIO.contents(path, shown: "memory", limit: .max)
        var bytes = source
        if let rewrite {
            bytes = []
            try FileIO.unsafeBytes(source) { (all) throws(Finding) in
                try rewrite(all) { (piece) throws(Finding) in bytes.append(contentsOf: piece) }
            }
        }
        let there = files.withLock { files -> [UInt8]? in
            if let there = files[name] { return there.bytes }
            let inode = (files.values.map(\.inode).max() ?? 0) + 1
            files[name] = File(bytes: bytes, modified: Int64(inode) * 1_000_000_000, inode: inode)
            return nil
        }
        guard let there else {
            if rewrite == nil { unlink(path) }
            return .published
        }
        guard there == bytes else { throw Finding(.publishNameTaken, at: place(name), found: .plain("another file")) }
        return .alreadyThere
    }

    package func flush() throws(Finding) {}

    package func size(of name: String) throws(Finding) -> Int64? {
        guard NameRule.mayPublish(name) else {
            throw Finding(.publishNameRefused, at: Place(file: self.name), found: .plain(name))
        }
        return contents(name).map { Int64($0.count) }
    }

    private func listed(_ entry: DropEntry) throws(Finding) -> File {
        if let refusal = entry.refusal { throw refusal }
        guard let file = files.withLock({ $0[entry.name] }) else {
            throw Finding(.intakeFileGone, at: place(entry.name), found: .plain("No such file or directory"))
        }
        guard file.inode == entry.inode, file.modified == entry.modified, file.bytes.count == Int(entry.size) else {
            throw Finding(.intakeFileChanged, at: place(entry.name), found: .plain("another file"))
        }
        return file
    }

    private func place(_ file: String) -> Place { Place(file: name + "/" + file) }
}
