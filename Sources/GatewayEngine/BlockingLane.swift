import Dispatch
import Glibc

/// Threads for work that blocks: file calls, flushes, the ledger. Never Swift's cooperative pool.
package enum BlockingLane {
    /// Runs `body` on a thread of its own and gives its result to the caller's task.
    package static func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            start { continuation.resume(with: Result { try body() }) }
        }
    }

    /// Runs `body` on a thread of its own; ``Running/join()`` waits for its end.
    static func start(_ body: @escaping @Sendable () -> Void) {
        _ = Running(body)
    }

    /// A thread at work.
    final class Running: Sendable {
        private let ended = DispatchSemaphore(value: 0)

        init(_ body: @escaping @Sendable () -> Void) {
            let ended = ended
            let box = Unmanaged.passRetained(
                Body {
                    body()
                    ended.signal()
                })
            var attributes = pthread_attr_t()
            pthread_attr_init(&attributes)
            pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
            pthread_attr_setstacksize(&attributes, 1 << 20)
            var thread = pthread_t()
            let failed = pthread_create(
                &thread, &attributes,
                { raw in
                    if let raw { Unmanaged<Body>.fromOpaque(raw).takeRetainedValue().run() }
                    return nil
                }, box.toOpaque())
            pthread_attr_destroy(&attributes)
            if failed != 0 { box.takeRetainedValue().run() }
        }

        /// Waits until the thread has ended. Once only.
        func join() { ended.wait() }
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
