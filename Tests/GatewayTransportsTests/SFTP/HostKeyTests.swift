import GatewayTransports
import Testing

/// Host keys as people write them.
struct HostKeyTests {
    private let key = "AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

    @Test func bothFormsGiveTheSamePin() throws {
        let pin = try #require(HostKeyPin("ssh-ed25519 \(key) comment"))
        #expect(pin.text.hasPrefix("ssh-ed25519 SHA256:"))
        #expect(HostKeyPin(pin.text) == pin)
        #expect(HostKeyPin("ecdsa-sha2-nistp256 \(key)") == nil)
        #expect(HostKeyPin("ssh-ed25519") == nil)
        #expect(HostKeyPin("ssh-ed25519 SHA256:abc") == nil)
    }

    @Test func knownHostsFilesAreReadForOneHostAndPort() {
        let text = """
            # a comment
            other ssh-ed25519 \(key)
            @revoked here ssh-ed25519 \(key)
            *.example.com ssh-ed25519 \(key)
            [here]:2222,[10.0.0.1]:2222 ssh-ed25519 \(key)
            here broken
            """
        #expect(KnownHosts.pins(text, host: "here", port: 2222).count == 1)
        #expect(KnownHosts.pins(text, host: "here", port: 22).isEmpty)
        #expect(KnownHosts.pins(text, host: "a.example.com", port: 22).isEmpty)
        #expect(KnownHosts.pins("here ssh-ed25519 \(key)\n", host: "here", port: 22).count == 1)
    }
}
