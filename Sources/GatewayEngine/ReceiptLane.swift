import Dispatch
@_spi(HotPath) import GatewayCore
import Synchronization

/// A thread that writes the receipt's rows of one batch while the next is judged and written for the carrier.
///
/// It has a batch of its own, which it exchanges for the one that is handed over.
final class ReceiptLane: @unchecked Sendable {
    // Belong to one thread at a time: the two semaphores hand them over. The only promise the compiler can't check here.
    private var batch: Batch
    private var ends: [[UInt8]?] = []
    private var hasMore = true

    private let free = DispatchSemaphore(value: 0)
    private let full = DispatchSemaphore(value: 0)
    private let failure = Mutex<Finding?>(nil)
    private let thread = Mutex<BlockingLane.Running?>(nil)
    private var hasEnded = false

    /// - Parameters:
    ///   - spare: of the same pipeline.
    ///   - write: on the lane's thread, a batch and what the rows of its orders end with.
    init(spare: consuming Batch, write: @escaping (borrowing Batch, [[UInt8]?]) throws(Finding) -> Void) {
        batch = spare
        let work = Work(write: write)
        let running = BlockingLane.Running { [self] in loop(work) }
        thread.withLock { $0 = running }
        free.signal()
    }

    /// Hands a batch over and gives another one back for it, of any content.
    ///
    /// - Throws: what went wrong with an earlier one.
    func put(_ handed: inout Batch, _ its: inout [[UInt8]?]) throws(Finding) {
        free.wait()
        if let failure = failure.withLock({ $0 }) {
            free.signal()
            throw failure
        }
        swap(&batch, &handed)
        swap(&ends, &its)
        full.signal()
    }

    /// Waits until everything is written. Can be called again.
    func end() throws(Finding) {
        if !hasEnded {
            hasEnded = true
            free.wait()
            hasMore = false
            full.signal()
            thread.withLock { $0?.join() }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    private struct Work: @unchecked Sendable {
        let write: (borrowing Batch, [[UInt8]?]) throws(Finding) -> Void
    }

    private func loop(_ work: Work) {
        while true {
            full.wait()
            guard hasMore else { return }
            do throws(Finding) { try work.write(batch, ends) } catch {
                let finding = error
                failure.withLock { $0 = $0 ?? finding }
            }
            free.signal()
        }
    }
}
