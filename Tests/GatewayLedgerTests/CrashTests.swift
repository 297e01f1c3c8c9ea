import GRDB
@_spi(HotPath) import GatewayCore
import Testing

@testable import GatewayLedger

/// A crash between any two steps: the ledger is opened anew and the arrival begun again.
@Suite struct CrashTests {
    static let orders = [
        Order("1001", ("mug", 2)), Order("1002").held("mapping.phone"), Order("1003"), Order("1004").skipped(), Order("1005"),
        Order("1006", ("cup", 1), ("mug", 1)),
    ]
    static let settings = Desk.Settings(perDocument: 2, range: 500...599)

    /// What an order's document is made from.
    struct Drawn: Equatable {
        var kind: Verdict.Kind
        var document: UInt32
        var sequence: UInt16
        var number: Int64
        var drawn: Int64
        var quantities: [UInt32]
    }

    private func drawn(_ verdicts: Verdicts) -> [Drawn] {
        verdicts.orders.map {
            Drawn(
                kind: $0.kind, document: $0.document, sequence: $0.sequence, number: $0.number, drawn: $0.drawn,
                quantities: verdicts.quantities)
        }
    }

    @Test func aRunAfterACrashDrawsTheSameDocumentsNumbersAndClocks() throws {
        let desk = try Desk()
        let arrival = try desk.claim()
        try desk.begin(arrival, Self.settings)
        let first = drawn(try desk.judge(Self.orders))
        #expect(first.map(\.number) == [500, 0, 501, 0, 502, 503])
        #expect(first.map(\.document) == [1, 0, 1, 0, 2, 2])
        for run in 2...3 {
            try desk.reopen()
            #expect(try desk.ledger.unfinished().map(\.id) == [arrival])
            #expect(try desk.begin(arrival, Self.settings) == run)
            #expect(drawn(try desk.judge(Self.orders)) == first)
        }
        try desk.intend(arrival, documents: [1: 2, 2: 2])
        try desk.end(arrival)
        #expect(try desk.drop(Self.orders, Self.settings).kinds == [.unchanged, .held, .unchanged, .skipped, .unchanged, .unchanged])
        #expect(try desk.ledger.unusedNumbers(range: "waybills", mode: .live).isEmpty)
    }

    @Test func aCrashBetweenBatchesKeepsTheFirstAndDrawsOnFromThere() throws {
        let desk = try Desk()
        let arrival = try desk.claim()
        try desk.begin(arrival, Self.settings)
        let first = drawn(try desk.judge(Array(Self.orders[..<3])))
        try desk.reopen()
        try desk.begin(arrival, Self.settings)
        #expect(drawn(try desk.judge(Array(Self.orders[..<3]))) == first)
        let rest = try desk.judge(Array(Self.orders[3...]), from: 5)
        #expect(rest.orders.map(\.number) == [0, 502, 503])
        #expect(rest.orders.map(\.document) == [0, 2, 2])
    }

