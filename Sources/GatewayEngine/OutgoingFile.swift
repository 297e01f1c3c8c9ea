import Dispatch
@_spi(HotPath) import GatewayCore
import Glibc
import Synchronization

/// A document or receipt on its way: bytes gather in memory and go to `state/outgoing` and into the content hash piece by piece.
///
/// With a ``WriterLane`` another thread hashes, writes and flushes. Secrets stand in it as marks; the values enter in
/// ``Publisher`` only.
final class OutgoingFile {
    let path: String
    private let target: Target
    private let lane: WriterLane?
    private var piece: WriterLane.Piece
    private var hasEnded = false
    private static let full = 1 << 19

    init(_ path: String, shown: String, lane: WriterLane? = nil) throws(Finding) {
        self.path = path
        self.lane = lane
        // A file of that name may still be at work in a lane: never the same one twice.
        unlink(path)
        target = try Target(path, shown: shown, isLarge: lane != nil)
        piece = lane?.freshPiece() ?? WriterLane.Piece(capacity: 1 << 16)
    }

    /// What has gathered; write to it.
    var out: Output {
        _read { yield piece.out }
        _modify { yield &piece.out }
    }

    /// Hands over what has gathered, when it is much.
    func drainIfFull() throws(Finding) {
        if piece.out.count >= Self.full { try drain() }
    }

    private func drain() throws(Finding) {
        guard let lane else {
            target.write(piece)
            piece.out.rewind(to: 0)
            return try target.check()
        }
        try target.check()
        let fresh = lane.freshPiece()
        // Whole pages only: the rest begins the next piece.
        let whole = piece.out.count / Output.alignment * Output.alignment
        fresh.out.append(UnsafeRawPointer(piece.out.base + whole), piece.out.count - whole)
        piece.out.rewind(to: whole)
        lane.write(piece, to: target)
        piece = fresh
    }

    deinit {
        // Not ended: its run failed. The lane's other files need the room.
        if !hasEnded { lane?.giveBack(piece) }
    }

    /// Hands over the rest. The file is flushed when ``result()`` gives its hash.
    func end() throws(Finding) {
        hasEnded = true
        guard let lane else {
            target.write(piece)
            target.close()
            return try target.check()
        }
        lane.write(piece, to: target)
        lane.close(target)
    }

    /// Waits until all of it is on disk.
    func result() throws(Finding) -> (content: ContentHash, size: Int64) {
        target.ended.wait()
        target.ended.signal()
        try target.check()
        return target.result
    }

    /// Ends and waits: on disk when it returns.
    func finish() throws(Finding) -> (content: ContentHash, size: Int64) {
        try end()
        return try result()
    }

    /// The descriptor and hash of a file. One thread at a time; the lane's queue hands it over.
    final class Target: WriterTarget, @unchecked Sendable {
        private var descriptor: Int32
        private let shown: String
        private let hasher = ContentHasher()
        private var size: Int64 = 0
        private let failure = Mutex<Finding?>(nil)
        fileprivate let ended = DispatchSemaphore(value: 0)
        fileprivate var result = (content: ContentHash(of: []), size: Int64(0))

        /// Pieces are whole pages, and go past the page cache: the processor's time and memory are for the orders.
        private var isDirect: Bool

        fileprivate init(_ path: String, shown: String, isLarge: Bool) throws(Finding) {
            self.shown = shown
            var opened: Int32 = -1
            // Not every file system can: it is only faster.
            if isLarge { opened = (try? FileIO.create(path, shown: shown, mode: 0o640, extra: Self.direct)) ?? -1 }
            isDirect = opened >= 0
            descriptor = try isDirect ? opened : FileIO.create(path, shown: shown, mode: 0o640)
        }

        /// `O_DIRECT`, whose number depends on the processor.
        #if arch(arm64)
            private static let direct: Int32 = 0o200000
        #else
            private static let direct: Int32 = 0o40000
        #endif

        deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

