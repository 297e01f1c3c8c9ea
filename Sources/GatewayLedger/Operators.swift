import GRDB
import GatewayCore

/// What operators ask, do and leave for the running gateway.
extension SQLiteLedger {
    package func held(flow: String?, limit: Int) throws -> [HeldOrder] {
        try read { db in
            // Rows of a run that was begun again, grouped or refused are judged anew from the same file.
            try Row.fetchAll(
                db,
                sql: """
                    SELECT orders.space, orders.reference, orders.row, words.word, runs.arrival, runs.begun, arrivals.flow,
                    arrivals.name, orders.digests, orders.lines, orders.before FROM orders JOIN runs ON runs.id = orders.run JOIN arrivals ON arrivals.id = runs.arrival
                    LEFT JOIN words ON words.id = orders.word
                    WHERE orders.\(Schema.isHeld) AND runs.state NOT IN (?1, ?2, ?3) AND (?4 IS NULL OR arrivals.flow = ?4)
                    ORDER BY orders.run, orders.row LIMIT ?5
                    """,
                arguments: [
                    RunPhase.over.rawValue, RunPhase.abandoned.rawValue, RunPhase.refused.rawValue, flow,
                    limit,
                ]
            ).map { row in
                var order = HeldOrder(
                    space: SpaceID(rawValue: row["space"]), flow: row["flow"], reference: row["reference"],
                    arrival: row["arrival"], file: row["name"], row: row["row"], code: row["word"] ?? "",
                    since: row["begun"])
                order.left = try Self.left(row, db)
                return order
            }
        }
    }

    /// What of a held order went out before, from its row's `before`.
    private static func left(_ row: Row, _ db: Database) throws -> HeldOrder.Left? {
        guard let before = OrderRow(encoded: bytes(row["before"])),
            let run = try Row.fetchOne(db.kept("SELECT arrival, begun FROM runs WHERE id = ?"), arguments: [before.run])
        else { return nil }
        let sent = LineBytes.quantities(before.lines)
        let hasMore = LineBytes.quantities(bytes(row["lines"])).contains { $0.value > sent[$0.key, default: 0] }
        return HeldOrder.Left(
            arrival: run["arrival"], at: run["begun"], isElsewhere: before.state == .elsewhere,
            changed: OrderBook.differing(before.digests, bytes(row["digests"])) | (hasMore ? 16 : 0))
    }

    static func bytes(_ value: DatabaseValue) -> [UInt8] {
        switch value.storage {
        case .blob(let data): Array(data)
        case .null, .int64, .double, .string: []
        }
    }

    package func drop(_ orders: [HeldOrder], by who: String, because why: String, now: Int64) throws
        -> Int
    {
        try write { db, _ in
            var count = 0
            for order in orders {
                try db.execute(
                    sql: "UPDATE orders SET state = ? WHERE space = ? AND reference = ? AND \(Schema.isHeld)",
                    arguments: [OrderState.dropped.rawValue, order.space.rawValue, order.reference])
                guard db.changesCount == 1 else { continue }
                count += 1
                try Self.insert(
                    LedgerEvent(at: now, who: who, what: "dropped", subject: order.reference, why: why), db)
            }
            return count
        }
    }

    package func record(_ event: LedgerEvent) throws {
        try write { db, _ in try Self.insert(event, db) }
    }

