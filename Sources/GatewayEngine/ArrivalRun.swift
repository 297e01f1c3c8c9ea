@_spi(HotPath) import GatewayCore
import GatewayProfiles
import Glibc

/// One arrival, from its original in the spool to its outcome.
///
/// Every step can be made again: what can't be derived was drawn in the ledger, names and bytes follow from it. So
/// after a crash, a full disk or a release the same call ends the same.
struct ArrivalRun {
    let parts: GatewayParts
    let flow: FlowSettings
    let arrival: Arrival
    let options: RunOptions
    /// Throws when the file was changed by a writer that still had it open when it was taken.
    var verify: (() throws(Finding) -> Void)?
    /// Of the whole file, when it was hashed already.
    var knownContent: ContentHash?

    /// Everything in it counts as shipped elsewhere: the mark lies in the state, so that a start after a crash knows it too.
    private var isBaseline: Bool { FileIO.exists(parts.state.baseline(arrival.id)) }

    /// Rows of one order stand apart: the file must be grouped.
    private struct Reopened: Error {
        let pipeline: Pipeline
    }

    /// Larger batches mean fewer transactions, and more memory: three are on their way.
    private static let window = 3 << 17

    func run() throws -> ArrivalReport {
        if let notice = arrival.notice { try publish(notice) }
        if !options.isRetry, let report = try concluded() { return report }
        if arrival.state == .intended, let intent = try parts.ledger.intents(of: arrival.id) {
            return try conclude(intent)
        }
        let end: End
        // Its files have no names or were removed; what a crash left goes at the next start.
        defer { rmdir(parts.state.scratch(arrival.id)) }
        do {
            try mergeReceipt()
            let table = try layOut()
            do {
                end = try passes(table)
            } catch let finding as Finding where table == nil && finding.concernsText {
                // Only the whole of it tells another character set from a damaged byte.
                try parts.ledger.abandon(arrival.id)
                end = try passes(layOut(isSecondLook: true))
            }
        } catch let finding as Finding where finding.code.stops == .file {
            try parts.ledger.abandon(arrival.id)
            // Run again on request: what it was stays, the request failed.
            if options.isRetry { throw finding }
            return try refuse(finding)
        }
        switch end {
        case .intended(let intent, let sameAs, let totals, let remark):
            var report = try conclude(intent)
            report.remark = remark?.named(arrival.name)
            report.sameAs = sameAs
            report.totals = totals
            return report
        case .guarded(let report): return report
        }
    }

    /// How a pass over the file ends.
    private enum End {
        /// Everything is written and stored as intended; it remains to be published. With the totals of this very run, and what is to
        /// be said of the file's headings.
        case intended(ArrivalIntent, sameAs: Arrival.ID?, Arrival.Totals, remark: Finding?)
        case guarded(ArrivalReport)
    }

    /// What is left to do when its outcome was stored and what comes after failed.
    private func concluded() throws -> ArrivalReport? {
        switch arrival.state {
        case .claimed, .intended: return nil
        case .done, .guarded: try put(parts.state.archive(arrival.id))
        case .refused: try put(parts.state.held(arrival.id))
        }
        return ArrivalReport(arrival)
    }

    // MARK: One pass over the file

    /// One pass, and another over the file grouped on disk when rows of one order stand apart.
    private func passes(_ table: LaidOutDrop?) throws -> End {
        do {
            return try pass(table, grouped: nil)
        } catch let reopened as Reopened {
            try parts.ledger.abandon(arrival.id)
            let grouped = try group(reopened.pipeline)
            defer { grouped.remove() }
            return try pass(table, grouped: grouped)
        }
    }

