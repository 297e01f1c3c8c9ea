import GatewayCore
import Synchronization

/// A drop store that fails at its n-th call, once or from then on, and passes all others to the one it stands before.
package final class FaultyDropStore: DropStore {
    package enum Fault: String, Sendable, CaseIterable {
        /// `ENOSPC`: nothing is done.
        case diskFull
        /// `EIO`: nothing is done.
        case inputOutput
        /// `EACCES`: nothing is done.
        case forbidden
        /// The call is done and then fails all the same, as when a connection breaks before the answer.
        case lostReply
    }

    private let inner: any DropStore
    private let fault: Fault
    private let state: Mutex<State>

    private struct State {
        var calls: [String] = []
        var failing: ClosedRange<Int>?
    }

    /// - Parameters:
    ///   - call: number of the call that fails, from 1.
    ///   - isSticky: all later ones fail too, until ``heal()``.
    package init(_ inner: any DropStore, failingAt call: Int, with fault: Fault, isSticky: Bool = false) {
        self.inner = inner
        self.fault = fault
        state = Mutex(State(failing: call...(isSticky ? .max : call)))
    }

    /// What was called so far, such as `publish a.xml`.
    package var calls: [String] { state.withLock { $0.calls } }
    /// From now on nothing fails.
    package func heal() { state.withLock { $0.failing = nil } }

    package var name: String { inner.name }

    package func list(limit: Int) throws(Finding) -> [DropEntry] {
        try call("list", isIntake: true) { () throws(Finding) in try inner.list(limit: limit) }
    }

    package func open(_ entry: DropEntry) throws(Finding) -> Int32 {
        try call("open \(entry.name)", isIntake: true) { () throws(Finding) in try inner.open(entry) }
    }

    package func take(_ entry: DropEntry, to path: String) throws(Finding) {
        try call("take \(entry.name)", isIntake: true) { () throws(Finding) in try inner.take(entry, to: path) }
    }

    package func publish(
        _ path: String, as name: String,
        rewrite: (@Sendable (UnsafeRawBufferPointer, (UnsafeRawBufferPointer) throws(Finding) -> Void) throws(Finding) -> Void)?
    ) throws(Finding) -> PublishOutcome {
        try call("publish \(name)", isIntake: false) { () throws(Finding) in try inner.publish(path, as: name, rewrite: rewrite) }
    }

    package func flush() throws(Finding) {
        try call("flush", isIntake: false) { () throws(Finding) in try inner.flush() }
    }

    package func size(of name: String) throws(Finding) -> Int64? {
        try call("size \(name)", isIntake: false) { () throws(Finding) in try inner.size(of: name) }
    }

    private func call<T>(_ what: String, isIntake: Bool, _ body: () throws(Finding) -> T) throws(Finding) -> T {
        let fails = state.withLock { state in
            state.calls.append(what)
            return state.failing?.contains(state.calls.count) ?? false
        }
        guard fails else { return try body() }
        if fault == .lostReply { _ = try body() }
        throw Finding(code(isIntake: isIntake), at: Place(file: inner.name), found: .plain(words))
    }

    private var words: String {
        switch fault {
        case .diskFull: "No space left on device"
        case .inputOutput: "Input/output error"
        case .forbidden: "Permission denied"
        case .lostReply: "Connection reset by peer"
        }
    }

    private func code(isIntake: Bool) -> FindingCode {
        switch fault {
        case .diskFull: .diskFull
        case .inputOutput: isIntake ? .intakeReadFailed : .publishFlushFailed
        case .forbidden: isIntake ? .intakeFolderForbidden : .publishFolderForbidden
        case .lostReply: isIntake ? .intakeReadFailed : .publishWriteFailed
        }
    }
}
