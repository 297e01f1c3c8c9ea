@_spi(HotPath) import GatewayCore
import GatewayProfiles
import Glibc

/// What a run says of every row: the totals, and the receipt in the layout of the file that was sent.
final class RunSheet {
    private let run: ArrivalRun
    private let pipeline: Pipeline
    private let words: ReceiptWords
    private let file: OutgoingFile?
    /// Of a grouped file: its rows go through the disk, to come out in the sender's order.
    private let sorted: SortedRows?
    /// Writes the rows of a large file.
    private let rows: ReceiptLane?
    private(set) var totals = Arrival.Totals()
    /// What the receipt's rows of each order of the batch at work end with; nil: they are left out.
    private var ends: [[UInt8]?] = []
    // Those that many orders share.
    private let shipped: [UInt8]
    private let unchanged: [UInt8]
    /// By reason.
    private var skipped: [String: [UInt8]] = [:]

    init(_ run: ArrivalRun, _ pipeline: Pipeline, isGrouped: Bool, lane: WriterLane?) throws {
        self.run = run
        self.pipeline = pipeline
        words = ReceiptWords(language: run.flow.language, carrier: pipeline.carrierName ?? "")
        guard run.flow.receipts else {
            file = nil
            sorted = nil
            rows = nil
            shipped = []
            unchanged = []
            return
        }
        let opened = try OutgoingFile(run.parts.state.outgoing(run.arrival.id, "receipt"), shown: "state/outgoing", lane: lane)
        pipeline.receiptHead(arrival: run.arrival.id, into: &opened.out)
        file = opened
        sorted = isGrouped ? SortedRows(try RowSorter(scratch: try run.scratch())) : nil
        rows =
            lane == nil || isGrouped
            ? nil
            : ReceiptLane(spare: pipeline.makeBatch()) { (batch, ends) throws(Finding) in
                try Self.write(batch, ends, pipeline, to: opened)
            }
        shipped = pipeline.receiptEnd(of: words.shipped)
        unchanged = pipeline.receiptEnd(of: words.unchanged)
    }

    /// Notes what becomes of an order; `refused`: what the carrier's rules said when it was written.
    func note(_ order: Int, of batch: borrowing Batch, _ verdict: Verdict, refused: Finding?) {
        count(verdict.kind, isRefused: refused != nil)
        if file != nil { ends.append(end(order, of: batch, verdict, refused)) }
    }

    /// The next order stays as it is: it was not asked for, and the receipt leaves its rows out.
    func passOver() {
        if file != nil { ends.append(nil) }
    }

    private func count(_ kind: Verdict.Kind, isRefused: Bool) {
        totals.orders += 1
        switch kind {
        case .ship where !isRefused: totals.shipped += 1
        case .unchanged, .notCompared: totals.unchanged += 1
        case .skipped, .elsewhere, .dropped: totals.skipped += 1
        case .ship, .changedAfterLeft, .keyTaken, .rangeEmpty, .held, .reopened: totals.held += 1
        }
    }

    private func end(_ order: Int, of batch: borrowing Batch, _ verdict: Verdict, _ refused: Finding?) -> [UInt8] {
        let row: ReceiptRow
        switch verdict.kind {
        case .ship:
            if let refused {
                row = words.held([refused])
                break
            }
            let notices = pipeline.findings(of: order, in: batch)
            if notices.isEmpty { return shipped }
            row = words.shipped(noting: notices)
        case .unchanged: return unchanged
        case .notCompared: row = words.notCompared
        case .changedAfterLeft, .keyTaken, .rangeEmpty: row = words.held([finding(verdict, order, batch)])
        case .skipped:
            let reason = pipeline.skipReason(of: order, in: batch) ?? ""
            if let known = skipped[reason] { return known }
            let made = pipeline.receiptEnd(of: words.skipped(reason))
            skipped[reason] = made
            return made
        case .held, .reopened: row = words.held(pipeline.findings(of: order, in: batch).filter { $0.code.stops != .nothing })
        case .elsewhere: row = words.elsewhere
        case .dropped: row = words.dropped
        }
        return pipeline.receiptEnd(of: row)
    }

