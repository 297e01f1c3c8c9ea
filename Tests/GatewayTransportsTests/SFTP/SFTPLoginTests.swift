import GatewayCore
import GatewayTesting
import GatewayTransports
import Testing

/// Who is trusted and who is let in, on a real sshd.
@Suite(.serialized) struct SFTPLoginTests {
    private func look(_ files: SFTPFiles) -> Finding? {
        SFTPFixture.finding { try files.list("", most: 10) { _ in } }
    }

    @Test func passwordWithEveryKindOfSign() throws {
        let fixture = try SFTPFixture { $0.password = "a:b/c@d\"e" }
        #expect(look(try fixture.files { $0.login = .password(Array("a:b/c@d\"e".utf8)) }) == nil)
        let refused = look(try fixture.files { $0.login = .password(Array("canary-secret".utf8)) })
        #expect(refused?.code == .transportLoginRefused)
        #expect(refused?.sentence().contains("canary") == false)
    }

    @Test func encryptedKey() throws {
        let work = try TemporaryFolder()
        let key = try SSHKey.make(.ecdsa, at: work.path("key"), passphrase: "open sesame")
        let fixture = try SFTPFixture { $0.authorized = [key] }
        #expect(look(try fixture.files { $0.login = .key(key.path, passphrase: Array("open sesame".utf8)) }) == nil)
        let wrong = look(try fixture.files { $0.login = .key(key.path, passphrase: Array("wrong".utf8)) })
        #expect(wrong?.code == .transportLoginRefused)
    }

    @Test func theServersKeyIsComparedBeforeTheLogin() throws {
        let fixture = try SFTPFixture { $0.hostKeys = [.ed25519, .ecdsa] }
        let pins = try fixture.pins()
        // libssh2 would take the ecdsa key first: each pinned type is asked for by name.
        for pin in pins { #expect(look(try fixture.files { $0.pins = [pin] }) == nil) }
        let files = try fixture.files()
        #expect(look(files) == nil)
        try fixture.server.changeHostKeys()
        let finding = look(try fixture.files { $0.pins = pins })
        #expect(finding?.code == .transportHostKeyChanged)
        let now = try fixture.pins().map(\.text)
        #expect(now.contains(finding?.found?.text.split(separator: " ").prefix(2).joined(separator: " ") ?? ""))
        #expect(!fixture.server.log.contains("Failed publickey"))
        // Rotation: the old and the new one side by side.
        let both = try pins + fixture.pins()
        #expect(look(try fixture.files { $0.pins = both }) == nil)
    }

    @Test func aServerWithNothingButRSAIsExplained() throws {
        let fixture = try SFTPFixture { $0.hostKeys = [.rsa] }
        let finding = look(try fixture.files())
        #expect(finding?.code == .transportHostKeyExchange)
    }

    @Test func noPinNoStart() throws {
        let fixture = try SFTPFixture()
        #expect(SFTPFixture.finding { _ = try fixture.files { $0.pins = [] } }?.code == .transportHostKeyMissing)
    }

    @Test func nobodyThere() throws {
        let fixture = try SFTPFixture()
        let files = try fixture.files()
        #expect(look(files) == nil)
        fixture.server.stop()
        let first = look(files)?.code
        #expect(first == .transportLinkLost || first == .transportUnreachable)
        try fixture.server.start()
        #expect(look(files) == nil)
    }
}
