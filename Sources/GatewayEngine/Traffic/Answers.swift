import GatewayCore
import Synchronization

/// What threads side by side found out.
final class Answers: Sendable {
    private let list: Mutex<[RemoteSighting?]>

    init(_ count: Int) { list = Mutex(Array(repeating: nil, count: count)) }

    func set(_ n: Int, _ answer: RemoteSighting?) { list.withLock { $0[n] = answer } }
    var all: [RemoteSighting?] { list.withLock { $0 } }
}

/// Remarks of threads side by side.
final class Notes: Sendable {
    private let list = Mutex<[Finding]>([])

    func add(_ finding: Finding) { list.withLock { $0.append(finding) } }
    var all: [Finding] { list.withLock { $0 } }
}
