import GatewayCore
import GatewayTesting
import Testing

@testable import GatewayTransports

/// Who is trusted and who is let in, on real FTPS servers.
@Suite struct FTPTrustTests {
    /// A password that arrived, in vsftpd's log.
    private static let password = "FTP command: Client \"127.0.0.1\", \"PASS"

    @Test func anAuthorityThatSignedNothingHereIsNotEnough() throws {
        let fixture = try FTPFixture(.vsftpd, .explicit)
        #expect(try fixture.refusal() == nil)
        let stranger = try fixture.refusal { $0.trust = .authority(try TestCertificates.shared().stranger) }
        #expect(stranger?.code == .tlsUntrusted)
        #expect(try fixture.refusal { $0.trust = .system }?.code == .tlsUntrusted)
        #expect(try fixture.refusal { $0.trust = .authority("/nonexistent/authority.pem") }?.code == .tlsAuthorityUnreadable)
        // One log-in: that of the authority that is right.
        #expect(fixture.server.log.ranges(of: Self.password).count == 1)
    }

    @Test func aCertificateForAnotherHostIsRefused() throws {
        let fixture = try FTPFixture(.pyftpdlib, .implicit, certificate: TestCertificates.shared().otherHost)
        #expect(try fixture.refusal()?.code == .tlsUntrusted)
    }

    @Test(arguments: [FTPEndpoint.Security.explicit, .implicit])
    func aPinIsEnoughAndAnotherOneIsNot(_ security: FTPEndpoint.Security) throws {
        let fixture = try FTPFixture(.vsftpd, security)
        let pin = try TestCertificates.shared().pin
        #expect(PublicKeyPin.isPin(pin))
        let other = "sha256//" + String(repeating: "A", count: 43) + "="
        #expect(try fixture.refusal { $0.trust = .pins([pin]) } == nil)
        // Rotation: the old and the new one side by side.
        #expect(try fixture.refusal { $0.trust = .pins([other, pin]) } == nil)
        #expect(try fixture.refusal { $0.trust = .pins([other]) }?.code == .tlsKeyChanged)
        #expect(try fixture.refusal { $0.trust = .pins([]) }?.code == .tlsKeyChanged)
    }

    @Test func aServerWithoutTLSGetsNoPassword() throws {
        let fixture = try FTPFixture(.vsftpd, .none)
        let finding = try fixture.refusal {
            $0.security = .explicit
            $0.trust = .authority(try TestCertificates.shared().authority)
        }
        #expect(
            finding?.sentence() == """
                partner: found "Requested SSL level failed (libcurl error 64)", expected TLS at partner.
                Ask the partner to switch FTPS on. Only where that can't be had and the network is private: tls: none. [tls.missing]
                """)
        #expect(!fixture.server.log.contains(Self.password))
        // TLS from the first byte, where the server says hello in the clear.
        #expect(
            try fixture.refusal {
                $0.security = .implicit
                $0.trust = .authority(try TestCertificates.shared().authority)
            }?.code == .tlsFailed)
    }

    @Test func aServerThatWantsTLSTellsSo() throws {
        let fixture = try FTPFixture(.vsftpd, .explicit)
        let finding = try fixture.refusal { $0.security = .none }
        #expect(finding?.code == .transportLoginRefused)
    }

    @Test(arguments: FTPServer.Kind.allCases)
    func aWrongPasswordIsNeverShown(_ kind: FTPServer.Kind) throws {
        let fixture = try FTPFixture(kind)
        let finding = try fixture.refusal { $0.password = Array("canary-secret".utf8) }
        #expect(finding?.code == .transportLoginRefused)
        #expect(finding?.sentence().contains("canary") == false)
    }
}
