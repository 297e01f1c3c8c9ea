@_spi(HotPath) import GatewayCore
import GatewayLedger
import Testing

/// The identity and change rules of DESIGN.md, each by name.
@Suite struct IdentityTests {
    let desk: Desk
    init() throws { desk = try Desk() }

    @Test func aNewOrderShipsWithAllItsLines() throws {
        let verdicts = try desk.drop([Order("1001", ("mug", 2), ("cup", 1))])
        #expect(verdicts.kinds == [.ship])
        #expect(verdicts.quantities == [2, 1])
        #expect(verdicts.orders[0].sequence == 1)
        #expect(verdicts.orders[0].document == 1)
    }

    @Test func theSameOrderInAnotherShopIsAnotherOrder() throws {
        _ = try desk.drop([Order("1001")])
        let other = try desk.ledger.space(merchant: "other", shop: "other-shop", mode: .live)
        let verdicts = try desk.drop([Order("1001", key: "OTHER-1001")], .init(space: other))
        #expect(verdicts.kinds == [.ship])
    }

    @Test func testModeHasItsOwnOrdersKeysAndNumbers() throws {
        let live = try desk.drop([Order("1001")], .init(range: 5...9))
        let space = try desk.ledger.space(merchant: "demo", shop: "demo-shop", mode: .test)
        let account = try desk.ledger.account(carrier: "carrier", account: "main", mode: .test)
        let test = try desk.drop([Order("1001")], .init(range: 5...9, space: space, account: account))
        #expect(live.orders[0].number == 5)
        #expect(test.kinds == [.ship])
        #expect(test.orders[0].number == 5)
    }

    @Test func whatLeftStaysLeft() throws {
        _ = try desk.drop([Order("1001", ("mug", 2), ("cup", 1))])
        let again = try desk.drop([Order("1001", ("mug", 2), ("cup", 1))])
        #expect(again.kinds == [.unchanged])
        #expect(again.quantities == [0, 0])
        #expect(again.orders[0].arrival == 1)
    }

    @Test func aShippedOrderThatIsNowSkippedStaysLeft() throws {
        _ = try desk.drop([Order("1001")])
        #expect(try desk.drop([Order("1001").skipped("fulfilled")]).kinds == [.unchanged])
        #expect(try desk.drop([Order("1001")]).kinds == [.unchanged])
    }

    @Test func aShippedOrderIsNotHeldForWhatDoesNotReachTheCarrier() throws {
        _ = try desk.drop([Order("1001")])
        #expect(try desk.drop([Order("1001").held("order.undecided")]).kinds == [.unchanged])
        #expect(try desk.ledger.held(flow: nil, limit: 10).isEmpty)
    }

    @Test func fewerLinesThanLeftAreNoChange() throws {
        _ = try desk.drop([Order("1001", ("mug", 2), ("cup", 1))])
        #expect(try desk.drop([Order("1001", ("mug", 1))]).kinds == [.unchanged])
    }

    @Test func changedAfterItLeftIsHeldWithWhatDiffers() throws {
        _ = try desk.drop([Order("1000"), Order("1001")], .init(perDocument: 1))
        let changed = try desk.drop([Order("1001").moved()])
        #expect(changed.kinds == [.changedAfterLeft])
        #expect(changed.orders[0].document == 2)
        #expect(changed.orders[0].changed == 1 << UInt8(DigestBlock.consignee.rawValue))
        #expect(changed.orders[0].arrival == 1)
        let held = try desk.ledger.held(flow: "demo/shop", limit: 10)
        #expect(held.map(\.reference) == ["1001"])
        #expect(held.map(\.code) == ["order.changed.left"])
        #expect(held.map(\.file) == ["orders-2.csv"])
        #expect(held.map(\.row) == [2])
        #expect(try desk.drop([Order("1001").moved()]).kinds == [.changedAfterLeft])
    }

    @Test func theOldValuesEndAChangedHold() throws {
        _ = try desk.drop([Order("1001")])
        _ = try desk.drop([Order("1001").moved()])
        #expect(try desk.drop([Order("1001")]).kinds == [.unchanged])
        #expect(try desk.ledger.held(flow: nil, limit: 10).isEmpty)
        #expect(try desk.drop([Order("1001", ("mug", 3))]).orders[0].sequence == 2)
    }