    /// - Parameter table: the file laid out; nil: its rows are read as they are.
    private func pass(_ table: LaidOutDrop?, grouped: GroupedDrop?) throws -> End {
        let file = try table != nil && grouped == nil ? nil : open(grouped?.dataPath ?? rows())
        guard let source = file ?? table?.source(shown: arrival.name) else { throw Finding(.arrivalGone, at: Place(file: arrival.name)) }
        let pipeline = try parts.workspace.open(
            source: source, file: arrival.name, flow: flow, carrier: flow.carrier, key: parts.key, grouped: grouped, table: table,
            window: Self.window)
        if grouped == nil, let same = try sameAgain(pipeline) { return same }
        // A small file is done before another thread would have begun.
        let lane = arrival.size > Self.window ? WriterLane() : nil
        defer { lane?.end() }
        let sheet = try RunSheet(self, pipeline, isGrouped: grouped != nil, lane: lane)
        defer { sheet.stop() }
        let documents = DocumentSet(parts, pipeline, arrival: arrival.id, subject: flow.name, lane: lane)
        do {
            let holdsUnknown = try parts.ledger.isRestored()
            try begin(pipeline)
            try BatchRing().run(pipeline) { batch, _ in
                try take(&batch, pipeline, sheet, documents, holdsUnknown: holdsUnknown)
            }
            try documents.close()
        } catch {
            documents.discard()
            throw error
        }
        try requireUnchanged()
        let isOriginal = grouped == nil && table == nil && !FileIO.exists(parts.state.merged(arrival.id))
        let content = try isOriginal ? file?.content() ?? hashOriginal() : hashOriginal()
        if let limit = flow.guards.moreNewThan, !options.isReleased(nil), !isBaseline, sheet.totals.shipped > limit {
            documents.discard()
            _ = try sheet.finish(receiptName, as: nil)
            return .guarded(try holdAll(content, sheet.totals, limit: limit))
        }
        var intent = ArrivalIntent(
            arrival: arrival.id, content: content, totals: options.only == nil ? sheet.totals : together(sheet.totals))
        let shape = try receiptShape(table)
        intent.receipt = try sheet.finish(receiptName(shape), as: shape)
        intent.documents = try documents.intents()
        intent.outbox = flow.outbox
        try intend(intent)
        return .intended(intent, sameAs: nil, sheet.totals, remark: pipeline.columnsRemark)
    }

    /// From here on a missing document means that it was moved out: their names are on disk before.
    private func intend(_ intent: ArrivalIntent) throws {
        try flushOutgoing()
        try parts.ledger.intend(intent)
    }

    private func begin(_ pipeline: Pipeline) throws {
        let ledger = parts.ledger
        var settings = RunSettings(
            arrival: arrival.id,
            space: try ledger.space(merchant: flow.merchant, shop: flow.shop, mode: flow.mode),
            account: try ledger.account(carrier: flow.carrier ?? "none", account: flow.account?.name ?? "none", mode: flow.mode),
            mapping: pipeline.mappingHash, ordersPerDocument: pipeline.ordersPerDocument, range: flow.range,
            now: parts.clock.now())
        settings.isBaseline = isBaseline
        if let range = parts.workspace.settings.ranges.first(where: { $0.name == flow.range }) {
            settings.rangeNumbers = range.from...range.to
        }
        _ = try ledger.begin(settings, words: pipeline.skipReasons)
    }

    private func take(
        _ batch: inout Batch, _ pipeline: Pipeline, _ sheet: RunSheet, _ documents: DocumentSet, holdsUnknown: Bool
    ) throws {
        let ledger = parts.ledger
        if isBaseline { countHeldAsShipped(&batch) } else { holdByGuards(&batch, holdsUnknown) }
        var wanted = pipeline.ledgerBatch(&batch, words: ledger.word)
        let chosen = choose(&wanted, batch)
        var verdicts = try ledger.judge(wanted)
        if verdicts.orders.contains(where: { $0.kind == .reopened }) { throw Reopened(pipeline: pipeline) }
        pipeline.apply(verdicts, to: &batch)
        if let chosen { verdicts.spread(chosen, over: batch.orderCount) }
        var refused: [(reference: String, row: UInt32, code: String)] = []
        for order in 0..<batch.orderCount {
            if let chosen, !chosen.contains(order) {
                sheet.passOver()
                continue
            }
            let verdict = verdicts.orders[order]
            var finding: Finding?
            if verdict.kind == .ship, flow.carrier != nil {
                finding = try documents.write(order, of: &batch, verdict)
                if let finding {
                    let entry = batch.orders[order]
                    refused.append(
                        (reference(order, batch), UInt32(batch.rowNumber(Int(entry.firstRecord))), finding.code.id))
                }
            }
            sheet.note(order, of: batch, verdict, refused: finding)
        }
        if !refused.isEmpty { ledger.hold(refused) }
        try sheet.write(&batch)
    }

