@_spi(HotPath) import GatewayCore

/// A file's way through a pipeline without a ledger: every order that may ship is written, with fixed draws. For `convert`, `preview` and examples.
package struct Conversion: ~Copyable {
    private let pipeline: Pipeline
    private let draws: SampleDraws
    private var documents = 0
    private var ordersInDocument = 0
    /// What ``run(flush:_:)`` wrote and was not yet taken; secrets as marks.
    package var out = Output()
    package private(set) var totals = Arrival.Totals()

    package init(_ pipeline: Pipeline, _ draws: SampleDraws) {
        self.pipeline = pipeline
        self.draws = draws
    }

    /// Reads to the end.
    ///
    /// - Parameters:
    ///   - flush: called when a batch is written; may take ``out`` and rewind it.
    ///   - order: called for each order with what holds it, when something does: a finding of the channel's mapping or of the carrier's.
    package mutating func run(
        flush: (inout Output) throws(Finding) -> Void = { (_) throws(Finding) in },
        _ order: (_ order: Int, _ batch: borrowing Batch, _ finding: Finding?) -> Void
    ) throws(Finding) {
        var written = Output()
        swap(&written, &out)
        var batch = pipeline.makeBatch()
        while try pipeline.read(&batch) {
            pipeline.indexFindings(batch)
            take(&batch, into: &written, order)
            try flush(&written)
        }
        end(into: &written)
        try flush(&written)
        swap(&written, &out)
    }

    /// Writes the orders of a batch whose findings were indexed.
    package mutating func take(
        _ batch: inout Batch, into out: inout Output, _ order: (_ order: Int, _ batch: borrowing Batch, _ finding: Finding?) -> Void
    ) {
        for index in 0..<batch.orderCount {
            let finding = write(index, &batch, &out)
            count(batch.orders[index].fate, finding)
            order(index, batch, finding)
        }
    }

    /// Ends the last document.
    package mutating func end(into out: inout Output) {
        if ordersInDocument > 0 { pipeline.endDocument(into: &out) }
        ordersInDocument = 0
    }

    private mutating func write(_ index: Int, _ batch: inout Batch, _ out: inout Output) -> Finding? {
        guard pipeline.carrierName != nil else {
            pipeline.orderJSON(index, of: &batch, into: &out)
            return pipeline.finding(of: index, in: batch)
        }
        switch batch.orders[index].fate {
        case .ship: break
        case .skip: return nil
        case .hold: return pipeline.finding(of: index, in: batch)
        }
        let before = out.count
        if ordersInDocument == 0 {
            pipeline.beginDocument(time: draws.time, number: documents + 1, reference: draws.reference, into: &out)
        }
        if let finding = pipeline.write(order: index, of: &batch, sequence: 1, number: draws.number, into: &out) {
            if ordersInDocument == 0 { out.rewind(to: before) }
            return finding
        }
        if ordersInDocument == 0 { documents += 1 }
        ordersInDocument += 1
        if ordersInDocument == pipeline.ordersPerDocument {
            pipeline.endDocument(into: &out)
            ordersInDocument = 0
        }
        return nil
    }

    private mutating func count(_ fate: Fate, _ finding: Finding?) {
        totals.orders += 1
        switch fate {
        case .hold: totals.held += 1
        case .skip: totals.skipped += 1
        case .ship: if finding == nil { totals.shipped += 1 } else { totals.held += 1 }
        }
    }
}
