import GatewayCore
import ServiceLifecycle
import Synchronization

/// The gateway as a service: ends when its work is done or when the process is asked to end.
package final class GatewayService: Service, Sendable {
    private let gateway: Gateway
    private let once: Bool
    private let left = Mutex<[Finding]>([])

    package init(_ gateway: Gateway, once: Bool) {
        self.gateway = gateway
        self.once = once
    }

    /// What could not be finished; known when ``run()`` has returned.
    package var unfinished: [Finding] { left.withLock { $0 } }

    package func run() async throws {
        let gateway = gateway
        let once = once
        let findings = try await withGracefulShutdownHandler {
            try await BlockingLane.run { try gateway.run(once: once) }
        } onGracefulShutdown: {
            gateway.stop()
        }
        left.withLock { $0 = findings }
    }
}
