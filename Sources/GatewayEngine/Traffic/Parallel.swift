import GatewayCore
import Synchronization

/// Runs blocking jobs side by side.
enum Parallel {
    /// Runs `job` for each of `0..<count` on at most `width` threads; gives the failures, in no order. A failure does not stop the others,
    /// unless it `stops` them.
    static func run(
        _ count: Int, width: Int, stops: @escaping @Sendable (any Error) -> Bool, _ job: @escaping @Sendable (Int) throws -> Void
    ) -> [any Error] {
        let board = Board()
        let work: @Sendable () -> Void = {
            while let n = board.next(below: count) {
                do { try job(n) } catch { board.fail(error, stops: stops(error)) }
            }
        }
        let others = (1..<max(1, min(width, count))).map { _ in BlockingLane.Running(work) }
        work()
        for thread in others { thread.join() }
        return board.failures
    }

    private final class Board: Sendable {
        private struct State {
            var next = 0
            var stops = false
            var failures: [any Error] = []
        }
        private let state = Mutex(State())

        func next(below count: Int) -> Int? {
            state.withLock { state in
                guard state.next < count, !state.stops else { return nil }
                state.next += 1
                return state.next - 1
            }
        }

        func fail(_ error: any Error, stops: Bool) {
            state.withLock { state in
                state.failures.append(error)
                if stops { state.stops = true }
            }
        }

        var failures: [any Error] { state.withLock { $0.failures } }
    }
}
