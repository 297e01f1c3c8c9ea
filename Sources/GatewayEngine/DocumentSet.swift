@_spi(HotPath) import GatewayCore
import GatewayProfiles
import Glibc

/// The documents of one run: opened, filled and closed one after the other in the order of the ledger's verdicts.
final class DocumentSet {
    private let parts: GatewayParts
    private let pipeline: Pipeline
    private let arrival: Arrival.ID
    private let subject: String
    private let isSingle: Bool
    private let lane: WriterLane?
    private var file: OutgoingFile?
    private var number: UInt32 = 0
    private var orders = 0
    /// Ended; their content's hash, and so their name, comes when they are flushed.
    private var ended: [(file: OutgoingFile, number: UInt32, subject: String, orders: Int)] = []

    init(_ parts: GatewayParts, _ pipeline: Pipeline, arrival: Arrival.ID, subject: String, lane: WriterLane?) {
        self.lane = lane
        self.parts = parts
        self.pipeline = pipeline
        self.arrival = arrival
        self.subject = subject
        isSingle = pipeline.ordersPerDocument == 1
    }

    /// Writes an order that the ledger lets go. A finding: it can't be written for the carrier and must be held.
    func write(_ order: Int, of batch: inout Batch, _ verdict: Verdict) throws -> Finding? {
        if verdict.document != number { try close() }
        if file == nil {
            number = verdict.document
            let opened = try OutgoingFile(parts.state.outgoing(arrival, "\(number)"), shown: "state/outgoing", lane: lane)
            pipeline.beginDocument(
                time: verdict.drawn, number: Int(number),
                reference: DropName.reference(ledger: parts.ledger.identity, arrival: arrival, number: number), into: &opened.out)
            file = opened
        }
        guard let file else { return nil }
        let finding = pipeline.write(
            order: order, of: &batch, sequence: Int(verdict.sequence), number: verdict.number, into: &file.out)
        if finding == nil {
            orders += 1
            try file.drainIfFull()
        }
        if isSingle {
            try close(named: batch.text(batch.heads[order * batch.headSlots + OrderField.referenceSlot]))
        }
        return finding
    }

    /// Ends the open document with its tail. One without orders is removed.
    func close(named reference: String? = nil) throws {
        guard let file else { return }
        self.file = nil
        defer { orders = 0 }
        guard orders > 0 else {
            _ = try file.finish()
            unlink(file.path)
            return
        }
        pipeline.endDocument(into: &file.out)
        try file.end()
        ended.append((file, number, reference ?? subject, orders))
    }

    /// Waits until every document is on disk, and gives them with their final names.
    func intents() throws -> [DocumentIntent] {
        try ended.map { document in
            let (content, size) = try document.file.result()
            let name = DropName.document(
                document.subject, arrival: arrival, number: document.number, content: content, fileExtension: pipeline.documentExtension)
            return DocumentIntent(number: document.number, name: name, content: content, orders: document.orders, size: size)
        }
    }

    /// Removes what was written: the run starts anew.
    func discard() {
        if let file { unlink(file.path) }
        file = nil
        for document in ended { unlink(document.file.path) }
        ended = []
    }
}
