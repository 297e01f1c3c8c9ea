import Foundation
import GRDB
@_spi(HotPath) import GatewayCore
import GatewayTesting
import Testing

@testable import GatewayLedger

/// Whose ledger it is, and who may open it.
@Suite struct OpeningTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private var path: String { folder.path("ledger") }
    private func sentence(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "no finding"
        } catch let finding as Finding {
            return finding.sentence()
        } catch {
            return "\(error)"
        }
    }

    @Test func itKeepsItsIdentity() throws {
        let first = try SQLiteLedger(path: path, key: .sample).identity
        #expect(first.utf8.count == 16)
        #expect(try SQLiteLedger(path: path, key: .sample).identity == first)
        #expect(try SQLiteLedger(path: folder.path("other"), key: .sample).identity != first)
    }

    @Test func anotherKeyIsRefused() throws {
        _ = try SQLiteLedger(path: path, key: .sample)
        let other = try #require(DigestKey(Array(repeating: UInt8(7), count: 16)))
        let expected = """
            found "another key", expected the key that this ledger was made with.
            Restore state/key from the same backup as the ledger. With another key every order would count as changed. \
            [ledger.key.differs]
            """
        #expect(sentence { _ = try SQLiteLedger(path: path, key: other) } == expected)
        #expect(sentence { _ = try SQLiteLedger(path: path, key: other, isReadOnly: true) } == expected)
    }

    @Test func aLedgerOfANewerDropgateIsRefused() throws {
        _ = try SQLiteLedger(path: path, key: .sample)
        try DatabaseQueue(path: path).writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 99") }
        #expect(
            sentence { _ = try SQLiteLedger(path: path, key: .sample) } == """
                found "99", expected ledger version 5 or older.
                Start the newer dropgate, or restore the ledger of before the update. [ledger.schema.newer]
                """)
    }

    @Test func aLedgerOfVersionOneIsBroughtUpToDate() throws {
        let desk = try Desk()
        try desk.drop([Order("1001", ("mug", 1)), Order("1002").held("mapping.phone")])
        let old = desk.folder.path("ledger")
        // Version 1 is version 3 without its indexes, history and notices.
        try DatabaseQueue(path: old).writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    DROP TABLE remote_sources; DROP TABLE deliveries; DROP TABLE endpoint_facts;
                    DROP TABLE judgements; DROP INDEX arrivals_noticing; ALTER TABLE arrivals DROP COLUMN notice;
                    ALTER TABLE arrivals DROP COLUMN notice_content; ALTER TABLE arrivals DROP COLUMN notice_size;
                    ALTER TABLE runs DROP COLUMN outbox;
                    DROP INDEX orders_held; DROP INDEX events_subject; PRAGMA user_version = 1
                    """)
        }
        #expect(
            sentence { _ = try SQLiteLedger(path: old, key: .sample, isReadOnly: true) } == """
                found "1", expected ledger version 5.
                Start dropgate run once: it brings the ledger up to date. [ledger.schema.older]
                """)
        try desk.reopen()
        #expect(try desk.ledger.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 5)
        #expect(try desk.ledger.held(flow: nil, limit: 9).map(\.reference) == ["1002"])
        #expect(try desk.drop([Order("1001", ("mug", 1))]).kinds == [.unchanged])
    }

    @Test func aFileMadeByTheFirstMigrationAloneBecomesTheSameSchema() throws {
        try DatabaseQueue(path: path).writeWithoutTransaction { try Schema.migrate($0, to: 1) }
        let migrated = try schema(try SQLiteLedger(path: path, key: .sample))
        #expect(try migrated == schema(try SQLiteLedger(path: folder.path("fresh"), key: .sample)))
        #expect(migrated.contains("orders_held"))
    }

    private func schema(_ ledger: SQLiteLedger) throws -> [String] {
        try ledger.read { try String.fetchAll($0, sql: "SELECT name FROM sqlite_master ORDER BY name") }
    }

    @Test func heldOrdersAreFoundThroughTheirIndex() throws {
        let ledger = try SQLiteLedger(path: path, key: .sample)
        let plan = try ledger.read {
            try Row.fetchAll(
                $0, sql: "EXPLAIN QUERY PLAN SELECT * FROM orders JOIN runs ON runs.id = orders.run WHERE orders.\(Schema.isHeld)"
            )
            .map { $0["detail"] as String }
        }
        #expect(plan.contains { $0.contains("orders_held") })
    }

    @Test func aDatabaseOfAnotherProgramIsRefused() throws {
        try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE recipes(name)") }
        let expected = """
            found nothing, expected a Dropgate ledger.
            Move the file away, or name another workspace. [ledger.file.foreign]
            """
        #expect(sentence { _ = try SQLiteLedger(path: path, key: .sample) } == expected)
    }

    @Test func aFileThatIsNoDatabaseIsDamaged() throws {
        try folder.write(String(repeating: "no database ", count: 100), to: "ledger")
        #expect(sentence { _ = try SQLiteLedger(path: path, key: .sample) }.hasSuffix("[ledger.damaged]"))
    }

    @Test func aQuestionBeforeTheFirstRunIsAnswered() {
        #expect(
            sentence { _ = try SQLiteLedger(path: path, key: .sample, isReadOnly: true) } == """
                found nothing, expected a ledger in this workspace.
                Start dropgate run once, or name the workspace with -w. [ledger.missing]
                """)
    }

    @Test func aMissingFolderIsSaid() {
        #expect(sentence { _ = try SQLiteLedger(path: folder.path("none/ledger"), key: .sample) }.hasSuffix("[ledger.not.opened]"))
    }

    @Test func aReaderAsksBesideAWriter() throws {
        let desk = try Desk()
        let reader = try SQLiteLedger(path: desk.folder.path("ledger"), key: .sample, isReadOnly: true)
        let arrival = try desk.claim("a.csv")
        #expect(try reader.arrivals(flow: nil, limit: 5).map(\.name) == ["a.csv"])
        try desk.begin(arrival)
        _ = try desk.judge([Order("1").held("mapping.phone")])
        #expect(try reader.held(flow: nil, limit: 5).map(\.reference) == ["1"])
        try desk.intend(arrival)
        try desk.end(arrival)
        #expect(try reader.arrival(arrival)?.state == .done)
        #expect(try reader.trace("1").map(\.what) == ["held"])
        #expect(
            sentence { try reader.record(LedgerEvent(at: 1, who: "a", what: "b", subject: "c", why: "d")) }.hasSuffix("[ledger.read.only]"))
    }

    @Test(arguments: [true, false])
    func whatAKilledWriterLeftIsRead(_ isReadOnly: Bool) throws {
        let desk = try Desk()
        let arrival = try desk.claim("a.csv")
        try desk.begin(arrival)
        _ = try desk.judge([Order("1").held("mapping.phone")])
        // The database and its log as they stand while the writer is at work; it never closes these copies.
        for name in ["ledger", "ledger-wal"] {
            try folder.write(Array(try Data(contentsOf: URL(fileURLWithPath: desk.folder.path(name)))), to: name)
        }
        let left = try SQLiteLedger(path: path, key: .sample, isReadOnly: isReadOnly)
        #expect(try left.unfinished().map(\.name) == ["a.csv"])
        #expect(try left.held(flow: nil, limit: 5).map(\.reference) == ["1"])
    }

    @Test func onlyItsOwnerReadsTheLedger() throws {
        let desk = try Desk()
        _ = try desk.claim()
        for name in ["ledger", "ledger-wal", "ledger-shm"] {
            let rights = try FileManager.default.attributesOfItem(atPath: desk.folder.path(name))[.posixPermissions] as? Int
            #expect(rights == 0o600)
        }
    }

    @Test func aCommandLeavesItsRequestBesideTheRunningGateway() throws {
        let desk = try Desk()
        let command = try SQLiteLedger(path: desk.folder.path("ledger"), key: .sample)
        try desk.begin(try desk.claim())
        _ = try desk.judge([Order("1")])
        #expect(try desk.ledger.requests().isEmpty)
        try command.leave(OperatorRequest(kind: "retry", arguments: ["because": "mapping.phone", "flow": "demo/shop"], who: "ada", at: 5))
        try command.leave(OperatorRequest(kind: "release", arguments: ["arrival": "1"], who: "ada", at: 6))
        _ = try desk.judge([Order("2")], from: 3)
        let requests = try desk.ledger.requests()
        #expect(requests.map(\.kind) == ["retry", "release"])
        #expect(requests.first?.arguments == ["because": "mapping.phone", "flow": "demo/shop"])
        #expect(requests.first?.who == "ada")
        // Not answered yet: a crash leaves them to be acted on again.
        #expect(try desk.ledger.requests() == requests)
        for request in requests { try desk.ledger.answered(request) }
        #expect(try desk.ledger.requests().isEmpty)
    }

    @Test func networkFileSystemsAreToldByTheMountTable() {
        let mounts = [
            "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw",
            "30 22 0:50 / /srv/my\\040share rw shared:5 - cifs //box/share rw",
            "31 22 0:51 / /srv/drops rw shared:6 - fuse.sshfs user@host:/ rw",
            "32 22 0:52 / /srv/local rw shared:7 - fuse.mergerfs pool rw",
            "33 31 0:53 / /srv/drops/local rw - xfs /dev/vdb rw",
        ]
        #expect(FileSystem.network(at: "/srv/my share/state", mounts: mounts) == "cifs")
        #expect(FileSystem.network(at: "/srv/drops", mounts: mounts) == "fuse.sshfs")
        #expect(FileSystem.network(at: "/srv/drops/local/state", mounts: mounts) == nil)
        #expect(FileSystem.network(at: "/srv/local/state", mounts: mounts) == nil)
        #expect(FileSystem.network(at: "/srv/dropsy", mounts: mounts) == nil)
    }

    @Test func aFullDiskStopsTheBatchAndNothingElse() throws {
        let desk = try Desk()
        let arrival = try desk.claim()
        try desk.begin(arrival, .init(range: 1...9_999))
        _ = try desk.judge([Order("first")])
        let many = (1...2_000).map { Order("\($0)") }
        try desk.ledger.queue.writeWithoutTransaction { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages + 4)")
        }
        #expect(
            sentence { _ = try desk.judge(many, from: 3) } == """
                found "SQLite error 13: database or disk is full", expected room on the disk of the state folder.
                Make room; work goes on by itself and nothing is lost. [ledger.disk.full]
                """)
        try desk.ledger.queue.writeWithoutTransaction { _ = try Int.fetchOne($0, sql: "PRAGMA max_page_count = 1000000") }
        let verdicts = try desk.judge(many, from: 3)
        #expect(verdicts.kinds.allSatisfy { $0 == .ship })
        #expect(verdicts.orders.map(\.number) == Array(2...2_001))
    }

    @Test(arguments: [
        (5, "ledger.busy"), (13, "ledger.disk.full"), (778, "ledger.disk.failed"), (11, "ledger.damaged"), (26, "ledger.damaged"),
        (8, "ledger.read.only"), (14, "ledger.not.opened"), (1, "ledger.failed"),
    ])
    func errorsOfTheDatabaseHaveCodes(_ code: Int32, _ id: String) {
        #expect(Finding.ledger(code: code, message: "said so").code.id == id)
    }

    @Test func aBusyLedgerSaysHowLongItWaited() {
        #expect(
            Finding.ledger(code: 5, message: "database is locked").sentence() == """
                found "SQLite error 5: database is locked", expected a ledger that is free within 5 s.
                End the program that has the ledger open; work goes on by itself. [ledger.busy]
                """)
    }

    @Test func codesStandOnceAndBelongToTheLedger() {
        let codes = FindingCode.ledgerCodes.map(\.id)
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { $0.hasPrefix("ledger.") })
    }
}
