import Dispatch
@_spi(HotPath) import GatewayCore
import GatewayProfiles
import Synchronization

/// Two threads over one file: one reads and maps, the other judges and writes; batches go round, their order is kept.
///
/// A file that fits one batch stays on the caller's thread.
final class BatchRing: Sendable {
    private enum Content {
        case batch
        case end
        case failure(Finding)
    }

    // Belongs to one thread at a time: the two semaphores hand it over. The only promise the compiler can't check here.
    private final class Box: @unchecked Sendable {
        var batch: Batch
        var content = Content.end
        init(_ batch: consuming Batch) { self.batch = batch }
    }

    private static let size = 3
    private let empty = DispatchSemaphore(value: 0)
    private let full = DispatchSemaphore(value: 0)
    private let isStopped = Atomic(false)

    /// Calls `body` with each mapped batch of the pipeline, in order, on this thread, and with whether it is the only one. A thrown
    /// error ends both threads.
    func run(_ pipeline: Pipeline, _ body: (_ batch: inout Batch, _ isOnly: Bool) throws -> Void) throws {
        let first = Box(pipeline.makeBatch())
        guard try pipeline.read(&first.batch) else { return }
        if pipeline.isAtEnd { return try body(&first.batch, true) }

        let boxes = [first] + (1..<Self.size).map { _ in Box(pipeline.makeBatch()) }
        for _ in 1..<Self.size { empty.signal() }
        let thread = BlockingLane.Running { self.fill(boxes, from: pipeline) }
        defer {
            isStopped.store(true, ordering: .releasing)
            for _ in boxes { empty.signal() }
            thread.join()
        }
        try body(&first.batch, false)
        empty.signal()
        var turn = 1
        while true {
            full.wait()
            let box = boxes[turn % Self.size]
            switch box.content {
            case .batch: try body(&box.batch, false)
            case .end: return
            case .failure(let finding): throw finding
            }
            empty.signal()
            turn += 1
        }
    }

    private func fill(_ boxes: [Box], from pipeline: Pipeline) {
        var turn = 1
        while true {
            empty.wait()
            if isStopped.load(ordering: .acquiring) { return }
            let box = boxes[turn % Self.size]
            var isLast = true
            do throws(Finding) {
                if try pipeline.read(&box.batch) {
                    box.content = .batch
                    isLast = false
                } else {
                    box.content = .end
                }
            } catch {
                box.content = .failure(error)
            }
            full.signal()
            if isLast { return }
            turn += 1
        }
    }
}
