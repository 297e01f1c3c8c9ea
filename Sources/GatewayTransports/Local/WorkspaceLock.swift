import GatewayCore
import Glibc
import Synchronization

/// One `run` per workspace: a lock on `state/lock` that ends with the process, however that ends.
///
/// The file stays when the lock is given up: removing it could take the lock of a process that has just opened it.
package final class WorkspaceLock: Sendable {
    /// The process that runs on a workspace.
    package struct Holder: Hashable, Sendable {
        package let pid: Int32
        /// When it started, `2026-11-24T22:19:19Z`.
        package let since: String
    }

    private let descriptor: Mutex<Int32?>

    private init(_ descriptor: Int32) { self.descriptor = Mutex(descriptor) }

    deinit { release() }

    /// Ends the lock; again does nothing.
    package func release() {
        descriptor.withLock { descriptor in
            if let descriptor { close(descriptor) }
            descriptor = nil
        }
    }

    /// Takes the lock, or refuses with `state.workspace.locked` naming the process that has it and since when.
    ///
    /// - Parameter nowMilliseconds: milliseconds since 1970.
    package static func acquire(stateFolder: String, nowMilliseconds now: Int64) throws(Finding) -> WorkspaceLock {
        let file: Descriptor
        do {
            file = try lock(stateFolder + "/lock")
        } catch {
            let place = Place(file: "state/lock")
            guard error.number == EWOULDBLOCK else {
                throw Finding(.intakeWorkspaceUnlockable, at: place, found: .plain(error.text))
            }
            let holder = content(stateFolder)
            throw Finding(
                .workspaceLocked, at: place, found: .plain("a lock"),
                ["pid": .plain(holder.map { String($0.pid) } ?? "?"), "started": .plain(holder?.since ?? "?")])
        }
        do {
            _ = try System.check { ftruncate(file.raw, 0) }
            try System.write(Array("\(getpid())\n\(UTCText.seconds(now))\n".utf8), to: file)
        } catch {
            throw Finding(.intakeWorkspaceUnlockable, at: Place(file: "state/lock"), found: .plain(error.text))
        }
        return WorkspaceLock(file.release())
    }

    private static func lock(_ path: String) throws(SystemError) -> Descriptor {
        let file = Descriptor(try System.check { open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644) })
        // ``holder(stateFolder:)`` of another command has the lock for a moment: ten tries in a fifth of a second.
        for _ in 1..<10 where flock(file.raw, LOCK_EX | LOCK_NB) != 0 { poll(nil, 0, 20) }
        _ = try System.check { flock(file.raw, LOCK_EX | LOCK_NB) }
        return file
    }

    /// The process that runs on the workspace; nil when none does.
    package static func holder(stateFolder: String) -> Holder? {
        let file: Descriptor
        do {
            file = try System.openFile(stateFolder + "/lock", in: .here())
        } catch {
            return nil  // No lock file: nobody ever ran here.
        }
        // Whoever gets the shared lock knows that nobody has the exclusive one; it ends with the descriptor.
        guard flock(file.raw, LOCK_SH | LOCK_NB) != 0 else { return nil }
        return content(stateFolder) ?? Holder(pid: 0, since: "?")
    }

    private static func content(_ stateFolder: String) -> Holder? {
        let bytes: [UInt8]
        do {
            bytes = try System.head(System.openFile(stateFolder + "/lock", in: .here()), limit: 128)
        } catch {
            return nil  // Only the words of a refusal are lost.
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.count == 2, let pid = Int32(lines[0]) else { return nil }
        return Holder(pid: pid, since: String(lines[1]))
    }
}

/// Instants as text.
enum UTCText {
    /// `2026-11-24T22:19:19Z` of milliseconds since 1970.
    static func seconds(_ milliseconds: Int64) -> String {
        var seconds = time_t(milliseconds / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
        return
            "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
    }
}
