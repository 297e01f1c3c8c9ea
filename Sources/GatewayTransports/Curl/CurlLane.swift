import Glibc

/// A thread of its own for libcurl's blocking calls. Who asks for work waits no longer than its deadline.
///
/// libcurl and libssh2 are known to hang in spite of their own time limits (teardown, lost links): a thread that hangs is
/// abandoned, ends when its work does, and is never waited for.
final class CurlLane: @unchecked Sendable {
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    // All below is guarded by `lock`.
    private var work: (() -> Void)?
    private var isBusy = false
    private var ends = false

    /// Nil: the system gives no more threads.
    init?() {
        lock = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        pthread_mutex_init(lock, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
        guard start() else { return nil }
    }

    deinit {
        // The thread holds a reference while it lives: nobody waits here.
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(lock)
        changed.deallocate()
        lock.deallocate()
    }

    private func start() -> Bool {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 1 << 20)
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        let failed = pthread_create(
            &thread, &attributes,
            { raw in
                if let raw { Unmanaged<CurlLane>.fromOpaque(raw).takeRetainedValue().loop() }
                return nil
            }, context.toOpaque())
        if failed != 0 { context.release() }
        return failed == 0
    }

    private func loop() {
        pthread_mutex_lock(lock)
        while true {
            while work == nil && !ends { pthread_cond_wait(changed, lock) }
            guard let body = work else { break }
            work = nil
            pthread_mutex_unlock(lock)
            body()
            pthread_mutex_lock(lock)
            isBusy = false
            pthread_cond_broadcast(changed)
        }
        pthread_mutex_unlock(lock)
    }

    /// Runs `body` on the lane's thread. False: it was not done at `deadline` (``MonotonicTime``); then the lane is of no
    /// further use, and `body` may still be at work: it must own what it touches. One caller at a time.
    func run(until deadline: Int64, _ body: @escaping @Sendable () -> Void) -> Bool {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        work = body
        isBusy = true
        pthread_cond_broadcast(changed)
        var time = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
        while isBusy {
            if pthread_cond_timedwait(changed, lock, &time) == ETIMEDOUT, isBusy { return false }
        }
        return true
    }

    /// Lets the thread end when its work is done.
    func end() {
        pthread_mutex_lock(lock)
        ends = true
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(lock)
    }
}
