import GatewayCore
import GatewayProfiles

/// One pass after the other over everything that an endpoint has to do. Used by one thread.
struct EndpointTour {
    private let endpoint: EndpointSettings
    private let parts: GatewayParts
    private let traffic: TrafficParts
    private let routes: Routes
    private let arrived: @Sendable (String, String) -> Void
    private var polls: [RemotePoll] = []
    private let folders: [RemoteFolder]
    /// Findings of single files that were said already.
    private var said: Set<Finding> = []
    private(set) var wasPolled = false

    init(
        _ endpoint: EndpointSettings, _ parts: GatewayParts, _ traffic: TrafficParts, _ routes: Routes, _ files: any RemoteFiles,
        arrived: @escaping @Sendable (String, String) -> Void
    ) throws {
        self.endpoint = endpoint
        self.parts = parts
        self.traffic = traffic
        self.routes = routes
        self.arrived = arrived
        let temp = try traffic.ledger.fact(EndpointFact.temp, of: endpoint.name).flatMap(RemoteTemp.init(rawValue:)) ?? .hidden
        let largest = parts.workspace.settings.limits.file
        folders = routes.outboxes.map { RemoteFolder(files, path: $0.folder, largest: largest, temp: temp) }
        for route in routes.inboxes {
            var poll = RemotePoll(
                folder: RemoteFolder(files, path: route.folder, largest: largest, temp: temp), endpoint: endpoint)
            if endpoint.afterwards == .leave {
                try traffic.ledger.left(endpoint: endpoint.name, folder: route.folder) { poll.leave($0) }
            }
            polls.append(poll)
        }
    }

    /// Whether files are at the endpoint that only need to become quiet.
    var isSettling: Bool { polls.contains(where: \.isSettling) }

    /// Does what is to be done. `left`: something is claimed or waits to be sent still.
    /// - Parameter polls: the endpoint's folders are listed too.
    mutating func pass(polls isPoll: Bool) throws -> (left: Bool, remarks: [Finding]) {
        var remarks: [Finding] = []
        var open = try traffic.ledger.openSources(endpoint: endpoint.name)
        for n in routes.inboxes.indices {
            let fetching = fetching(n)
            let route = routes.inboxes[n]
            let claims = open.filter { $0.folder == route.folder && $0.flow == route.flow.id && $0.mode == route.flow.mode }
            try fetch(claims.filter { $0.state == .claimed || $0.state == .fetched }, n, fetching, &remarks) { try fetching.take(up: $0) }
            for claim in claims where claim.state == .staged {
                guard try fetching.settle(claim) else { continue }
                if endpoint.afterwards == .leave { polls[n].leave(claim) }
            }
            guard isPoll else { continue }
            let (ready, news) = try polls[n].look(open: Set(claims.map(\.name)), now: parts.clock.elapsed() * 1_000_000)
            remarks += news
            try fetch(ready, n, fetching, &remarks) { try fetching.fetch($0) }
        }
        wasPolled = wasPolled || isPoll
        try deliver(&remarks)
        open = try traffic.ledger.openSources(endpoint: endpoint.name)
        let isWaiting = routes.outboxes.indices.contains { !delivering($0).waiting().isEmpty }
        // What lies in an inbox still is the gateway's turn.
        let isOurs = open.contains { source in
            guard source.state == .staged, let flow = routes.inboxes.first(where: { $0.flow.id == source.flow })?.flow else { return true }
            return !FileIO.exists(parts.root + "/" + flow.inbox + "/" + source.name)
        }
        return (isOurs || isWaiting, remarks)
    }

    private func fetching(_ n: Int) -> Fetching {
        Fetching(parts: parts, traffic: traffic, endpoint: endpoint, folder: polls[n].folder, flow: routes.inboxes[n].flow)
    }

    private func delivering(_ n: Int) -> Delivering {
        Delivering(parts: parts, traffic: traffic, endpoint: endpoint, source: routes.outboxes[n].source, folder: folders[n])
    }

    private mutating func fetch<T: Sendable & RemoteNamed>(
        _ list: [T], _ n: Int, _ fetching: Fetching, _ remarks: inout [Finding], _ job: @escaping @Sendable (T) throws -> Bool
    ) throws {
        guard !list.isEmpty else { return }
        let (arrived, flow) = (arrived, routes.inboxes[n].flow.id)
        let failures = Parallel.run(list.count, width: endpoint.sessions, stops: Self.isOfEndpoint) { n in
            if try job(list[n]) { arrived(flow, list[n].name) }
        }
        try sort(failures, &remarks)
    }

    private mutating func deliver(_ remarks: inout [Finding]) throws {
        for n in routes.outboxes.indices {
            let delivering = delivering(n)
            let names = delivering.waiting()
            guard !names.isEmpty else { continue }
            let notes = Notes()
            let failures = Parallel.run(names.count, width: endpoint.sessions, stops: Self.isOfEndpoint) { n in
                if let remark = try delivering.deliver(names[n]) { notes.add(remark) }
            }
            remarks += notes.all
            try sort(failures, &remarks)
        }
    }

    /// A failure of the endpoint ends the pass; one of a single file is said, once.
    private mutating func sort(_ failures: [any Error], _ remarks: inout [Finding]) throws {
        if let failure = failures.first(where: Self.isOfEndpoint) { throw failure }
        for failure in failures {
            let finding = Gateway.finding(failure)
            if said.count > 1_000 { said.removeAll() }
            if said.insert(finding).inserted { remarks.append(finding) }
        }
    }

    private static func isOfEndpoint(_ error: any Error) -> Bool {
        let code = Gateway.finding(error).code
        // Another file in a document's place is that document's trouble.
        return code.stops == .endpoint && code != .publishNameTaken
    }
}

/// Something with the name of a file at a server.
protocol RemoteNamed {
    var name: String { get }
}
extension RemoteSource: RemoteNamed {}
extension RemotePoll.Ready: RemoteNamed {}
