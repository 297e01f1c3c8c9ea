import GatewayCore
import GatewayTesting
import Testing

@Suite struct FaultyDropStoreTests {
    let work: TemporaryFolder
    let memory = MemoryDropStore()
    init() throws { work = try TemporaryFolder() }

    @Test func failsAtTheGivenCallOnly() throws {
        let store = FaultyDropStore(memory, failingAt: 2, with: .diskFull)
        let path = try work.write("a", to: "a")
        #expect(try store.size(of: "a.xml") == nil)
        #expect {
            _ = try store.publish(path, as: "a.xml", rewrite: nil)
        } throws: {
            ($0 as? Finding)?.code == .diskFull
        }
        #expect(memory.names == [])
        #expect(try store.publish(path, as: "a.xml", rewrite: nil) == .published)
        #expect(store.calls == ["size a.xml", "publish a.xml", "publish a.xml"])
    }

    @Test func failsUntilItIsHealed() throws {
        let store = FaultyDropStore(memory, failingAt: 1, with: .forbidden, isSticky: true)
        for _ in 1...3 { #expect { _ = try store.list(limit: 1) } throws: { ($0 as? Finding)?.code == .intakeFolderForbidden } }
        store.heal()
        #expect(try store.list(limit: 1) == [])
    }

    @Test func lostReplyDoesTheWork() throws {
        let store = FaultyDropStore(memory, failingAt: 1, with: .lostReply)
        let path = try work.write("a", to: "a")
        #expect {
            _ = try store.publish(path, as: "a.xml", rewrite: nil)
        } throws: {
            ($0 as? Finding)?.sentence() == """
                memory: found "Connection reset by peer", expected to write there.
                Look into the system's log for the disk or mount; the document waits in state and is tried again. [publish.write.failed]
                """
        }
        #expect(memory.contents("a.xml") == [UInt8(ascii: "a")])
        #expect(try store.publish(path, as: "a.xml", rewrite: nil) == .alreadyThere)
    }
}
