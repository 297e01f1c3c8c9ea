import Foundation
import GatewayTesting
import Testing

/// The receipt that says why a file was refused or waits: its outcome is stored before it is out, so that a restart under other
/// settings finds the same word.
struct NoticeKillTests {
    private static func settings(_ limit: Int) -> String {
        Rehearsal.settings(guards: "hold files with more new orders than: \(limit)")
            .replacingOccurrences(of: "language: en", with: limit == 2 ? "language: en" : "language: tr")
    }

    @Test func theSettingsChangeBetweenTheReceiptAndTheRestart() throws {
        let start = try Rehearsal(settings: Self.settings(2))
        _ = try start.gateway().run()
        try start.drop("not,an,order\n1,2,3\n", as: "a-unknown.csv")
        try start.drop(Export.header + (1...3).map { Export.order("#\($0)") }.joined(), as: "b-many.csv")
        let calm = try Rehearsal(copyOf: start)
        let outcome = try calm.gateway().run()
        #expect(outcome.end == .exit(0), "\(outcome.errors)")
        #expect(calm.names(in: "outbox/merchants/demo/receipts").count == 2)
        for step in 1...outcome.calls {
            let disturbed = try Rehearsal(copyOf: start)
            #expect(try disturbed.gateway().run(.killAfter(step)).wasKilled(at: step), "step \(step)")
            // Other words, another limit: every receipt that is written now has other bytes.
            try Data(Self.settings(1).utf8).write(to: URL(fileURLWithPath: disturbed.root + "/dropgate.yaml"))
            let again = try disturbed.gateway().run()
            #expect(again.end == .exit(0), "step \(step), \(outcome.log[min(step, outcome.log.count) - 1]): \(again.errors)")
            #expect(!again.errors.contains("publish.name.taken"), "step \(step): \(again.errors)")
            let receipts = disturbed.names(in: "outbox/merchants/demo/receipts")
            #expect(receipts == calm.names(in: "outbox/merchants/demo/receipts"), "step \(step)")
            #expect(disturbed.names(in: "inbox/merchants/demo/shopify").isEmpty, "step \(step)")
            #expect(disturbed.names(in: "state/outgoing").isEmpty, "step \(step)")
            let states = try disturbed.ledger(["arrivals"]).map { $0.contains("state=\"refused\"") ? "refused" : "guarded" }
            #expect(states == ["refused", "guarded"], "step \(step)")
        }
    }
}
