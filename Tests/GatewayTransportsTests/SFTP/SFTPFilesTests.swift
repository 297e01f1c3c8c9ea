import GatewayCore
import GatewayTesting
import GatewayTransports
import Glibc
import Testing

/// What odd servers and odd files do to single operations, on a real sshd.
@Suite(.serialized) struct SFTPFilesTests {
    private func names(_ files: SFTPFiles) throws -> [String: RemoteName.Kind] {
        var found: [String: RemoteName.Kind] = [:]
        try files.list("", most: 100) { name in
            switch name.verdict {
            case .candidate(let file): found[file] = name.kind
            case .refused(_, let shown): found[shown] = .special
            case .passedOver: break
            }
        }
        return found
    }

    @Test func linksPipesFoldersAndTornNamesAreToldApart() throws {
        let fixture = try SFTPFixture()
        let box = fixture.server.box
        try box.write("a", to: "a b.csv")
        try box.write("b", to: "new\nline.csv")
        try box.makeFolder("processed")
        symlink("/etc/passwd", box.path("link.csv"))
        mkfifo(box.path("pipe.csv"), 0o666)
        let found = try names(fixture.files())
        #expect(found["a b.csv"] == .file)
        #expect(found["processed"] == .folder)
        #expect(found["link.csv"] == .link)
        #expect(found["pipe.csv"] == .special)
        // The second half of a name with a line end is no file.
        #expect(found["line.csv"] == .special)
    }

    @Test func marksChangeWithTheFileAndWithNothingElse() throws {
        let fixture = try SFTPFixture()
        let files = try fixture.files()
        func mark() throws -> UInt64? {
            var mark: UInt64?
            try files.list("", most: 10) { mark = $0.mark }
            return mark
        }
        try fixture.server.box.write("a", to: "a.csv")
        let first = try mark()
        #expect(first != nil)
        #expect(try mark() == first)
        try fixture.server.box.write("ab", to: "a.csv")
        #expect(try mark() != first)
    }

    @Test func endlessListingsEnd() throws {
        let fixture = try SFTPFixture()
        for n in 1...20 { try fixture.server.box.write("x", to: "\(n).csv") }
        let files = try fixture.files()
        #expect(SFTPFixture.finding { try files.list("", most: 10) { _ in } }?.code == .transportListingEndless)
        #expect(try names(files).count == 20)
        #expect(SFTPFixture.finding { try files.list("nowhere", most: 10) { _ in } }?.code == .transportFolderMissing)
    }

    @Test func namesWithBlanksQuotesAndPercentSignsStayThemselves() throws {
        let fixture = try SFTPFixture()
        let files = try fixture.files()
        let box = fixture.server.box
        for name in ["a b.csv", "a\"b.csv", "a\\b.csv", "100%.csv", "ö'ü.csv", "a#?b.csv"] {
            try box.write("hello", to: "plain")
            try files.rename("plain", to: name)
            #expect(try box.names() == [name])
            #expect(try files.sighting(name)?.size == 5)
            #expect(try files.remove(name))
            #expect(try files.remove(name) == false)
        }
    }

    @Test func readOnlyAndFullServersAreSaidAsSuch() throws {
        let readOnly = try SFTPFixture { $0.isReadOnly = true }
        let local = try readOnly.work.write("hello", to: "a")
        let descriptor = open(local, O_RDONLY)
        defer { close(descriptor) }
        let forbidden = SFTPFixture.finding { try readOnly.files().put(descriptor, size: 5, as: "a") }
        #expect(forbidden?.code == .transportForbidden, "\(forbidden?.sentence() ?? "nothing")")
        let full = try SFTPFixture()
        try full.server.setDiskFull(true)
        let folder = RemoteFolder(try full.files(), path: "")
        #expect(SFTPFixture.finding { _ = try folder.publish(local, as: "a.xml", stem: "1") }?.code.stops == .endpoint)
        #expect(full.server.box.contents("a.xml") == nil)
        try full.server.setDiskFull(false)
        #expect(try folder.publish(local, as: "a.xml", stem: "2") == .published)
        #expect(full.server.box.text("a.xml") == "hello")
    }

    @Test func aServerKilledBetweenTwoOperationsIsReachedAgain() throws {
        let fixture = try SFTPFixture()
        let files = try fixture.files()
        try fixture.server.box.write("hello", to: "a.csv")
        let sighting = try #require(try files.sighting("a.csv"))
        fixture.server.stop()
        #expect(SFTPFixture.finding { _ = try files.sighting("a.csv") }?.code.stops == .endpoint)
        try fixture.server.start()
        _ = try RemoteFolder(files, path: "").fetch("a.csv", sighting, to: fixture.work.path("a"))
        #expect(fixture.work.text("a") == "hello")
    }
}
