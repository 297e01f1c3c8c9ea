import Foundation
import GatewayTesting
import Testing

/// The crash shim finds what is wrong, and lets pass what is right: proved on a toy.
@Suite struct CrashRunTests {
    /// The toy on a fresh pair of folders with two files.
    private struct Rig {
        let folder: TemporaryFolder
        let run: CrashRun

        init(_ kind: String) throws {
            folder = try TemporaryFolder()
            try folder.makeFolder("in")
            try folder.makeFolder("out")
            try folder.write("first\n", to: "in/a")
            try folder.write("second\n", to: "in/b")
            run = CrashRun(try CSupport.program("toymover"), [kind, folder.path("in"), folder.path("out")])
        }

        /// What is wrong with what can be seen now: half or unknown content, or content that is nowhere.
        func problems() throws -> [String] {
            ["a": "first\n", "b": "second\n"].sorted { $0.key < $1.key }.compactMap { name, text in
                let target = folder.text("out/" + name)
                if let target, target != text.uppercased() { return "\(name): half" }
                return target == nil && folder.text("in/" + name) == nil ? "\(name): lost" : nil
            }
        }
    }

    @Test func countsAndNamesTheSteps() throws {
        let rig = try Rig("good")
        let outcome = try rig.run.run()
        #expect(outcome.end == .exit(0))
        #expect(outcome.calls == 12)
        let steps = outcome.log.prefix(6).map { $0.split(separator: " ")[1] }
        #expect(steps == ["create", "fsync", "fsync", "rename", "fsync", "unlink"])
        #expect(outcome.log.first == "1 create \(rig.folder.path("out"))/.toy")
    }

    @Test(arguments: 1...12)
    func goodMoverSurvives(_ step: Int) throws {
        for fault in [CrashRun.Fault.killBefore(step), .killAfter(step)] {
            let rig = try Rig("good")
            let end = try rig.run.run(fault)
            #expect(end.end == .signal(SIGKILL))
            #expect(end.calls == step)
            #expect(try rig.problems() == [])
            #expect(try rig.run.run().end == .exit(0))
            #expect(try rig.problems() == [])
            #expect(try rig.folder.names(in: "in") == [])
            #expect(try rig.folder.names(in: "out") == ["a", "b"])
        }
    }

    @Test(arguments: [("early", "lost"), ("open", "half")])
    func wrongMoverIsCaught(_ kind: String, _ problem: String) throws {
        var caught: Set<String> = []
        let undisturbed = try Rig(kind)
        for step in 1...(try undisturbed.run.run().calls) {
            let rig = try Rig(kind)
            _ = try rig.run.run(.killBefore(step))
            caught.formUnion(try rig.problems().map { String($0.suffix(4)) })
        }
        #expect(caught == [problem])
    }

    @Test func callsFailAsTold() throws {
        let full = try Rig("good")
        #expect(try full.run.run(.fail(1, error: "ENOSPC")).end == .exit(73))
        #expect(try full.problems() == [])
        #expect(try full.folder.names(in: "out") == [])

        var flushes = try Rig("good")
        let first = try flushes.run.run(.fail(2, until: .max, error: "EIO"))
        #expect(first.end == .exit(74))
        #expect(first.calls == 2)
        flushes = try Rig("good")
        var narrow = flushes.run
        narrow.counted = ["fsync"]
        #expect(try narrow.run(.fail(3, error: "EIO")).log.map { $0.split(separator: " ")[1] } == ["fsync", "fsync", "fsync"])
    }

    @Test func writesCountWhenAsked() throws {
        let rig = try Rig("good")
        var run = rig.run
        run.countsWrites = true
        #expect(try run.run().calls == 16)
    }

    @Test func programThatHangsIsKilled() throws {
        var run = CrashRun("/bin/sleep", ["600"])
        run.deadline = 0.05
        #expect(try run.run().end == .overdue)
        run.deadline = 60
        #expect(try run.run(.terminateAt(milliseconds: 10)).end == .signal(SIGTERM))
        #expect(try run.run(.killAt(milliseconds: 10)).end == .signal(SIGKILL))
    }
}
