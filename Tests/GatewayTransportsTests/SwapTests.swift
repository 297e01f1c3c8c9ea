import Foundation
import GatewayCore
import GatewayTesting
import GatewayTransports
import Synchronization
import Testing

/// A hostile sender exchanges what lies under a name between listing, opening and taking.
@Suite struct SwapTests {
    @Test func linkPutInAFilesPlaceIsNeverFollowed() throws {
        let folder = try TemporaryFolder()
        let work = try TemporaryFolder()
        try folder.makeFolder("inbox")
        try work.write("secret", to: "secret")
        let store = LocalDropStore(path: folder.path("inbox"), name: "inbox")
        let stops = Atomic(false)
        let ended = DispatchSemaphore(value: 0)
        let swapping = Thread { [folder, work] in
            let name = folder.path("inbox/a.csv")
            while !stops.load(ordering: .relaxed) {
                let file = open(folder.path("file"), O_CREAT | O_WRONLY | O_TRUNC, 0o600)
                write(file, "orders", 6)
                close(file)
                rename(folder.path("file"), name)
                symlink(work.path("secret"), folder.path("link"))
                rename(folder.path("link"), name)
            }
            ended.signal()
        }
        swapping.start()
        var opened = 0
        var taken = 0
        var refused = 0
        for turn in 0..<3000 {
            do throws(Finding) {
                guard let entry = try store.list(limit: 1).first(where: { $0.refusal == nil }) else { continue }
                if turn.isMultiple(of: 2) {
                    let source = FileSource(descriptor: try store.open(entry), shown: "a.csv", hashes: false)
                    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 8)
                    defer { buffer.deallocate() }
                    let count = try source.read(into: buffer)
                    #expect(String(decoding: buffer[..<count], as: UTF8.self) == "orders")
                    opened += 1
                } else {
                    try store.take(entry, to: work.path("taken"))
                    #expect(try FileIO.contents(work.path("taken"), shown: "taken") == Array("orders".utf8))
                    unlink(work.path("taken"))
                    taken += 1
                }
            } catch {
                refused += 1
                let known: [FindingCode] = [
                    .intakeFileChanged, .intakeFileGone, .intakeFileLinked, .intakeKindLink, .intakeTakeOccupied,
                ]
                #expect(known.contains(error.code), "\(error.sentence())")
                unlink(work.path("taken"))
            }
        }
        stops.store(true, ordering: .relaxed)
        ended.wait()
        #expect(opened + taken + refused > 0)
        #expect(work.text("secret") == "secret")
    }
}
