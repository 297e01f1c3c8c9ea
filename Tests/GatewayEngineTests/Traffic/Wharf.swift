import GatewayCore
import GatewayLedger
import GatewayProfiles
import GatewayTesting
import GatewayTransports
import Glibc
import Logging
import Synchronization
import Testing

@testable import GatewayEngine

/// A workspace with one partner's server in memory, whose endpoint is worked turn by turn at times that the test gives.
final class Wharf: Sendable {
    let folder: TemporaryFolder
    let files = MemoryRemoteFiles()
    let ledger: SQLiteLedger
    let clock = GivenClock()
    private let notes = Mutex(Notes())

    private struct Notes {
        var said: [String] = []
        var arrived: [String] = []
        var settings: [EndpointSettings] = []
        var refusal: Finding?
    }

    static let inbox = "inbox/merchants/demo/web"
    static let outbox = "outbox/carriers/fast-freight/main"

    /// - Parameter endpoint: lines of the endpoint `partner` besides the usual ones.
    init(_ endpoint: String = "afterwards: leave") throws {
        folder = try TemporaryFolder()
        for place in ["mappings/channels", "mappings/carriers", Self.inbox, Self.outbox] { try folder.makeFolder(place) }
        // Names are all that an endpoint needs of them.
        for profile in ["channels/shop-export", "carriers/fast-freight"] { try folder.write("", to: "mappings/\(profile).yaml") }
        try folder.write("a key", to: "login")
        try folder.write(Self.settings(endpoint), to: "dropgate.yaml")
        try StateFolder(workspace: folder.path).make()
        ledger = try SQLiteLedger(path: folder.path("state/ledger.sqlite"), key: .sample)
    }

    /// - Parameters:
    ///   - endpoint: lines of each endpoint besides the usual ones.
    ///   - names: of the endpoints; each has a flow, the account's outbox lies at the first.
    static func settings(
        _ endpoint: String, host: String = "sftp.example.com", names: [String] = ["partner"], poll: String = "30 s", quiet: String = "10 s"
    ) -> String {
        var text = """
            workspace: 1
            merchants:
              demo:
                consignors:
                  warehouse: { name: Example Warehouse, address1: 12 Sample Street, city: Kadıköy, province: İstanbul, postcode: "34710", country: TR, phone: "+902165550100" }
                flows:

            """
        for (n, name) in names.enumerated() {
            text += """
                      web\(n == 0 ? "" : "\(n)"):
                        mode: live
                        shop: demo-shop-\(n)
                        channels: shop-export
                        carrier: fast-freight
                        account: main
                        consignor: warehouse
                        zone: Europe/Istanbul
                        language: en
                        key prefix: DEMO\(n)-
                        inbox: \(name)/out
                        guards: { hold orders older than: off, hold files with more new orders than: off }
                        parcel: { weight: 1 kg, length: 30 cm, width: 20 cm, height: 10 cm, contents: Goods }

                """
        }
        text += "accounts:\n  fast-freight: { main: { outbox: \(names[0])/in } }\nendpoints:\n"
        for name in names {
            text += """
                  \(name):
                    transport: sftp
                    host: \(host)
                    user: dropgate
                    key: file:login
                    known hosts: login
                    poll: \(poll)
                    quiet: \(quiet)

                """
            for line in endpoint.split(separator: "\n") { text += "    \(line)\n" }
        }
        return text
    }

    func parts() throws -> GatewayParts {
        let (workspace, findings) = Workspace.load(root: folder.path)
        guard let workspace else { throw findings.first ?? Finding(.unexpected) }
        let stores = LocalDropStores(root: folder.path)
        var parts = GatewayParts(
            workspace: workspace, root: folder.path, ledger: ledger, key: .sample, store: { stores.store($0) }, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        parts.traffic = traffic(stores)
        return parts
    }

    private func traffic(_ stores: LocalDropStores) -> TrafficParts {
        let root = folder.path
        return TrafficParts(
            ledger: ledger,
            files: { (settings) throws(Finding) in
                let refusal = self.notes.withLock { notes in
                    notes.settings.append(settings)
                    return notes.refusal
                }
                if let refusal { throw refusal }
                return self.files
            },
            settings: { (name) throws(Finding) in
                let (workspace, findings) = Workspace.load(root: root)
                guard let workspace else { throw findings.first ?? Finding(.unexpected) }
                return workspace.settings.endpoints.first { $0.name == name }
            },
            dropIn: { (path, folder, name) throws(Finding) in try stores.store(folder).dropIn(path, as: name) })
    }

    func shift() throws -> EndpointShift {
        let parts = try parts()
        let endpoint = try #require(parts.workspace.settings.endpoints.first)
        let traffic = try #require(parts.traffic)
        return EndpointShift(
            endpoint, parts, traffic, Routes(parts.workspace.settings, endpoint: endpoint.name),
            say: { finding in self.notes.withLock { $0.said.append(finding.code.id) } },
            arrived: { _, name in self.notes.withLock { $0.arrived.append(name) } })
    }

    /// Codes that were said since the last call.
    func said() -> [String] {
        notes.withLock { notes in
            defer { notes.said = [] }
            return notes.said
        }
    }
    var arrived: [String] { notes.withLock { $0.arrived } }
    /// Settings that it was connected with.
    var connections: [EndpointSettings] { notes.withLock { $0.settings } }
    /// Connecting is refused; nil: it works.
    func refuse(_ finding: Finding?) { notes.withLock { $0.refusal = finding } }

    /// What the gateway does with a file of the inbox, as far as an endpoint can see it: the arrival is over, however it ended.
    func finish(_ name: String) throws {
        let bytes = try #require(folder.contents(Self.inbox + "/" + name))
        let arrival = try ledger.claim(
            flow: "demo/web", mode: .live, name: name, size: Int64(bytes.count), modified: 1, inode: 1, now: clock.now())
        try ledger.refuse(arrival.id, content: ContentHash(of: bytes), code: "test", notice: nil, now: clock.now())
        unlink(folder.path(Self.inbox + "/" + name))
    }

    /// Makes turns every second for so long, in seconds. Gives the time of each turn in which the server was called.
    @discardableResult
    func work(_ shift: inout EndpointShift, seconds: Int, chance: UInt8 = 255) -> [Int64] {
        var busy: [Int64] = []
        for _ in 0..<seconds {
            let before = files.calls.count
            _ = shift.turn(chance: chance)
            if files.calls.count > before { busy.append(clock.elapsed() / 1000) }
            clock.advance(1_000)
        }
        return busy
    }
}

/// A clock that goes when it is told to.
final class GivenClock: GatewayClock {
    private let time = Mutex<Int64>(0)
    static let start: Int64 = 1_795_600_000_000

    func now() -> Int64 { Self.start + elapsed() }
    func elapsed() -> Int64 { time.withLock { $0 } }
    /// - Parameter milliseconds: how far.
    func advance(_ milliseconds: Int64) { time.withLock { $0 += milliseconds } }
}
