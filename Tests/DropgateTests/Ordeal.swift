import Foundation
import GatewayTesting
import Glibc
import Testing

/// What undisturbed work leaves, and the proof that work that was killed and started again leaves the same.
struct Ordeal {
    let start: Rehearsal
    let files: [String: Data]
    let ledger: [String]
    /// Durable steps of the undisturbed run.
    let steps: Int
    let log: [String]

    /// Does the work once, undisturbed, on a copy.
    init(_ start: Rehearsal) throws {
        self.start = start
        let calm = try Rehearsal(copyOf: start)
        let outcome = try calm.gateway().run()
        #expect(outcome.end == .exit(0), "\(outcome.errors)")
        files = try calm.outcome()
        ledger = try calm.ledger()
        steps = outcome.calls
        log = outcome.log
    }

    /// Each time on a copy: kills the work before a step, starts it again, compares.
    ///
    /// - Parameter after: steps that it is killed right after instead, for what stands between one step and the next.
    func endure(_ killed: [Int], after: (Int) -> Bool = { _ in false }) throws {
        var deaths = 0
        for step in killed {
            let disturbed = try Rehearsal(copyOf: start)
            let outcome = try disturbed.gateway().run(after(step) ? .killAfter(step) : .killBefore(step))
            #expect(outcome.wasKilled(at: step), "step \(step) of \(steps): \(outcome.end), \(outcome.errors)")
            if outcome.end == .signal(SIGKILL) { deaths += 1 }
            try expectSame(disturbed, "killed at step \(step), \(outcome.log.last ?? "")")
        }
        #expect(deaths + max(2, killed.count / 10) >= killed.count, "only \(deaths) of \(killed.count) runs were killed")
    }

    /// Some steps, evenly over all of them, the first and the last included.
    func everyStep(of count: Int) -> [Int] {
        let steps = Array(1...steps)
        guard steps.count > count else { return steps }
        return (0..<count).map { steps[$0 * (steps.count - 1) / max(1, count - 1)] }
    }

    func expectSame(_ disturbed: Rehearsal, _ what: String) throws {
        let again = try disturbed.gateway().run()
        #expect(again.end == .exit(0), "\(what): \(again.errors)")
        let found = try disturbed.outcome()
        #expect(found.keys.sorted() == files.keys.sorted(), "\(what)")
        for (path, data) in files { #expect(found[path] == data, "\(what): \(path) differs") }
        let difference = try disturbed.ledger().difference(from: ledger).map { "\($0)" }
        #expect(difference.isEmpty, "\(what): the ledger differs")
        for folder in ["state/outgoing", "state/spool", "inbox/merchants/demo/shopify", "inbox/merchants/demo/singles"] {
            #expect(disturbed.names(in: folder).isEmpty, "\(what): \(folder) holds \(disturbed.names(in: folder))")
        }
    }
}

extension CrashRun.Outcome {
    /// Whether it was killed at that step, or came to its end in fewer: threads make the last steps vary.
    func wasKilled(at step: Int) -> Bool { end == .signal(SIGKILL) || (end == .exit(0) && calls < step) }
}

/// A carrier that fetches what it sees and deletes it, as carriers do.
struct FetchingCarrier {
    /// Every document that was ever seen, by content.
    private(set) var seen: [String] = []

    mutating func fetch(_ rehearsal: Rehearsal) throws {
        try fetch(from: rehearsal.root + "/outbox/carriers")
    }

    mutating func fetch(from root: String) throws {
        for case let path as String in FileManager.default.enumerator(atPath: root) ?? FileManager.DirectoryEnumerator() {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isFolder), !isFolder.boolValue,
                !path.split(separator: "/").contains(where: { $0.hasPrefix(".") })
            else { continue }
            seen.append(String(decoding: FileManager.default.contents(atPath: root + "/" + path) ?? Data(), as: UTF8.self))
            try FileManager.default.removeItem(atPath: root + "/" + path)
        }
    }

    /// What stands between `<name>` and its end, over everything ever seen, sorted.
    func values(_ name: String) -> [String] {
        seen.joined().components(separatedBy: "<\(name)>").dropFirst().map { $0.components(separatedBy: "</")[0] }.sorted()
    }
}
