import Foundation
import GatewayTesting
import Glibc
import Testing

/// Work that several threads do at once, killed: files of several batches, written by the lane's thread.
struct LargeFileKillTests {
    /// Over 600 kB: more than one batch, so that documents are written by a thread of their own.
    private static let orders = 3_600

    private func prepared(_ text: String) throws -> Ordeal {
        #expect(text.utf8.count > 600_000)
        let settings = Rehearsal.settings.replacingOccurrences(of: "orders per document: 2", with: "orders per document: 1500")
        let rehearsal = try Rehearsal(settings: settings)
        _ = try rehearsal.gateway().run()
        try rehearsal.drop(text, as: "large.csv")
        return try Ordeal(rehearsal)
    }

    private func keys(_ ordeal: Ordeal) -> Int {
        ordeal.files.filter { $0.key.contains("/carriers/") }.reduce(0) {
            $0 + String(decoding: $1.value, as: UTF8.self).components(separatedBy: "<Key>").count - 1
        }
    }

    @Test func severalBatchesAtOnce() throws {
        let ordeal = try prepared(Export.header + (1...Self.orders).map { Export.order("#\($0)") }.joined())
        #expect(keys(ordeal) == Self.orders)
        #expect(ordeal.files.keys.filter { $0.contains("/carriers/") }.count == 3)
        try ordeal.endure(ordeal.everyStep(of: 20))
    }

    /// The first order comes again in the last batch: what the lane wrote is given up, the file is grouped on disk and run anew.
    @Test func theFirstOrderComesAgainAtTheEnd() throws {
        let ordeal = try prepared(
            Export.header + (1...Self.orders).map { Export.order("#\($0)") }.joined() + Export.line("#1", sku: "SOAP"))
        #expect(keys(ordeal) == Self.orders)
        let soaps = ordeal.files.filter { $0.key.contains("/carriers/") }.values.map {
            String(decoding: $0, as: UTF8.self).components(separatedBy: "SOAP").count - 1
        }
        #expect(soaps.sorted() == [0, 0, 1])
        try ordeal.endure(ordeal.everyStep(of: 8))
    }

    /// The lane's write or flush fails: nothing of the file is lost, nothing is there twice.
    @Test func aStepOfTheLaneFails() throws {
        let ordeal = try prepared(Export.header + (1...Self.orders).map { Export.order("#\($0)") }.joined())
        for step in ordeal.everyStep(of: 5) {
            let disturbed = try Rehearsal(copyOf: ordeal.start)
            let failed = try disturbed.gateway().run(.fail(step, error: "ENOSPC"))
            if case .exit = failed.end {} else { Issue.record("ENOSPC at \(step): \(failed.end), \(failed.errors)") }
            try ordeal.expectSame(disturbed, "ENOSPC at \(step)")
        }
    }
}
