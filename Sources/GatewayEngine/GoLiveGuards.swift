@_spi(HotPath) import GatewayCore
import GatewayProfiles

/// What a flow holds on its first days: orders that are old, and after a restore those that the ledger does not know.
enum GoLiveGuards {
    /// Holds orders that were placed longer ago than the flow lets through; one without a date counts as old.
    static func holdOld(
        _ batch: inout Batch, _ flow: FlowSettings, file: String, now: Int64, isReleased: (String) -> Bool
    ) {
        guard let limit = flow.guards.olderThan else { return }
        hold(&batch, isReleased) { order, reference, batch in
            let created = batch.heads[order * batch.headSlots + OrderField.createdSlot]
            // Without a date nobody knows how old it is.
            guard Instant.milliseconds(batch.bytes(created)).map({ $0 < now - limit }) ?? true else { return nil }
            let row = batch.rowNumber(Int(batch.orders[order].firstRecord))
            return Finding(
                .guardOrderOld, at: .row(row, file: file), found: created.isEmpty ? nil : .plain(batch.text(created)),
                ["limit": .plain(Instant.span(limit)), "reference": .plain(reference)])
        }
    }

    /// Holds every order: the ledger was restored, and what it does not know may have left.
    static func holdUnknown(_ batch: inout Batch, file: String, isReleased: (String) -> Bool) {
        hold(&batch, isReleased) { order, reference, batch in
            let row = batch.rowNumber(Int(batch.orders[order].firstRecord))
            return Finding(.guardLedgerOlder, at: .row(row, file: file), ["reference": .plain(reference)])
        }
    }

    private static func hold(
        _ batch: inout Batch, _ isReleased: (String) -> Bool, because finding: (Int, String, borrowing Batch) -> Finding?
    ) {
        for order in 0..<batch.orderCount where batch.orders[order].fate == .ship {
            let reference = batch.text(batch.heads[order * batch.headSlots + OrderField.referenceSlot])
            guard !isReleased(reference), let finding = finding(order, reference, batch) else { continue }
            batch.orders[order].fate = .hold
            batch.findings.append(OrderFinding(order: order, finding))
        }
    }
}
