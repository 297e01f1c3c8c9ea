import FoundationEssentials
import GRDB
import GatewayCore

/// The life of a thing, by a word that a person has: an order's reference, a file's name, the beginning of a content's
/// hash (6 digits at least), a carrier's key.
extension SQLiteLedger {
    package func trace(_ text: String) throws -> [TraceStep] {
        try read { db in
            var steps: [TraceStep] = []
            for arrival in try Self.files(text, db) { steps += try Self.life(of: arrival, db) }
            for row in try Row.fetchAll(
                db, sql: "SELECT * FROM orders WHERE space IN (SELECT id FROM spaces) AND reference = ?",
                arguments: [text])
            {
                steps += try Self.life(ofOrder: row, db)
            }
            for row in try Row.fetchAll(
                db,
                sql: "SELECT * FROM consignments WHERE account IN (SELECT id FROM accounts) AND key = ?",
                arguments: [text])
            {
                steps += try Self.life(ofConsignment: row, db)
                let reference: String = row["reference"]
                guard reference != text else { continue }
                let order = try Row.fetchOne(
                    db, sql: "SELECT * FROM orders WHERE space = ? AND reference = ?",
                    arguments: [row["space"] as Int64, reference])
                if let order { steps += try Self.life(ofOrder: order, db) }
            }
            for row in try Row.fetchAll(
                db, sql: "SELECT * FROM events WHERE subject = ? ORDER BY id", arguments: [text])
            {
                steps.append(Self.step(ofEvent: row))
            }
            var seen: Set<TraceStep> = []
            return steps.filter { seen.insert($0).inserted }.enumerated()
                .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
        }
    }

