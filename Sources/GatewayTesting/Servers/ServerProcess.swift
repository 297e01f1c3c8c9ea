import Foundation
import Glibc
import Synchronization

/// A real server on loopback, run by `Tests/Support/warden.c`: it ends with all its sessions when this object goes, or when
/// the test process does, however that ends.
///
/// Its log and settings lie in a folder that goes with it; with `DROPGATE_KEEP_SERVERS=1` in the environment the folder
/// stays and its path is printed.
package final class ServerProcess: Sendable {
    /// A server that does not start or does not answer.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Settings, keys and log.
    package let folder: String
    package let port: UInt16
    private let program: String
    private let arguments: [String]
    private let environment: [String: String]
    private let running = Mutex<Running?>(nil)

    private struct Running {
        let warden: pid_t
        /// Its closing ends the server.
        let lifeline: Int32
    }

    /// The user that servers run as when the tests run as root, so that permissions mean something: nobody.
    package static let user: uid_t = getuid() == 0 ? 65534 : getuid()

    /// Starts the server and waits until it takes connections at `port`.
    ///
    /// - Throws: ``Failure`` with the log when it ends or says nothing for ten seconds.
    package init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], folder: String, port: UInt16
    ) throws {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
        self.port = port
        // Some servers write their own log into it.
        try Data().write(to: URL(fileURLWithPath: folder + "/log"))
        try ServerProcess.give(folder + "/log")
        try start()
    }

    deinit {
        stop()
        if ProcessInfo.processInfo.environment["DROPGATE_KEEP_SERVERS"] == "1" {
            print("The server's settings and log stay in", folder)
        } else {
            // Leftovers in the system's folder for temporary files are no failure of what is tested.
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    /// A new folder for a server, which the server's user owns.
    package static func makeFolder() throws -> String {
        var template = Array((NSTemporaryDirectory() + "/dropgate-server-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(description: "mkdtemp: \(String(cString: strerror(errno)))") }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try give(path)
        return path
    }

    /// Gives a file or folder to the server's user.
    package static func give(_ path: String) throws {
        guard chown(path, user, user) == 0 || getuid() != 0 else {
            throw Failure(description: "chown \(path): \(String(cString: strerror(errno)))")
        }
    }

    /// Copies a file into a server's folder, where its user can read it, and gives the copy's path.
    package static func lay(_ path: String, in folder: String) throws -> String {
        let copy = folder + "/" + (path.split(separator: "/").last.map(String.init) ?? "")
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        try give(copy)
        return copy
    }

    /// What it said so far.
    package var log: String { String(decoding: FileManager.default.contents(atPath: folder + "/log") ?? Data(), as: UTF8.self) }

    /// Starts it again at the same port after ``stop()``.
    package func start() throws {
        try running.withLock { running in
            guard running == nil else { return }
            let started = try spawn()
            do {
                try awaitPort(started)
                running = started
            } catch {
                end(started)
                throw error
            }
        }
    }

    /// Kills it with all its sessions at once. Their connections are reset by the kernel.
    package func stop() {
        running.withLock { running in
            if let now = running { end(now) }
            running = nil
        }
    }

    private func end(_ server: Running) {
        close(server.lifeline)
        var status: Int32 = 0
        while waitpid(server.warden, &status, 0) < 0 && errno == EINTR {}
    }

    private func spawn() throws -> Running {
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Failure(description: "socketpair: \(String(cString: strerror(errno)))")
        }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        posix_spawn_file_actions_addopen(&actions, 1, folder + "/log", O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let warden = try CSupport.program("warden")
        let words = [warden] + (getuid() == 0 ? ["-u", String(ServerProcess.user)] : []) + [program] + arguments
        let settings = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var process: pid_t = 0
        let result = withCStrings(words) { words in
            withCStrings(settings) { settings in posix_spawn(&process, warden, &actions, nil, words, settings) }
        }
        guard result == 0 else {
            close(ends[1])
            throw Failure(description: "\(program): \(String(cString: strerror(result)))")
        }
        return Running(warden: process, lifeline: ends[1])
    }

    private func awaitPort(_ server: Running) throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while true {
            if let socket = try? Loopback.connect(port) {  // not yet listening: the loop ends by its own deadline
                close(socket)
                return
            }
            var status: Int32 = 0
            if waitpid(server.warden, &status, WNOHANG) != 0 {
                throw Failure(description: "\(program) does not start:\n\(log)")
            }
            guard ContinuousClock.now < deadline else {
                throw Failure(description: "\(program) takes no connections at port \(port):\n\(log)")
            }
            poll(nil, 0, 5)
        }
    }

    private func withCStrings(
        _ words: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32
    ) -> Int32 {
        var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { list in list.baseAddress.map(body) ?? EINVAL }
    }
}
