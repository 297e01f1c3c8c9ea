import Foundation
import GatewayTesting
import Testing

/// What `status` and `trace` say of a partner's server that can't be reached, and of what waits for it.
struct EndpointStatusTests {
    /// Nobody listens at port 1.
    private static let settings =
        Rehearsal.settings.replacingOccurrences(
            of: "dropgate-manifest: { main: {} }", with: "dropgate-manifest: { main: { outbox: partner/in } }")
            + """
            endpoints:
              partner:
                transport: ftp
                tls: none
                host: 127.0.0.1
                port: 1
                user: dropgate
                password: file:password
                afterwards: leave

            """

    private func lines(_ shop: Rehearsal) throws -> [[String: Any]] {
        let status = try shop.run("status", "--format", "json", "-w", shop.root)
        #expect(status.end == .exit(0), "\(status)")
        return try status.output.split(separator: "\n").compactMap { line in
            let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            return object["endpoint"] == nil ? nil : object
        }
    }

    @Test func whatWaitsForAServerAndWhyIsShown() throws {
        let shop = try Rehearsal(settings: Self.settings)
        let password = shop.root + "/password"
        try Data("secret-of-the-test".utf8).write(to: URL(fileURLWithPath: password))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: password)
        let fresh = try shop.run("status", "-w", shop.root)
        #expect(fresh.output.contains("\npartner (ftp://dropgate@127.0.0.1:1): not tried yet\n"), "\(fresh)")
        #expect(try lines(shop).map { $0["state"] as? String } == [nil])
        try shop.drop(Export.header + Export.order("#1"), as: "one.csv")
        let outcome = try shop.gateway().run()
        #expect(outcome.end != .exit(0), "\(outcome.errors)")
        let outbox = "outbox/carriers/dropgate-manifest/main"
        let document = try #require(shop.names(in: outbox).first { !$0.hasPrefix(".") })
        let told = try lines(shop)
        try #require(told.count == 2, "\(told)")
        #expect(told[0]["state"] as? String == "waiting" && told[0]["code"] as? String == "transport.unreachable", "\(told)")
        #expect(told[0]["waiting"] as? Int == 1 && (told[0]["failures"] as? Int ?? 0) >= 3)
        #expect(told[0]["since"] as? Int == 1_795_600_000_000)
        #expect(told[1]["delivers"] as? String == document && told[1]["folder"] as? String == "in")
        #expect(told[1]["state"] as? String == "waiting" && told[1]["attempts"] as? Int == 0)
        let text = try shop.run("status", "-w", shop.root)
        #expect(text.output.contains("[transport.unreachable]"), "\(text.output)")
        #expect(text.output.contains("  waits for partner/in: \(document): not begun, first meant to go "), "\(text.output)")
        #expect(!text.output.contains("secret-of-the-test"))
        let trace = try shop.run("trace", document, "-w", shop.root)
        #expect(
            trace.output.contains(
                "delivery \(document): intended (attempts 0, from \(outbox), size "), "\(trace.output)")
        #expect(trace.output.contains("state waiting, to partner/in)"), "\(trace.output)")
    }
}
