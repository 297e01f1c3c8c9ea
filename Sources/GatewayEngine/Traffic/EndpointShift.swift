import GatewayCore
import GatewayProfiles

/// The work of one endpoint, turn by turn: connects, makes a pass, rests after failures, stands still where it must, comes back
/// when it was mended. Goes by the clock of its parts and never waits itself. Used by one thread.
struct EndpointShift {
    private let parts: GatewayParts
    private let traffic: TrafficParts
    private let routes: Routes
    private let say: @Sendable (Finding) -> Void
    private let arrived: @Sendable (String, String) -> Void
    private var endpoint: EndpointSettings
    private var files: (any RemoteFiles)?
    private var tour: EndpointTour?
    private var pollAt: Int64 = 0
    private(set) var breaker = Breaker()
    /// What it was made of when it stopped.
    private var marks: [EndpointFiles.Mark?] = []
    private var mended: String?
    private var stored: EndpointStanding?

    /// How often local outboxes are looked at, and whether a stopped endpoint was mended; nanoseconds.
    static let interval: Int64 = 1_000_000_000

    /// - Parameters:
    ///   - say: gets every failure, each time.
    ///   - arrived: called when a file (second) came into the inbox of a flow (first).
    init(
        _ endpoint: EndpointSettings, _ parts: GatewayParts, _ traffic: TrafficParts, _ routes: Routes,
        say: @escaping @Sendable (Finding) -> Void, arrived: @escaping @Sendable (String, String) -> Void
    ) {
        self.endpoint = endpoint
        self.parts = parts
        self.traffic = traffic
        self.routes = routes
        self.say = say
        self.arrived = arrived
    }

    /// Does what is due. `next`: when it is to be called at the latest, in nanoseconds of the clock's ``GatewayClock/elapsed()``.
    /// `isIdle`: it looked everywhere and found nothing to do.
    ///
    /// - Parameter chance: which part of a rest is taken, 255 all of it.
    mutating func turn(chance: UInt8) -> (next: Int64, isIdle: Bool) {
        if breaker.stopped != nil {
            guard isMended() else { return (now + Self.interval, false) }
            close()
            breaker.succeed()
            pollAt = 0
        }
        guard now >= breaker.until else { return (breaker.until, false) }
        do {
            if tour == nil { try open() }
            let isPoll = now >= pollAt
            guard let done = try tour?.pass(polls: isPoll) else { return (now + Self.interval, false) }
            for remark in done.remarks { say(remark) }
            let isSettling = tour?.isSettling ?? false
            if isPoll { pollAt = now + (isSettling ? endpoint.settlingPoll : endpoint.poll) * 1_000_000 }
            breaker.succeed()
            store()
            return (min(pollAt, now + Self.interval), !done.left && (isPoll || tour?.wasPolled == true) && !isSettling)
        } catch {
            let finding = Gateway.finding(error)
            if Breaker.stops(finding.code) || files == nil {
                stand(still: finding)
                return (now + Self.interval, false)
            }
            say(finding)
            breaker.fail(finding, now: now, chance: chance)
            pollAt = 0
            store()
            return (breaker.until, false)
        }
    }

    /// Lets go of all connections.
    mutating func close() {
        files?.close()
        files = nil
        tour = nil
    }

    private var now: Int64 { parts.clock.elapsed() * 1_000_000 }

    /// What it was made of is read anew: settings that can't work leave ``files`` empty.
    private mutating func open() throws {
        let made: any RemoteFiles
        if let files { made = files } else { made = try traffic.files(endpoint) }
        files = made
        tour = try EndpointTour(endpoint, parts, traffic, routes, made, arrived: arrived)
    }

    // MARK: Standing still

    private mutating func stand(still finding: Finding) {
        say(finding)
        breaker.stop(finding)
        marks = EndpointFiles.marks(endpoint, root: parts.root)
        mended = fact(EndpointFact.mended)
        store()
    }

    /// Whether a file that it is made of changed, or `dropgate doctor` found it well. Its settings are read anew then.
    private mutating func isMended() -> Bool {
        let (marks, mended) = (EndpointFiles.marks(endpoint, root: parts.root), fact(EndpointFact.mended))
        guard marks != self.marks || mended != self.mended else { return false }
        (self.marks, self.mended) = (marks, mended)
        do throws(Finding) {
            if let fresh = try traffic.settings(endpoint.name) { endpoint = fresh }
            return true
        } catch {
            // Being edited, or wrong: the next change is looked at again.
            say(error)
            return false
        }
    }

    private func fact(_ name: String) -> String? {
        do { return try traffic.ledger.fact(name, of: endpoint.name) } catch {
            say(Gateway.finding(error))
            return nil
        }
    }

    // MARK: For people

    /// Keeps what changed for `dropgate status`.
    private mutating func store() {
        do {
            if stored == nil { stored = try traffic.ledger.standing(of: endpoint.name) }
            let state: EndpointStanding.State = breaker.stopped != nil ? .stopped : breaker.failures > 0 ? .waiting : .fine
            let wall = parts.clock.now()
            var standing = EndpointStanding(state, since: stored?.state == state ? stored?.since ?? wall : wall)
            standing.failures = breaker.failures
            standing.code = breaker.lastFailure?.code.id
            standing.sentence = breaker.lastFailure?.masked(by: parts.key).sentence()
            if state == .waiting { standing.until = wall + (breaker.until - now) / 1_000_000 }
            if let stored, stored.says(the: standing) { return }
            try traffic.ledger.setStanding(standing, of: endpoint.name)
            stored = standing
        } catch { say(Gateway.finding(error)) }
    }
}
