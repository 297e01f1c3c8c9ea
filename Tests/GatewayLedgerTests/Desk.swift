@_spi(HotPath) import GatewayCore
import GatewayLedger
import GatewayTesting

/// A ledger in a folder of its own and the steps of an engine around it.
final class Desk {
    let folder: TemporaryFolder
    private(set) var ledger: SQLiteLedger
    private(set) var space = SpaceID(rawValue: 0)
    private(set) var account = AccountID(rawValue: 0)
    var clock: Int64 = 1_000
    private var files = 0

    init() throws {
        folder = try TemporaryFolder()
        ledger = try SQLiteLedger(path: folder.path("ledger"), key: .sample)
        try names()
    }

    private func names() throws {
        space = try ledger.space(merchant: "demo", shop: "demo-shop", mode: .live)
        account = try ledger.account(carrier: "carrier", account: "main", mode: .live)
    }

    /// Opens the ledger anew: what only stood in memory is gone, as after a crash.
    func reopen() throws {
        ledger = try SQLiteLedger(path: folder.path("ledger"), key: .sample)
        try names()
    }

    func claim(_ name: String? = nil) throws -> Arrival.ID {
        files += 1
        clock += 1_000
        return try ledger.claim(
            flow: "demo/shop", mode: .live, name: name ?? "orders-\(files).csv", size: 100, modified: Int64(files), inode: 7, now: clock
        ).id
    }

    struct Settings {
        var mapping = "m1"
        var perDocument = 10_000
        var range: ClosedRange<Int64>?
        var isBaseline = false
        var space: SpaceID?
        var account: AccountID?
    }

    @discardableResult
    func begin(_ arrival: Arrival.ID, _ settings: Settings = Settings()) throws -> Int {
        clock += 1_000
        var run = RunSettings(
            arrival: arrival, space: settings.space ?? space, account: settings.account ?? account, mapping: settings.mapping,
            ordersPerDocument: settings.perDocument, range: settings.range == nil ? nil : "waybills", now: clock)
        if let range = settings.range { run.rangeNumbers = range }
        run.isBaseline = settings.isBaseline
        return try ledger.begin(run, words: ["cancelled"])
    }

    func judge(_ orders: [Order], from row: UInt32 = 2) throws -> Verdicts {
        var memory: [UInt8] = []
        var rows: [LedgerOrder] = []
        var lines: [LedgerLine] = []
        for (n, order) in orders.enumerated() {
            func place(_ text: String) -> (UInt32, UInt32) {
                memory += Array(text.utf8)
                return (UInt32(memory.count - text.utf8.count), UInt32(text.utf8.count))
            }
            let first = UInt32(lines.count)
            lines += order.lines.map { LedgerLine(key: DigestKey.sample.digest($0.name), quantity: $0.quantity) }
            rows.append(
                LedgerOrder(
                    reference: place(order.reference), key: place(order.fate == .ship ? order.key : ""), row: row + UInt32(n),
                    fate: order.fate, word: order.word.map(ledger.word) ?? 0, digests: order.digests, firstLine: first,
                    endLine: UInt32(lines.count)))
        }
        memory.append(0)
        return try memory.withUnsafeBytes { raw in
            guard let base = raw.baseAddress else { throw Finding(.ledgerFailed) }
            var batch = LedgerBatch(memory: base)
            batch.orders = rows
            batch.lines = lines
            return try ledger.judge(batch)
        }
    }

    func intend(_ arrival: Arrival.ID, documents: [Int: Int] = [1: 1], receipt: Bool = true) throws {
        var totals = Arrival.Totals()
        totals.orders = 1
        var intent = ArrivalIntent(arrival: arrival, content: Self.content(arrival), totals: totals)
        intent.documents = documents.sorted { $0.key < $1.key }.map { number, orders in
            DocumentIntent(
                number: UInt32(number), name: "document-\(arrival)-\(number).xml",
                content: ContentHash(of: Array("document \(arrival) \(number)".utf8)), orders: orders, size: 10)
        }
        if receipt {
            intent.receipt = DocumentIntent(
                number: 0, name: "receipt-\(arrival).csv", content: ContentHash(of: Array("receipt".utf8)), orders: 1, size: 5)
        }
        try ledger.intend(intent)
    }

    func end(_ arrival: Arrival.ID) throws {
        clock += 1_000
        ledger.finish(arrival, now: clock)
        try ledger.flush()
    }

    /// A whole arrival: claimed, judged at once, intended, finished.
    @discardableResult
    func drop(_ orders: [Order], _ settings: Settings = Settings(), name: String? = nil) throws -> Verdicts {
        let arrival = try claim(name)
        try begin(arrival, settings)
        let verdicts = try judge(orders)
        let documents = Set(verdicts.orders.filter { $0.kind == .ship }.map { Int($0.document) })
        try intend(arrival, documents: Dictionary(uniqueKeysWithValues: documents.map { ($0, 1) }))
        try end(arrival)
        return verdicts
    }

    static func content(_ arrival: Arrival.ID) -> ContentHash { ContentHash(of: Array("content of \(arrival)".utf8)) }
}

/// An order as the mapping hands it to the ledger.
struct Order {
    var reference: String
    var key: String
    var fate: Fate = .ship
    var word: String?
    var digests: (UInt64, UInt64, UInt64, UInt64) = (11, 12, 13, 14)
    var lines: [(name: String, quantity: UInt32)]

    init(_ reference: String, _ lines: (String, UInt32)..., key: String? = nil) {
        self.reference = reference
        self.key = key ?? "DEMO-\(reference)"
        self.lines = lines.isEmpty ? [("mug", 1)] : lines.map { (name: $0.0, quantity: $0.1) }
    }

    func held(_ code: String) -> Order { with { ($0.fate, $0.word) = (.hold, code) } }
    func skipped(_ reason: String = "cancelled") -> Order { with { ($0.fate, $0.word) = (.skip, reason) } }
    /// Another consignee.
    func moved() -> Order { with { $0.digests.0 = 99 } }
    func paidAnew() -> Order { with { $0.digests.1 = 99 } }

    private func with(_ change: (inout Order) -> Void) -> Order {
        var copy = self
        change(&copy)
        return copy
    }
}

extension Verdicts {
    var kinds: [Verdict.Kind] { orders.map(\.kind) }
}
