import Foundation
import GatewayTesting
import Glibc
import Testing

/// Files that stay in an inbox: what `status` says of them, and that senders of files that can't be taken are told once.
struct WaitingFileTests {
    private static let inbox = "inbox/merchants/demo/shopify"
    private static let receipts = "outbox/merchants/demo/receipts"
    /// A cap of 2 kB.
    private static let settings = Rehearsal.settings.replacingOccurrences(of: "quiet: 0 s\n", with: "quiet: 0 s\nlimits: { file: 2 kB }\n")

    private func waiting(_ shop: Rehearsal) throws -> [String] {
        let status = try shop.run("status", "--format", "json", "-w", shop.root)
        #expect(status.end == .exit(0), "\(status)")
        return try status.output.split(separator: "\n").compactMap { line in
            let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            guard let name = object["waits"] as? String else { return nil }
            return "\(name): \(object["why"] ?? "") \(object["code"] as? String ?? "-")"
        }
    }

    @Test func aFileOverTheCapIsAnsweredOnceAndStays() throws {
        let shop = try Rehearsal(settings: Self.settings)
        try shop.drop(Export.header + (1...30).map { Export.order("#\($0)") }.joined(), as: "large.csv")
        try shop.drop(Export.header + Export.order("#1"), as: "small.csv")
        for _ in 1...3 { #expect(try shop.gateway().run().end == .exit(0)) }
        #expect(shop.names(in: Self.inbox) == ["large.csv"])
        let receipts = shop.names(in: Self.receipts).filter { $0.hasPrefix("large") }
        #expect(receipts.count == 1)
        let rows = CSVRows.read(shop.text(Self.receipts + "/" + (receipts.first ?? "")))
        #expect(rows.map { $0["status"] } == ["refused"])
        #expect(rows.first?["problem"]?.hasSuffix("expected at most 2048 bytes.") == true, "\(rows)")
        #expect(try shop.ledger(["arrivals"]).filter { $0.contains("intake.file.large") }.count == 1)
        #expect(try waiting(shop) == ["large.csv: refused intake.file.large"])
        // The cap is raised: the same file is taken.
        try Data(Rehearsal.settings.utf8).write(to: URL(fileURLWithPath: shop.root + "/dropgate.yaml"))
        #expect(try shop.gateway().run().end == .exit(0))
        #expect(shop.names(in: Self.inbox).isEmpty)
    }

    @Test func aHostileNameIsAnsweredUnderASafeOne() throws {
        let shop = try Rehearsal()
        _ = try shop.gateway().run()
        let hostile = shop.root + "/" + Self.inbox + "/=cmd\u{1B}[31m\u{202E}vsc.exe\n.csv"
        try Data((Export.header + Export.order("#1")).utf8).write(to: URL(fileURLWithPath: hostile))
        let first = try shop.gateway().run()
        #expect(first.end == .exit(0), "\(first.errors)")
        _ = try shop.gateway().run()
        let receipt = try #require(shop.names(in: Self.receipts).first)
        #expect(shop.names(in: Self.receipts).count == 1)
        #expect(receipt.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }, "\(receipt)")
        let text = shop.text(Self.receipts + "/" + receipt)
        #expect(text.contains("refused") && !text.contains("\u{1B}") && !text.contains("\u{202E}"), "\(text)")
        #expect(try waiting(shop).count == 1)
        #expect(try waiting(shop).first?.hasSuffix("refused intake.name.control") == true)
    }

    @Test func statusSaysWhyFilesWait() throws {
        let shop = try Rehearsal()
        // Nothing was run here yet.
        try shop.drop(Export.header + Export.order("#1"), as: "ready.csv")
        try shop.drop(Export.header + "#2,\"open", as: "half.csv")
        try #require(symlink("/etc/passwd", shop.root + "/" + Self.inbox + "/link.csv") == 0)
        let fresh = try shop.run("status", "-w", shop.root)
        #expect(fresh.output.contains("Nothing was run here yet"))
        #expect(
            fresh.output.contains(
                "waits in \(Self.inbox): ready.csv, \((Export.header + Export.order("#1")).utf8.count) bytes: waits for `dropgate run`."),
            "\(fresh)")
        #expect(fresh.output.contains("half.csv") && fresh.output.contains("not whole: "), "\(fresh)")
        #expect(fresh.output.contains("link.csv") && fresh.output.contains("[intake.kind.link]"), "\(fresh)")
        _ = try shop.gateway().run()
        #expect(try waiting(shop).map { $0.split(separator: ":")[0] }.sorted() == ["half.csv", "link.csv"])
    }

    @Test func aFileThatChangedAMomentAgoSettles() throws {
        let shop = try Rehearsal(settings: Rehearsal.settings.replacingOccurrences(of: "quiet: 0 s", with: "quiet: 1 h"))
        try FileManager.default.createDirectory(atPath: shop.root + "/" + Self.inbox, withIntermediateDirectories: true)
        try Data((Export.header + Export.order("#1")).utf8).write(to: URL(fileURLWithPath: shop.root + "/" + Self.inbox + "/new.csv"))
        #expect(try waiting(shop) == ["new.csv: settling -"])
    }

    /// Killed anywhere, the sender of a file that can't be taken has one receipt in the end.
    @Test func theAnswerToALargeFileSurvivesAKill() throws {
        let start = try Rehearsal(settings: Self.settings)
        _ = try start.gateway().run()
        try start.drop(Export.header + (1...30).map { Export.order("#\($0)") }.joined(), as: "large.csv")
        let calm = try Rehearsal(copyOf: start)
        let outcome = try calm.gateway().run()
        for step in 1...outcome.calls {
            let disturbed = try Rehearsal(copyOf: start)
            #expect(try disturbed.gateway().run(.killAfter(step)).wasKilled(at: step), "step \(step)")
            let again = try disturbed.gateway().run()
            #expect(again.end == .exit(0), "step \(step): \(again.errors)")
            #expect(try disturbed.outcome() == calm.outcome(), "step \(step)")
            #expect(try disturbed.ledger(["arrivals"]) == calm.ledger(["arrivals"]), "step \(step)")
            #expect(disturbed.names(in: Self.inbox) == ["large.csv"], "step \(step)")
        }
    }

    @Test func aStandingClockIsRefusedWhereAFlowIsLive() throws {
        let shop = try Rehearsal()
        let plain = ["DROPGATE_CLOCK": "1795600000000"]
        for arguments in [["run", "--once"], ["status"], ["held", "list"]] {
            let outcome = try CrashRun(Rehearsal.binary, arguments + ["-w", shop.root], environment: plain).run()
            #expect(outcome.end == .exit(78), "\(arguments): \(outcome.errors)")
            #expect(outcome.errors.contains("[state.clock.stands]"), "\(outcome.errors)")
        }
        let test = try Rehearsal(settings: Rehearsal.settings.replacingOccurrences(of: "mode: live", with: "mode: test"))
        #expect(try CrashRun(Rehearsal.binary, ["run", "--once", "-w", test.root], environment: plain).run().end == .exit(0))
    }
}
