import GatewayCore
import Glibc
import Synchronization

/// The sessions of one endpoint: at most so many at once, each used by one caller at a time, the kept ones first.
///
/// Never shared between endpoints: libcurl takes a kept connection without comparing host keys or login keys.
final class CurlPool: Sendable {
    /// Sessions at once.
    let most: Int
    private let limits: CurlLimits
    /// Options of the endpoint, set before each operation's own.
    private let endpoint: @Sendable (CurlHandle) -> Void
    /// Values that must never be shown: a server's or libcurl's words are searched for them.
    private let secrets: [[UInt8]]
    private let state: Mutex<State>
    private let freed: Turnstile

    private struct State: ~Copyable {
        var kept: [CurlSession] = []
        var isClosed = false
    }

    init(most: Int, limits: CurlLimits, secrets: [[UInt8]] = [], endpoint: @escaping @Sendable (CurlHandle) -> Void) {
        self.most = most
        self.secrets = secrets.filter { !$0.isEmpty }
        self.limits = limits
        self.endpoint = endpoint
        state = Mutex(State())
        freed = Turnstile(most)
    }

    /// Performs one operation on a session that is free, or waits for one; the wait counts towards its limit.
    func perform(_ request: CurlRequest) -> CurlAnswer {
        var request = request
        let start = MonotonicTime.now()
        guard freed.enter(until: start + request.limit * 1_000_000) else {
            return CurlAnswer(code: .timeout, text: "all \(most) sessions are busy")
        }
        defer { freed.leave() }
        request.limit = max(1, request.limit - (MonotonicTime.now() - start) / 1_000_000)
        if let failure = CurlLibrary.failure { return CurlAnswer(code: .noLibrary, text: failure) }
        guard let session = state.withLock({ $0.kept.popLast() }) ?? CurlSession() else {
            return CurlAnswer(code: .noThread, text: "no thread for libcurl")
        }
        var answer = session.perform(request, limits, endpoint)
        if !answer.text.isEmpty { answer.text = Self.redacted(answer.text, secrets) }
        state.withLock { if !session.isSpent && !$0.isClosed { $0.kept.append(session) } }
        return answer
    }

    static func redacted(_ text: String, _ secrets: [[UInt8]]) -> String {
        var bytes = Array(text.utf8)
        for secret in secrets where secret.count <= bytes.count {
            var out: [UInt8] = []
            var n = 0
            while n < bytes.count {
                if bytes.count - n >= secret.count, bytes[n..<(n + secret.count)].elementsEqual(secret) {
                    out += "•••".utf8
                    n += secret.count
                } else {
                    out.append(bytes[n])
                    n += 1
                }
            }
            bytes = out
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Closes the kept connections, at the end or when the credentials changed.
    func close() {
        let kept = state.withLock { state in
            state.isClosed = true
            let kept = state.kept
            state.kept = []
            return kept
        }
        withExtendedLifetime(kept) {}
    }
}

/// Lets so many through at once.
final class Turnstile: @unchecked Sendable {
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    private var free: Int

    init(_ count: Int) {
        free = count
        lock = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        pthread_mutex_init(lock, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(lock)
        changed.deallocate()
        lock.deallocate()
    }

    /// False: nobody left before `deadline`.
    func enter(until deadline: Int64) -> Bool {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        var time = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
        while free == 0 {
            if pthread_cond_timedwait(changed, lock, &time) == ETIMEDOUT, free == 0 { return false }
        }
        free -= 1
        return true
    }

    func leave() {
        pthread_mutex_lock(lock)
        free += 1
        pthread_cond_signal(changed)
        pthread_mutex_unlock(lock)
    }
}
