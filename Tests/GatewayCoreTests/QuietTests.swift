import GatewayCore
import Testing

@Suite struct QuietTests {
    private static let second: Int64 = 1_000_000_000
    private let settings = Quiet.Settings(quiet: 2 * second, emptyQuiet: 30 * second, giveUpAfter: 900 * second)

    private func entry(_ name: String = "a.csv", size: Int64 = 10, modified: Int64 = 5, inode: UInt64 = 1, whole: Bool = false) -> DropEntry
    {
        DropEntry(name: name, size: size, modified: modified, inode: inode, arrivedWhole: whole)
    }

    private func at(_ seconds: Int64) -> Int64 { seconds * Self.second }

    @Test func fileIsQuietAfterItsTime() {
        var quiet = Quiet(settings)
        #expect(quiet.judge(entry(), now: at(100)) == .waiting(until: at(102)))
        #expect(quiet.judge(entry(), now: at(102) - 1) == .waiting(until: at(102)))
        #expect(quiet.judge(entry(), now: at(102)) == .quiet)
    }

    @Test(arguments: [(11, 5, 1), (10, 6, 1), (10, 5, 2)])
    func anyChangeStartsTheTimeAnew(_ size: Int64, _ modified: Int64, _ inode: UInt64) {
        var quiet = Quiet(settings)
        _ = quiet.judge(entry(), now: at(100))
        let changed = entry(size: size, modified: modified, inode: inode)
        #expect(quiet.judge(changed, now: at(102)) == .waiting(until: at(104)))
        #expect(quiet.judge(changed, now: at(104)) == .quiet)
    }

    @Test func sendersClockNeverCounts() {
        var quiet = Quiet(settings)
        #expect(quiet.judge(entry(modified: 0), now: at(100)) == .waiting(until: at(102)))
        #expect(quiet.judge(entry("b.csv", modified: .max), now: at(100)) == .waiting(until: at(102)))
    }

    @Test func movedInIsQuietAtOnceUntilItChanges() {
        var quiet = Quiet(settings)
        #expect(quiet.judge(entry(whole: true), now: at(100)) == .quiet)
        // The next listing knows nothing of the move.
        #expect(quiet.judge(entry(), now: at(100)) == .quiet)
        #expect(quiet.judge(entry(size: 11), now: at(101)) == .waiting(until: at(103)))
    }

    @Test func moveMayBeToldAfterTheListing() {
        var quiet = Quiet(settings)
        #expect(quiet.judge(entry(), now: at(100)) == .waiting(until: at(102)))
        #expect(quiet.judge(entry(whole: true), now: at(100)) == .quiet)
    }

    @Test func emptyFileWaitsLonger() {
        var quiet = Quiet(settings)
        #expect(quiet.judge(entry(size: 0), now: at(100)) == .waiting(until: at(130)))
        #expect(quiet.judge(entry(size: 0), now: at(130)) == .quiet)
        #expect(Quiet.Settings().emptyQuiet == 30 * Self.second)
    }

    @Test func incompleteFileIsGivenUpUnlessItGrows() {
        var quiet = Quiet(settings)
        _ = quiet.judge(entry(), now: at(100))
        #expect(quiet.judge(entry(), now: at(102)) == .quiet)
        quiet.contentIsNotWhole(entry())
        #expect(quiet.judge(entry(), now: at(103)) == .waiting(until: at(1000)))
        // It grows: its content deserves another look once it is quiet.
        #expect(quiet.judge(entry(size: 20), now: at(500)) == .waiting(until: at(502)))
        #expect(quiet.judge(entry(size: 20), now: at(502)) == .quiet)
        quiet.contentIsNotWhole(entry(size: 20))
        #expect(quiet.judge(entry(size: 20), now: at(1400) - 1) == .waiting(until: at(1400)))
        #expect(quiet.judge(entry(size: 20), now: at(1400)) == .givenUp)
    }

