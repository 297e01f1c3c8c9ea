import GRDB
import GatewayCore

/// Files at partners' servers: fetched ones and delivered ones.
extension SQLiteLedger: TrafficLedger {
    // MARK: Files that come in

    package func claim(_ source: RemoteSource) throws -> RemoteSource {
        try write { db, _ in
            let there = try Row.fetchOne(
                db.kept(
                    """
                    SELECT * FROM remote_sources WHERE endpoint = ? AND folder = ? AND name = ? AND size = ? AND modified = ?
                    AND state != 'settled'
                    """),
                arguments: [source.endpoint, source.folder, source.name, source.sighting.size, source.sighting.modified])
            if let there { return try Self.source(there) }
            try db.perform(
                """
                INSERT INTO remote_sources(endpoint, folder, name, size, modified, mark, flow, mode, state, after, claimed)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?, 'claimed', 0, ?)
                """,
                [
                    source.endpoint, source.folder, source.name, source.sighting.size, source.sighting.modified,
                    source.mark.map { Int64(bitPattern: $0) }, source.flow, source.mode.rawValue, source.claimed,
                ])
            var made = source
            made.id = db.lastInsertedRowID
            made.state = .claimed
            return made
        }
    }

    package func note(_ source: RemoteSource) throws {
        try write { db, _ in
            try db.perform(
                "UPDATE remote_sources SET state = ?, content = ?, after = ?, mark = ? WHERE id = ?",
                [
                    source.state.rawValue, Self.blob(source.content), source.after, source.mark.map { Int64(bitPattern: $0) }, source.id,
                ])
        }
    }

    package func release(_ source: RemoteSource.ID) throws {
        try write { db, _ in
            try db.perform("DELETE FROM remote_sources WHERE id = ? AND state = 'claimed'", [source])
        }
    }

    package func openSources(endpoint: String) throws -> [RemoteSource] {
        try read { db in
            try Row.fetchAll(
                db.kept("SELECT * FROM remote_sources WHERE endpoint = ? AND state != 'settled' ORDER BY id"), arguments: [endpoint]
            ).map(Self.source)
        }
    }

    package func left(endpoint: String, folder: String, each: (RemoteSource) -> Void) throws {
        try read { db in
            let rows = try Row.fetchCursor(
                db, sql: "SELECT * FROM remote_sources WHERE endpoint = ? AND folder = ? AND state = 'settled' ORDER BY id",
                arguments: [endpoint, folder])
            while let row = try rows.next() { each(try Self.source(row)) }
        }
    }

    package func lastArrival() throws -> Arrival.ID {
        try read { db in try Int64.fetchOne(db.kept("SELECT MAX(id) FROM arrivals")) ?? 0 }
    }

    package func outcome(flow: String, mode: Mode, content: ContentHash, after: Arrival.ID) throws -> Arrival.State? {
        try read { db in
            try String.fetchOne(
                db.kept(
                    """
                    SELECT state FROM arrivals WHERE flow = ? AND mode = ? AND content = ? AND id > ?
                    AND state IN ('done', 'refused', 'guarded') ORDER BY id LIMIT 1
                    """), arguments: [flow, mode.rawValue, Self.blob(content), after]
            ).flatMap(Arrival.State.init(rawValue:))
        }
    }

    private static func source(_ row: Row) throws -> RemoteSource {
        guard let mode = Mode(rawValue: row["mode"]), let state = RemoteSource.State(rawValue: row["state"]) else {
            throw Finding(.ledgerDamaged, found: .plain("state of a file at a server"))
        }
        let mark: Int64? = row["mark"]
        var source = RemoteSource(
            endpoint: row["endpoint"], folder: row["folder"], name: row["name"],
            sighting: RemoteSighting(size: row["size"], modified: row["modified"]), mark: mark.map { UInt64(bitPattern: $0) },
            flow: row["flow"], mode: mode, claimed: row["claimed"])
        source.id = row["id"]
        source.state = state
        source.content = hash(row["content"])
        source.after = row["after"]
        return source
    }

    // MARK: Files that go out

    package func intend(_ delivery: Delivery) throws -> Delivery {
        try write { db, _ in
            try db.perform(
                """
                INSERT INTO deliveries(endpoint, folder, name, source, size, content, state, attempts, intended)
                VALUES(?, ?, ?, ?, ?, ?, 'waiting', 0, ?) ON CONFLICT DO NOTHING
                """,
                [
                    delivery.endpoint, delivery.folder, delivery.name, delivery.source, delivery.size, Self.blob(delivery.content),
                    delivery.intended,
                ])
            let there = try Row.fetchOne(
                db.kept("SELECT * FROM deliveries WHERE endpoint = ? AND folder = ? AND name = ?"),
                arguments: [delivery.endpoint, delivery.folder, delivery.name])
            guard let there else { throw Finding(.ledgerFailed) }
            return try Self.delivery(there)
        }
    }

    package func note(_ delivery: Delivery) throws {
        try write { db, _ in
            try db.perform(
                "UPDATE deliveries SET state = ?, attempts = ?, unfinished = ?, finished = ? WHERE id = ?",
                [delivery.state.rawValue, delivery.attempts, delivery.unfinished, delivery.finished, delivery.id])
        }
    }

    package func openDeliveries(endpoint: String) throws -> [Delivery] {
        try read { db in
            try Row.fetchAll(
                db.kept("SELECT * FROM deliveries WHERE endpoint = ? AND state != 'done' ORDER BY id"), arguments: [endpoint]
            ).map(Self.delivery)
        }
    }

    private static func delivery(_ row: Row) throws -> Delivery {
        guard let state = Delivery.State(rawValue: row["state"]), let content = hash(row["content"]) else {
            throw Finding(.ledgerDamaged, found: .plain("state of a delivery"))
        }
        var delivery = Delivery(
            endpoint: row["endpoint"], folder: row["folder"], name: row["name"], source: row["source"], size: row["size"],
            content: content, intended: row["intended"])
        delivery.id = row["id"]
        delivery.state = state
        delivery.attempts = row["attempts"]
        delivery.unfinished = row["unfinished"]
        delivery.finished = row["finished"]
        return delivery
    }

    // MARK: Endpoints

    package func fact(_ name: String, of endpoint: String) throws -> String? {
        try read { db in
            try String.fetchOne(
                db.kept("SELECT value FROM endpoint_facts WHERE endpoint = ? AND name = ?"), arguments: [endpoint, name])
        }
    }

    package func setFact(_ name: String, of endpoint: String, _ value: String) throws {
        try write { db, _ in
            try db.perform(
                "INSERT INTO endpoint_facts(endpoint, name, value) VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                [endpoint, name, value])
        }
    }
}
