import Foundation
import GatewayTesting
import Glibc
import Testing

/// The real program between a real sshd's inbox and outbox, killed at its durable steps and started again.
@Suite(.serialized) struct RemoteKillTests {
    private static let export = Export.header + Export.order("#1") + Export.order("#2") + Export.order("#3")

    /// What the partner's side holds, but for times.
    private func partner(_ server: OpenSSHServer) throws -> [String: String] {
        var found: [String: String] = [:]
        for folder in ["out", "out/processed", "in", "receipts"] {
            for name in try server.box.names(in: folder) where !name.hasPrefix("processed") {
                found[folder + "/" + name] = server.box.text(folder + "/" + name) ?? ""
            }
        }
        return found
    }

    private func reset(_ server: OpenSSHServer) throws {
        for folder in ["out/processed", "in", "receipts", "out"] {
            try server.box.makeFolder(folder)
            for name in try server.box.names(in: folder) where name != "processed" {
                try FileManager.default.removeItem(atPath: server.box.path(folder + "/" + name))
            }
        }
        try server.box.write(Self.export, to: "out/orders one.csv")
        for folder in ["out/processed", "in", "receipts", "out"] { chmod(server.box.path(folder), 0o777) }
        chmod(server.box.path("out/orders one.csv"), 0o666)
    }

    @Test func everyOrderLeavesOnceAndWhole() throws {
        let keys = try TemporaryFolder()
        let key = try SSHKey.make(.ed25519, at: keys.path("login"))
        let server = try OpenSSHServer { $0.authorized = [key] }
        let pin = try server.hostKeys().map(\.publicLine).joined()
        let settings =
            Rehearsal.settings
            .replacingOccurrences(
                of: "    flows:\n      shopify:\n",
                with: "    receipts outbox: partner/receipts\n    flows:\n      shopify:\n        inbox: partner/out\n"
            )
            .replacingOccurrences(of: "dropgate-manifest: { main: {} }", with: "dropgate-manifest: { main: { outbox: partner/in } }")
                + """
                endpoints:
                  partner:
                    transport: sftp
                    host: 127.0.0.1
                    port: \(server.port)
                    user: \(OpenSSHServer.user)
                    key: file:\(key.path)
                    host keys: \(pin)
                    poll: 100 ms
                    quiet: 0 s
                    sessions: 2
                    afterwards: move

                """
        let start = try Rehearsal(settings: settings)
        try reset(server)
        try FileManager.default.removeItem(atPath: server.box.path("out/orders one.csv"))
        _ = try start.gateway().run()
        try reset(server)
        let calm = try Rehearsal(copyOf: start)
        let undisturbed = try calm.gateway().run()
        #expect(undisturbed.end == .exit(0), "\(undisturbed.errors)")
        let expected = try partner(server)
        #expect(expected.keys.filter { $0.hasPrefix("in/") }.count == 2, "\(expected.keys.sorted())")
        #expect(expected.keys.filter { $0.hasPrefix("receipts/") }.count == 1)
        #expect(expected["out/processed/1-orders one.csv"] == Self.export)
        #expect(undisturbed.calls > 30)
        for step in stride(from: 1, through: undisturbed.calls, by: max(1, undisturbed.calls / 24)) {
            try reset(server)
            let disturbed = try Rehearsal(copyOf: start)
            _ = try disturbed.gateway().run(step % 2 == 0 ? .killAfter(step) : .killBefore(step))
            let again = try disturbed.gateway().run()
            #expect(again.end == .exit(0), "step \(step): \(again.errors)")
            let found = try partner(server)
            #expect(found == expected, "step \(step): \(found.keys.sorted())")
        }
    }
}
