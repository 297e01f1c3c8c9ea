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
    private(set) var totals = Arrival.Totals()
    // One for each order of the batch at work.
    private var rows: [ReceiptRow?] = []
    private let shipped: ReceiptRow
    private let unchanged: ReceiptRow

    init(_ run: ArrivalRun, _ pipeline: Pipeline, isGrouped: Bool, lane: WriterLane?) throws {
        self.run = run
        self.pipeline = pipeline
        words = ReceiptWords(language: run.flow.language, carrier: pipeline.carrierName ?? "")
        shipped = words.shipped
        unchanged = words.unchanged
        guard run.flow.receipts else {
            file = nil
            sorted = nil
            return
        }
        let opened = try OutgoingFile(run.parts.state.outgoing(run.arrival.id, "receipt"), shown: "state/outgoing", lane: lane)
        pipeline.receiptHead(arrival: run.arrival.id, into: &opened.out)
        file = opened
        sorted = isGrouped ? SortedRows(try RowSorter(scratch: try run.scratch())) : nil
    }

    /// Notes what becomes of an order; `refused`: what the carrier's rules said when it was written.
    func note(_ order: Int, of batch: borrowing Batch, _ verdict: Verdict, refused: Finding?) {
        totals.orders += 1
        let row: ReceiptRow
        switch verdict.kind {
        case .ship where refused == nil:
            totals.shipped += 1
            row = shipped
        case .ship:
            row = held(refused.map { [$0] } ?? [])
        case .unchanged:
            totals.unchanged += 1
            row = unchanged
        case .notCompared:
            totals.unchanged += 1
            row = words.notCompared
        case .changedAfterLeft, .keyTaken, .rangeEmpty:
            row = held([finding(verdict, order, batch)])
        case .skipped:
            totals.skipped += 1
            row = words.skipped(pipeline.skipReason(of: order, in: batch) ?? "")
        case .held, .reopened:
            row = held(pipeline.findings(of: order, in: batch).filter { $0.code.stops != .nothing })
        case .elsewhere:
            totals.skipped += 1
            row = words.elsewhere
        case .dropped:
            totals.skipped += 1
            row = words.dropped
        }
        if file != nil { rows.append(row) }
    }

    /// The next order stays as it is: it was not asked for, and the receipt leaves its rows out.
    func passOver() {
        if file != nil { rows.append(nil) }
    }

    private func held(_ findings: [Finding]) -> ReceiptRow {
        totals.held += 1
        return words.held(findings)
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

    /// Writes the receipt's rows of the batch whose orders were noted.
    func write(_ batch: borrowing Batch) throws {
        guard let file else { return }
        for order in 0..<batch.orderCount {
            guard let row = rows[order] else { continue }
            let entry = batch.orders[order]
            for record in Int(entry.firstRecord)..<Int(entry.endRecord) where batch.flags[record] & Batch.blankRecord == 0 {
                if let sorted {
                    pipeline.receiptRow(batch, record: record, row, into: &sorted.line)
                    try sorted.add(batch.rowNumber(record))
                } else {
                    pipeline.receiptRow(batch, record: record, row, into: &file.out)
                }
            }
            try file.drainIfFull()
        }
        rows.removeAll(keepingCapacity: true)
    }

    /// Ends the receipt, flushed to disk.
    ///
    /// - Parameter shape: the format it is sent in; nil: CSV.
    func finish(_ name: String, as shape: ReceiptShape?) throws -> DocumentIntent? {
        guard let file else { return nil }
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