    @Test func anOrderHeldWhileItsDocumentWasWrittenIsTheSameAfterACrash() throws {
        let desk = try Desk()
        let arrival = try desk.claim()
        try desk.begin(arrival, Self.settings)
        let first = drawn(try desk.judge(Self.orders))
        desk.ledger.hold([(reference: "1003", row: 4, code: "carrier.field.long")])
        try desk.ledger.flush()
        #expect(
            try desk.ledger.unusedNumbers(range: "waybills", mode: .live)
                == [UnusedNumber(number: 501, reference: "1003", why: "carrier.field.long")])
        try desk.reopen()
        try desk.begin(arrival, Self.settings)
        #expect(drawn(try desk.judge(Self.orders)) == first)
        desk.ledger.hold([(reference: "1003", row: 4, code: "carrier.field.long")])
        try desk.intend(arrival, documents: [1: 1, 2: 2])
        try desk.end(arrival)
        #expect(try desk.ledger.held(flow: nil, limit: 10).map(\.code) == ["mapping.phone", "carrier.field.long"])
        #expect(
            try desk.ledger.unusedNumbers(range: "waybills", mode: .live)
                == [UnusedNumber(number: 501, reference: "1003", why: "carrier.field.long")])
    }

    @Test func aNumberIsNeverDrawnTwice() throws {
        let desk = try Desk()
        let arrival = try desk.claim()
        try desk.begin(arrival, Self.settings)
        _ = try desk.judge([Order("1"), Order("2")])
        desk.ledger.hold([(reference: "1", row: 2, code: "carrier.field.long")])
        try desk.intend(arrival)
        try desk.end(arrival)
        try desk.reopen()
        let next = try desk.drop([Order("1"), Order("3")], Self.settings)
        // 500 stays the number of order 1: it was never sent, and no other order had it.
        #expect(next.orders.map(\.number) == [500, 502])
        #expect(try desk.ledger.unusedNumbers(range: "waybills", mode: .live).isEmpty)
    }

    @Test func aReplacedOrderLeavesItsNumberUnused() throws {
        let desk = try Desk()
        let arrival = try desk.claim()
        try desk.begin(arrival, Self.settings)
        _ = try desk.judge([Order("1", key: "K1")])
        try desk.begin(arrival, Self.settings)
        #expect(try desk.judge([Order("1", key: "K2")]).orders[0].number == 501)
        #expect(
            try desk.ledger.unusedNumbers(range: "waybills", mode: .live)
                == [UnusedNumber(number: 500, reference: "1", why: "replaced")])
        try desk.begin(arrival, Self.settings)
        #expect(try desk.judge([Order("1").held("mapping.phone")]).kinds == [.held])
        #expect(try desk.ledger.unusedNumbers(range: "waybills", mode: .live).map(\.why) == ["replaced", "mapping.phone"])
    }

    @Test func whatWasDrawnAndDidNotLeaveIsReplacedByANewerFile() throws {
        let desk = try Desk()
        let crashed = try desk.claim()
        try desk.begin(crashed)
        _ = try desk.judge([Order("1001", ("mug", 1))])
        #expect(try desk.drop([Order("1001", ("mug", 2)).moved()]).quantities == [2])
        try desk.begin(crashed)
        #expect(try desk.judge([Order("1001", ("mug", 1))]).kinds == [.changedAfterLeft])
    }

    @Test func intendedDocumentsComeBackAsTheyWere() throws {
        let desk = try Desk()
        let arrival = try desk.claim()
        try desk.begin(arrival, Self.settings)
        _ = try desk.judge(Self.orders)
        try desk.intend(arrival, documents: [1: 2, 2: 2])
        try desk.reopen()
        let found = try desk.ledger.arrival(arrival)
        #expect(found?.state == .intended)
        #expect(found?.receipts == 1)
        let intent = try desk.ledger.intents(of: arrival)
        #expect(intent?.documents.map(\.name) == ["document-1-1.xml", "document-1-2.xml"])
        #expect(intent?.documents.map(\.number) == [1, 2])
        #expect(intent?.content == Desk.content(arrival))
        #expect(intent?.receipt?.name == "receipt-1.csv")
        // What is intended counts as left: it will be published whatever happens.
        #expect(try desk.drop([Self.orders[0]]).kinds == [.unchanged])
        try desk.end(arrival)
        #expect(try desk.ledger.arrival(arrival)?.state == .done)
        #expect(try desk.ledger.intents(of: arrival) == nil)
        #expect(try desk.ledger.unfinished().isEmpty)
    }

    @Test func everythingIsFlushedBeforeAnEffectOutside() throws {
        let desk = try Desk()
        func isFull() throws -> Bool {
            try desk.ledger.queue.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2
        }
        let arrival = try desk.claim()
        #expect(try isFull())
        try desk.begin(arrival)
        _ = try desk.judge([Order("1")])
        try desk.intend(arrival)
        #expect(try isFull())
        try desk.end(arrival)
        #expect(try isFull())
        #expect(try desk.ledger.queue.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
    }

    @Test func aFinishThatACrashTookIsMadeAgain() throws {
        let desk = try Desk()
        let arrival = try desk.claim()
        try desk.begin(arrival)
        _ = try desk.judge([Order("1")])
        try desk.intend(arrival)
        desk.ledger.finish(arrival, now: 9)
        try desk.reopen()
        #expect(try desk.ledger.unfinished().map(\.state) == [.intended])
        try desk.end(arrival)
        #expect(try desk.ledger.unfinished().isEmpty)
    }

    @Test func aSecondConsignmentThatDidNotLeaveIsTakenBack() throws {
        let desk = try Desk()
        try desk.drop([Order("1001", ("mug", 1))], Self.settings)
        let crashed = try desk.claim()
        try desk.begin(crashed, Self.settings)
        #expect(try desk.judge([Order("1001", ("mug", 2))]).orders[0].number == 501)
        // The file that the shop sends next has the quantity put back.
        #expect(try desk.drop([Order("1001", ("mug", 1))], Self.settings).kinds == [.unchanged])
        #expect(
            try desk.ledger.unusedNumbers(range: "waybills", mode: .live)
                == [UnusedNumber(number: 501, reference: "1001", why: "unchanged")])
        let more = try desk.drop([Order("1001", ("mug", 4))], Self.settings)
        #expect(more.quantities == [3])
        #expect(more.orders[0].sequence == 2)
    }

    @Test func aRetryOfAFinishedArrivalNumbersItsDocumentsOn() throws {
        let desk = try Desk()
        let arrival = try desk.claim()
        try desk.begin(arrival, Self.settings)
        _ = try desk.judge(Self.orders)
        try desk.intend(arrival, documents: [1: 2, 2: 2])
        try desk.end(arrival)
        #expect(try desk.begin(arrival, .init(mapping: "m2", perDocument: 2, range: 500...599)) == 2)
        #expect(try desk.ledger.unfinished().map(\.id) == [arrival])
        var mended = Self.orders
        mended[1] = Order("1002")
        let verdicts = try desk.judge(mended)
        #expect(verdicts.kinds == [.unchanged, .ship, .unchanged, .skipped, .unchanged, .unchanged])
        #expect(verdicts.orders[1].document == 3)
        #expect(verdicts.orders[1].number == 504)
        try desk.intend(arrival, documents: [3: 1])
        #expect(try desk.ledger.intents(of: arrival)?.documents.map(\.number) == [3])
        try desk.end(arrival)
        #expect(try desk.ledger.arrival(arrival)?.receipts == 2)
    }
}
