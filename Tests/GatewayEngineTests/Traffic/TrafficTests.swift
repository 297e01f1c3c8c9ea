import Dispatch
import GatewayCore
import GatewayLedger
import GatewayProfiles
import GatewayTesting
import Synchronization
import Testing

@testable import GatewayEngine

/// An endpoint's work on a server in memory: what is fetched when, what becomes of the source, what is delivered.
struct TrafficTests {
    private let bytes = Array("order,name\n1001,Example\n".utf8)

    @Test func aFileIsFetchedWhenItWasQuietAndIsNotAskedAboutAgain() throws {
        let wharf = try Wharf("afterwards: leave")
        wharf.files.put(bytes, as: "out/a.csv")
        var shift = try wharf.shift()
        // Seen at 0, quiet at 10.
        wharf.work(&shift, seconds: 10)
        #expect(wharf.arrived == [])
        #expect(wharf.files.calls == ["list out", "stat out/a.csv"])
        wharf.work(&shift, seconds: 1)
        #expect(wharf.arrived == ["a.csv"])
        #expect(wharf.folder.contents(Wharf.inbox + "/a.csv") == bytes)
        #expect(Array(wharf.files.calls.dropFirst(2)) == ["list out", "get out/a.csv", "stat out/a.csv"])
        try wharf.finish("a.csv")
        wharf.work(&shift, seconds: 200)
        // One listing each half minute and not a question more.
        #expect(wharf.files.calls.dropFirst(5).allSatisfy { $0 == "list out" })
        #expect(wharf.files.calls.count == 5 + 6)
        #expect(wharf.files.paths == ["out/a.csv"])
        // A restart asks no more, and fetches nothing twice.
        var later = try wharf.shift()
        let before = wharf.files.calls.count
        wharf.work(&later, seconds: 60)
        #expect(wharf.files.calls.dropFirst(before).allSatisfy { $0 == "list out" })
        // The partner writes another file under the name.
        wharf.files.put(bytes + bytes, as: "out/a.csv")
        wharf.work(&later, seconds: 60)
        #expect(wharf.arrived == ["a.csv", "a.csv"])
        #expect(wharf.folder.contents(Wharf.inbox + "/a.csv") == bytes + bytes)
    }

    @Test func aGrowingFileIsLeftAlone() throws {
        let wharf = try Wharf("afterwards: leave")
        var shift = try wharf.shift()
        for n in 1...30 {
            wharf.files.put(Array(repeating: UInt8(ascii: "x"), count: n), as: "out/a.csv")
            wharf.work(&shift, seconds: 9)
        }
        #expect(wharf.arrived == [])
        wharf.work(&shift, seconds: 30)
        #expect(wharf.arrived == ["a.csv"])
    }

    @Test func theSourceIsMovedAfterItsOutcomeOnly() throws {
        let wharf = try Wharf("afterwards: move")
        wharf.files.put(bytes, as: "out/a.csv")
        var shift = try wharf.shift()
        wharf.work(&shift, seconds: 60)
        #expect(wharf.arrived == ["a.csv"])
        #expect(wharf.files.paths == ["out/a.csv"])
        try wharf.finish("a.csv")
        wharf.work(&shift, seconds: 2)
        #expect(wharf.files.paths == ["out/processed/1-a.csv"])
        #expect(try wharf.ledger.openSources(endpoint: "partner") == [])
    }

    @Test func theSourceIsRemovedAfterItsOutcomeOnly() throws {
        let wharf = try Wharf("afterwards: delete")
        wharf.files.put(bytes, as: "out/a.csv")
        var shift = try wharf.shift()
        wharf.work(&shift, seconds: 60)
        #expect(wharf.files.paths == ["out/a.csv"])
        try wharf.finish("a.csv")
        wharf.work(&shift, seconds: 2)
        #expect(wharf.files.paths == [])
        // The same bytes under the same name are another drop: it comes in, and is known by its content there.
        wharf.files.put(bytes, as: "out/a.csv")
        wharf.work(&shift, seconds: 60)
        #expect(wharf.arrived == ["a.csv", "a.csv"])
    }

    @Test func markersSayWhenAFileIsWholeAndGoWithIt() throws {
        let wharf = try Wharf("afterwards: delete\nready: marker\nmarker: .done")
        wharf.files.put(bytes, as: "out/a.csv")
        wharf.files.put(bytes, as: "out/b.csv")
        var shift = try wharf.shift()
        wharf.work(&shift, seconds: 600)
        #expect(wharf.files.calls.allSatisfy { $0 == "list out" })
        wharf.files.put([], as: "out/b.csv.done")
        wharf.work(&shift, seconds: 31)
        #expect(wharf.arrived == ["b.csv"])
        try wharf.finish("b.csv")
        wharf.work(&shift, seconds: 2)
        #expect(wharf.files.paths == ["out/a.csv"])
    }

