import Foundation
import GatewayCore
import GatewayTesting
import Testing

@testable import GatewayTransports

/// Where the gateway's own folder lies, seen from the drop folder.
enum Neighbour: String, CaseIterable, Sendable {
    case sameFileSystem, otherFileSystem

    /// Without the second one where the machine has none at hand.
    static let available = allCases.filter { neighbour in
        do {
            if try neighbour.makeFolder() != nil { return true }
            print("Skipped: the local drop store beside a second file system, because /dev/shm is none here.")
        } catch { print("Skipped: the local drop store with \(neighbour.rawValue):", error) }
        return false
    }

    /// Nil where the machine has no second file system at hand.
    func makeFolder() throws -> TemporaryFolder? {
        switch self {
        case .sameFileSystem: return try TemporaryFolder()
        case .otherFileSystem:
            guard FileManager.default.fileExists(atPath: "/dev/shm") else { return nil }
            let folder = try TemporaryFolder(in: "/dev/shm")
            return try device(folder.path) == device(NSTemporaryDirectory()) ? nil : folder
        }
    }

    private func device(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.systemNumber] as? Int)
    }
}

@Suite struct DropStoreConformanceTests {
    @Test(arguments: DropStoreConformance.checks)
    func memory(_ check: DropStoreConformance.Check) throws {
        let store = MemoryDropStore()
        try check.run(
            .init(
                store: store, work: TemporaryFolder(), put: { store.put($0, as: $1) }, contents: { store.contents($0) },
                names: { store.names }))
    }

    @Test(arguments: DropStoreConformance.checks, Neighbour.available)
    func localFolder(_ check: DropStoreConformance.Check, _ neighbour: Neighbour) throws {
        let work = try #require(try neighbour.makeFolder(), "it was there when the test was listed")
        let folder = try TemporaryFolder()
        try check.run(
            .init(
                store: LocalDropStore(path: folder.path, name: "inbox/test"), work: work,
                put: { bytes, name in
                    try folder.write(bytes, to: ".put")
                    // As a partner that renames over an older file.
                    guard rename(folder.path(".put"), folder.path(name)) == 0 else { throw CocoaError(.fileWriteUnknown) }
                },
                contents: { folder.contents($0) }, names: { try folder.names() }))
    }
}

@Suite struct LocalDropStoreTests {
    let folder: TemporaryFolder
    let work: TemporaryFolder
    let store: LocalDropStore

    init() throws {
        folder = try TemporaryFolder()
        work = try TemporaryFolder()
        store = LocalDropStore(path: folder.path, name: "inbox/merchants/demo/shop", largest: 1000)
    }

    private func refusal(_ name: String) throws -> String? {
        try store.list(limit: 10).first { $0.name == name }?.refusal?.sentence()
    }

    // MARK: What must not be taken

