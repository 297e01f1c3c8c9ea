import Foundation

/// Small programs that tests use to make keys and certificates.
package enum Tool {
    /// Runs a program to its end and gives what it wrote to standard output.
    ///
    /// - Throws: ``ServerProcess/Failure`` with its standard error when it ends with another status than 0.
    @discardableResult
    package static func run(_ program: String, _ arguments: [String]) throws -> String {
        let scratch = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardInput = FileHandle.nullDevice
        // Files, not pipes: a full pipe would hang the program.
        for name in ["output", "errors"] { try scratch.write("", to: name) }
        guard let output = FileHandle(forWritingAtPath: scratch.path("output")),
            let errors = FileHandle(forWritingAtPath: scratch.path("errors"))
        else { throw ServerProcess.Failure(description: "\(scratch.path) can't be written") }
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ServerProcess.Failure(description: "\(program) \(arguments.first ?? ""): \(scratch.text("errors") ?? "")")
        }
        return scratch.text("output") ?? ""
    }
}
