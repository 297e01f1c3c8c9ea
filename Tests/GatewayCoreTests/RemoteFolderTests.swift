import GatewayCore
import GatewayTesting
import Testing

/// The protocol for partners' folders, on a server in memory that breaks at every call.
struct RemoteFolderTests {
    private let bytes = Array("<shipments><shipment/></shipments>".utf8)

    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch { return (error as? Finding)?.code.id }
    }

    /// Publishes as the gateway does: steps noted, taken up where they stand, a new name for each attempt.
    private func deliver(_ files: MemoryRemoteFiles, _ local: String) throws -> RemoteFolder.Published {
        let folder = RemoteFolder(files, path: "in")
        var step: RemoteFolder.Step?
        for attempt in 1...5 {
            do throws(Finding) {
                if case .renaming(let path) = step { return try folder.finish(path, Int64(bytes.count), as: "a.xml", local) }
                if case .writing(let path) = step { _ = try files.remove(path) }
                return try folder.publish(local, as: "a.xml", stem: "\(attempt)") { step = $0 }
            } catch {
                guard error.code.stops == .endpoint else { throw error }
            }
        }
        throw Finding(.transportLinkLost)
    }

    @Test(arguments: [MemoryRemoteFiles.Fault.cut, .lostReply, .half])
    func whateverCallBreaksTheDocumentIsThereOnceAndWhole(_ fault: MemoryRemoteFiles.Fault) throws {
        let work = try TemporaryFolder()
        let local = try work.write(bytes, to: "a.xml")
        let calm = MemoryRemoteFiles()
        #expect(try deliver(calm, local) == .published)
        #expect(
            calm.calls == ["stat in/a.xml", "put in/.dropgate-1.part", "stat in/.dropgate-1.part", "rename in/.dropgate-1.part in/a.xml"])
        for call in 1...calm.calls.count {
            let files = MemoryRemoteFiles()
            files.fail(call, fault)
            let outcome = try deliver(files, local)
            #expect(outcome == .published, "\(fault) at call \(call)")
            #expect(files.paths == ["in/a.xml"], "\(fault) at call \(call)")
            #expect(files.contents("in/a.xml") == bytes)
        }
    }

    @Test func aRenameWhoseReplyIsLostIsNotRepeatedWhenThePartnerWasQuick() throws {
        let work = try TemporaryFolder()
        let local = try work.write(bytes, to: "a.xml")
        let files = MemoryRemoteFiles()
        let folder = RemoteFolder(files, path: "in")
        // The rename was made, its reply lost, and the document fetched before anybody looked.
        #expect(try folder.finish("in/.dropgate-1.part", Int64(bytes.count), as: "a.xml", local) == .taken)
        #expect(files.paths == [])
    }

    @Test func nothingIsReplacedAtAServerThatRenamesOver() throws {
        let work = try TemporaryFolder()
        let local = try work.write(bytes, to: "a.xml")
        let files = MemoryRemoteFiles()
        files.renameOver()
        files.put(Array("theirs".utf8), as: "in/a.xml")
        #expect(code { _ = try RemoteFolder(files, path: "in").publish(local, as: "a.xml", stem: "1") } == "publish.name.taken")
        #expect(files.contents("in/a.xml") == Array("theirs".utf8))
        #expect(files.paths == ["in/a.xml"])
    }

    @Test func aFileThatGrowsWhileItIsFetchedIsNotTaken() throws {
        let work = try TemporaryFolder()
        let files = MemoryRemoteFiles()
        files.put(bytes, as: "out/a.csv")
        let folder = RemoteFolder(files, path: "out")
        let sighting = try #require(try files.sighting("out/a.csv"))
        files.duringFetch { [bytes] in files.put(bytes + bytes, as: "out/a.csv") }
        #expect(code { _ = try folder.fetch("a.csv", sighting, to: work.path("a")) } == "intake.file.changed")
        #expect(try work.names() == [])
    }

    @Test(arguments: [10, 1_000]) func aServerThatLiesAboutSizesIsFoundOut(_ lie: Int64) throws {
        let work = try TemporaryFolder()
        let files = MemoryRemoteFiles()
        files.put(bytes, as: "out/a.csv")
        files.lie(lie)
        let sighting = try #require(try files.sighting("out/a.csv"))
        #expect(code { _ = try RemoteFolder(files, path: "out").fetch("a.csv", sighting, to: work.path("a")) } == "intake.file.changed")
        #expect(try work.names() == [])
    }

    @Test(arguments: [MemoryRemoteFiles.Fault.cut, .lostReply])
    func theSourceIsMovedOnceWhateverBreaks(_ fault: MemoryRemoteFiles.Fault) throws {
        for call in 1...4 {
            let files = MemoryRemoteFiles()
            files.put(bytes, as: "out/a.csv")
            let folder = RemoteFolder(files, path: "out")
            let sighting = RemoteSighting(size: Int64(bytes.count), modified: 1_001)
            files.fail(call, fault)
            for _ in 1...3 {
                do { try folder.settle("a.csv", sighting, into: "out/processed", stem: "7") } catch { continue }
                break
            }
            #expect(files.paths == ["out/processed/7-a.csv"], "\(fault) at call \(call)")
        }
    }

    @Test func aNewFileUnderTheNameIsLeftAlone() throws {
        let files = MemoryRemoteFiles()
        files.put(bytes, as: "out/a.csv")
        let old = RemoteSighting(size: 3, modified: 5)
        try RemoteFolder(files, path: "out").settle("a.csv", old, into: nil, stem: "7")
        #expect(files.paths == ["out/a.csv"])
    }
}