    @Test func symbolicLinkIsRefused() throws {
        try work.write("secret", to: "passwd")
        symlink(work.path("passwd"), folder.path("orders.csv"))
        #expect(
            try refusal("orders.csv") == """
                inbox/merchants/demo/shop/orders.csv: found "symbolic link", expected a file.
                Copy the file itself into the inbox; links are never followed. [intake.kind.link]
                """)
        let entry = try #require(try store.list(limit: 10).first)
        #expect(throws: Finding.self) { try store.take(entry, to: work.path("taken")) }
        #expect(try work.names() == ["passwd"])
    }

    @Test func pipeIsRefusedAndNeverOpened() throws {
        mkfifo(folder.path("orders.csv"), 0o600)
        #expect(
            try refusal("orders.csv") == """
                inbox/merchants/demo/shop/orders.csv: found "pipe", expected a file.
                Remove it from the inbox; it is never opened. [intake.kind.special]
                """)
        // Opening a pipe that nobody writes to would wait for ever.
        let pretended = DropEntry(name: "orders.csv", size: 0, modified: 0, inode: 0)
        #expect { _ = try store.open(pretended) } throws: { ($0 as? Finding)?.code == .intakeKindSpecial }
    }

    @Test func folderIsRefused() throws {
        try folder.makeFolder("orders.csv")
        #expect(
            try refusal("orders.csv") == """
                inbox/merchants/demo/shop/orders.csv: found "folder", expected a file.
                Put its files into the inbox itself; folders are not looked into. [intake.kind.folder]
                """)
    }

    @Test func hardLinkIsRefused() throws {
        try work.write("a", to: "mine")
        link(work.path("mine"), folder.path("orders.csv"))
        #expect(
            try refusal("orders.csv") == """
                inbox/merchants/demo/shop/orders.csv: found "2 names", expected a file with one name.
                Copy the file into the inbox instead of linking it there. [intake.file.linked]
                """)
    }

    @Test func largeFileIsRefused() throws {
        try folder.write([UInt8](repeating: 65, count: 1001), to: "orders.csv")
        #expect(
            try refusal("orders.csv") == """
                inbox/merchants/demo/shop/orders.csv: found "1001 bytes", expected at most 1000 bytes.
                Split the file, or raise file under limits in dropgate.yaml. [intake.file.large]
                """)
    }

    @Test func nameThatIsNotUTF8IsRefused() throws {
        let name: [CChar] = Array("sipari".utf8CString.dropLast()) + [CChar(bitPattern: 0xFE), 0]
        let path = Array((folder.path + "/").utf8CString.dropLast()) + name
        close(open(path, O_CREAT | O_WRONLY, 0o600))
        #expect(
            try refusal("sipari\\xfe") == """
                inbox/merchants/demo/shop/sipari\\xfe: found "sipari\\xfe", expected a name in UTF-8.
                Rename the file, best with plain letters and digits, and drop it again. [intake.name.encoding]
                """)
    }

    @Test func refusedEntriesNeverCrowdOutGoodOnes() throws {
        for n in 0..<50 { symlink("/etc/passwd", folder.path("\(n).csv")) }
        try folder.write("a", to: "good.csv")
        let entries = try store.list(limit: 1)
        #expect(entries.filter { $0.refusal == nil }.map(\.name) == ["good.csv"])
    }

    @Test func oldestFirst() throws {
        for (n, name) in ["c.csv", "a.csv", "b.csv"].enumerated() {
            try folder.write("a", to: name)
            try setModified(folder.path(name), to: Double(1_700_000_000 + n))
        }
        #expect(try store.list(limit: 10).map(\.name) == ["c.csv", "a.csv", "b.csv"])
        #expect(try store.list(limit: 10).first?.modified == 1_700_000_000_000_000_000)
    }

    @Test func oneEntryByName() throws {
        try folder.write("abc", to: "a.csv")
        #expect(try store.entry(named: "a.csv") == store.list(limit: 1).first)
        #expect(try store.entry(named: "b.csv") == nil)
        try folder.write("abc", to: "a.part")
        #expect(try store.entry(named: "a.part") == nil)
        #expect(try store.entry(named: "../a.csv")?.refusal?.code == .intakeNamePath)
    }

    // MARK: The folder itself

    @Test func unmountedFolderDoesNotLookEmpty() throws {
        try folder.makeFolder("inbox")
        let store = LocalDropStore(path: folder.path("inbox"), name: "inbox")
        try folder.write("a", to: "inbox/a.csv")
        #expect(try store.list(limit: 10).count == 1)
        // What a mount point shows once its disk is gone: another, empty folder.
        rename(folder.path("inbox"), folder.path("unmounted"))
        #expect {
            _ = try store.list(limit: 10)
        } throws: {
            ($0 as? Finding)?.sentence() == """
                inbox: found nothing, expected a folder.
                Create or mount it; dropgate goes on by itself. [intake.folder.missing]
                """
        }
        try folder.makeFolder("inbox")
        #expect {
            _ = try store.list(limit: 10)
        } throws: {
            ($0 as? Finding)?.sentence() == """
                inbox: found "another folder", expected the same folder as at the start.
                Mount it again, or restart dropgate if the folder was replaced on purpose. [intake.folder.replaced]
                """
        }
        let document = try work.write("document", to: "document")
        #expect {
            _ = try store.publish(document, as: "a.xml", rewrite: nil)
        } throws: {
            ($0 as? Finding)?.code == .publishFolderReplaced
        }
        #expect(try folder.names(in: "inbox") == [])
        rmdir(folder.path("inbox"))
        rename(folder.path("unmounted"), folder.path("inbox"))
        #expect(try store.list(limit: 10).count == 1)
        #expect(try store.publish(document, as: "a.xml", rewrite: nil) == .published)
    }

    @Test(arguments: [
        (ENOSPC, "state.disk.full"), (EDQUOT, "state.disk.full"), (EROFS, "intake.disk.read-only"), (EACCES, "intake.folder.forbidden"),
        (EPERM, "intake.folder.forbidden"), (ENOENT, "intake.file.gone"), (EIO, "intake.read.failed"), (ESTALE, "intake.read.failed"),
    ])
    func errorsOfIntakeAreTold(_ number: Int32, _ code: String) {
        let finding = store.intakeFinding(SystemError(number: number), file: "a.csv")
        #expect(finding.code.id == code)
        #expect(finding.placeText() == "inbox/merchants/demo/shop/a.csv")
        #expect(finding.found?.text == String(cString: strerror(number)))
    }

    @Test(arguments: [
        (ENOSPC, "state.disk.full"), (EDQUOT, "state.disk.full"), (EROFS, "publish.folder.read-only"), (EACCES, "publish.folder.forbidden"),
        (EPERM, "publish.folder.forbidden"), (ENOENT, "publish.folder.missing"), (EOPNOTSUPP, "publish.folder.unfit"),
        (EIO, "publish.write.failed"),
    ])
    func errorsOfPublishingAreTold(_ number: Int32, _ code: String) {
        #expect(store.publishFinding(SystemError(number: number), file: "a.xml").code.id == code)
        #expect(store.intakeFinding(SystemError(number: ENOENT)).code == .intakeFolderMissing)
    }

    @Test func failedFlushIsTold() {
        #expect(
            store.publishFinding(SystemError(number: EIO), file: "a.xml", flushing: true).sentence() == """
                inbox/merchants/demo/shop/a.xml: found "Input/output error", expected the disk to keep what was written.
                Look into the system's log for the disk. The document is written anew when the outbox is tried again, never flushed twice. [publish.flush.failed]
                """)
    }

    // MARK: Growth

    @Test func fileThatGrowsAfterItWasTakenIsFound() throws {
        try folder.write("one\n", to: "a.csv")
        let entry = try #require(try store.list(limit: 1).first)
        let writer = try #require(FileHandle(forWritingAtPath: folder.path("a.csv")))
        try store.take(entry, to: work.path("taken"))
        let descriptor = open(work.path("taken"), O_RDONLY)
        defer { close(descriptor) }
        try FileSighting.requireUnchanged(descriptor, since: entry, file: "a.csv")
        try writer.seekToEnd()
        try writer.write(contentsOf: Data("two\n".utf8))
        #expect {
            try FileSighting.requireUnchanged(descriptor, since: entry, file: "a.csv")
        } throws: {
            ($0 as? Finding)?.sentence() == """
                a.csv: found "8 bytes", expected 4 bytes, as when it was taken.
                Let the sender write under a name that ends in .part and rename it when it is complete, or raise quiet in dropgate.yaml. [intake.file.grew]
                """
        }
    }

    @Test func fileThatGrewBeforeIsNotTaken() throws {
        try folder.write("one\n", to: "a.csv")
        let entry = try #require(try store.list(limit: 1).first)
        let writer = try #require(FileHandle(forWritingAtPath: folder.path("a.csv")))
        try writer.seekToEnd()
        try writer.write(contentsOf: Data("two\n".utf8))
        #expect {
            try store.take(entry, to: work.path("taken"))
        } throws: {
            ($0 as? Finding)?.sentence() == """
                inbox/merchants/demo/shop/a.csv: found "8 bytes", expected the file as it was listed.
                Nothing: it is looked at again once it no longer changes. [intake.file.changed]
                """
        }
        #expect(folder.text("a.csv") == "one\ntwo\n")
    }

    // MARK: Leftovers

    @Test func leftoversOfAnEarlierRunAreReaped() throws {
        try folder.write("half", to: ".dropgate-0011223344556677.part")
        try folder.write("theirs", to: ".hidden")
        try folder.write("original", to: ".dropgate-taken-x")
        let inode = try #require(
            try FileManager.default.attributesOfItem(atPath: folder.path(".dropgate-taken-x"))[.systemFileNumber] as? Int)
        rename(folder.path(".dropgate-taken-x"), folder.path(".dropgate-taken-\(String(inode, radix: 16))"))
        try folder.write("a sender's", to: ".dropgate-taken-1")
        try folder.write("of a run that is going on", to: ".dropgate-new.part")
        try setModified(folder.path(".dropgate-new.part"), to: Date().timeIntervalSince1970 + 60)
        let store = LocalDropStore(path: folder.path, name: "inbox")
        #expect(try store.reap() == 3)
        #expect(try folder.names() == [".dropgate-new.part", ".hidden", "returned-1"])
        #expect(folder.text("returned-1") == "a sender's")
        #expect(try store.reap() == 0)
    }

    @Test func oneStoreForEachFolder() throws {
        try folder.makeFolder("outbox")
        try folder.write("half", to: "outbox/.dropgate-0011223344556677.part")
        let reading = LocalDropStores(root: folder.path)
        #expect(reading.store("outbox") === reading.store("outbox"))
        #expect(reading.store("outbox") !== reading.store("inbox"))
        #expect(try folder.names(in: "outbox").count == 1)
        try folder.makeFolder("state/spool")
        try folder.write("half", to: "state/spool/.dropgate-0011223344556677.part")
        let running = LocalDropStores(root: folder.path, reaps: true)
        #expect(try folder.names(in: "state/spool") == [])
        #expect(running.store("outbox").name == "outbox")
        #expect(try folder.names(in: "outbox") == [])
    }

    private func setModified(_ path: String, to seconds: Double) throws {
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: path)
    }
}
