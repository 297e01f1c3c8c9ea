import Dispatch
import GatewayCore
import GatewayProfiles
import Glibc
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
        /// It works no more until a restart.
        var stopped: Finding?
        var lastFailure: Finding?
    }

    /// How often local outboxes are looked at, milliseconds.
    private static let outboxInterval: Int64 = 1_000

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
        let files: any RemoteFiles
        do throws(Finding) { files = try traffic.files(endpoint) } catch { return stand(still: error) }
        defer { files.close() }
        var tour: EndpointTour
        do {
            tour = try EndpointTour(endpoint, parts, traffic, routes, files, arrived: arrived)
        } catch { return stand(still: Gateway.finding(error)) }
        var pollAt = MonotonicTime.now()
        while !stops {
            let seen = work()
            var isIdle = true
            do {
                let isPoll = MonotonicTime.now() >= pollAt
                let (left, remarks) = try tour.pass(polls: isPoll)
                for remark in remarks { say(remark) }
                isIdle = !left && (isPoll || tour.wasPolled)
                if isPoll { pollAt = MonotonicTime.now() + (tour.isSettling ? endpoint.settlingPoll : endpoint.poll) * 1_000_000 }
                standing.withLock { state in
                    state.failures = 0
                    state.idleAt = isIdle && !tour.isSettling ? seen : nil
                }
            } catch {
                let finding = Gateway.finding(error)
                say(finding)
                if finding.code == .transportLoginRefused || finding.code == .transportHostKeyChanged
                    || finding.code == .transportHostKeyExchange || finding.code == .transportHostKeyMissing
                {
                    return stand(still: finding)
                }
                rest(after: finding)
                pollAt = 0
                continue
            }
            let wait = min(max(0, pollAt - MonotonicTime.now()), Self.outboxInterval * 1_000_000)
            _ = bell.wait(timeout: .now() + .nanoseconds(Int(wait)))
        }
    }

    private func stand(still finding: Finding) {
        if state.failures == 0 { say(finding) }
        standing.withLock { state in
            state.stopped = finding
            state.failures += 1
        }
    }

    /// The circuit breaker: 1 s, then twice as long with each failure, a quarter of an hour at most; of that a random part, so that
    /// endpoints of one partner do not come back in step.
    private func rest(after finding: Finding) {
        let failures = standing.withLock { state in
            state.failures += 1
            state.lastFailure = finding
            return state.failures
        }
        let most = min(Int64(1_000) << Int64(min(failures - 1, 20)), 900_000)
        let share = Int64(randomBytes(1).first ?? 128) + 1
        let end = MonotonicTime.now() + max(200, most * share / 256) * 1_000_000
        while !stops, MonotonicTime.now() < end {
            _ = bell.wait(timeout: .now() + .nanoseconds(Int(end - MonotonicTime.now())))
        }
    }
}
