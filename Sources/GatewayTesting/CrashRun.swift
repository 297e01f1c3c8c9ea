import Foundation
import Glibc

/// Runs a real program and kills it, or makes a system call of it fail, at any durable step.
///
/// The steps are its calls of fsync, fdatasync, rename, link, unlink, ftruncate, mkdir and of open where it may create a
/// file, over all threads, counted by `Tests/Support/crashshim.c` in LD_PRELOAD. How to use it:
///
///     let run = CrashRun(binary, ["run", "--once", "-w", workspace])
///     let undisturbed = try run.run()                                  // calls: how many steps there are
///     for n in 1...undisturbed.calls {                                 // each time on a fresh copy of the workspace
///         let end = try run.run(.killBefore(n))                        // .signal(SIGKILL), unless it took fewer steps
///         try run.run()                                                // again, undisturbed: must exit with 0
///         // compare outbox, receipts and ledger with those of the undisturbed run
///     }
///
/// `.killAfter(n)` differs from `.killBefore(n + 1)`: what stood between the two is lost with the latter. `counted` narrows
/// the steps to some calls, `countsWrites` adds each write to a file. `Outcome.log` lists the steps with their paths: for
/// "which step was it", and for proofs of order (file flushed, renamed, folder flushed). Threads make the n-th step vary
/// between runs: compare results, not numbers. SIGKILL loses no page cache: order proofs stand in for power cuts.
package struct CrashRun: Sendable {
    package enum Fault: Sendable, Hashable {
        case none
        /// SIGKILL instead of the n-th step.
        case killBefore(Int)
        /// SIGKILL right after the n-th step.
        case killAfter(Int)
        /// SIGKILL after some time, wherever it is.
        case killAt(milliseconds: Int)
        /// The n-th step fails, and the later ones up to `until` (`Int.max`: for ever), with `ENOSPC`, `EIO`, `EACCES`, `EROFS`, `EDQUOT` or a number.
        case fail(Int, until: Int? = nil, error: String)
        /// SIGTERM after some time.
        case terminateAt(milliseconds: Int)
    }

    package enum End: Sendable, Hashable {
        case exit(Int32)
        case signal(Int32)
        /// It did not end in time and was killed.
        case overdue
    }

    package struct Outcome: Sendable {
        package let end: End
        /// Durable steps that it began.
        package let calls: Int
        /// One line a step: number, call, path.
        package let log: [String]
        package let output: String
        package let errors: String
    }

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package var executable: String
    package var arguments: [String]
    /// On top of this process's environment.
    package var environment: [String: String]
    package var folder: String?
    /// Names of calls that are counted: `fsync`, `fdatasync`, `rename`, `renameat2`, `link`, `unlink`, `ftruncate`, `mkdir`, `create`, `write`. Empty: all.
    package var counted: [String] = []
    package var countsWrites = false
    /// After so long it is killed.
    package var deadline: Double = 60

    package init(_ executable: String, _ arguments: [String], environment: [String: String] = [:], folder: String? = nil) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
    }

    /// Runs the program once.
    ///
    /// - Throws: ``Failure`` when the shim can't be built, or what the system says when the program can't be started.
    @discardableResult
    package func run(_ fault: Fault = .none) throws -> Outcome {
        let scratch = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        process.environment = try ProcessInfo.processInfo.environment
            .merging(environment) { $1 }
            .merging(settings(fault, scratch)) { $1 }
        process.standardInput = FileHandle.nullDevice
        // Files, not pipes: a full pipe would hang the program.
        let output = try handle(scratch.write("", to: "output"))
        let errors = try handle(scratch.write("", to: "errors"))
        process.standardOutput = output
        process.standardError = errors
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
        var isOverdue = false
        func wait(_ seconds: Double) -> Bool { ended.wait(timeout: .now() + seconds) == .success }
        switch fault {
        case .killAt(let milliseconds):
            if !wait(Double(milliseconds) / 1000) {
                kill(process.processIdentifier, SIGKILL)
                isOverdue = !wait(deadline)
            }
        case .terminateAt(let milliseconds):
            if !wait(Double(milliseconds) / 1000) {
                kill(process.processIdentifier, SIGTERM)
                isOverdue = !wait(deadline)
            }
        case .none, .killBefore, .killAfter, .fail: isOverdue = !wait(deadline)
        }
        if isOverdue {
            kill(process.processIdentifier, SIGKILL)
            ended.wait()
        }
        try output.close()
        try errors.close()
        let end: End =
            isOverdue
            ? .overdue : process.terminationReason == .exit ? .exit(process.terminationStatus) : .signal(process.terminationStatus)
        let count = scratch.contents("count") ?? []
        return Outcome(
            end: end, calls: count.count < 8 ? 0 : count.withUnsafeBytes { Int($0.loadUnaligned(as: Int64.self)) },
            log: (scratch.text("log") ?? "").split(separator: "\n").map(String.init), output: scratch.text("output") ?? "",
            errors: scratch.text("errors") ?? "")
    }

    private func handle(_ path: String) throws -> FileHandle {
        guard let handle = FileHandle(forWritingAtPath: path) else { throw Failure(description: "\(path) can't be written") }
        return handle
    }

    private func settings(_ fault: Fault, _ scratch: TemporaryFolder) throws -> [String: String] {
        var settings = [
            "LD_PRELOAD": try CSupport.library("crashshim"), "DROPGATE_CRASH_COUNT": scratch.path("count"),
            "DROPGATE_CRASH_LOG": scratch.path("log"),
        ]
        if !counted.isEmpty { settings["DROPGATE_CRASH_CALLS"] = counted.joined(separator: ",") }
        if countsWrites { settings["DROPGATE_CRASH_WRITES"] = "1" }
        switch fault {
        case .none, .killAt, .terminateAt: break
        case .killBefore(let n): settings["DROPGATE_CRASH_BEFORE"] = String(n)
        case .killAfter(let n): settings["DROPGATE_CRASH_AFTER"] = String(n)
        case .fail(let n, let until, let error):
            settings["DROPGATE_FAIL_AT"] = String(n)
            settings["DROPGATE_FAIL_UNTIL"] = String(until ?? n)
            settings["DROPGATE_FAIL_ERRNO"] = error
        }
        return settings
    }
}

/// C sources of `Tests/Support`, compiled when a test first needs them.
package enum CSupport {
    private static let folder = Result { try TemporaryFolder() }
    private static let lock = NSLock()

    /// Path of a file in `Tests/Support`.
    package static func path(_ name: String) -> String {
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Tests/Support/" + name
    }

    /// Path of `Tests/Support/<name>.c` as a shared library.
    package static func library(_ name: String) throws -> String { try compile(name, to: name + ".so", ["-shared", "-fPIC"]) }

    /// Path of `Tests/Support/<name>.c` as a program.
    package static func program(_ name: String) throws -> String { try compile(name, to: name, []) }

    private static func compile(_ name: String, to target: String, _ options: [String]) throws -> String {
        lock.lock()
        defer { lock.unlock() }
        let path = try folder.get().path(target)
        if FileManager.default.fileExists(atPath: path) { return path }
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // The compiler that Swift brings with it; a plain installation has no other.
        compiler.arguments = ["clang", "-O1", "-Wall"] + options + ["-o", path, CSupport.path(name + ".c")]
        try compiler.run()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else {
            throw CrashRun.Failure(description: "clang can't compile Tests/Support/\(name).c: is Swift's usr/bin in PATH?")
        }
        return path
    }
}