    @Test func movedInAndIncompleteWaitsAsWell() {
        var quiet = Quiet(settings)
        #expect(quiet.judge(entry(whole: true), now: at(100)) == .quiet)
        quiet.contentIsNotWhole(entry())
        #expect(quiet.judge(entry(), now: at(101)) == .waiting(until: at(1000)))
    }

    @Test func refusedStaysRefused() {
        var quiet = Quiet(settings)
        var link = entry(whole: true)
        link.refusal = Finding(.intakeKindLink)
        #expect(quiet.judge([link], now: at(100)) == [.refused])
        #expect(quiet.count == 0)
    }

    @Test func listingForgetsWhatIsGone() {
        var quiet = Quiet(settings)
        #expect(quiet.judge([entry(), entry("b.csv")], now: at(100)) == [.waiting(until: at(102)), .waiting(until: at(102))])
        #expect(quiet.judge([entry("b.csv")], now: at(101)) == [.waiting(until: at(102))])
        #expect(quiet.count == 1)
        // It comes back: as if it had never been there.
        #expect(quiet.judge(entry(), now: at(200)) == .waiting(until: at(202)))
        quiet.forget("a.csv")
        #expect(quiet.count == 1)
    }

    @Test func manyFilesAreJudgedEachByItself() {
        var quiet = Quiet(settings)
        let many = (0..<100_000).map { entry("\($0).csv", size: Int64($0 + 1), inode: UInt64($0)) }
        #expect(quiet.judge(many, now: at(100)).allSatisfy { $0 == .waiting(until: at(102)) })
        #expect(quiet.count == 100_000)
        var next = many
        next[77].size = 0
        let answers = quiet.judge(next, now: at(102))
        #expect(answers[77] == .waiting(until: at(132)))
        #expect(answers.filter { $0 == .quiet }.count == 99_999)
        #expect(quiet.judge([], now: at(103)) == [])
        #expect(quiet.count == 0)
    }
}

@Suite struct NameRuleTests {
    @Test(arguments: ["orders.csv", "Sipariş (2).csv", "ORDERS", "a.tmp.csv", "part", "東京.csv", "-rf", "a b.csv"])
    func looksAt(_ name: String) {
        #expect(NameRule.judge(name) == .candidate(name))
    }

    @Test(arguments: [
        ".", "..", ".hidden", ".part", "a.part", "a.PART", "a.tmp", "a.filepart", "a.writing", "a.partial", "a.crdownload", "a.csv~",
        "~$a.xlsx",
    ])
    func passesOver(_ name: String) {
        #expect(NameRule.judge(name) == .passedOver)
    }

    @Test(arguments: [
        ("a\u{0}.csv", FindingCode.intakeNameControl), ("a\n.csv", .intakeNameControl), ("a\u{7f}", .intakeNameControl),
        ("a\u{85}", .intakeNameControl), ("a\u{202e}vsc.exe", .intakeNameControl), ("a\u{2028}b", .intakeNameControl),
        ("a/b.csv", .intakeNamePath), ("../../etc/passwd", .intakeNamePath), ("/etc/passwd", .intakeNamePath), ("", .intakeNamePath),
        (String(repeating: "ş", count: 128), .intakeNameLong),
    ])
    func refuses(_ name: String, _ code: FindingCode) {
        #expect(NameRule.judge(name) == .refused(code, shown: Finding.visible(name)))
    }

    @Test func refusesOtherEncodings() {
        let name: [UInt8] = [0x53, 0xFD, 0x2E, 0x63]
        #expect(name.withUnsafeBufferPointer { NameRule.judge($0) } == .refused(.intakeNameEncoding, shown: "S\\xfd.c"))
    }

    @Test func publishesPlainNamesOnly() {
        #expect(NameRule.mayPublish("shop-1001-0a1b2c.xml"))
        #expect(NameRule.mayPublish("A_1.receipt.r2.csv"))
        for name in ["", ".a", "-a", "a b", "a/b", "..", "ş", "a\n", String(repeating: "a", count: 256)] {
            #expect(!NameRule.mayPublish(name))
        }
    }
}