        fileprivate func check() throws(Finding) {
            if let failure = failure.withLock({ $0 }) { throw failure }
        }

        func write(_ piece: WriterLane.Piece) {
            let bytes = piece.out.bytes
            guard !bytes.isEmpty, failure.withLock({ $0 == nil }) else { return }
            hasher.update(bytes)
            size += Int64(bytes.count)
            let whole = isDirect ? bytes.count / Output.alignment * Output.alignment : bytes.count
            note { () throws(Finding) in
                try FileIO.write(UnsafeRawBufferPointer(rebasing: bytes[..<whole]), to: descriptor, shown: shown)
                guard whole < bytes.count else { return }
                // The file's last bytes are no whole page.
                guard fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~Self.direct) == 0 else {
                    throw FileIO.finding(.fileWriteFailed, shown)
                }
                isDirect = false
                try FileIO.write(UnsafeRawBufferPointer(rebasing: bytes[whole...]), to: descriptor, shown: shown)
            }
        }

        /// Flushes and closes; a failed flush is never tried again, the file is written anew.
        func close() {
            note { () throws(Finding) in try FileIO.flush(descriptor, shown: shown) }
            result = (hasher.finish(), size)
            Glibc.close(descriptor)
            descriptor = -1
            ended.signal()
        }

        private func note(_ body: () throws(Finding) -> Void) {
            do throws(Finding) { try body() } catch {
                let finding = error
                failure.withLock { $0 = $0 ?? finding }
            }
        }
    }
}

/// Where a lane's pieces go. One thread at a time.
protocol WriterTarget: AnyObject, Sendable {
    func write(_ piece: WriterLane.Piece)
    func close()
}

/// A thread that hashes, writes and flushes what a run produces, so that judging and mapping go on meanwhile.
///
/// At most five pieces of half a megabyte are on their way.
final class WriterLane: Sendable {
    /// Bytes that go over together. Belongs to one thread at a time.
    final class Piece: @unchecked Sendable {
        var out: Output
        init(capacity: Int) { out = Output(capacity: capacity) }
    }

    private enum Job {
        case write(Piece, any WriterTarget)
        case close(any WriterTarget)
        case end
    }

    private let jobs = Mutex<(list: [Job], next: Int)>(([], 0))
    private let waiting = DispatchSemaphore(value: 0)
    private let spare: Mutex<[Piece]> = Mutex([])
    // A semaphore must not end below the value it was made with, and a piece may be out when a run fails.
    private let room = DispatchSemaphore(value: 0)
    private let thread = Mutex<BlockingLane.Running?>(nil)

    init() {
        for _ in 0..<5 { room.signal() }
        let running = BlockingLane.Running { [self] in work() }
        thread.withLock { $0 = running }
    }

    /// Ends when everything handed over is done. To be called once, on every way out.
    func end() {
        put(.end)
        thread.withLock { $0?.join() }
    }

    func freshPiece() -> Piece {
        room.wait()
        return spare.withLock { $0.popLast() } ?? Piece(capacity: (1 << 19) + (1 << 16))
    }

    func write(_ piece: Piece, to target: any WriterTarget) { put(.write(piece, target)) }
    func close(_ target: any WriterTarget) { put(.close(target)) }

    /// Gives a piece back that nothing was made of.
    func giveBack(_ piece: Piece) {
        piece.out.rewind(to: 0)
        spare.withLock { $0.append(piece) }
        room.signal()
    }

    private func put(_ job: Job) {
        jobs.withLock { $0.list.append(job) }
        waiting.signal()
    }

    private func work() {
        while true {
            waiting.wait()
            let job = jobs.withLock { jobs in
                let job = jobs.list[jobs.next]
                jobs.next += 1
                if jobs.next == jobs.list.count { jobs = ([], 0) }
                return job
            }
            switch job {
            case .write(let piece, let target):
                target.write(piece)
                giveBack(piece)
            case .close(let target): target.close()
            case .end: return
            }
        }
    }
}