    private func finding(_ verdict: Verdict, _ order: Int, _ batch: borrowing Batch) -> Finding {
        let reference = batch.text(batch.heads[order * batch.headSlots + OrderField.referenceSlot])
        let place = Place.row(batch.rowNumber(Int(batch.orders[order].firstRecord)))
        if verdict.kind == .keyTaken {
            return Finding(.orderKeyTaken, at: place, found: .plain(batch.text(batch.orders[order].key)))
        }
        if verdict.kind == .rangeEmpty {
            let range = run.parts.workspace.settings.ranges.first { $0.name == run.flow.range }
            return Finding(
                .ledgerRangeEmpty, at: place,
                [
                    "range": .plain(run.flow.range ?? ""), "from": .plain("\(range?.from ?? 1)"),
                    "to": .plain("\(range?.to ?? .max)"),
                ])
        }
        return Finding(
            .orderChangedAfterLeft, at: place, found: .plain(reference),
            [
                "changed": .plain(words.changed(verdict.changed)), "reference": .plain(reference),
                "document": .plain("\(verdict.document) of arrival \(verdict.arrival)"),
            ])
    }

    /// Writes the receipt's rows of the batch whose orders were noted. The batch may be exchanged for another one.
    func write(_ batch: inout Batch) throws {
        guard let file else { return }
        if let rows {
            try rows.put(&batch, &ends)
        } else if let sorted {
            for order in 0..<batch.orderCount {
                guard let end = ends[order] else { continue }
                try Self.forEachRow(of: order, batch) { record throws(Finding) in
                    pipeline.receiptRow(batch, record: record, end: end, into: &sorted.line)
                    try sorted.add(batch.rowNumber(record))
                }
            }
        } else {
            try Self.write(batch, ends, pipeline, to: file)
        }
        ends.removeAll(keepingCapacity: true)
    }

    private static func write(
        _ batch: borrowing Batch, _ ends: [[UInt8]?], _ pipeline: Pipeline, to file: OutgoingFile
    ) throws(Finding) {
        for order in 0..<batch.orderCount {
            guard let end = ends[order] else { continue }
            forEachRow(of: order, batch) { record in pipeline.receiptRow(batch, record: record, end: end, into: &file.out) }
            try file.drainIfFull()
        }
    }

    private static func forEachRow<E: Error>(of order: Int, _ batch: borrowing Batch, _ body: (Int) throws(E) -> Void) throws(E) {
        let entry = batch.orders[order]
        for record in Int(entry.firstRecord)..<Int(entry.endRecord) where batch.flags[record] & Batch.blankRecord == 0 {
            try body(record)
        }
    }

    /// Waits for the rows that are being written: on every way out, before the writer's lane ends.
    func stop() {
        // What went wrong with them is said by the next row or by the receipt's end.
        do throws(Finding) { try rows?.end() } catch {}
    }

    /// Ends the receipt, flushed to disk.
    ///
    /// - Parameter shape: the format it is sent in; nil: CSV.
    func finish(_ name: String, as shape: ReceiptShape?) throws -> DocumentIntent? {
        guard let file else { return nil }
        try rows?.end()
        try sorted?.sorter.finish { bytes throws(Finding) in
            if let start = bytes.baseAddress { file.out.append(start, bytes.count) }
            try file.drainIfFull()
        }
        let (content, size) = try shape.map { try reshaped(file, $0) } ?? file.finish()
        return DocumentIntent(number: 0, name: name, content: content, orders: totals.orders, size: size)
    }

    /// The receipt in the format of the file that was sent, in the place of the one that was written as CSV.
    private func reshaped(_ file: OutgoingFile, _ shape: ReceiptShape) throws -> (content: ContentHash, size: Int64) {
        _ = try file.finish()
        let csv = try FileIO.openForReading(file.path, shown: "state/outgoing")
        defer { close(csv) }
        let shaped = try OutgoingFile(file.path + ".\(shape.fileExtension)", shown: "state/outgoing")
        try shape.write(from: csv) { bytes throws(Finding) in
            if let start = bytes.baseAddress { shaped.out.append(start, bytes.count) }
            try shaped.drainIfFull()
        }
        let result = try shaped.finish()
        guard rename(shaped.path, file.path) == 0 else { throw FileIO.finding(.fileWriteFailed, "state/outgoing") }
        return result
    }

    private final class SortedRows {
        var sorter: RowSorter
        var line = Output(capacity: 1 << 12)
        init(_ sorter: consuming RowSorter) { self.sorter = sorter }

        func add(_ row: Int) throws(Finding) {
            try sorter.write(row: row, line.bytes)
            line.rewind(to: 0)
        }
    }

    /// Writes a receipt of one row, about the file as a whole.
    static func writeNotice(_ text: [UInt8], to path: String, name: String) throws -> DocumentIntent {
        let file = try OutgoingFile(path, shown: "state/outgoing")
        file.out.append(text)
        let (content, size) = try file.finish()
        return DocumentIntent(number: 0, name: name, content: content, orders: 0, size: size)
    }
}
