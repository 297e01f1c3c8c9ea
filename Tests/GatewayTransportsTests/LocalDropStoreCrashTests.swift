import Foundation
import GatewayCore
import GatewayTesting
import GatewayTransports
import Testing

/// A small mover over ``LocalDropStore``, as a program of its own: this test binary runs itself again with the workspace's
/// path in the environment.
private enum Mover {
    static let variable = "DROPGATE_TEST_MOVER"
    static var root: String? { ProcessInfo.processInfo.environment[variable] }

    /// Inbox to spool, a document of each file to the outbox, the original to the archive. Can be begun again anywhere.
    static func move(in root: String) throws {
        let inbox = LocalDropStore(path: root + "/inbox", name: "inbox")
        let outbox = LocalDropStore(path: root + "/outbox", name: "outbox")
        _ = try inbox.reap()
        _ = try outbox.reap()
        _ = try LocalDropStore(path: root + "/spool", name: "spool").reap()
        for entry in try inbox.list(limit: 100) where entry.refusal == nil {
            try inbox.take(entry, to: root + "/spool/" + entry.name)
        }
        for name in FileIO.names(in: root + "/spool") where !name.hasPrefix(".") {
            let original = try FileIO.contents(root + "/spool/" + name, shown: name)
            let document = root + "/state/" + name
            try FileIO.replace(document, with: original + [UInt8(ascii: "?")], shown: name)
            let fills = original.count.isMultiple(of: 2)
            _ = try outbox.publish(document, as: name + ".xml", rewrite: fills ? fill : nil)
            try outbox.flush()
            if FileIO.exists(document), unlink(document) != 0 { throw CocoaError(.fileWriteUnknown) }
            guard rename(root + "/spool/" + name, root + "/archive/" + name) == 0 else { throw CocoaError(.fileWriteUnknown) }
            try FileIO.flushFolder(root + "/archive")
        }
    }

    @Sendable private static func fill(
        _ all: UnsafeRawBufferPointer, _ write: (UnsafeRawBufferPointer) throws(Finding) -> Void
    ) throws(Finding) {
        try write(UnsafeRawBufferPointer(rebasing: all.dropLast()))
        try FileIO.unsafeBytes(Array("secret".utf8), write)
    }
}

