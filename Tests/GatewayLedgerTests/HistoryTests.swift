@_spi(HotPath) import GatewayCore
import GatewayLedger
import Testing

/// Every judgement of an order is remembered, and a run that comes to nothing takes none of them away.
@Suite struct HistoryTests {
    let desk: Desk
    init() throws { desk = try Desk() }

    private func judgements(_ reference: String) throws -> [String] {
        try desk.ledger.trace(reference).filter { $0.subject == "order" }
            .map { "\($0.what) \($0.details["file"] ?? "") \($0.details["code"] ?? "")" }
    }

    @Test func everyHoldIsTracedWithItsFileAndReason() throws {
        _ = try desk.drop([Order("1001").held("mapping.phone")], name: "monday.csv")
        _ = try desk.drop([Order("1001").held("mapping.mass")], name: "tuesday.csv")
        _ = try desk.drop([Order("1001")], name: "wednesday.csv")
        _ = try desk.drop([Order("1001").moved()], name: "thursday.csv")
        _ = try desk.drop([Order("1001")], name: "friday.csv")
        #expect(
            try judgements("1001") == [
                "held monday.csv mapping.phone", "held tuesday.csv mapping.mass", "shipped wednesday.csv ",
                "held thursday.csv order.changed.left",
            ])
    }

    @Test func anOrderThatComesAgainUnchangedWritesNoHistory() throws {
        _ = try desk.drop([Order("1001"), Order("1002").skipped()])
        for _ in 1...3 { _ = try desk.drop([Order("1001"), Order("1002").skipped()]) }
        #expect(try judgements("1001").count == 1)
        #expect(try judgements("1002").count == 1)
    }

    @Test func aHeldOrderSaysThatItLeftAndWhatDiffers() throws {
        _ = try desk.drop([Order("1001"), Order("1002").held("mapping.phone")])
        _ = try desk.drop([Order("2001")], .init(isBaseline: true))
        _ = try desk.drop([Order("1001", ("mug", 2)).moved(), Order("2001").paidAnew()])
        let held = try desk.ledger.held(flow: nil, limit: 9)
        #expect(held.map(\.reference) == ["1002", "1001", "2001"])
        #expect(held[0].left == nil)
        #expect(held[1].left == HeldOrder.Left(arrival: 1, at: 3_000, isElsewhere: false, changed: 17))
        #expect(held[2].left == HeldOrder.Left(arrival: 2, at: 6_000, isElsewhere: true, changed: 2))
    }

    /// What a run did to an order whose earlier judgement a refusal, a guard or a failed retry must bring back.
    enum End: CaseIterable { case refused, guarded, abandoned }

    @Test(arguments: End.allCases) func aRunThatComesToNothingLeavesEarlierHoldsAsTheyWere(end: End) throws {
        _ = try desk.drop([Order("1").held("mapping.phone"), Order("2").held("mapping.mass"), Order("3")])
        _ = try desk.drop([Order("3").moved()])
        _ = try desk.ledger.drop(
            try desk.ledger.held(flow: nil, limit: 9).filter { $0.reference == "2" }, by: "ada", because: "fraud", now: 5)
        let before = try desk.ledger.held(flow: nil, limit: 9)
        #expect(before.map(\.reference) == ["1", "3"])
        let second = try desk.claim()
        try desk.begin(second)
        let verdicts = try desk.judge([Order("1"), Order("2").moved(), Order("3").paidAnew(), Order("4").held("mapping.phone")])
        #expect(verdicts.kinds == [.ship, .ship, .changedAfterLeft, .held])
        // A crash before the end: the next run finds what the first one wrote.
        try desk.reopen()
        try desk.begin(second)
        _ = try desk.judge([Order("1"), Order("2").moved(), Order("3").paidAnew()])
        switch end {
        case .refused: try desk.ledger.refuse(second, content: nil, code: "read.quote.open", notice: nil, now: 5)
        case .guarded:
            try desk.ledger.guardArrival(
                second, content: Desk.content(second), totals: Arrival.Totals(), code: "guard.file.new", notice: nil, now: 5)
        case .abandoned: try desk.ledger.abandon(second)
        }
        #expect(try desk.ledger.held(flow: nil, limit: 9) == before)
        #expect(try desk.drop([Order("2").held("mapping.mass")]).kinds == [.dropped])
        #expect(try judgements("1") == ["held orders-1.csv mapping.phone"])
        #expect(try desk.drop([Order("1"), Order("3")]).kinds == [.ship, .unchanged])
    }

    @Test func whatAnotherFileSaidMeanwhileIsNotTakenBack() throws {
        _ = try desk.drop([Order("1").held("mapping.phone")])
        let crashed = try desk.claim()
        try desk.begin(crashed)
        _ = try desk.judge([Order("1").held("mapping.mass")])
        try desk.reopen()
        _ = try desk.drop([Order("1").held("mapping.date")])
        try desk.begin(crashed)
        _ = try desk.judge([Order("1").held("mapping.mass")])
        try desk.ledger.refuse(crashed, content: nil, code: "read.quote.open", notice: nil, now: 5)
        #expect(try desk.ledger.held(flow: nil, limit: 9).map(\.code) == ["mapping.date"])
    }

    @Test func aNoticeWaitsInTheLedgerUntilItIsOut() throws {
        let arrival = try desk.claim()
        let notice = DocumentIntent(
            number: 0, name: "orders-1.receipt.csv", content: ContentHash(of: Array("refused".utf8)), orders: 0, size: 7)
        try desk.ledger.refuse(arrival, content: nil, code: "read.quote.open", notice: notice, now: 5)
        try desk.reopen()
        #expect(try desk.ledger.unfinished().map(\.id) == [arrival])
        #expect(try desk.ledger.arrival(arrival)?.notice == notice)
        try desk.ledger.noticed(arrival)
        #expect(try desk.ledger.unfinished().isEmpty)
        #expect(try desk.ledger.arrival(arrival)?.notice == nil)
        #expect(try desk.ledger.arrival(arrival)?.receipts == 1)
    }
}
