import Foundation
import GatewayCore
import GatewayTesting
import Testing

@testable import GatewayTransports

/// What FTP servers do, and what is made of it.
@Suite struct FTPFilesTests {
    private func names(_ files: FTPFiles, _ folder: String = "", most: Int = 1000) throws -> [RemoteName] {
        var all: [RemoteName] = []
        try files.list(folder, most: most) { all.append($0) }
        return all
    }

    private func put(_ files: FTPFiles, _ text: String, as path: String, in work: TemporaryFolder) throws {
        let local = try work.write(text, to: "local")
        let descriptor = open(local, O_RDONLY)
        defer { close(descriptor) }
        try files.put(descriptor, size: Int64(text.utf8.count), as: path)
    }

    @Test func hostileNamesLeadNowhere() throws {
        for words in [["hostile"], ["hostile", "mlsd=no"]] {
            let fixture = try FTPFixture(.pyftpdlib, words: words)
            try fixture.server.box.write("12345", to: "good.csv")
            let all = try names(fixture.files())
            let candidates = all.compactMap { name -> String? in
                if case .candidate(let file) = name.verdict { return file }
                return nil
            }
            #expect(candidates == ["good.csv"])
            let refused = all.compactMap { name -> FindingCode? in
                if case .refused(let code, _) = name.verdict { return code }
                return nil
            }
            #expect(Set(refused) == [.intakeNamePath, .intakeNameControl, .intakeNameEncoding, .intakeNameLong])
        }
    }

    @Test func aListingThatNeverEndsIsCutOff() throws {
        let fixture = try FTPFixture(.pyftpdlib, words: ["endless"])
        let files = try fixture.files()
        let finding = try FTPFixture.finding { _ = try names(files, most: 5000) }
        #expect(finding?.code == .transportListingEndless)
        #expect(finding?.found == .plain("more than 5000"))
    }

    @Test func aMissingFolderIsNotAnEmptyOne() throws {
        for kind in FTPServer.Kind.allCases {
            let fixture = try FTPFixture(kind)
            let files = try fixture.files()
            let finding = try FTPFixture.finding { _ = try names(files, "nowhere") }
            #expect(finding?.code == .transportFolderMissing)
            #expect(finding?.problem().hasSuffix("expected the folder nowhere on partner.") == true)
            #expect(try names(files).isEmpty)
        }
    }

    @Test func anotherCommandInANameIsNeverSent() throws {
        let fixture = try FTPFixture(.vsftpd)
        let files = try fixture.files()
        try fixture.server.box.write("1", to: "victim.csv")
        for path in ["a\r\nDELE victim.csv", "a\nDELE victim.csv", "a\u{0}b", "in\r\n/x.csv"] {
            #expect(try FTPFixture.finding { try files.rename("victim.csv", to: path) }?.code == .ftpNameRefused)
            #expect(try FTPFixture.finding { _ = try files.remove(path) }?.code == .ftpNameRefused)
            #expect(try FTPFixture.finding { _ = try files.sighting(path) }?.code == .ftpNameRefused)
            #expect(try FTPFixture.finding { try files.makeFolder(path) }?.code == .ftpNameRefused)
        }
        #expect(try fixture.server.box.names() == ["victim.csv"])
    }

    @Test(arguments: FTPServer.Kind.allCases)
    func pathsFromTheRootAndFromTheLogin(_ kind: FTPServer.Kind) throws {
        let fixture = try FTPFixture(kind)
        let files = try fixture.files()
        try files.makeFolder("in")
        try files.makeFolder("in/done")
        let root = kind == .vsftpd ? fixture.server.box.path : ""
        try put(files, "hello", as: "in/ö ü%20.csv", in: fixture.work)
        #expect(try files.sighting(root + "/in/ö ü%20.csv")?.size == 5)
        try files.rename("in/ö ü%20.csv", to: "in/done/b.csv")
        #expect(try files.sighting("in/ö ü%20.csv") == nil)
        try files.rename(root + "/in/done/b.csv", to: root + "/in/c.csv")
        #expect(try fixture.server.box.names(in: "in") == ["c.csv", "done"])
        #expect(try names(files, root + "/in").compactMap(\.kind).count == 2)
        #expect(try files.remove("in/c.csv"))
        #expect(try !files.remove("in/c.csv"))
        files.close()
    }

