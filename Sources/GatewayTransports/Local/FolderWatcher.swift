internal import CShims
import GatewayCore
import Glibc
import Synchronization

/// Watches local folders by inotify.
///
/// A hint only: queues overflow, network file systems tell nothing. The regular listing is the truth.
package final class FolderWatcher: DropWatcher {
    private let root: String
    private let inotify: Int32
    private let alarm: Int32
    private let folders = Mutex<Folders>(Folders())

    private struct Folders {
        /// By number in the events.
        var paths: [Int: String] = [:]
        var numberOfWatch: [Int32: Int] = [:]
        /// Folders without a watch.
        var lost: Set<Int> = []
    }

    /// More events than this in one wait are told as ``WatchEvent/overflow``.
    private static let most = 10_000
    private static let mask = UInt32(
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

    /// - Parameter root: folder of the workspace, which findings leave out of paths.
    package init(root: String = "") throws(Finding) {
        self.root = root.isEmpty ? "" : root + "/"
        inotify = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        guard inotify >= 0 else { throw FolderWatcher.unavailable(Place(), SystemError.last()) }
        alarm = dropgate_eventfd()
        guard alarm >= 0 else {
            let error = SystemError.last()
            close(inotify)
            throw FolderWatcher.unavailable(Place(), error)
        }
    }

    deinit {
        close(inotify)
        close(alarm)
    }

    package func watch(_ path: String, as folder: Int) throws(Finding) {
        let error = folders.withLock { folders -> SystemError? in
            folders.paths[folder] = path
            let watch = inotify_add_watch(inotify, path, FolderWatcher.mask)
            guard watch >= 0 else {
                folders.lost.insert(folder)
                return .last()
            }
            folders.numberOfWatch[watch] = folder
            folders.lost.remove(folder)
            return nil
        }
        let shown = path.hasPrefix(root) ? String(path.dropFirst(root.count)) : path
        if let error { throw FolderWatcher.unavailable(Place(file: shown), error) }
    }

    package func restore() -> [Finding] {
        let lost = folders.withLock { folders in folders.lost.sorted().compactMap { n in folders.paths[n].map { (n, $0) } } }
        var findings: [Finding] = []
        for (folder, path) in lost {
            do { try watch(path, as: folder) } catch { findings.append(error) }
        }
        return findings
    }

    package func wake() {
        var one: UInt64 = 1
        _ = write(alarm, &one, 8)  // Fails only when it is set already.
    }

    package func wait(until deadline: Int64?) -> [WatchEvent] {
        var events: [WatchEvent] = []
        var seen: Set<WatchEvent> = []
        var waits = [pollfd(fd: inotify, events: Int16(POLLIN), revents: 0), pollfd(fd: alarm, events: Int16(POLLIN), revents: 0)]
        while true {
            let ready = poll(&waits, 2, milliseconds(until: deadline))
            if ready < 0 && errno == EINTR { continue }
            // A deadline beyond what poll() can wait for takes several turns.
            if ready == 0, let deadline, MonotonicTime.now() < deadline { continue }
            if ready <= 0 { return events }
            if waits[1].revents != 0 {
                var count: UInt64 = 0
                _ = read(alarm, &count, 8)  // Resets it; nothing to read means that it was reset already.
                events.append(.woken)
            }
            if waits[0].revents != 0 { drain(&events, &seen) }
            // Only names that nobody looks at: no reason to end the wait.
            if !events.isEmpty { return events }
        }
    }

    private func milliseconds(until deadline: Int64?) -> Int32 {
        guard let deadline else { return -1 }
        let left = deadline - MonotonicTime.now()
        return left <= 0 ? 0 : Int32(min((left + 999_999) / 1_000_000, 3_600_000))
    }

    private func drain(_ events: inout [WatchEvent], _ seen: inout Set<WatchEvent>) {
        let size = 1 << 16
        let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
        defer { block.deallocate() }
        let header = MemoryLayout<inotify_event>.size
        while true {
            let count = read(inotify, block, size)
            guard count > 0 else { return }  // Nothing more; a signal leaves the rest for the next wait.
            var at = 0
            while at + header <= count {
                let event = block.loadUnaligned(fromByteOffset: at, as: inotify_event.self)
                let name = UnsafeRawBufferPointer(start: block + at + header, count: Int(event.len)).prefix { $0 != 0 }
                at += header + Int(event.len)
                guard let event = translate(event, Array(name)), seen.insert(event).inserted else { continue }
                if events.count < FolderWatcher.most {
                    events.append(event)
                } else {
                    events = [.overflow]
                }
            }
        }
    }

    private func translate(_ event: inotify_event, _ name: [UInt8]) -> WatchEvent? {
        if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { return .overflow }
        let isGone = event.mask & UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED) != 0
        let folder = folders.withLock { folders -> Int? in
            guard let number = folders.numberOfWatch[event.wd] else { return nil }
            if isGone {
                folders.numberOfWatch[event.wd] = nil
                folders.lost.insert(number)
            }
            return number
        }
        guard let folder else { return nil }
        if isGone {
            // A moved folder would go on to tell of itself under its old number.
            if event.mask & UInt32(IN_IGNORED) == 0 { inotify_rm_watch(inotify, event.wd) }
            return .folderGone(folder: folder)
        }
        switch name.withUnsafeBufferPointer({ NameRule.judge($0) }) {
        case .passedOver: return nil
        case .refused: return .changed(folder: folder)
        case .candidate(let name):
            return event.mask & UInt32(IN_MOVED_TO) != 0
                ? .movedIn(folder: folder, name: name) : .written(folder: folder, name: name)
        }
    }

    private static func unavailable(_ place: Place, _ error: SystemError) -> Finding {
        Finding(.intakeWatchUnavailable, at: place, found: .plain(error.text))
    }
}
