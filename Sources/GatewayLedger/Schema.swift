import GRDB
import GatewayCore

/// The ledger's tables, as numbered migrations: `PRAGMA user_version` is the number of the last one.
///
/// A migration that was released is never edited; a new one is added below.
enum Schema {
    /// Marks the file as a Dropgate ledger ("DGLg").
    static let applicationID = 0x4447_4C67

    static let migrations: [String] = [one, two, three, four, five]

    /// Whether an order's row says that it waits for a person; must read the same in the index and in every question.
    static let isHeld = "state = 3"

    private static let one = """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
        CREATE TABLE spaces(
            id INTEGER PRIMARY KEY, merchant TEXT NOT NULL, shop TEXT NOT NULL, mode TEXT NOT NULL,
            UNIQUE(merchant, shop, mode));
        CREATE TABLE accounts(
            id INTEGER PRIMARY KEY, carrier TEXT NOT NULL, account TEXT NOT NULL, mode TEXT NOT NULL,
            UNIQUE(carrier, account, mode));
        CREATE TABLE words(id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
        CREATE TABLE arrivals(
            id INTEGER PRIMARY KEY AUTOINCREMENT, flow TEXT NOT NULL, mode TEXT NOT NULL, name TEXT NOT NULL,
            size INTEGER NOT NULL, modified INTEGER NOT NULL, inode INTEGER NOT NULL, state TEXT NOT NULL, content BLOB,
            claimed INTEGER NOT NULL, finished INTEGER, mapping TEXT NOT NULL DEFAULT '', run INTEGER NOT NULL DEFAULT 0,
            orders INTEGER NOT NULL DEFAULT 0, shipped INTEGER NOT NULL DEFAULT 0, skipped INTEGER NOT NULL DEFAULT 0,
            held INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0, code TEXT,
            receipts INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX arrivals_unfinished ON arrivals(state) WHERE state IN ('claimed', 'intended');
        CREATE INDEX arrivals_content ON arrivals(flow, mode, content);
        CREATE INDEX arrivals_size ON arrivals(flow, mode, size);
        CREATE TABLE runs(
            id INTEGER PRIMARY KEY AUTOINCREMENT, arrival INTEGER NOT NULL REFERENCES arrivals(id), number INTEGER NOT NULL,
            space INTEGER NOT NULL REFERENCES spaces(id), account INTEGER NOT NULL REFERENCES accounts(id),
            mapping TEXT NOT NULL, range TEXT, baseline INTEGER NOT NULL, state INTEGER NOT NULL, begun INTEGER NOT NULL,
            UNIQUE(arrival, number));
        CREATE TABLE documents(
            arrival INTEGER NOT NULL REFERENCES arrivals(id), number INTEGER NOT NULL,
            run INTEGER NOT NULL REFERENCES runs(id), drawn INTEGER NOT NULL, name TEXT, content BLOB, orders INTEGER,
            size INTEGER, PRIMARY KEY(arrival, number)) WITHOUT ROWID;
        CREATE TABLE receipts(
            run INTEGER PRIMARY KEY REFERENCES runs(id), number INTEGER NOT NULL, name TEXT NOT NULL, content BLOB NOT NULL,
            orders INTEGER NOT NULL, size INTEGER NOT NULL);
        CREATE TABLE orders(
            space INTEGER NOT NULL, reference TEXT NOT NULL, state INTEGER NOT NULL, run INTEGER NOT NULL,
            row INTEGER NOT NULL, word INTEGER NOT NULL, sequence INTEGER NOT NULL, digests BLOB, lines BLOB, key TEXT,
            before BLOB, PRIMARY KEY(space, reference)) WITHOUT ROWID;
        CREATE TABLE consignments(
            account INTEGER NOT NULL, key TEXT NOT NULL, space INTEGER NOT NULL, reference TEXT NOT NULL,
            sequence INTEGER NOT NULL, run INTEGER NOT NULL, document INTEGER NOT NULL, number INTEGER NOT NULL,
            void INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(account, key)) WITHOUT ROWID;
        CREATE TABLE ranges(
            name TEXT NOT NULL, mode TEXT NOT NULL, next INTEGER NOT NULL, PRIMARY KEY(name, mode)) WITHOUT ROWID;
        CREATE TABLE voids(
            range TEXT NOT NULL, mode TEXT NOT NULL, number INTEGER NOT NULL, space INTEGER NOT NULL,
            reference TEXT NOT NULL, run INTEGER NOT NULL, word INTEGER NOT NULL,
            PRIMARY KEY(range, mode, number)) WITHOUT ROWID;
        CREATE TABLE events(
            id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
            subject TEXT NOT NULL, why TEXT NOT NULL);
        CREATE TABLE requests(
            id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, who TEXT NOT NULL, at INTEGER NOT NULL);
        CREATE TABLE request_arguments(
            request INTEGER NOT NULL REFERENCES requests(id) ON DELETE CASCADE, name TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY(request, name)) WITHOUT ROWID;
        """

