@_spi(HotPath) import GatewayCore
import GatewayFormats

extension Pipeline {
    /// Holds the orders in whose rows bytes are no characters. Those that are skipped anyway stay so.
    func holdDamaged(_ batch: inout Batch) {
        var order = 0
        for cell in reader.damagedCells {
            while order < batch.orderCount, Int(batch.orders[order].endRecord) <= cell.record { order += 1 }
            guard order < batch.orderCount else { return }
            guard Int(batch.orders[order].firstRecord) <= cell.record, batch.orders[order].fate != .skip else { continue }
            batch.orders[order].fate = .hold
            let (offset, count) = batch.field(cell.record, cell.column)
            let found = String(decoding: UnsafeRawBufferPointer(start: batch.base + offset, count: count), as: UTF8.self)
            let place = Place.row(
                batch.rowNumber(cell.record), column: cell.column + 1,
                name: cell.column < header.names.count ? header.names[cell.column] : nil)
            batch.findings.append(
                OrderFinding(
                    order: order,
                    Finding(
                        .textDamaged, at: place, found: .personal(found), ["charset": .plain(table?.charset?.name ?? Charset.utf8.rawValue)]
                    )))
        }
    }
}
