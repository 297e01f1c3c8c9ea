/// TLS in front of a plain server of the tests.
package final class TLSFront: Sendable {
    private let process: ServerProcess

    /// - Parameter certificate: PEM file with certificate and key; nil: the tests' own for 127.0.0.1.
    package init(behind: UInt16, certificate: String? = nil) throws {
        let certificate = try certificate ?? TestCertificates.shared().server
        let port = try Loopback.freePort()
        let folder = try ServerProcess.makeFolder()
        let script = try ServerProcess.lay(CSupport.path("tlsfront.py"), in: folder)
        process = try ServerProcess(
            "/usr/bin/python3", [script, String(port), String(behind), certificate], folder: folder, port: port)
    }

    package var port: UInt16 { process.port }
    package var log: String { process.log }
}
