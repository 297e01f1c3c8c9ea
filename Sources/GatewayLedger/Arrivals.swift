import FoundationEssentials
import GRDB
import GatewayCore

/// Drops that were taken in.
extension SQLiteLedger {
    package func claim(
        flow: String, mode: Mode, name: String, size: Int64, modified: Int64, inode: UInt64, now: Int64
    ) throws -> Arrival {
        try write { db, _ in
            let inode = Int64(bitPattern: inode)
            let there = try Row.fetchOne(
                db.kept(
                    """
                    SELECT * FROM arrivals WHERE state IN ('claimed', 'intended') AND flow = ? AND mode = ? AND name = ?
                    AND size = ? AND modified = ? AND inode = ? AND finished IS NULL
                    """), arguments: [flow, mode.rawValue, name, size, modified, inode])
            if let there { return try Self.arrival(there) }
            try db.perform(
                """
                INSERT INTO arrivals(flow, mode, name, size, modified, inode, state, claimed)
                VALUES(?, ?, ?, ?, ?, ?, 'claimed', ?)
                """, [flow, mode.rawValue, name, size, modified, inode, now])
            guard let made = try Self.arrival(db.lastInsertedRowID, db) else {
                throw Finding(.ledgerFailed)
            }
            return made
        }
    }

    package func unfinished() throws -> [Arrival] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM arrivals WHERE state IN ('claimed', 'intended') OR notice IS NOT NULL ORDER BY id"
            )
            .map(Self.arrival)
        }
    }

    package func arrival(_ id: Arrival.ID) throws -> Arrival? {
        try read { try Self.arrival(id, $0) }
    }

    package func finished(flow: String, mode: Mode, content: ContentHash) throws -> Arrival? {
        try read { db in
            try Row.fetchOne(
                db.kept(
                    """
                    SELECT * FROM arrivals WHERE flow = ? AND mode = ? AND content = ? AND state = 'done'
                    ORDER BY id DESC LIMIT 1
                    """), arguments: [flow, mode.rawValue, Self.blob(content)]
            ).map(Self.arrival)
        }
    }

    package func hasFinished(flow: String, mode: Mode, size: Int64) throws -> Bool {
        try read { db in
            try Bool.fetchOne(
                db.kept(
                    """
                    SELECT EXISTS(SELECT 1 FROM arrivals WHERE flow = ? AND mode = ? AND size = ? AND finished IS NOT NULL)
                    """), arguments: [flow, mode.rawValue, size]) ?? false
        }
    }

    package func hasRefused(flow: String, mode: Mode, _ entry: DropEntry) throws -> Bool {
        try read { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS(SELECT 1 FROM arrivals WHERE flow = ? AND mode = ? AND size = ? AND name = ? AND modified = ?
                    AND inode = ? AND state = 'refused')
                    """,
                arguments: [flow, mode.rawValue, entry.size, entry.name, entry.modified, Int64(bitPattern: entry.inode)]) ?? false
        }
    }

    package func arrivals(flow: String?, limit: Int) throws -> [Arrival] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM arrivals WHERE ?1 IS NULL OR flow = ?1 ORDER BY id DESC LIMIT ?2",
                arguments: [flow, limit]
            ).map(Self.arrival)
        }
    }

    package func lastFinished() throws -> Arrival.ID {
        try read { db in
            try Int64.fetchOne(
                db.kept("SELECT id FROM arrivals WHERE finished IS NOT NULL ORDER BY id DESC LIMIT 1")) ?? 0
        }
    }

    static func arrival(_ id: Arrival.ID, _ db: Database) throws -> Arrival? {
        try Row.fetchOne(db.kept("SELECT * FROM arrivals WHERE id = ?"), arguments: [id]).map(arrival)
    }

    static func arrival(_ row: Row) throws -> Arrival {
        guard let mode = Mode(rawValue: row["mode"]), let state = Arrival.State(rawValue: row["state"])
        else {
            throw Finding(.ledgerDamaged, found: .plain("state of an arrival"))
        }
        var out = Arrival(
            id: row["id"], flow: row["flow"], mode: mode, name: row["name"], size: row["size"],
            modified: row["modified"],
            inode: UInt64(bitPattern: row["inode"]), state: state, claimed: row["claimed"])
        out.content = hash(row["content"])
        out.finished = row["finished"]
        out.mapping = row["mapping"]
        out.run = row["run"]
        out.totals.orders = row["orders"]
        out.totals.shipped = row["shipped"]
        out.totals.skipped = row["skipped"]
        out.totals.held = row["held"]
        out.totals.unchanged = row["unchanged"]
        out.code = row["code"]
        out.receipts = row["receipts"]
        if let name: String = row["notice"], let content = hash(row["notice_content"]) {
            out.notice = DocumentIntent(number: 0, name: name, content: content, orders: 0, size: row["notice_size"])
        }
        return out
    }

    /// A content hash as the database takes it.
    static func blob(_ hash: ContentHash?) -> DatabaseValue {
        guard let hash else { return .null }
        return hash.bytes.withUnsafeBytes { Data($0).databaseValue }
    }

    static func hash(_ value: DatabaseValue) -> ContentHash? {
        switch value.storage {
        case .blob(let data): ContentHash(data)
        case .null, .int64, .double, .string: nil
        }
    }
}