    /// In a baseline an order that the mapping would hold has shipped elsewhere like the others.
    private func countHeldAsShipped(_ batch: inout Batch) {
        for order in 0..<batch.orderCount where batch.orders[order].fate == .hold && !reference(order, batch).isEmpty {
            batch.orders[order].fate = .ship
            batch.findings.removeAll { $0.order == order }
        }
    }

    private func holdByGuards(_ batch: inout Batch, _ holdsUnknown: Bool) {
        if holdsUnknown {
            GoLiveGuards.holdUnknown(&batch, file: arrival.name) { options.isReleased($0) }
        } else {
            GoLiveGuards.holdOld(&batch, flow, file: arrival.name, now: parts.clock.now()) { options.isReleased($0) }
        }
    }

    func reference(_ order: Int, _ batch: borrowing Batch) -> String {
        batch.text(batch.heads[order * batch.headSlots + OrderField.referenceSlot])
    }

    // MARK: Outcomes

    private func conclude(_ intent: ArrivalIntent) throws -> ArrivalReport {
        try Publisher(parts: parts, flow: flow).publish(intent)
        parts.ledger.finish(arrival.id, now: parts.clock.now())
        try parts.ledger.flush()
        try OutboxMarker(parts: parts).note(arrival.id)
        try put(parts.state.archive(arrival.id))
        var report = ArrivalReport(arrival)
        report.state = .done
        report.totals = intent.totals
        report.documentCount = intent.documents.count
        report.documents = intent.documents.prefix(10).map { (intent.outbox ?? flow.outbox ?? "") + "/" + $0.name }
        report.receipt = intent.receipt.map { flow.receiptFolder + "/" + $0.name }
        return report
    }

    /// The same bytes as a finished file that left nothing held, under the same mapping: there is nothing to do.
    private func sameAgain(_ pipeline: Pipeline) throws -> End? {
        guard !options.isRetry, !isBaseline,
            try parts.ledger.hasFinished(flow: flow.id, mode: flow.mode, size: arrival.size)
        else { return nil }
        let content = try knownContent ?? hashOriginal()
        // Only the flow's newest file: one that came between may have changed what these orders are compared with.
        guard let earlier = try parts.ledger.finished(flow: flow.id, mode: flow.mode, content: content),
            earlier.mapping == pipeline.mappingHash,
            try parts.ledger.arrivals(flow: flow.id, limit: 2).first(where: { $0.id != arrival.id })?.id == earlier.id
        else { return nil }
        try requireUnchanged()
        try begin(pipeline)
        var totals = Arrival.Totals()
        totals.orders = earlier.totals.orders
        totals.unchanged = earlier.totals.shipped + earlier.totals.unchanged
        totals.skipped = earlier.totals.skipped
        totals.held = earlier.totals.held
        var intent = ArrivalIntent(arrival: arrival.id, content: content, totals: totals)
        if flow.receipts {
            let words = ReceiptWords(language: flow.language, carrier: "")
            intent.receipt = try RunSheet.writeNotice(
                words.sameAgain(earlier), to: parts.state.outgoing(arrival.id, "receipt"), name: receiptName)
        }
        try intend(intent)
        return .intended(intent, sameAs: earlier.id, totals, remark: nil)
    }

    var receiptName: String { receiptName(nil) }

    private func receiptName(_ shape: ReceiptShape?) -> String {
        DropName.receipt(
            of: arrival.name, arrival: arrival.id, revision: arrival.receipts + 1, fileExtension: shape?.fileExtension ?? "csv")
    }
}
