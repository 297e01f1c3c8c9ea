import Foundation
import Glibc
import Synchronization

/// A TCP proxy on loopback that is as bad as real links are: slow, far away, cut in the middle, or mute.
///
/// What happens to a connection is decided by ``Weather``, which a test may change at any time: bandwidth, latency and
/// muteness count for open connections too, cuts for those made later.
package final class FaultProxy: Sendable {
    /// How the link behaves.
    package struct Weather: Sendable {
        /// Time that bytes are under way, each direction.
        package var latency: Duration = .zero
        /// Bytes a second, each direction; nil: as many as go.
        package var bandwidth: Int?
        /// The connection is reset when so many bytes went to the server.
        package var cutsAfterSending: Int?
        /// The connection is reset when so many bytes came from the server.
        package var cutsAfterReceiving: Int?
        /// Bytes are swallowed in both directions; connections stay open.
        package var isBlackHole = false
        /// New connections are reset at once.
        package var refuses = false
        /// Connections are cut after a number of bytes drawn from a seed.
        package var chance: Chance?

        package init() {}
    }

    /// Cuts at random, the same for the same seed and order of connections.
    package struct Chance: Sendable {
        package var seed: UInt64
        /// Of 100 connections so many are cut.
        package var percent: UInt64
        /// A cut comes before so many bytes went either way.
        package var within: UInt64

        package init(seed: UInt64, percent: UInt64, within: UInt64) {
            self.seed = seed
            self.percent = percent
            self.within = within
        }
    }

    package let port: UInt16
    private let listener: Int32
    private let state: Mutex<State>

    private struct State {
        var weather: Weather
        var target: UInt16
        var links: [ObjectIdentifier: Link] = [:]
        var accepted: UInt64 = 0
        var cuts = 0
        var isClosed = false
    }

    package init(to target: UInt16, _ weather: Weather = Weather()) throws {
        (listener, port) = try Loopback.listen()
        state = Mutex(State(weather: weather, target: target))
        let listener = listener
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(listener, nil, nil)
                if client < 0 && (errno == EINTR || errno == ECONNABORTED) { continue }
                guard client >= 0, let self else {
                    if client >= 0 { close(client) }
                    break
                }
                self.take(client)
            }
            close(listener)
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        cutAll()
    }

    package func change(_ body: @Sendable (inout Weather) -> Void) { state.withLock { body(&$0.weather) } }

    /// Where later connections go.
    package func aim(at port: UInt16) { state.withLock { $0.target = port } }

    /// Resets every open connection now.
    package func cutAll() {
        let links = state.withLock { state in
            state.cuts += state.links.count
            return Array(state.links.values)
        }
        for link in links { link.cut() }
    }

    /// Connections that were made, cut, and are open now.
    package var counts: (made: Int, cut: Int, open: Int) { state.withLock { (Int($0.accepted), $0.cuts, $0.links.count) } }

    private func take(_ client: Int32) {
        let (weather, target, number) = state.withLock { state in
            state.accepted += 1
            return (state.weather, state.target, state.accepted)
        }
        // The server may be down: its refusal is passed on as a reset.
        guard !weather.refuses, let server = try? Loopback.connect(target) else { return Loopback.reset(client) }
        let link = Link(client: client, server: server, limits: limits(weather, number), proxy: self)
        state.withLock { $0.links[ObjectIdentifier(link)] = link }
        link.start()
    }

    /// Bytes to the server, from the server and both ways after which the connection is cut.
    private func limits(_ weather: Weather, _ number: UInt64) -> [Int] {
        var either = Int.max
        if let chance = weather.chance {
            var random = SeededRandom(seed: chance.seed &+ number &* 0x9E37_79B9_7F4A_7C15)
            if random.next() % 100 < chance.percent { either = Int(random.next() % max(1, chance.within)) }
        }
        return [weather.cutsAfterSending ?? .max, weather.cutsAfterReceiving ?? .max, either]
    }

    fileprivate var weather: Weather { state.withLock { $0.weather } }

    fileprivate func ended(_ link: Link, wasCut: Bool) {
        state.withLock { state in
            state.links[ObjectIdentifier(link)] = nil
            if wasCut { state.cuts += 1 }
        }
    }
}

/// One connection through the proxy.
private final class Link: Sendable {
    private let client: Int32
    private let server: Int32
    private let limits: [Int]
    private let passed = Mutex<[Int]>([0, 0])
    private let live = Atomic<Int>(2)
    private let isCut = Atomic<Bool>(false)
    private let wasCutByCount = Atomic<Bool>(false)
    private weak let proxy: FaultProxy?

