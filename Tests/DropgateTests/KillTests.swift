import Foundation
import GatewayTesting
import Glibc
import Testing

/// The real program, killed at every durable step and at random, started again: the same outbox, receipts and ledger as undisturbed.
struct KillTests {
    /// Which flow has files: flows take turns, and whose turn it was a dead process has forgotten; within a flow the order is fixed.
    enum Case: String, CaseIterable, CustomTestStringConvertible {
        case batches, singles
        var testDescription: String { rawValue }
    }

    private func prepared(_ what: Case, hasLedger: Bool = true) throws -> Rehearsal {
        let rehearsal = try Rehearsal()
        // The ledger's identity and key are drawn once; copies of the workspace share them.
        if hasLedger { _ = try rehearsal.gateway().run() }
        switch what {
        case .batches:
            // Three batch documents, a held order, a skipped one, a file with one order known and one new, rows that stand apart, no order file.
            try rehearsal.drop(
                Export.header + Export.order("#1") + Export.line("#1", sku: "SOAP") + Export.order("#2")
                    + Export.order("#3", status: "voided")
                    + Export.order("#4", quantity: "1.5") + Export.order("#5") + Export.order("#6") + Export.order("#7"), as: "first.csv")
            try rehearsal.drop(Export.header + Export.order("#7") + Export.order("#8"), as: "second.csv")
            try rehearsal.drop(Export.header + Export.order("#11") + Export.order("#12") + Export.line("#11", sku: "SOAP"), as: "third.csv")
            try rehearsal.drop("not,an,order\n1,2,3\n", as: "unknown.csv")
        case .singles:
            try rehearsal.drop(Export.header + Export.order("#1") + Export.order("#9", phone: "garbage"), as: "first.csv", flow: "singles")
            try rehearsal.drop(Export.header + Export.order("#2") + Export.order("#3"), as: "second.csv", flow: "singles")
        }
        return rehearsal
    }

    @Test(arguments: Case.allCases) func everyDurableStep(what: Case) throws {
        let ordeal = try Ordeal(try prepared(what))
        #expect(ordeal.files.count == (what == .batches ? 9 : 5), "\(ordeal.files.keys.sorted())")
        #expect(ordeal.steps > 30, "only \(ordeal.steps) durable steps were counted")
        // After one step is before the next, but for what stands between the two: every fourth shows it.
        try ordeal.endure(Array(1...ordeal.steps)) { $0 % 4 == 0 }
    }

    /// Killed while key and ledger are made: every order still leaves exactly once.
    @Test(arguments: Case.allCases) func theVeryFirstStart(what: Case) throws {
        func contents(_ rehearsal: Rehearsal) throws -> [String] {
            try rehearsal.outcome().values.map { data in
                // The document's reference comes from the ledger's identity, which each copy draws for itself.
                String(decoding: data, as: UTF8.self).split(separator: "\n").filter { !$0.contains("<Reference>") }.joined(separator: "\n")
            }.sorted()
        }
        let untouched = try Rehearsal()
        let empty = try untouched.gateway().run().calls
        #expect(empty > 10)
        let start = try prepared(what, hasLedger: false)
        let calm = try Rehearsal(copyOf: start)
        _ = try calm.gateway().run()
        for step in 1...empty {
            let disturbed = try Rehearsal(copyOf: start)
            _ = try disturbed.gateway().run(.killAfter(step))
            let again = try disturbed.gateway().run()
            #expect(again.end == .exit(0), "step \(step): \(again.errors)")
            #expect(try contents(disturbed) == contents(calm), "step \(step)")
        }
    }

    @Test func atRandomTwice() throws {
        let start = try prepared(.batches)
        let ordeal = try Ordeal(start)
        let calm = try Rehearsal(copyOf: start)
        let began = Date()
        _ = try calm.gateway().run()
        let length = max(20, Int(Date().timeIntervalSince(began) * 1000))
        var seed: UInt64 = 20_261_124
        func next(_ limit: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % limit
        }
        var deaths = 0
        for _ in 1...15 {
            let disturbed = try Rehearsal(copyOf: start)
            let moments = (next(length), next(length))
            for moment in [moments.0, moments.1] {
                if try disturbed.gateway().run(.killAt(milliseconds: moment)).end == .signal(SIGKILL) { deaths += 1 }
            }
            try ordeal.expectSame(disturbed, "killed at \(moments)")
        }
        #expect(deaths >= 15, "only \(deaths) of 30 runs were killed before their end")
    }

    /// A step that fails (full disk, I/O error) instead of a process that dies.
    @Test(arguments: ["ENOSPC", "EIO"]) func everyStepFailsOnce(error: String) throws {
        let ordeal = try Ordeal(try prepared(.batches))
        // A flow whose step failed rests for a second: a few steps of each.
        for step in stride(from: error == "EIO" ? 5 : 1, through: ordeal.steps, by: 8) {
            let disturbed = try Rehearsal(copyOf: ordeal.start)
            let failed = try disturbed.gateway().run(.fail(step, error: error))
            if case .exit = failed.end {} else { Issue.record("\(error) at \(step): \(failed.end), \(failed.errors)") }
            try ordeal.expectSame(disturbed, "\(error) at \(step)")
        }
    }
}
