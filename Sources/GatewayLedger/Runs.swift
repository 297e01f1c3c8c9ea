import FoundationEssentials
import GRDB
import GatewayCore

/// Runs of arrivals: judged, intended, done.
extension SQLiteLedger {
    package func begin(_ settings: RunSettings, words list: [String]) throws -> Int {
        words.withLock { words in
            words = Words()
            for word in list { _ = words.add(word) }
        }
        // A read: the run is stored with its first batch, which saves a small file a flush of the disk.
        let number = try read {
            try Int.fetchOne(
                $0.kept(
                    "SELECT run + 1 FROM arrivals WHERE id = ? AND EXISTS(SELECT 1 FROM spaces WHERE id = ?)"),
                arguments: [settings.arrival, settings.space.rawValue])
        }
        guard let number else {
            throw Finding(.ledgerArrivalUnknown, found: .plain("\(settings.arrival)"))
        }
        pending.withLock { $0.begin = settings }
        return number
    }

    /// Stores the run of ``begin(_:words:)`` and makes it the one at work.
    private func start(_ settings: RunSettings, _ db: Database, _ book: OrderBook) throws {
        book.wordIDs = []
        book.forgetRuns()
        guard
            let number = try Int.fetchOne(
                db.kept("SELECT run + 1 FROM arrivals WHERE id = ?"), arguments: [settings.arrival]),
            let mode = try String.fetchOne(
                db.kept("SELECT mode FROM spaces WHERE id = ?"), arguments: [settings.space.rawValue])
        else { throw Finding(.ledgerArrivalUnknown, found: .plain("\(settings.arrival)")) }
        try Self.end(settings.arrival, as: .over, db)
        try db.perform(
            """
            INSERT INTO runs(arrival, number, space, account, mapping, range, baseline, state, begun)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                settings.arrival, number, settings.space.rawValue, settings.account.rawValue,
                settings.mapping,
                settings.range, settings.isBaseline, RunPhase.open.rawValue, settings.now,
            ])
        let id = db.lastInsertedRowID
        try db.perform(
            "UPDATE arrivals SET run = ?, mapping = ?, state = 'claimed', code = NULL WHERE id = ?",
            [number, settings.mapping, settings.arrival])
        let published = try Int.fetchOne(
            db.kept(
                """
                SELECT max(documents.number) FROM documents JOIN runs ON runs.id = documents.run
                WHERE documents.arrival = ? AND runs.state >= ?
                """), arguments: [settings.arrival, RunPhase.intended.rawValue])
        book.run = RunState(
            id: id, settings: settings, mode: mode, documentsBefore: published ?? 0,
            isGrouped: book.abandoned.remove(settings.arrival) != nil)
    }

    package func judge(_ batch: LedgerBatch) throws -> Verdicts {
        try write(isFlushed: false) { _, book in
            guard book.run != nil else { throw Finding(.ledgerArrivalUnknown) }
            try resolveWords(book)
            let verdicts = try book.judge(batch)
            try book.storeRange()
            return verdicts
        }
    }

    package func word(_ word: String) -> UInt16 { words.withLock { $0.add(word) } }

    package func hold(_ orders: [(reference: String, row: UInt32, code: String)]) {
        pending.withLock { $0.holds += orders }
    }

    package func finish(_ arrival: Arrival.ID, now: Int64) {
        pending.withLock { $0.finishes.append((arrival, now)) }
    }

    package func abandon(_ arrival: Arrival.ID) throws {
        try write { db, book in
            // Inside of the transaction: another thread may be storing what waits.
            pending.withLock { $0.holds = [] }
            try Self.end(arrival, as: .abandoned, db)
            try Self.forgetDocuments(of: arrival, db)
            try Self.putBack(arrival, db)
            // Run again on request and given up: it is done as before.
            try db.execute(
                sql: "UPDATE arrivals SET state = 'done' WHERE id = ? AND state = 'claimed' AND finished IS NOT NULL", arguments: [arrival])
            book.forgetRuns()
            book.abandoned.insert(arrival)
            if book.run?.settings.arrival == arrival { book.run = nil }
        }
    }

    package func guardArrival(
        _ arrival: Arrival.ID, content: ContentHash, totals: Arrival.Totals, code: String, notice: DocumentIntent?, now: Int64
    ) throws {
        try write { db, book in
            try Self.end(arrival, as: .guarded, db)
            try Self.forgetDocuments(of: arrival, db)
            try Self.putBack(arrival, db)
            try Self.close(
                arrival, as: .guarded, content: content, totals: totals, code: code, finished: nil, db)
            try Self.note(notice, arrival, db)
            book.forgetRuns()
            if book.run?.settings.arrival == arrival { book.run = nil }
        }
    }

    package func refuse(_ arrival: Arrival.ID, content: ContentHash?, code: String, notice: DocumentIntent?, now: Int64) throws {
        try write { db, book in
            try Self.end(arrival, as: .refused, db)
            try Self.forgetDocuments(of: arrival, db)
            try Self.putBack(arrival, db)
            try Self.close(
                arrival, as: .refused, content: content, totals: nil, code: code, finished: now, db)
            try Self.note(notice, arrival, db)
            book.forgetRuns()
            book.abandoned.remove(arrival)
            if book.run?.settings.arrival == arrival { book.run = nil }
        }
    }

    package func noticed(_ arrival: Arrival.ID) throws {
        try write { db, _ in try Self.note(nil, arrival, db) }
    }

    private static func note(_ notice: DocumentIntent?, _ arrival: Arrival.ID, _ db: Database) throws {
        try db.perform(
            "UPDATE arrivals SET notice = ?, notice_content = ?, notice_size = ? WHERE id = ?",
            [notice?.name, blob(notice?.content), notice?.size, arrival])
    }

    package func intend(_ intent: ArrivalIntent) throws {
        try write { db, book in
            guard
                let run = try Row.fetchOne(
                    db.kept("SELECT id, begun FROM runs WHERE arrival = ? AND state = ?"),
                    arguments: [intent.arrival, RunPhase.open.rawValue])
            else { throw Finding(.ledgerArrivalUnknown, found: .plain("\(intent.arrival)")) }
            let id: Int64 = run["id"]
            let begun: Int64 = run["begun"]
            for document in intent.documents {
                try db.perform(
                    """
                    INSERT INTO documents(arrival, number, run, drawn, name, content, orders, size)
                    VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(arrival, number) DO UPDATE SET run = excluded.run,
                    name = excluded.name, content = excluded.content, orders = excluded.orders, size = excluded.size
                    """,
                    [
                        intent.arrival, Int64(document.number), id, begun, document.name,
                        Self.blob(document.content),
                        document.orders, document.size,
                    ])
            }
            if let receipt = intent.receipt {
                try db.perform(
                    "INSERT INTO receipts(run, number, name, content, orders, size) VALUES(?, ?, ?, ?, ?, ?)",
                    [
                        id, Int64(receipt.number), receipt.name, Self.blob(receipt.content), receipt.orders,
                        receipt.size,
                    ])
                try db.perform("UPDATE arrivals SET receipts = receipts + 1 WHERE id = ?", [intent.arrival])
            }
            try db.perform(
                "UPDATE runs SET state = ?, outbox = ? WHERE id = ?", [RunPhase.intended.rawValue, intent.outbox, id])
            // Documents that stayed empty, or that a run before this one had and this one has not.
            try db.perform(
                """
                DELETE FROM documents WHERE arrival = ?1 AND (name IS NULL
                OR run NOT IN (SELECT id FROM runs WHERE arrival = ?1 AND state >= ?2))
                """, [intent.arrival, RunPhase.intended.rawValue])
            // What its orders were before is history now: what would put it back is needed no more.
            try db.perform(
                """
                UPDATE judgements SET saved = 0, digests = NULL, lines = NULL, key = NULL, before = NULL
                WHERE saved = 1 AND later IN (SELECT id FROM runs WHERE arrival = ?)
                """, [intent.arrival])
            try Self.close(
                intent.arrival, as: .intended, content: intent.content, totals: intent.totals, code: nil,
                finished: nil, db)
            book.forgetRuns()
        }
    }

    package func intents(of arrival: Arrival.ID) throws -> ArrivalIntent? {
        try read { db in
            guard let known = try Self.arrival(arrival, db), known.state == .intended,
                let content = known.content
            else {
                return nil
            }
            var out = ArrivalIntent(arrival: arrival, content: content, totals: known.totals)
            let intended: StatementArguments = [arrival, RunPhase.intended.rawValue]
            out.outbox = try String.fetchOne(
                db, sql: "SELECT outbox FROM runs WHERE arrival = ? AND state = ?", arguments: intended)
            out.documents = try Row.fetchAll(
                db,
                sql: """
                    SELECT documents.* FROM documents JOIN runs ON runs.id = documents.run
                    WHERE documents.arrival = ? AND runs.state = ? ORDER BY documents.number
                    """, arguments: intended
            ).compactMap(Self.document)
            out.receipt = try Row.fetchOne(
                db.kept(
                    """
                    SELECT receipts.* FROM receipts JOIN runs ON runs.id = receipts.run
                    WHERE runs.arrival = ? AND runs.state = ?
                    """), arguments: intended
            ).flatMap(Self.document)
            return out
        }
    }

    /// Stores what ``hold(_:)``, ``finish(_:now:)`` and ``begin(_:words:)`` left.
    func store(_ waiting: Pending, _ db: Database, _ book: OrderBook) throws {
        for hold in waiting.holds { try book.hold(hold.reference, word: try book.word(hold.code)) }
        for finish in waiting.finishes {
            try db.perform(
                "UPDATE runs SET state = ? WHERE arrival = ? AND state = ?",
                [RunPhase.done.rawValue, finish.arrival, RunPhase.intended.rawValue])
            try db.perform(
                "UPDATE arrivals SET state = 'done', finished = ? WHERE id = ? AND state = 'intended'",
                [finish.now, finish.arrival])
            book.forgetRuns()
        }
        if let settings = waiting.begin { try start(settings, db, book) }
    }

    /// Gives the words that came up since the last batch their row ids.
    private func resolveWords(_ book: OrderBook) throws {
        let new = words.withLock { Array($0.list[book.wordIDs.count...]) }
        for word in new { book.wordIDs.append(try book.word(word)) }
    }

    /// Ends the arrival's open run.
    private static func end(_ arrival: Arrival.ID, as phase: RunPhase, _ db: Database) throws {
        try db.perform(
            "UPDATE runs SET state = ?1 WHERE arrival = ?2 AND state IN (?3, ?4)",
            [phase.rawValue, arrival, RunPhase.open.rawValue, RunPhase.guarded.rawValue])
    }

    /// Forgets the arrival's documents that never left, and their clocks.
    private static func forgetDocuments(of arrival: Arrival.ID, _ db: Database) throws {
        try db.perform(
            """
            DELETE FROM documents WHERE arrival = ?1
            AND run NOT IN (SELECT id FROM runs WHERE arrival = ?1 AND state >= ?2)
            """, [arrival, RunPhase.intended.rawValue])
    }

    /// The arrival's runs came to nothing: the orders that they judged are again what they were before.
    private static func putBack(_ arrival: Arrival.ID, _ db: Database) throws {
        // The latest first: should another arrival have come between, its word counts.
        let saved = try Row.fetchAll(
            db.kept(
                """
                SELECT space, reference, later FROM judgements WHERE saved = 1
                AND later IN (SELECT id FROM runs WHERE arrival = ?1 AND state < ?2) ORDER BY later DESC
                """), arguments: [arrival, RunPhase.intended.rawValue])
        for row in saved {
            let names: StatementArguments = [
                row["space"] as Int64, row["reference"] as String, row["later"] as Int64, arrival, RunPhase.intended.rawValue,
            ]
            try db.perform(
                """
                UPDATE orders SET (state, run, row, word, sequence, digests, lines, key, before) =
                (SELECT state, run, row, word, sequence, digests, lines, key, before FROM judgements
                WHERE space = ?1 AND reference = ?2 AND later = ?3)
                WHERE space = ?1 AND reference = ?2 AND run IN (SELECT id FROM runs WHERE arrival = ?4 AND state < ?5)
                """, names)
            try db.perform(
                "DELETE FROM judgements WHERE space = ? AND reference = ? AND later = ?",
                [row["space"] as Int64, row["reference"] as String, row["later"] as Int64])
        }
    }

    private static func close(
        _ arrival: Arrival.ID, as state: Arrival.State, content: ContentHash?, totals: Arrival.Totals?,
        code: String?,
        finished: Int64?, _ db: Database
    ) throws {
        // The sender of a refused or guarded file was told by a receipt: the next one must have another name.
        let hasNotice = state == .refused || state == .guarded
        let totals = totals ?? Arrival.Totals()
        try db.perform(
            """
            UPDATE arrivals SET state = ?, content = ifnull(?, content), orders = ?, shipped = ?, skipped = ?, held = ?,
            unchanged = ?, code = ?, finished = ifnull(?, finished), receipts = receipts + ? WHERE id = ?
            """,
            [
                state.rawValue, blob(content), totals.orders, totals.shipped, totals.skipped, totals.held,
                totals.unchanged,
                code, finished, hasNotice ? 1 : 0, arrival,
            ])
        guard db.changesCount == 1 else {
            throw Finding(.ledgerArrivalUnknown, found: .plain("\(arrival)"))
        }
    }

    private static func document(_ row: Row) -> DocumentIntent? {
        guard let content = hash(row["content"] as DatabaseValue) else { return nil }
        return DocumentIntent(
            number: row["number"], name: row["name"], content: content, orders: row["orders"],
            size: row["size"])
    }
}