@Suite struct LocalDropStoreCrashTests {
    /// Not a test of its own: what ``Rig`` runs.
    @Test(.enabled(if: Mover.root != nil)) func mover() throws {
        try Mover.move(in: try #require(Mover.root))
    }

    private static let files = ["odd": "abc", "even": "abcd"]
    private static let documents = ["odd": "abc?", "even": "abcdsecret"]

    private struct Rig {
        let folder: TemporaryFolder
        let spool: TemporaryFolder
        let run: CrashRun

        init(_ neighbour: Neighbour) throws {
            folder = try TemporaryFolder()
            spool = try neighbour.makeFolder() ?? TemporaryFolder()
            for name in ["inbox", "outbox"] { try folder.makeFolder(name) }
            for name in ["spool", "state", "archive"] {
                try spool.makeFolder(name)
                symlink(spool.path(name), folder.path(name))
            }
            for (name, text) in LocalDropStoreCrashTests.files { try folder.write(text, to: "inbox/" + name) }
            run = CrashRun(
                "/proc/self/exe".resolved, ["--testing-library", "swift-testing", "--filter", "LocalDropStoreCrashTests/mover"],
                environment: [Mover.variable: folder.path])
        }

        /// Halves that a partner can see, and originals that are nowhere.
        func problems() throws -> [String] {
            var problems: [String] = []
            for (name, text) in LocalDropStoreCrashTests.files {
                let document = folder.text("outbox/\(name).xml")
                if document != nil && document != LocalDropStoreCrashTests.documents[name] { problems.append("\(name): half") }
                let places = ["inbox/", "spool/", "archive/"].map { folder.text($0 + name) }
                // Between the copy and the original's end it lies in two places, and hidden in one.
                if !places.contains(text) { problems.append("\(name): lost") }
            }
            let seen = try folder.names(in: "outbox").filter { !$0.hasPrefix(".") }
            return problems + seen.filter { !["odd.xml", "even.xml"].contains($0) }
        }

        func isFinished() throws -> Bool {
            try folder.names(in: "inbox").isEmpty && folder.names(in: "outbox") == ["even.xml", "odd.xml"]
                && spool.names(in: "archive") == ["even", "odd"] && spool.names(in: "state").isEmpty && spool.names(in: "spool").isEmpty
        }
    }

    @Test(.enabled(if: Mover.root == nil), arguments: Neighbour.available)
    func survivesAKillAtEveryStep(_ neighbour: Neighbour) throws {
        let undisturbed = try Rig(neighbour)
        var run = undisturbed.run
        run.countsWrites = true
        let outcome = try run.run()
        #expect(outcome.end == .exit(0), "\(outcome.output)")
        #expect(try undisturbed.isFinished())
        #expect(outcome.calls > 20)
        for step in 1...outcome.calls {
            let rig = try Rig(neighbour)
            run = rig.run
            run.countsWrites = true
            #expect(try run.run(.killBefore(step)).end == .signal(SIGKILL))
            #expect(try rig.problems() == [], "killed before step \(outcome.log[step - 1])")
            #expect(try rig.run.run().end == .exit(0), "after a kill before step \(outcome.log[step - 1])")
            #expect(try rig.problems() == [])
            #expect(try rig.isFinished(), "after a kill before step \(outcome.log[step - 1])")
        }
    }

    @Test(.enabled(if: Mover.root == nil), arguments: Neighbour.available)
    func survivesAFailureOfEveryStep(_ neighbour: Neighbour) throws {
        let undisturbed = try Rig(neighbour)
        let outcome = try undisturbed.run.run()
        for step in 1...outcome.calls {
            let rig = try Rig(neighbour)
            // Some failures may be swallowed, such as that of a clean-up.
            _ = try rig.run.run(.fail(step, error: step.isMultiple(of: 2) ? "EIO" : "ENOSPC"))
            #expect(try rig.problems() == [], "step \(outcome.log[step - 1]) failed")
            #expect(try rig.run.run().end == .exit(0), "after step \(outcome.log[step - 1]) failed")
            #expect(try rig.isFinished(), "after step \(outcome.log[step - 1]) failed")
        }
    }

    /// As on NFS: a second name and then the first one's end.
    @Test(.enabled(if: Mover.root == nil), arguments: Neighbour.available)
    func worksWhereRenamingCanOnlyReplace(_ neighbour: Neighbour) throws {
        let rig = try Rig(neighbour)
        var run = rig.run
        run.counted = ["renameat2"]
        let outcome = try run.run(.fail(1, until: .max, error: "22"))
        #expect(outcome.end == .exit(0), "\(outcome.output)")
        #expect(outcome.calls >= 4)
        #expect(try rig.problems() == [])
        #expect(try rig.isFinished())
    }

    /// What a power cut would need: bytes before the name, the new place before the old one goes.
    @Test(.enabled(if: Mover.root == nil), arguments: Neighbour.available)
    func flushesInTheRightOrder(_ neighbour: Neighbour) throws {
        let rig = try Rig(neighbour)
        try rig.folder.write("", to: "inbox/.keep")
        let log = try rig.run.run().log
        let steps = log.filter { !$0.contains("/state") }.map { line in
            line.split(separator: " ").dropFirst().joined(separator: " ")
                .replacing(rig.folder.path + "/", with: "").replacing(rig.spool.path + "/", with: "")
                .replacing(/\.dropgate-[0-9a-f]{16}\.part/, with: "TEMP").replacing(/taken-[0-9a-f]+/, with: "taken-N")
                .replacing(/spool.(odd|even)/, with: "spool/FILE")
        }
        func after(_ mark: String, _ count: Int) -> [String] {
            Array((steps.firstIndex(of: mark).map { steps[$0...] } ?? []).prefix(count))
        }
        if steps.contains("create spool/TEMP") {
            #expect(
                after("create spool/TEMP", 7) == [
                    "create spool/TEMP", "fsync spool/TEMP", "renameat2 spool/FILE", "fsync spool", "renameat2 inbox/.dropgate-taken-N",
                    "unlink inbox/.dropgate-taken-N", "fsync inbox",
                ])
        } else {
            #expect(after("renameat2 spool/FILE", 3) == ["renameat2 spool/FILE", "fsync spool", "fsync inbox"])
        }
        #expect(
            after("create outbox/TEMP", 4) == ["create outbox/TEMP", "fsync outbox/TEMP", "renameat2 outbox/even.xml", "fsync outbox"])
    }
}

extension String {
    /// Where a link leads.
    fileprivate var resolved: String {
        var place = [CChar](repeating: 0, count: 4096)
        let count = readlink(self, &place, place.count - 1)
        return count < 0 ? self : String(decoding: place[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
