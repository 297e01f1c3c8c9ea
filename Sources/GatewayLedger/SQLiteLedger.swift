import GRDB
import GatewayCore
import Synchronization

/// The ledger in a SQLite file: write-ahead log, `synchronous = FULL`; what a method stored is on disk when it returns, but
/// for ``judge(_:)``: what it drew has no effect outside before ``intend(_:)``, whose flush keeps both.
///
/// One connection; calls from several threads wait for each other. The only SQL of the project is in this module.
package final class SQLiteLedger: Ledger, Sendable {
    /// 16 hexadecimal digits drawn when the ledger was made.
    package let identity: String
    package let isReadOnly: Bool
    let queue: DatabaseQueue
    /// The writer's statements and the run at work; nil: the ledger only reads. Touched on the connection only.
    let book: OrderBook?
    let pending = Mutex(Pending())
    let words = Mutex(Words())

    /// Seconds that a call waits for another process's lock.
    static let wait = 5

    /// What ``hold(_:)``, ``finish(_:now:)`` and ``begin(_:words:)`` left for the next transaction, in this order.
    struct Pending: Sendable {
        var holds: [(reference: String, row: UInt32, code: String)] = []
        var finishes: [(arrival: Arrival.ID, now: Int64)] = []
        /// A run that begins; one that never judged a batch is forgotten by the next.
        var begin: RunSettings?
        var isEmpty: Bool { holds.isEmpty && finishes.isEmpty && begin == nil }

        mutating func remove(_ stored: Pending) {
            holds.removeFirst(min(stored.holds.count, holds.count))
            finishes.removeFirst(min(stored.finishes.count, finishes.count))
            if stored.begin != nil { begin = nil }
        }
    }

    /// The run's words; ``LedgerOrder/word`` is an index.
    struct Words: Sendable {
        var list: [String] = []
        var index: [String: UInt16] = [:]

        mutating func add(_ word: String) -> UInt16 {
            if let known = index[word] { return known }
            // The words of a run are codes and reasons of its profile; 65,536 of them do not come about.
            let next = UInt16(clamping: list.count)
            if list.count <= Int(UInt16.max) { list.append(word) }
            index[word] = next
            return next
        }
    }

    /// Opens the ledger; a writer makes it where it is missing and brings it up to date.
    /// - Parameters:
    ///   - path: of the ledger's file.
    ///   - key: of the workspace's digests; another than the ledger's is refused.
    ///   - isReadOnly: for commands that only ask. They work beside a writer of another process.
    package init(path: String, key: DigestKey, isReadOnly: Bool = false) throws(Finding) {
        self.isReadOnly = isReadOnly
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
            separator: "/")
        if let network = FileSystem.network(
            at: folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder)
        {
            throw Finding(.ledgerOnNetwork, found: .plain(network))
        }
        if isReadOnly {
            guard FileSystem.exists(path) else { throw Finding(.ledgerMissing) }
        } else {
            FileSystem.make(path)
        }
        do {
            let queue = try Self.open(path, isReadOnly: isReadOnly)
            (identity, book) = try queue.writeWithoutTransaction { db in
                if isReadOnly {
                    let version = try Schema.version(db)
                    guard version == Schema.migrations.count else {
                        throw Finding(
                            .ledgerSchemaOlder, found: .plain("\(version)"),
                            ["known": .plain("\(Schema.migrations.count)")])
                    }
                    return (try Self.identify(db, key: key, isReadOnly: true), nil)
                }
                try Schema.migrate(db)
                let identity = try Self.identify(db, key: key, isReadOnly: false)
                guard let connection = db.sqliteConnection else { throw Finding(.ledgerNotOpened) }
                return (identity, try OrderBook(connection, digestKey: key))
            }
            self.queue = queue
        } catch {
            throw Finding.ledger(error)
        }
    }

    private static func open(_ path: String, isReadOnly: Bool) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = isReadOnly
        configuration.busyMode = .timeout(Double(wait))
        configuration.label = "ledger"
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { db in
            _ = try Schema.version(db)
            // 1 MiB of pages whatever the ledger's size (more did not make it faster); the log is written
            // back every 64 MiB: references in no order write the same pages again and again.
            try db.execute(sql: "PRAGMA cache_size = -1024; PRAGMA temp_store = MEMORY")
            if isReadOnly { return }
            guard try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal" else {
                throw Finding(.ledgerNotOpened)
            }
            try db.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    PRAGMA wal_autocheckpoint = 16384;
                    PRAGMA secure_delete = FAST;
                    """)
            _ = try Int.fetchOne(db, sql: "PRAGMA journal_size_limit = 16777216")
        }
        return queue
    }

    /// Checks that the key is the one that the ledger was made with, and gives the ledger's identity.
    private static func identify(_ db: Database, key: DigestKey, isReadOnly: Bool) throws -> String {
        let check = Int64(bitPattern: key.digest("dropgate ledger key"))
        if !isReadOnly {
            let alphabet = Array("0123456789abcdef".utf8)
            let drawn = randomBytes(8).flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] }
            try db.execute(
                sql: """
                    INSERT INTO meta(name, value) VALUES('key check', ?), ('identity', ?) ON CONFLICT DO NOTHING
                    """, arguments: [check, String(decoding: drawn, as: UTF8.self)])
        }
        guard try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'key check'") == check
        else {
            throw Finding(.ledgerKeyDiffers, found: .plain("another key"))
        }
        return try String.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'identity'") ?? ""
    }

    /// Runs `body` in a transaction that first stores what waits in memory.
    /// - Parameter isFlushed: the disk is told to keep it. Without, a power failure (not a crash of the process) may take it
    ///   back, up to the next flushed one: the log is one file, so that one keeps all that stands before it.
    func write<T>(isFlushed: Bool = true, _ body: (Database, OrderBook) throws -> T) throws -> T {
        guard let book else { throw Finding(.ledgerReadOnly) }
        do {
            let result = try queue.writeWithoutTransaction { db in
                // Taken on the connection, so that two threads never store the same.
                let waiting = pending.withLock { $0 }
                let mark = book.mark()
                if book.isFlushed != isFlushed {
                    try db.execute(
                        sql: isFlushed ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL")
                    book.isFlushed = isFlushed
                }
                var result: T?
                do {
                    try db.inTransaction(.immediate) {
                        try store(waiting, db, book)
                        result = try body(db, book)
                        return .commit
                    }
                } catch {
                    // Nothing was stored, so nothing is drawn.
                    book.restore(mark)
                    throw error
                }
                pending.withLock { $0.remove(waiting) }
                return result
            }
            guard let result else { throw Finding(.ledgerFailed) }
            return result
        } catch {
            throw Finding.ledger(error)
        }
    }

    /// Runs questions; what waits in memory is stored before, so that the answer knows it.
    func read<T>(_ body: (Database) throws -> T) throws -> T {
        if !isReadOnly, !pending.withLock({ $0.isEmpty }) { try flush() }
        do {
            // No transaction of its own: the questions of the hot path are single statements.
            return try queue.writeWithoutTransaction(body)
        } catch {
            throw Finding.ledger(error)
        }
    }

    package func flush() throws {
        guard !pending.withLock({ $0.isEmpty }) else { return }
        try write { _, _ in }
    }

    // MARK: Names

    package func space(merchant: String, shop: String, mode: Mode) throws -> SpaceID {
        SpaceID(rawValue: try name("spaces", "merchant", merchant, "shop", shop, mode))
    }

    package func account(carrier: String, account: String, mode: Mode) throws -> AccountID {
        AccountID(rawValue: try name("accounts", "carrier", carrier, "account", account, mode))
    }

    private func name(
        _ table: String, _ first: String, _ one: String, _ second: String, _ two: String, _ mode: Mode
    ) throws -> Int64 {
        let question = "SELECT id FROM \(table) WHERE \(first) = ? AND \(second) = ? AND mode = ?"
        let names: StatementArguments = [one, two, mode.rawValue]
        if let known = try read({ try Int64.fetchOne($0, sql: question, arguments: names) }) {
            return known
        }
        return try write { db, _ in
            try db.execute(
                sql:
                    "INSERT INTO \(table)(\(first), \(second), mode) VALUES(?, ?, ?) ON CONFLICT DO NOTHING",
                arguments: names)
            return try Int64.fetchOne(db, sql: question, arguments: names) ?? 0
        }
    }
}

extension Database {
    /// A statement that is prepared once a connection.
    func kept(_ sql: String) throws -> Statement { try cachedStatement(sql: sql) }

    func perform(_ sql: String, _ arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