    @Test func changedAndNewLinesTogetherAreHeldWithBothBits() throws {
        _ = try desk.drop([Order("1001", ("mug", 1))])
        let verdicts = try desk.drop([Order("1001", ("mug", 1), ("cup", 1)).paidAnew()])
        #expect(verdicts.kinds == [.changedAfterLeft])
        #expect(verdicts.orders[0].changed == 16 | 1 << UInt8(DigestBlock.payment.rawValue))
    }

    @Test func newlyOpenQuantitiesMakeANewConsignment() throws {
        _ = try desk.drop([Order("1001", ("mug", 1))])
        let second = try desk.drop([Order("1001", ("mug", 3), ("cup", 1))])
        #expect(second.kinds == [.ship])
        #expect(second.quantities == [2, 1])
        #expect(second.orders[0].sequence == 2)
        let third = try desk.drop([Order("1001", ("mug", 3), ("cup", 2))])
        #expect(third.quantities == [0, 1])
        #expect(third.orders[0].sequence == 3)
        #expect(try desk.drop([Order("1001", ("mug", 3), ("cup", 2))]).kinds == [.unchanged])
        let keys = try desk.ledger.trace("1001").filter { $0.subject == "consignment" }.map(\.name)
        #expect(keys == ["DEMO-1001", "DEMO-1001-2", "DEMO-1001-3"])
    }

    @Test func identicalLinesAddUp() throws {
        _ = try desk.drop([Order("1001", ("mug", 1), ("mug", 1))])
        #expect(try desk.drop([Order("1001", ("mug", 2))]).kinds == [.unchanged])
        let more = try desk.drop([Order("1001", ("mug", 1), ("mug", 2))])
        #expect(more.kinds == [.ship])
        #expect(more.quantities == [0, 1])
    }

    @Test func linesInAnotherOrderAreNoChange() throws {
        _ = try desk.drop([Order("1001", ("mug", 1), ("cup", 2))])
        #expect(try desk.drop([Order("1001", ("cup", 2), ("mug", 1))]).kinds == [.unchanged])
    }

    @Test func underAnotherMappingValuesAreNotCompared() throws {
        _ = try desk.drop([Order("1001")])
        let verdicts = try desk.drop([Order("1001").moved()], .init(mapping: "m2"))
        #expect(verdicts.kinds == [.notCompared])
        #expect(verdicts.orders[0].arrival == 1)
        #expect(try desk.ledger.held(flow: nil, limit: 10).isEmpty)
    }

    @Test func underAnotherMappingAnUnknownLineIsHeldForItMayBeAnOldOne() throws {
        _ = try desk.drop([Order("1001", ("mug", 1))])
        let renamed = try desk.drop([Order("1001", ("mug, named otherwise", 1))], .init(mapping: "m2"))
        #expect(renamed.kinds == [.changedAfterLeft])
        #expect(renamed.orders[0].changed == 16)
    }

    @Test func underAnotherMappingALineMoreShipsWhenTheOldOnesAreNamedAsBefore() throws {
        _ = try desk.drop([Order("1001", ("mug", 1))])
        let more = try desk.drop([Order("1001", ("mug", 1), ("cup", 1))], .init(mapping: "m2"))
        #expect(more.kinds == [.ship])
        #expect(more.quantities == [0, 1])
    }

    @Test func heldOrdersAreJudgedAgain() throws {
        #expect(try desk.drop([Order("1001").held("mapping.phone")]).kinds == [.held])
        #expect(try desk.ledger.held(flow: nil, limit: 10).map(\.code) == ["mapping.phone"])
        #expect(try desk.drop([Order("1001").held("mapping.mass")]).kinds == [.held])
        #expect(try desk.ledger.held(flow: nil, limit: 10).map(\.code) == ["mapping.mass"])
        let shipped = try desk.drop([Order("1001", ("mug", 2))])
        #expect(shipped.kinds == [.ship])
        #expect(shipped.orders[0].sequence == 1)
        #expect(shipped.quantities == [2])
        #expect(try desk.ledger.held(flow: nil, limit: 10).isEmpty)
    }

    @Test func skippedOrdersShipWhenTheRulesSaySo() throws {
        #expect(try desk.drop([Order("1001").skipped()]).kinds == [.skipped])
        #expect(try desk.drop([Order("1001").skipped()]).kinds == [.skipped])
        #expect(try desk.drop([Order("1001")]).kinds == [.ship])
    }