    private static func insert(_ event: LedgerEvent, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO events(at, who, what, subject, why) VALUES(?, ?, ?, ?, ?)",
            arguments: [event.at, event.who, event.what, event.subject, event.why])
    }

    package func leave(_ request: OperatorRequest) throws {
        try write { db, _ in
            try db.execute(
                sql: "INSERT INTO requests(kind, who, at) VALUES(?, ?, ?)",
                arguments: [request.kind, request.who, request.at])
            let id = db.lastInsertedRowID
            for (name, value) in request.arguments {
                try db.execute(
                    sql: "INSERT INTO request_arguments(request, name, value) VALUES(?, ?, ?)",
                    arguments: [id, name, value])
            }
        }
    }

    package func requests() throws -> [OperatorRequest] {
        // Asked often and mostly in vain.
        guard try read({ try Bool.fetchOne($0.kept("SELECT EXISTS(SELECT 1 FROM requests)")) }) == true else { return [] }
        return try read { db in
            var arguments: [Int64: [String: String]] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT request, name, value FROM request_arguments") {
                arguments[row["request"], default: [:]][row["name"]] = row["value"]
            }
            return try Row.fetchAll(db, sql: "SELECT id, kind, who, at FROM requests ORDER BY id").map { row in
                let id: Int64 = row["id"]
                return OperatorRequest(id: id, kind: row["kind"], arguments: arguments[id] ?? [:], who: row["who"], at: row["at"])
            }
        }
    }

    package func answered(_ request: OperatorRequest) throws {
        try write { db, _ in
            try db.execute(sql: "DELETE FROM request_arguments WHERE request = ?", arguments: [request.id])
            try db.execute(sql: "DELETE FROM requests WHERE id = ?", arguments: [request.id])
        }
    }

    /// Numbers of a range that were drawn and will not be used, with the order they were drawn for and why.
    ///
    /// A number of a run that was given up is among them until its order goes out after all: then it bears it.
    package func unusedNumbers(range: String, mode: Mode) throws -> [UnusedNumber] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT number, reference, why FROM (
                    SELECT voids.number, voids.reference, words.word AS why FROM voids JOIN words ON words.id = voids.word
                    WHERE range = ?1 AND mode = ?2
                    UNION ALL SELECT consignments.number, consignments.reference, ifnull(words.word, 'given up')
                    FROM consignments JOIN runs ON runs.id = consignments.run JOIN spaces ON spaces.id = consignments.space
                    LEFT JOIN words ON words.id = consignments.void
                    WHERE consignments.number <> 0 AND (consignments.void <> 0 OR runs.state IN (?3, ?4, ?5))
                    AND runs.range = ?1 AND spaces.mode = ?2)
                    ORDER BY number
                    """,
                arguments: [
                    range, mode.rawValue, RunPhase.over.rawValue, RunPhase.abandoned.rawValue,
                    RunPhase.refused.rawValue,
                ]
            ).map { UnusedNumber(number: $0["number"], reference: $0["reference"], why: $0["why"]) }
        }
    }
}

/// A number that was drawn from a range and will never be used.
package struct UnusedNumber: Hashable, Sendable {
    package var number: Int64
    /// Order that it was drawn for.
    package var reference: String
    /// Code of the finding that held the order, a skip reason, or a word: `replaced`, `unchanged`, `elsewhere`, `given up`.
    package var why: String

    package init(number: Int64, reference: String, why: String) {
        self.number = number
        self.reference = reference
        self.why = why
    }
}

/// After a restore from an older backup.
extension SQLiteLedger {
    package func noteRestore(upTo arrival: Arrival.ID) throws {
        try write { db, _ in
            try db.execute(sql: "INSERT INTO meta(name, value) VALUES('restored', 1) ON CONFLICT DO NOTHING")
            // Numbers that the lost history used name files and documents: they are not given again.
            let known = try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'arrivals'")
            if known == nil {
                try db.execute(sql: "INSERT INTO sqlite_sequence(name, seq) VALUES('arrivals', ?)", arguments: [arrival])
            } else if known ?? 0 < arrival {
                try db.execute(sql: "UPDATE sqlite_sequence SET seq = ? WHERE name = 'arrivals'", arguments: [arrival])
            }
        }
    }

    package func isRestored() throws -> Bool {
        try read { try Bool.fetchOne($0, sql: "SELECT EXISTS(SELECT 1 FROM meta WHERE name = 'restored')") ?? false }
    }

    package func endRestore() throws {
        try write { db, _ in try db.execute(sql: "DELETE FROM meta WHERE name = 'restored'") }
    }
}
