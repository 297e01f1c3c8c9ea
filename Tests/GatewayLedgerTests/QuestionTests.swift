@_spi(HotPath) import GatewayCore
import GatewayLedger
import Testing

/// Arrivals, held orders and traces.
@Suite struct QuestionTests {
    let desk: Desk
    init() throws { desk = try Desk() }

    @Test func anUnfinishedSightingIsClaimedOnce() throws {
        func claim(_ inode: UInt64) throws -> Arrival {
            try desk.ledger.claim(flow: "demo/shop", mode: .live, name: "a.csv", size: 5, modified: 6, inode: inode, now: 7)
        }
        let first = try claim(.max)
        #expect(try claim(.max) == first)
        #expect(first.inode == .max)
        #expect(try claim(8).id == first.id + 1)
        try desk.ledger.refuse(first.id, content: nil, code: "read.empty", notice: nil, now: 9)
        #expect(try claim(.max).id == first.id + 2)
        let refused = try desk.ledger.arrival(first.id)
        #expect(refused?.state == .refused)
        #expect(refused?.code == "read.empty")
        #expect(refused?.finished == 9)
    }

    @Test func finishedContentIsKnownAgain() throws {
        let content = Desk.content(1)
        #expect(try !desk.ledger.hasFinished(flow: "demo/shop", mode: .live, size: 100))
        _ = try desk.drop([Order("1")])
        #expect(try desk.ledger.hasFinished(flow: "demo/shop", mode: .live, size: 100))
        #expect(try !desk.ledger.hasFinished(flow: "demo/shop", mode: .test, size: 100))
        #expect(try desk.ledger.finished(flow: "demo/shop", mode: .live, content: content)?.id == 1)
        #expect(try desk.ledger.finished(flow: "demo/other", mode: .live, content: content) == nil)
        #expect(try desk.ledger.lastFinished() == 1)
        // A question sees what waits in memory.
        let arrival = try desk.claim()
        try desk.begin(arrival)
        try desk.intend(arrival)
        desk.ledger.finish(arrival, now: 77)
        #expect(try desk.ledger.lastFinished() == arrival)
        #expect(try desk.ledger.arrivals(flow: "demo/shop", limit: 1).first?.finished == 77)
    }

    @Test func aGuardedArrivalIsAsIfItHadNeverLeft() throws {
        let arrival = try desk.claim()
        try desk.begin(arrival, .init(range: 1...9))
        _ = try desk.judge([Order("1"), Order("2")])
        var totals = Arrival.Totals()
        totals.orders = 2
        try desk.ledger.guardArrival(arrival, content: Desk.content(arrival), totals: totals, code: "guard.file.large", notice: nil, now: 5)
        #expect(try desk.ledger.arrival(arrival)?.state == .guarded)
        #expect(try desk.ledger.arrival(arrival)?.totals.orders == 2)
        #expect(try desk.ledger.arrival(arrival)?.receipts == 1)
        #expect(try desk.ledger.unfinished().isEmpty)
        try desk.begin(arrival, .init(range: 1...9))
        let released = try desk.judge([Order("1"), Order("2").moved()])
        #expect(released.kinds == [.ship, .ship])
        #expect(released.orders.map(\.number) == [1, 2])
    }

    @Test func heldOrdersOfARefusedFileAreNotListed() throws {
        let arrival = try desk.claim()
        try desk.begin(arrival)
        _ = try desk.judge([Order("1").held("mapping.phone")])
        #expect(try desk.ledger.held(flow: nil, limit: 5).count == 1)
        try desk.ledger.refuse(arrival, content: nil, code: "read.quote.open", notice: nil, now: 5)
        #expect(try desk.ledger.held(flow: nil, limit: 5).isEmpty)
    }

    @Test func heldListsByFlowAndAtMostSoMany() throws {
        _ = try desk.drop((1...5).map { Order("\($0)").held("mapping.phone") })
        #expect(try desk.ledger.held(flow: "demo/shop", limit: 3).map(\.reference) == ["1", "2", "3"])
        #expect(try desk.ledger.held(flow: "demo/other", limit: 3).isEmpty)
    }

    @Test func anOrderIsTracedFromFileToDocument() throws {
        _ = try desk.drop([Order("1001", ("mug", 1))], .init(range: 70...79), name: "monday.csv")
        let order = try desk.ledger.trace("1001")
        #expect(
            order == [
                TraceStep(
                    at: 3_000, subject: "order", name: "1001", what: "shipped",
                    details: ["file": "monday.csv", "arrival": "1", "row": "2", "mapping": "m1"]),
                TraceStep(
                    at: 3_000, subject: "consignment", name: "DEMO-1001", what: "published",
                    details: ["order": "1001", "sequence": "1", "number": "70", "document": "document-1-1.xml"]),
            ])
        #expect(try desk.ledger.trace("DEMO-1001").map(\.subject) == ["consignment", "order"])
        let file = try desk.ledger.trace("monday.csv")
        #expect(file.map(\.what) == ["claimed", "published", "finished"])
        #expect(file.map(\.at) == [2_000, 3_000, 4_000])
        #expect(try desk.ledger.trace(Desk.content(1).hex(8)) == file)
        #expect(try desk.ledger.trace("document-1-1.xml") == file)
        #expect(try desk.ledger.trace("nothing").isEmpty)
    }

    @Test func aTraceSaysWhoDroppedAnOrderAndWhy() throws {
        _ = try desk.drop([Order("1001")])
        _ = try desk.drop([Order("1001").moved()])
        _ = try desk.ledger.drop(try desk.ledger.held(flow: nil, limit: 1), by: "ada", because: "told the carrier", now: 9_000)
        let steps = try desk.ledger.trace("1001")
        #expect(steps.map(\.what) == ["shipped", "published", "held", "dropped"])
        #expect(steps.last?.details == ["who": "ada", "why": "told the carrier"])
        #expect(steps[2].details["code"] == "order.changed.left")
    }

    @Test func eventsAreRememberedWithTheirReason() throws {
        try desk.ledger.record(LedgerEvent(at: 5, who: "ada", what: "released", subject: "monday.csv", why: "checked"))
        #expect(
            try desk.ledger.trace("monday.csv")
                == [TraceStep(at: 5, subject: "event", name: "monday.csv", what: "released", details: ["who": "ada", "why": "checked"])])
    }

    @Test func aStepOfAnUnknownArrivalIsRefused() throws {
        #expect(throws: Finding(.ledgerArrivalUnknown, found: .plain("42"))) { try desk.begin(42) }
        #expect(throws: Finding(.ledgerArrivalUnknown)) { try desk.judge([Order("1")]) }
        #expect(throws: Finding(.ledgerArrivalUnknown, found: .plain("42"))) { try desk.intend(42) }
    }
}
