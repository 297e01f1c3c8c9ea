@_spi(HotPath) import GatewayCore
import GatewayProfiles

/// Files that end with one word for all of them: refused, or held by a guard. The word is in the ledger before its receipt is out.
extension ArrivalRun {
    func holdAll(_ content: ContentHash, _ totals: Arrival.Totals, limit: Int) throws -> ArrivalReport {
        let finding = Finding(
            .guardFileLarge, at: Place(file: arrival.name), found: .plain("\(totals.shipped)"),
            ["limit": .plain("\(limit)"), "arrival": .plain("\(arrival.id)")])
        var totals = totals
        totals.held += totals.shipped
        totals.shipped = 0
        let notice = try writeNotice(finding)
        try parts.ledger.guardArrival(
            arrival.id, content: content, totals: totals, code: finding.code.id, notice: notice, now: parts.clock.now())
        if let notice { try publish(notice) }
        try put(parts.state.archive(arrival.id))
        var report = ArrivalReport(arrival)
        report.state = .guarded
        report.totals = totals
        report.finding = finding
        report.receipt = notice.map { flow.receiptFolder + "/" + $0.name }
        return report
    }

    /// Not a file that we can read as orders: kept in `held`, its sender told why.
    func refuse(_ finding: Finding) throws -> ArrivalReport {
        var finding = finding
        if finding.place.file == nil { finding.place.file = arrival.name }
        let content = parts.state.original(arrival.id) == nil ? nil : try hashOriginal()
        let notice = try writeNotice(finding)
        try parts.ledger.refuse(
            arrival.id, content: content, code: finding.code.id, notice: notice, now: parts.clock.now())
        if let notice { try publish(notice) }
        try put(parts.state.held(arrival.id))
        var report = ArrivalReport(arrival)
        report.state = .refused
        report.finding = finding
        report.receipt = notice.map { flow.receiptFolder + "/" + $0.name }
        return report
    }

    /// A receipt of one row, on disk in `state/outgoing`; nil: the flow wants none.
    private func writeNotice(_ finding: Finding) throws -> DocumentIntent? {
        guard flow.receipts else { return nil }
        let words = ReceiptWords(language: flow.language, carrier: "")
        let notice = try RunSheet.writeNotice(
            words.refused(finding), to: parts.state.outgoing(arrival.id, "receipt"), name: receiptName)
        try flushOutgoing()
        return notice
    }

    /// Publishes a notice that the ledger knows. Gone from `state/outgoing`: it was published.
    func publish(_ notice: DocumentIntent) throws {
        var intent = ArrivalIntent(arrival: arrival.id, content: notice.content, totals: Arrival.Totals())
        intent.receipt = notice
        try Publisher(parts: parts, flow: flow).publish(intent)
        try parts.ledger.noticed(arrival.id)
    }

    /// From here on a missing file of `state/outgoing` means that it was moved out: their names are on disk before.
    func flushOutgoing() throws(Finding) {
        try FileIO.flushFolder(FileIO.folder(of: parts.state.outgoing(arrival.id, "")))
    }
}

/// Some orders of a file, run again on request: the others stay as they are.
extension ArrivalRun {
    /// Leaves only the orders in the batch that were asked for; gives their places, nil: all of them.
    func choose(_ wanted: inout LedgerBatch, _ batch: borrowing Batch) -> [Int]? {
        guard let only = options.only else { return nil }
        var places: [Int] = []
        for order in 0..<batch.orderCount where only.contains(reference(order, batch)) { places.append(order) }
        let all = wanted.orders
        wanted.orders = places.map { all[$0] }
        return places
    }

    /// The file's totals with what became of the orders that were run again; all of them were held before.
    func together(_ again: Arrival.Totals) -> Arrival.Totals {
        var totals = arrival.totals
        totals.held = max(0, totals.held - again.orders) + again.held
        totals.shipped += again.shipped
        totals.skipped += again.skipped
        totals.unchanged += again.unchanged
        return totals
    }
}

extension Verdicts {
    /// Puts the verdicts of some orders at their places among all of the batch. The rest are not looked at.
    mutating func spread(_ places: [Int], over count: Int) {
        var all = [Verdict](repeating: Verdict(.held), count: count)
        for (verdict, place) in zip(orders, places) { all[place] = verdict }
        orders = all
    }
}