    /// What operators ask for often: held orders and what was done about a subject.
    private static let two = """
        CREATE INDEX orders_held ON orders(run) WHERE \(isHeld);
        CREATE INDEX events_subject ON events(subject);
        """

    /// Earlier judgements of orders that were held or had left, each with the run that judged anew (`later`). While `saved`, what
    /// it replaced counts again should that run come to nothing. Notices of refused files; where documents go.
    private static let three = """
        CREATE TABLE judgements(
            space INTEGER NOT NULL, reference TEXT NOT NULL, later INTEGER NOT NULL, saved INTEGER NOT NULL, state INTEGER NOT NULL,
            run INTEGER NOT NULL, row INTEGER NOT NULL, word INTEGER NOT NULL, sequence INTEGER NOT NULL, digests BLOB, lines BLOB,
            key TEXT, before BLOB, PRIMARY KEY(space, reference, later)) WITHOUT ROWID;
        CREATE INDEX judgements_saved ON judgements(later) WHERE saved = 1;
        ALTER TABLE arrivals ADD COLUMN notice TEXT;
        ALTER TABLE arrivals ADD COLUMN notice_content BLOB;
        ALTER TABLE arrivals ADD COLUMN notice_size INTEGER;
        CREATE INDEX arrivals_noticing ON arrivals(id) WHERE notice IS NOT NULL;
        ALTER TABLE runs ADD COLUMN outbox TEXT;
        """

    /// Files at partners' servers: claimed and fetched ones, and documents on their way there.
    private static let four = """
        CREATE TABLE remote_sources(
            id INTEGER PRIMARY KEY AUTOINCREMENT, endpoint TEXT NOT NULL, folder TEXT NOT NULL, name TEXT NOT NULL,
            size INTEGER NOT NULL, modified INTEGER NOT NULL, mark INTEGER, flow TEXT NOT NULL, mode TEXT NOT NULL,
            state TEXT NOT NULL, content BLOB, after INTEGER NOT NULL, claimed INTEGER NOT NULL);
        CREATE UNIQUE INDEX remote_sources_open ON remote_sources(endpoint, folder, name, size, modified) WHERE state != 'settled';
        CREATE INDEX remote_sources_folder ON remote_sources(endpoint, folder);
        CREATE TABLE deliveries(
            id INTEGER PRIMARY KEY AUTOINCREMENT, endpoint TEXT NOT NULL, folder TEXT NOT NULL, name TEXT NOT NULL,
            source TEXT NOT NULL, size INTEGER NOT NULL, content BLOB NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
            unfinished TEXT, intended INTEGER NOT NULL, finished INTEGER, UNIQUE(endpoint, folder, name));
        CREATE INDEX deliveries_open ON deliveries(endpoint) WHERE state != 'done';
        CREATE TABLE endpoint_facts(
            endpoint TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(endpoint, name)) WITHOUT ROWID;
        """

    /// Deliveries are asked for by a document's name.
    private static let five = "CREATE INDEX deliveries_name ON deliveries(name);"

    /// Brings the file to `version`, each migration in a transaction of its own.
    static func migrate(_ db: Database, to version: Int = migrations.count) throws {
        let found = try self.version(db)
        if found == 0, try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_master") != 0 {
            throw Finding(.ledgerForeign)
        }
        for number in found..<max(found, version) {
            try db.inTransaction(.immediate) {
                // Another process may have migrated it while this one waited for the lock.
                guard try self.version(db) == number else { return .rollback }
                try db.execute(sql: migrations[number])
                try db.execute(
                    sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(number + 1)")
                return .commit
            }
        }
    }

    /// The file's version; 0: empty.
    /// - Throws: ``Finding`` for a file of another program or of a newer Dropgate.
    static func version(_ db: Database) throws -> Int {
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        guard application == applicationID || (application == 0 && version == 0) else {
            throw Finding(.ledgerForeign)
        }
        guard version <= migrations.count else {
            throw Finding(
                .ledgerSchemaNewer, found: .plain("\(version)"), ["known": .plain("\(migrations.count)")])
        }
        return version
    }
}
