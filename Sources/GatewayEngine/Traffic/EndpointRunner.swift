import Dispatch
import GatewayCore
import GatewayProfiles
import Synchronization

/// One endpoint at work, on a thread of its own: polls its folders, fetches, delivers, settles. A slow or broken partner delays nobody else.
final class EndpointRunner: Sendable {
    let endpoint: EndpointSettings
    private let parts: GatewayParts
    private let traffic: TrafficParts
    private let routes: Routes
    private let say: @Sendable (Finding) -> Void
    /// Called when files came into the inboxes of these flows.
    private let arrived: @Sendable (String, String) -> Void
    private let isStopping = Atomic(false)
    private let bell = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let standing = Mutex(Standing())

    /// What others may ask about.
    struct Standing: Sendable {
        /// The gateway's count of work at the start of the last pass that left nothing to do; nil: none did yet.
        var idleAt: Int?
        var failures = 0
        /// It works no more until it is mended.
        var stopped: Finding?
        var lastFailure: Finding?
    }

    init(
        _ endpoint: EndpointSettings, _ parts: GatewayParts, _ traffic: TrafficParts, say: @escaping @Sendable (Finding) -> Void,
        arrived: @escaping @Sendable (String, String) -> Void
    ) {
        self.endpoint = endpoint
        self.parts = parts
        self.traffic = traffic
        self.say = say
        self.arrived = arrived
        routes = Routes(parts.workspace.settings, endpoint: endpoint.name)
    }

    var state: Standing { standing.withLock { $0 } }

    func start(work: @escaping @Sendable () -> Int) {
        BlockingLane.start {
            self.loop(work)
            self.ended.signal()
        }
    }

    /// Something may be there to deliver.
    func ring() { bell.signal() }

    func stop() {
        isStopping.store(true, ordering: .releasing)
        bell.signal()
    }

    /// Waits for the operation at work, not for ever: what it leaves undone is found by the next start.
    func join(until deadline: DispatchTime) { _ = ended.wait(timeout: deadline) }

    private var stops: Bool { isStopping.load(ordering: .acquiring) }

    // MARK: The thread

    private func loop(_ work: @Sendable () -> Int) {
        var shift = EndpointShift(endpoint, parts, traffic, routes, say: say, arrived: arrived)
        defer { shift.close() }
        while !stops {
            let seen = work()
            let (next, isIdle) = shift.turn(chance: randomBytes(1).first ?? 128)
            let breaker = shift.breaker
            standing.withLock { state in
                state.failures = breaker.failures
                state.stopped = breaker.stopped
                state.lastFailure = breaker.lastFailure
                if breaker.failures == 0 { state.idleAt = isIdle ? seen : nil }
            }
            let wait = max(0, next - parts.clock.elapsed() * 1_000_000)
            _ = bell.wait(timeout: .now() + .nanoseconds(Int(wait)))
            // One turn answers all rings that came before it.
            while bell.wait(timeout: .now()) == .success {}
        }
    }
}