    init(client: Int32, server: Int32, limits: [Int], proxy: FaultProxy) {
        self.client = client
        self.server = server
        self.limits = limits
        self.proxy = proxy
    }

    func start() {
        Thread.detachNewThread { self.pass(self.client, self.server, 0) }
        Thread.detachNewThread { self.pass(self.server, self.client, 1) }
    }

    /// Both sides see a reset.
    func cut() {
        isCut.store(true, ordering: .sequentiallyConsistent)
        for socket in [client, server] { shutdown(socket, Int32(SHUT_RDWR)) }
    }

    /// How many of `count` bytes may pass before the cut; nil: all.
    private func allowance(_ count: Int, _ direction: Int) -> Int? {
        passed.withLock { passed in
            let allowed = min(limits[direction] - passed[direction], limits[2] - passed[0] - passed[1])
            passed[direction] += min(count, max(0, allowed))
            return allowed >= count ? nil : max(0, allowed)
        }
    }

    private func pass(_ source: Int32, _ target: Int32, _ direction: Int) {
        let queue = DelayQueue()
        let writer = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            while let bytes = queue.next() {
                guard bytes.withUnsafeBytes({ Loopback.send($0, to: target) }) else { break }
            }
            shutdown(target, Int32(SHUT_WR))
            queue.close()
            writer.signal()
        }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while !isCut.load(ordering: .sequentiallyConsistent) {
            let count = recv(source, &buffer, buffer.count, 0)
            if count < 0 && errno == EINTR { continue }
            guard count > 0, let weather = proxy?.weather else { break }
            if weather.isBlackHole { continue }
            let allowed = allowance(count, direction)
            if let bandwidth = weather.bandwidth { usleep(UInt32(min(1_000_000, count * 1_000_000 / max(1, bandwidth)))) }
            queue.add(buffer[..<(allowed ?? count)], after: weather.latency)
            if allowed != nil {
                wasCutByCount.store(true, ordering: .sequentiallyConsistent)
                queue.drain()
                cut()
            }
        }
        queue.end()
        writer.wait()
        if live.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 {
            let cut = isCut.load(ordering: .sequentiallyConsistent)
            for socket in [client, server] {
                if cut { Loopback.reset(socket) } else { close(socket) }
            }
            proxy?.ended(self, wasCut: wasCutByCount.load(ordering: .sequentiallyConsistent))
        }
    }
}

/// Bytes that arrive later than they were sent.
private final class DelayQueue: Sendable {
    private let state = Mutex<(chunks: [(due: ContinuousClock.Instant, bytes: [UInt8])], ends: Bool, waiting: Int)>(([], false, 0))
    private let ready = DispatchSemaphore(value: 0)
    private let isEmpty = DispatchSemaphore(value: 0)
    private let room = DispatchSemaphore(value: 256)

    func add(_ bytes: ArraySlice<UInt8>, after latency: Duration) {
        room.wait()
        let due = ContinuousClock.now + latency
        state.withLock { $0.chunks.append((due, Array(bytes))) }
        ready.signal()
    }

    /// No more comes.
    func end() {
        state.withLock { $0.ends = true }
        ready.signal()
    }

    /// Nobody takes any more: whoever adds must not wait for room.
    func close() {
        state.withLock { $0.ends = true }
        for _ in 0..<256 { room.signal() }
        isEmpty.signal()
    }

    /// Waits until all is on its way.
    func drain() {
        let isWaiting = state.withLock { state in
            if state.chunks.isEmpty || state.ends { return false }
            state.waiting += 1
            return true
        }
        if isWaiting { isEmpty.wait() }
    }

    /// The next bytes at their time; nil: no more come.
    func next() -> [UInt8]? {
        ready.wait()
        guard let first = state.withLock({ $0.chunks.first }) else { return nil }
        let wait = first.due - ContinuousClock.now
        if wait > .zero {
            let (seconds, rest) = wait.components
            var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(rest / 1_000_000_000))
            nanosleep(&time, nil)
        }
        state.withLock { state in
            state.chunks.removeFirst()
            if state.chunks.isEmpty {
                for _ in 0..<state.waiting { isEmpty.signal() }
                state.waiting = 0
            }
        }
        room.signal()
        return first.bytes
    }
}

/// A small generator of numbers that are the same for the same seed (SplitMix64).
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