    @Test func aHeldOrderThatIsNowSkippedIsHeldNoMore() throws {
        _ = try desk.drop([Order("1001").held("mapping.phone")])
        #expect(try desk.drop([Order("1001").skipped()]).kinds == [.skipped])
        #expect(try desk.ledger.held(flow: nil, limit: 10).isEmpty)
    }

    @Test func aDroppedOrderStaysDroppedUntilItsValuesChange() throws {
        _ = try desk.drop([Order("1001").held("mapping.phone")])
        let held = try desk.ledger.held(flow: nil, limit: 10)
        #expect(try desk.ledger.drop(held, by: "ada", because: "fraud", now: 5) == 1)
        #expect(try desk.ledger.drop(held, by: "ada", because: "fraud", now: 5) == 0)
        #expect(try desk.drop([Order("1001").held("mapping.phone")]).kinds == [.dropped])
        #expect(try desk.drop([Order("1001")]).kinds == [.dropped])
        #expect(try desk.drop([Order("1001").moved()], .init(mapping: "m2")).kinds == [.dropped])
        #expect(try desk.drop([Order("1001").moved()]).kinds == [.ship])
    }

    @Test func aDroppedChangeStaysDroppedAndTheOrderStaysLeft() throws {
        _ = try desk.drop([Order("1001")])
        _ = try desk.drop([Order("1001").moved()])
        _ = try desk.ledger.drop(try desk.ledger.held(flow: nil, limit: 10), by: "ada", because: "told them", now: 5)
        #expect(try desk.drop([Order("1001").moved()]).kinds == [.dropped])
        #expect(try desk.drop([Order("1001")]).kinds == [.unchanged])
        #expect(try desk.drop([Order("1001").paidAnew()]).kinds == [.changedAfterLeft])
    }

    @Test func aBaselineCountsAsLeft() throws {
        #expect(try desk.drop([Order("1001", ("mug", 1))], .init(isBaseline: true)).kinds == [.elsewhere])
        #expect(try desk.drop([Order("1001", ("mug", 1))]).kinds == [.elsewhere])
        #expect(try desk.drop([Order("1001", ("mug", 1)).moved()]).kinds == [.changedAfterLeft])
        let more = try desk.drop([Order("1001", ("mug", 3))])
        #expect(more.kinds == [.ship])
        #expect(more.quantities == [2])
        #expect(more.orders[0].sequence == 2)
    }

    @Test func aBaselineSettlesWhatIsHeld() throws {
        _ = try desk.drop([Order("1001"), Order("1002").held("mapping.phone")])
        _ = try desk.drop([Order("1001").moved()])
        let verdicts = try desk.drop([Order("1001").moved(), Order("1002")], .init(isBaseline: true))
        #expect(verdicts.kinds == [.elsewhere, .elsewhere])
        #expect(try desk.ledger.held(flow: nil, limit: 10).isEmpty)
        #expect(try desk.drop([Order("1001").moved(), Order("1002")]).kinds == [.elsewhere, .elsewhere])
    }

    @Test func aKeyOfAnotherOrderIsTaken() throws {
        _ = try desk.drop([Order("1001", key: "K1")])
        let other = try desk.ledger.space(merchant: "other", shop: "other-shop", mode: .live)
        #expect(try desk.drop([Order("1001", key: "K1")], .init(space: other)).kinds == [.keyTaken])
        let held = try desk.ledger.held(flow: nil, limit: 10)
        #expect(held.map(\.code) == ["order.key.taken"])
        #expect(held.map(\.space) == [other])
        #expect(try desk.drop([Order("1001", key: "K2")], .init(space: other)).kinds == [.ship])
    }

    @Test func twoOrdersOfAFileCantHaveOneKey() throws {
        #expect(try desk.drop([Order("1001", key: "K1"), Order("1002", key: "K1"), Order("1003")]).kinds == [.ship, .keyTaken, .ship])
    }

    @Test func theKeyOfALaterConsignmentIsGuardedToo() throws {
        _ = try desk.drop([Order("7", ("mug", 1), key: "K"), Order("8", key: "K-2")])
        #expect(try desk.drop([Order("7", ("mug", 2), key: "K")]).kinds == [.keyTaken])
    }