    @Test func aDocumentsMarkerComesAfterTheDocument() throws {
        let wharf = try Wharf("afterwards: leave\nmarker out: .ok")
        try wharf.folder.write(bytes, to: Wharf.outbox + "/d.xml")
        var shift = try wharf.shift()
        wharf.work(&shift, seconds: 1)
        #expect(wharf.files.paths == ["in/d.xml", "in/d.xml.ok"])
        #expect(wharf.files.contents("in/d.xml.ok") == [])
        let calls = wharf.files.calls
        let document = try #require(calls.firstIndex { $0.hasPrefix("rename") && $0.hasSuffix("in/d.xml") })
        let marker = try #require(calls.firstIndex { $0.hasPrefix("rename") && $0.hasSuffix("in/d.xml.ok") })
        #expect(document < marker)
        #expect(try wharf.folder.names(in: Wharf.outbox) == [])
        #expect(try wharf.ledger.openDeliveries(endpoint: "partner") == [])
        // Whatever call breaks: both are there in the end, the document never without its bytes, nothing else is.
        for call in 1...calls.count {
            for fault in [MemoryRemoteFiles.Fault.cut, .lostReply, .half] {
                let wharf = try Wharf("afterwards: leave\nmarker out: .ok")
                try wharf.folder.write(bytes, to: Wharf.outbox + "/d.xml")
                wharf.files.fail(call, fault)
                var shift = try wharf.shift()
                wharf.work(&shift, seconds: 5)
                #expect(wharf.files.paths == ["in/d.xml", "in/d.xml.ok"], "\(fault) at call \(call)")
                #expect(wharf.files.contents("in/d.xml") == bytes, "\(fault) at call \(call)")
            }
        }
    }

    @Test func waitingDocumentsGoByThemselvesWhenThePartnerIsBack() throws {
        let wharf = try Wharf("afterwards: leave")
        try wharf.folder.write(bytes, to: Wharf.outbox + "/d.xml")
        wharf.files.refuse(with: Finding(.transportDiskFull, ["endpoint": .plain("partner")]))
        var shift = try wharf.shift()
        wharf.work(&shift, seconds: 100)
        #expect(try wharf.folder.names(in: Wharf.outbox) == ["d.xml"])
        wharf.files.refuse(with: nil)
        wharf.work(&shift, seconds: 64)
        #expect(wharf.files.paths == ["in/d.xml"])
        #expect(try wharf.folder.names(in: Wharf.outbox) == [])
    }

    @Test func aHundredThousandKnownFilesCostOneListingAndFewBytes() throws {
        let count = 100_000
        let wharf = try Wharf()
        for n in 0..<count { wharf.files.put([], as: "out/orders-of-a-partner-\(n).csv") }
        var poll = RemotePoll(
            folder: RemoteFolder(wharf.files, path: "out"), endpoint: try #require(wharf.parts().workspace.settings.endpoints.first))
        var listed = 0
        try wharf.files.list("out", most: count) { name in
            guard case .candidate(let file) = name.verdict else { return }
            listed += 1
            let sighting = RemoteSighting(size: 0, modified: 1_001)
            poll.leave(
                RemoteSource(
                    endpoint: "partner", folder: "out", name: file, sighting: sighting, mark: name.mark, flow: "demo/web", mode: .live,
                    claimed: 0))
        }
        #expect(listed == count)
        wharf.files.put(bytes, as: "out/new.csv")
        let before = wharf.files.calls.count
        let (ready, remarks) = try poll.look(open: [], now: 0)
        #expect(Array(wharf.files.calls.dropFirst(before)) == ["list out", "stat out/new.csv"])
        #expect(ready == [] && remarks == [])
        #expect(try poll.look(open: [], now: 10_000_000_000).ready.map(\.name) == ["new.csv"])
        #expect(wharf.files.calls.count == before + 3)
        #expect(poll.keptBytes / count < 120, "\(poll.keptBytes / count) bytes a name")
        #expect(poll.keptBytes / count >= 16)
    }

    @Test func aSlowEndpointDelaysNoOther() throws {
        let wharf = try Wharf("afterwards: leave")
        let (slow, quick) = (MemoryRemoteFiles(endpoint: "slow"), MemoryRemoteFiles(endpoint: "quick"))
        for files in [slow, quick] { files.put(bytes, as: "out/\(files.endpoint).csv") }
        let (isHeld, holds) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        slow.duringFetch {
            isHeld.signal()
            holds.wait()
        }
        try wharf.folder.write(
            Wharf.settings("afterwards: leave", names: ["slow", "quick"], poll: "100 ms", quiet: "0 s"), to: "dropgate.yaml")
        try wharf.folder.makeFolder(Wharf.inbox + "1")
        var parts = try wharf.parts()
        parts.clock = SystemClock()
        parts.traffic?.files = { (settings) throws(Finding) in settings.name == "slow" ? slow : quick }
        let wakes = DispatchSemaphore(value: 0)
        let work = RemoteWork(parts, wake: { wakes.signal() })
        work.start(say: { _ in })
        defer { work.end() }
        // Bounds for a test that fails; none of them is waited for.
        #expect(isHeld.wait(timeout: .now() + 120) == .success)
        #expect(wakes.wait(timeout: .now() + 120) == .success)
        #expect(work.arrived().map(\.name) == ["quick.csv"])
        holds.signal()
        #expect(wakes.wait(timeout: .now() + 120) == .success)
        #expect(work.arrived().map(\.name) == ["slow.csv"])
    }
}