    @Test func aRenameWhoseReplyIsLostIsFoundDone() throws {
        let fixture = try FTPFixture(.pyftpdlib, words: ["lostreply"])
        let files = try fixture.files()
        let local = try fixture.work.write("hello", to: "out")
        let folder = RemoteFolder(files, path: "")
        #expect(try folder.publish(local, as: "a-1.xml", stem: "1") == .published)
        #expect(try fixture.server.box.names() == ["a-1.xml"])
        #expect(fixture.server.box.text("a-1.xml") == "hello")
    }

    @Test func aServerThatRenamesNothingLeavesNothingVisible() throws {
        let fixture = try FTPFixture(.pyftpdlib, words: ["rename=fails"])
        let files = try fixture.files()
        let local = try fixture.work.write("hello", to: "out")
        let finding = try FTPFixture.finding { _ = try RemoteFolder(files, path: "").publish(local, as: "a-1.xml", stem: "1") }
        #expect(finding?.code == .transportForbidden)
        #expect(try fixture.server.box.names() == [".dropgate-1.part"])
    }

    @Test func aListingsLieIsFoundAtTheFetch() throws {
        let fixture = try FTPFixture(.pyftpdlib, words: ["lying"])
        try fixture.server.box.write("12345", to: "a.csv")
        let store = RemoteDropStore(RemoteFolder(try fixture.files(), path: ""), work: fixture.work.path)
        let entry = try #require(try store.list(limit: 10).first)
        #expect(entry.size != 5)
        let finding = try FTPFixture.finding { try store.take(entry, to: fixture.work.path("taken")) }
        #expect(finding?.code == .intakeFileChanged)
        #expect(fixture.server.box.text("a.csv") == "12345")
    }

    @Test func aReadOnlyServerIsExplained() throws {
        let fixture = try FTPFixture(.pyftpdlib, words: ["readonly"])
        let files = try fixture.files()
        #expect(try FTPFixture.finding { try put(files, "x", as: "a.csv", in: fixture.work) }?.code == .transportForbidden)
        let folder = try fixture.server.box.makeFolder("locked")
        chmod(folder, 0o555)
        let plain = try FTPFixture(.vsftpd)
        let locked = try plain.server.box.makeFolder("locked")
        chmod(locked, 0o555)
        let other = try plain.files()
        #expect(try FTPFixture.finding { try put(other, "x", as: "locked/a.csv", in: plain.work) }?.code == .transportForbidden)
    }

    @Test func blackHolesAndCutsEndInTime() throws {
        let fixture = try FTPFixture(.vsftpd)
        let proxy = try FaultProxy(to: fixture.server.port)
        let files = try fixture.files(port: proxy.port) { $0.operation = 1500 }
        #expect(try names(files).isEmpty)
        proxy.cutAll()
        // libcurl notices by itself that the kept connection is gone.
        #expect(try names(files).isEmpty)
        proxy.change { $0.isBlackHole = true }
        let start = ContinuousClock.now
        let code = try FTPFixture.finding { _ = try files.sighting("a.csv") }?.code
        #expect(code == .transportTimeout)
        #expect(ContinuousClock.now - start < .seconds(6.5))
        proxy.change {
            $0.isBlackHole = false
            $0.refuses = true
        }
        #expect([.transportLinkLost, .transportUnreachable].contains(try FTPFixture.finding { _ = try files.sighting("a.csv") }?.code))
        fixture.server.stop()
        let direct = try fixture.files()
        #expect(try FTPFixture.finding { _ = try direct.sighting("a.csv") }?.code == .transportUnreachable)
    }
}