    /// Arrivals by name, by the hash of their content, or by the name or hash of a document that they made.
    private static func files(_ text: String, _ db: Database) throws -> [Arrival] {
        var ids = try Int64.fetchAll(
            db,
            sql: """
                SELECT id FROM arrivals WHERE name = ?1 UNION SELECT arrival FROM documents WHERE name = ?1
                UNION SELECT runs.arrival FROM receipts JOIN runs ON runs.id = receipts.run WHERE receipts.name = ?1
                """, arguments: [text])
        let digits = text.utf8.count
        if (6...64).contains(digits),
            text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0 | 0x20) })
        {
            ids += try Int64.fetchAll(
                db,
                sql: """
                    SELECT id FROM arrivals WHERE substr(hex(content), 1, ?1) = upper(?2)
                    UNION SELECT arrival FROM documents WHERE substr(hex(content), 1, ?1) = upper(?2)
                    """, arguments: [digits, text])
        }
        return try Set(ids).sorted().compactMap { try arrival($0, db) }
    }

    private static func life(of arrival: Arrival, _ db: Database) throws -> [TraceStep] {
        var details = [
            "arrival": "\(arrival.id)", "flow": arrival.flow, "mode": arrival.mode.rawValue,
            "size": "\(arrival.size)",
        ]
        if let content = arrival.content { details["content"] = content.hex(12) }
        var steps = [
            TraceStep(
                at: arrival.claimed, subject: "file", name: arrival.name, what: "claimed", details: details)
        ]
        for run in try Row.fetchAll(
            db, sql: "SELECT number, begun, mapping, state FROM runs WHERE arrival = ? AND number > 1",
            arguments: [arrival.id])
        {
            let facts = ["run": "\(run["number"] as Int64)", "mapping": run["mapping"] as String]
            steps.append(
                TraceStep(
                    at: run["begun"], subject: "file", name: arrival.name, what: "retried", details: facts))
        }
        for document in try Row.fetchAll(
            db,
            sql: """
                SELECT documents.name, documents.drawn, documents.orders, documents.size, documents.content, runs.state FROM documents
                JOIN runs ON runs.id = documents.run
                WHERE documents.arrival = ? AND documents.name IS NOT NULL ORDER BY documents.number
                """, arguments: [arrival.id])
        {
            let isDone = document["state"] == RunPhase.done.rawValue
            var facts = [
                "orders": "\(document["orders"] as Int64)", "size": "\(document["size"] as Int64)",
                "file": arrival.name,
            ]
            if let content = hash(document["content"] as DatabaseValue) {
                facts["content"] = content.hex(12)
            }
            steps.append(
                TraceStep(
                    at: document["drawn"], subject: "document", name: document["name"],
                    what: isDone ? "published" : "intended",
                    details: facts))
        }
        for row in try Row.fetchAll(
            db,
            sql: """
                SELECT deliveries.* FROM documents JOIN deliveries ON deliveries.name = documents.name WHERE documents.arrival = ?1
                UNION SELECT deliveries.* FROM receipts JOIN runs ON runs.id = receipts.run
                JOIN deliveries ON deliveries.name = receipts.name AND deliveries.content = receipts.content WHERE runs.arrival = ?1
                ORDER BY id
                """, arguments: [arrival.id])
        { steps += self.steps(ofDelivery: row) }
        let totals = arrival.totals
        var outcome = [
            "orders": "\(totals.orders)", "shipped": "\(totals.shipped)", "skipped": "\(totals.skipped)",
            "held": "\(totals.held)",
            "unchanged": "\(totals.unchanged)",
        ]
        if let code = arrival.code { outcome["code"] = code }
        switch arrival.state {
        case .claimed, .intended: break
        case .done, .refused, .guarded:
            let at = arrival.finished ?? steps.map(\.at).max() ?? arrival.claimed
            let what = arrival.state == .done ? "finished" : arrival.state.rawValue
            steps.append(
                TraceStep(at: at, subject: "file", name: arrival.name, what: what, details: outcome))
        }
        return steps
    }

    private static func life(ofOrder row: Row, _ db: Database) throws -> [TraceStep] {
        guard let state = OrderState(rawValue: row["state"]) else { return [] }
        let reference: String = row["reference"]
        var steps: [TraceStep] = []
        for judgement in try Row.fetchAll(
            db,
            sql: "SELECT state, run, row, word FROM judgements WHERE space = ? AND reference = ? ORDER BY later",
            arguments: [row["space"] as Int64, reference])
        {
            guard let state = OrderState(rawValue: judgement["state"]) else { continue }
            steps += try step(
                of: reference, state, run: judgement["run"], row: judgement["row"], word: word(judgement["word"], db), db)
        }
        let word = try Self.word(row["word"], db)
        if let before = OrderRow(encoded: [UInt8](row["before"] as Data? ?? Data())) {
            steps += try step(
                of: reference, before.state, run: before.run, row: Int(before.row), word: nil, db)
        }
        steps += try step(of: reference, state, run: row["run"], row: row["row"], word: word, db)
        for consignment in try Row.fetchAll(
            db, sql: "SELECT * FROM consignments WHERE space = ? AND reference = ? ORDER BY sequence",
            arguments: [row["space"] as Int64, reference])
        {
            steps += try life(ofConsignment: consignment, db)
        }
        for event in try Row.fetchAll(
            db, sql: "SELECT * FROM events WHERE subject = ? ORDER BY id", arguments: [reference])
        {
            steps.append(step(ofEvent: event))
        }
        return steps
    }

    private static func word(_ id: Int64, _ db: Database) throws -> String? {
        try String.fetchOne(db, sql: "SELECT word FROM words WHERE id = ?", arguments: [id])
    }

    private static func step(
        of reference: String, _ state: OrderState, run id: Int64, row: Int, word: String?,
        _ db: Database
    ) throws -> [TraceStep] {
        guard
            let run = try Row.fetchOne(
                db,
                sql: """
                    SELECT runs.begun, runs.mapping, runs.state, arrivals.name, arrivals.id FROM runs
                    JOIN arrivals ON arrivals.id = runs.arrival WHERE runs.id = ?
                    """, arguments: [id]), let phase = RunPhase(rawValue: run["state"])
        else { return [] }
        var details = [
            "file": run["name"] as String, "arrival": "\(run["id"] as Int64)", "row": "\(row)",
            "mapping": run["mapping"] as String,
        ]
        if let word { details["code"] = word }
        let what =
            switch state {
            case .ship: phase.isLeft ? "shipped" : "drawn"
            case .skipped: "skipped"
            // Who dropped it, when and why stands among the events.
            case .held, .dropped: "held"
            case .elsewhere: phase.isLeft ? "elsewhere" : "drawn"
            }
        return [
            TraceStep(at: run["begun"], subject: "order", name: reference, what: what, details: details)
        ]
    }

    private static func life(ofConsignment row: Row, _ db: Database) throws -> [TraceStep] {
        guard
            let run = try Row.fetchOne(
                db,
                sql: """
                    SELECT runs.begun, runs.state, runs.arrival, documents.name, documents.drawn FROM runs
                    LEFT JOIN documents ON documents.arrival = runs.arrival AND documents.number = ?2 WHERE runs.id = ?1
                    """, arguments: [row["run"] as Int64, row["document"] as Int64]),
            let phase = RunPhase(rawValue: run["state"])
        else { return [] }
        var details = ["order": row["reference"] as String, "sequence": "\(row["sequence"] as Int64)"]
        let number: Int64 = row["number"]
        if number != 0 { details["number"] = "\(number)" }
        if let document: String = run["name"] { details["document"] = document }
        let isVoid = row["void"] as Int64 != 0
        if isVoid {
            details["why"] = try String.fetchOne(
                db, sql: "SELECT word FROM words WHERE id = ?", arguments: [row["void"] as Int64])
        }
        let what =
            switch phase {
            case _ where isVoid: "void"
            case .done: "published"
            case .intended: "intended"
            case .open, .over, .abandoned, .guarded, .refused: "drawn"
            }
        let at: Int64 = run["drawn"] ?? run["begun"]
        var steps = [TraceStep(at: at, subject: "consignment", name: row["key"], what: what, details: details)]
        if let document: String = run["name"] {
            for row in try Row.fetchAll(db, sql: "SELECT * FROM deliveries WHERE name = ? ORDER BY id", arguments: [document]) {
                steps += self.steps(ofDelivery: row)
            }
        }
        return steps
    }

    /// A document's way to a partner's server: when it was to go, and when it was there.
    private static func steps(ofDelivery row: Row) -> [TraceStep] {
        let (folder, attempts): (String, Int64) = (row["folder"], row["attempts"])
        let place = folder.isEmpty ? row["endpoint"] as String : "\(row["endpoint"] as String)/\(folder)"
        var begun = ["to": place, "from": row["source"] as String, "size": "\(row["size"] as Int64)"]
        let end: Int64? = row["finished"]
        if end == nil {
            begun["attempts"] = "\(attempts)"
            begun["state"] = row["state"]
        }
        var steps = [TraceStep(at: row["intended"], subject: "delivery", name: row["name"], what: "intended", details: begun)]
        if let end {
            steps.append(
                TraceStep(
                    at: end, subject: "delivery", name: row["name"], what: "delivered", details: ["to": place, "attempts": "\(attempts)"]))
        }
        return steps
    }

    private static func step(ofEvent row: Row) -> TraceStep {
        TraceStep(
            at: row["at"], subject: "event", name: row["subject"], what: row["what"],
            details: ["who": row["who"] as String, "why": row["why"] as String])
    }
}
