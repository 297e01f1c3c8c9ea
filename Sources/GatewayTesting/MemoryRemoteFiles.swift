import GatewayCore
import Glibc
import Synchronization

/// A partner's server in memory, with the faults that real ones have.
package final class MemoryRemoteFiles: RemoteFiles {
    /// What goes wrong at a call.
    package enum Fault: Sendable, Hashable {
        /// The link breaks before anything happens.
        case cut
        /// It happens, and the reply is lost.
        case lostReply
        /// Half of the bytes of a transfer arrive.
        case half
    }

    package struct File: Sendable {
        package var bytes: [UInt8]
        package var modified: Int64
    }

    private struct State {
        var files: [String: File] = [:]
        var folders: Set<String> = []
        var clock: Int64 = 1_000
        var calls: [String] = []
        var faults: [Int: Fault] = [:]
        var renamesOver = false
        var names: [RemoteName] = []
        var onFetch: (@Sendable () -> Void)?
        var lie: Int64?
        var refusal: Finding?
    }

    package let endpoint: String
    private let state = Mutex(State())

    package init(endpoint: String = "partner") { self.endpoint = endpoint }

    // MARK: The partner's side

    package func put(_ bytes: some Collection<UInt8>, as path: String) {
        state.withLock { state in
            state.clock += 1
            state.files[path] = File(bytes: Array(bytes), modified: state.clock)
        }
    }
    package func contents(_ path: String) -> [UInt8]? { state.withLock { $0.files[path]?.bytes } }
    package func take(_ path: String) { state.withLock { $0.files[path] = nil } }
    /// All paths, sorted.
    package var paths: [String] { state.withLock { $0.files.keys.sorted() } }
    /// Calls so far, as `put in/a.xml`.
    package var calls: [String] { state.withLock { $0.calls } }
    /// The call of that number (from 1) goes wrong.
    package func fail(_ call: Int, _ fault: Fault) { state.withLock { $0.faults[call] = fault } }
    /// Every call ends with this; nil: they work again.
    package func refuse(with finding: Finding?) { state.withLock { $0.refusal = finding } }
    /// Renames replace what is there, as at some servers.
    package func renameOver() { state.withLock { $0.renamesOver = true } }
    /// Names that are listed besides the files: hostile ones.
    package func list(also names: [RemoteName]) { state.withLock { $0.names = names } }
    /// Called while a file is being fetched.
    package func duringFetch(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.onFetch = body } }
    /// The server tells another size than it gives; nil: the truth.
    package func lie(_ size: Int64?) { state.withLock { $0.lie = size } }

    // MARK: RemoteFiles

    private func call(_ what: String) throws(Finding) -> Fault? {
        let fault = state.withLock { state in
            state.calls.append(what)
            return state.faults[state.calls.count]
        }
        if let refusal = state.withLock({ $0.refusal }) { throw refusal }
        if fault == .cut { throw lost(what) }
        return fault
    }

    private func lost(_ what: String) -> Finding {
        Finding(
            .transportLinkLost, at: Place(file: endpoint), found: .plain("cut"),
            ["endpoint": .plain(endpoint), "operation": .plain(what)])
    }

    package func list(_ folder: String, most: Int, each: (RemoteName) -> Void) throws(Finding) {
        if try call("list \(folder)") != nil { throw lost("list \(folder)") }
        let (files, names) = state.withLock { ($0.files, $0.names) }
        let prefix = folder.isEmpty ? "" : folder + "/"
        let here = files.filter { $0.key.hasPrefix(prefix) && !$0.key.dropFirst(prefix.count).contains("/") }
        guard here.count + names.count <= most else {
            throw Finding(
                .transportListingEndless, at: Place(file: endpoint), found: .plain("more than \(most)"),
                ["endpoint": .plain(endpoint), "folder": .plain(folder), "limit": .plain("\(most)")])
        }
        for (path, file) in here.sorted(by: { $0.key < $1.key }) {
            let verdict = NameRule.judge(String(path.dropFirst(prefix.count)))
            guard verdict != .passedOver else { continue }
            let mark = DigestKey.sample.digest("\(file.bytes.count) \(file.modified) \(path)")
            each(RemoteName(verdict: verdict, kind: .file, mark: mark))
        }
        for name in names { each(name) }
    }

    package func sighting(_ path: String) throws(Finding) -> RemoteSighting? {
        if try call("stat \(path)") != nil { throw lost("stat \(path)") }
        return state.withLock { state in
            state.files[path].map { RemoteSighting(size: state.lie ?? Int64($0.bytes.count), modified: $0.modified) }
        }
    }

    package func fetch(_ path: String, to descriptor: Int32, cap: Int64) throws(Finding) -> (before: RemoteSighting, received: Int64) {
        let fault = try call("get \(path)")
        guard let file = state.withLock({ $0.files[path] }) else { throw Finding(.intakeFileGone, at: Place(file: endpoint + "/" + path)) }
        let lie = state.withLock { $0.lie }
        state.withLock { $0.onFetch }?()
        let bytes = fault == nil ? file.bytes : Array(file.bytes.prefix(file.bytes.count / 2))
        guard Int64(bytes.count) <= cap else {
            throw Finding(.intakeFileChanged, at: Place(file: endpoint + "/" + path), found: .plain("more than \(cap) bytes"))
        }
        try FileIO.unsafeBytes(bytes) { (bytes) throws(Finding) in try FileIO.write(bytes, to: descriptor, shown: "memory") }
        if fault == .lostReply { throw lost("get \(path)") }
        return (RemoteSighting(size: lie ?? Int64(file.bytes.count), modified: file.modified), Int64(bytes.count))
    }

    package func put(_ descriptor: Int32, size: Int64, as path: String) throws(Finding) {
        let fault = try call("put \(path)")
        var bytes = [UInt8](repeating: 0, count: Int(size))
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count == bytes.count else { throw FileIO.finding(.fileReadFailed, "memory") }
        put(fault == .half ? Array(bytes.prefix(bytes.count / 2)) : bytes, as: path)
        if fault == .lostReply { throw lost("put \(path)") }
    }

    package func rename(_ from: String, to: String) throws(Finding) {
        let fault = try call("rename \(from) \(to)")
        let isDone = state.withLock { state in
            guard let file = state.files[from], state.files[to] == nil || state.renamesOver else { return false }
            state.files[to] = file
            state.files[from] = nil
            return true
        }
        guard isDone else {
            throw Finding(
                .transportOperationFailed, at: Place(file: endpoint), found: .plain("Operation failed"),
                ["endpoint": .plain(endpoint), "operation": .plain("rename")])
        }
        if fault != nil { throw lost("rename \(from) \(to)") }
    }

    package func remove(_ path: String) throws(Finding) -> Bool {
        let fault = try call("remove \(path)")
        let wasThere = state.withLock { $0.files.removeValue(forKey: path) != nil }
        if fault != nil { throw lost("remove \(path)") }
        return wasThere
    }

    package func makeFolder(_ path: String) throws(Finding) {
        if try call("mkdir \(path)") != nil { throw lost("mkdir \(path)") }
        state.withLock { _ = $0.folders.insert(path) }
    }

    package func close() {}
}