    @Test func anotherAccountHasItsOwnKeys() throws {
        _ = try desk.drop([Order("1001", key: "K1")])
        let account = try desk.ledger.account(carrier: "carrier", account: "second", mode: .live)
        #expect(try desk.drop([Order("1002", key: "K1")], .init(account: account)).kinds == [.ship])
    }

    @Test func anOrderWithoutReferenceIsHeldAndNotRemembered() throws {
        #expect(
            try desk.drop([Order("").held("order.reference.missing"), Order("").held("order.reference.missing")]).kinds == [.held, .held])
        #expect(try desk.ledger.held(flow: nil, limit: 10).isEmpty)
    }

    @Test(arguments: [nil, 700...799] as [ClosedRange<Int64>?])
    func newAndKnownOrdersOfOneBatchAreToldApart(_ range: ClosedRange<Int64>?) throws {
        _ = try desk.drop([Order("1"), Order("3").held("mapping.phone"), Order("5").skipped()], .init(range: range))
        let arrival = try desk.claim()
        try desk.begin(arrival, .init(perDocument: 2, range: range))
        // All new, so that the next batch is first taken for all new.
        let first = try desk.judge([Order("10"), Order("11").held("mapping.mass"), Order("12").skipped()])
        #expect(first.kinds == [.ship, .held, .skipped])
        let mixed = [Order("20"), Order("1"), Order("21", ("mug", 3)), Order("3"), Order("5").skipped(), Order("22").held("mapping.mass")]
        let verdicts = try desk.judge(mixed, from: 9)
        #expect(verdicts.kinds == [.ship, .unchanged, .ship, .ship, .skipped, .held])
        #expect(verdicts.orders.map(\.document) == [1, 0, 2, 2, 0, 0])
        #expect(verdicts.quantities == [1, 0, 3, 1, 0, 0])
        if range != nil { #expect(verdicts.orders.map(\.number) == [702, 0, 703, 704, 0, 0]) }
        try desk.intend(arrival, documents: [1: 2, 2: 2])
        try desk.end(arrival)
        #expect(try desk.drop(mixed, .init(range: range)).kinds == [.unchanged, .unchanged, .unchanged, .unchanged, .skipped, .held])
        #expect(try desk.ledger.unusedNumbers(range: "waybills", mode: .live).isEmpty)
        #expect(try desk.ledger.held(flow: nil, limit: 9).map(\.reference) == ["11", "22"])
    }

    @Test func aTakenKeyAmongNewOrdersCostsNoNumber() throws {
        let settings = Desk.Settings(perDocument: 1, range: 1...9)
        let verdicts = try desk.drop([Order("1", key: "K"), Order("2", key: "K"), Order("3")], settings)
        #expect(verdicts.kinds == [.ship, .keyTaken, .ship])
        #expect(verdicts.orders.map(\.number) == [1, 0, 2])
        #expect(verdicts.orders.map(\.document) == [1, 0, 2])
    }

    @Test func aBaselineOfNewOrdersDrawsNothing() throws {
        let verdicts = try desk.drop([Order("1"), Order("2"), Order("3").held("mapping.phone")], .init(range: 1...9, isBaseline: true))
        #expect(verdicts.kinds == [.elsewhere, .elsewhere, .held])
        #expect(verdicts.quantities == [0, 0, 0])
        #expect(try desk.drop([Order("1"), Order("2"), Order("4")], .init(range: 1...9)).orders.map(\.number) == [0, 0, 1])
    }

    @Test func anEmptyRangeHoldsOnlyTheOrdersThatFindNoNumber() throws {
        let arrival = try desk.claim()
        try desk.begin(arrival, .init(range: 1...2))
        let verdicts = try desk.judge([Order("1"), Order("2"), Order("3"), Order("4").skipped()])
        #expect(verdicts.kinds == [.ship, .ship, .rangeEmpty, .skipped])
        #expect(verdicts.orders.map(\.number) == [1, 2, 0, 0])
        try desk.intend(arrival)
        try desk.end(arrival)
        #expect(try desk.ledger.held(flow: nil, limit: 9).map { [$0.reference, $0.code] } == [["3", "ledger.range.empty"]])
        // What drew its number before keeps it; a new range serves those that found none.
        #expect(try desk.drop([Order("1"), Order("3")], .init(range: 1...3)).orders.map(\.number) == [0, 3])
    }
}
