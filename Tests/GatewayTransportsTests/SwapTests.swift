import Foundation
import GatewayCore
import GatewayTesting
import GatewayTransports
import Testing

/// A hostile sender exchanges what lies under a name between the listing and the taking.
@Suite struct SwapTests {
    enum Trick: String, CaseIterable, Sendable {
        case symbolicLink, hardLink, pipe, folder, otherFile, sameBytes, gone

        var code: FindingCode {
            switch self {
            case .symbolicLink, .otherFile, .sameBytes: .intakeFileChanged
            case .hardLink: .intakeFileLinked
            case .pipe: .intakeKindSpecial
            case .folder: .intakeKindFolder
            case .gone: .intakeFileGone
            }
        }

        /// Puts something in the place of the file at `path`; `secret` is a file elsewhere.
        func play(on path: String, secret: String) throws {
            // It stays open, so that its inode is not given to the next file.
            let old = open(path, O_RDONLY)
            defer { close(old) }
            unlink(path)
            switch self {
            case .symbolicLink: symlink(secret, path)
            case .hardLink: link(secret, path)
            case .pipe: mkfifo(path, 0o600)
            case .folder: mkdir(path, 0o700)
            case .otherFile: try Data("others".utf8).write(to: URL(fileURLWithPath: path))
            case .sameBytes: try Data("orders".utf8).write(to: URL(fileURLWithPath: path))
            case .gone: break
            }
        }
    }

    @Test(arguments: Trick.allCases)
    func whatWasNotListedIsNeitherReadNorTaken(_ trick: Trick) throws {
        let folder = try TemporaryFolder()
        let work = try TemporaryFolder()
        let secret = try work.write("secret", to: "secret")
        let store = LocalDropStore(path: folder.path, name: "inbox")
        try folder.write("orders", to: "a.csv")
        let entry = try #require(try store.list(limit: 1).first)
        try trick.play(on: folder.path("a.csv"), secret: secret)
        let there = try folder.names()
        #expect { _ = try store.open(entry) } throws: { ($0 as? Finding)?.code == trick.code }
        #expect { try store.take(entry, to: work.path("taken")) } throws: { ($0 as? Finding)?.code == trick.code }
        #expect(try folder.names() == there)
        #expect(try work.names() == ["secret"])
    }
}
