import Dispatch
import GatewayCore
import GatewayProfiles
import Synchronization

/// All endpoints at work beside the gateway's own thread.
final class RemoteWork: Sendable {
    private let parts: GatewayParts
    private let wake: @Sendable () -> Void
    private let runners = Mutex<[EndpointRunner]>([])
    private let arrivals = Mutex<[(flow: String, name: String)]>([])
    /// Counts what the gateway did: an endpoint is idle when it looked after that and found nothing.
    private let count = Atomic(0)
    /// How long a stop waits for operations at work; what they leave is found by the next start.
    private static let patience = 5

    init(_ parts: GatewayParts, wake: @escaping @Sendable () -> Void) {
        self.parts = parts
        self.wake = wake
    }

    func start(say: @escaping @Sendable (Finding) -> Void) {
        guard let traffic = parts.traffic else { return }
        let all = parts.workspace.settings.endpoints.filter { endpoint in
            let routes = Routes(parts.workspace.settings, endpoint: endpoint.name)
            return !routes.inboxes.isEmpty || !routes.outboxes.isEmpty
        }.map { endpoint in
            EndpointRunner(endpoint, parts, traffic, say: say) { [weak self] flow, name in
                self?.arrivals.withLock { $0.append((flow, name)) }
                self?.wake()
            }
        }
        runners.withLock { $0 = all }
        for runner in all { runner.start { [weak self] in self?.count.load(ordering: .acquiring) ?? 0 } }
    }

    func end() {
        let all = runners.withLock { $0 }
        for runner in all { runner.stop() }
        let deadline = DispatchTime.now() + .seconds(Self.patience)
        for runner in all { runner.join(until: deadline) }
    }

    var isUsed: Bool { runners.withLock { !$0.isEmpty } }

    /// The gateway finished something: there may be documents to deliver and sources to settle.
    func worked() {
        count.add(1, ordering: .acquiringAndReleasing)
        for runner in runners.withLock({ $0 }) { runner.ring() }
    }

    /// Files that came into inboxes since the last call.
    func arrived() -> [(flow: String, name: String)] {
        arrivals.withLock { list in
            let all = list
            list = []
            return all
        }
    }

    /// Whether every endpoint has nothing to do, or has failed three times, or stands still.
    var isIdle: Bool {
        let now = count.load(ordering: .acquiring)
        let areIdle = runners.withLock { $0 }.allSatisfy { runner in
            let state = runner.state
            return state.stopped != nil || state.failures >= 3 || state.idleAt == now
        }
        return areIdle && arrivals.withLock { $0.isEmpty }
    }

    /// What keeps endpoints from their work now.
    var failures: [Finding] {
        runners.withLock { $0 }.compactMap { runner in
            let state = runner.state
            return state.stopped ?? (state.failures > 0 ? state.lastFailure : nil)
        }
    }
}
