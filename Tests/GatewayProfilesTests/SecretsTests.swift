import FoundationEssentials
import GatewayCore
import GatewayProfiles
import Glibc
import Testing

/// Secrets from the environment and from files that only their owner may read.
struct SecretsTests {
    private let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/dropgate-secrets-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    @Test func fileIsReadWithoutItsLineEnd() throws {
        try write("s3cret\r\n", mode: 0o600)
        #expect(try value(.file("secret")) == "s3cret")
        try remove()
    }

    @Test func openFileIsRefused() throws {
        try write("s3cret", mode: 0o640)
        #expect(
            said(.file("secret"))
                == "secret: found \"0640\", expected mode 0600 for the file of the secret \"password\".\nRun: chmod 600 secret [secret.file.open]"
        )
        try remove()
    }

    @Test func missingFileIsNamed() throws {
        #expect(
            said(.file("secret"))
                == "secret: found \"No such file or directory\", expected a file of 1 to 4096 bytes with the secret \"password\".\n"
                + "Write the value, and nothing else, into that file. [secret.file.unreadable]")
        try remove()
    }

    @Test(arguments: ["", "\n", String(repeating: "x", count: 4097)])
    func emptyAndLongFilesAreRefused(_ text: String) throws {
        try write(text, mode: 0o600)
        #expect(said(.file("secret"))?.hasSuffix("[secret.file.unreadable]") == true)
        try remove()
    }

    @Test func folderIsNoSecret() throws {
        try FileManager.default.createDirectory(atPath: folder + "/secret", withIntermediateDirectories: true)
        #expect(said(.file("secret"))?.hasSuffix("[secret.file.unreadable]") == true)
        try remove()
    }

    @Test func environmentIsRead() throws {
        setenv("DROPGATE_TEST_SECRET", "from the environment", 1)
        #expect(try value(.environment("DROPGATE_TEST_SECRET")) == "from the environment")
        try remove()
    }

    @Test func unsetVariableIsNamed() throws {
        #expect(
            said(.environment("DROPGATE_TEST_UNSET"))
                == "found nothing, expected the secret \"password\" in the environment variable DROPGATE_TEST_UNSET.\n"
                + "Set DROPGATE_TEST_UNSET for the gateway's process and start it again. [secret.environment.missing]")
        try remove()
    }

    private func write(_ text: String, mode: mode_t) throws {
        let bytes = Data(text.utf8)
        #expect(FileManager.default.createFile(atPath: folder + "/secret", contents: bytes))
        #expect(chmod(folder + "/secret", mode) == 0)
    }

    private func value(_ source: SecretSource) throws(Finding) -> String {
        String(decoding: try Secrets.value(source, key: "password", root: folder), as: UTF8.self)
    }

    private func said(_ source: SecretSource) -> String? {
        do throws(Finding) {
            _ = try value(source)
            return nil
        } catch {
            return error.sentence()
        }
    }

    private func remove() throws { try FileManager.default.removeItem(atPath: folder) }
}

/// Places of secrets in a written document.
struct SecretMarkTests {
    private let document: [UInt8] = Array("<a>".utf8) + [0, 1] + Array("</a><b>".utf8) + [0, 2] + Array("</b>".utf8) + [0, 1]

    @Test func peopleSeeDots() {
        #expect(String(decoding: SecretMarks.redacted(document), as: UTF8.self) == "<a>•••</a><b>•••</b>•••")
    }

    @Test func publishedDocumentHoldsTheValues() throws {
        var out: [UInt8] = []
        try FileIO.unsafeBytes(document) { (bytes) throws(Finding) in
            try SecretMarks.fill(bytes, with: [Array("one".utf8), Array("two &amp;".utf8)]) { (piece) throws(Finding) in out += Array(piece)
            }
        }
        #expect(String(decoding: out, as: UTF8.self) == "<a>one</a><b>two &amp;</b>one")
    }
}
