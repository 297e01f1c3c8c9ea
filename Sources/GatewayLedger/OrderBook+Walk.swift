#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Finding known orders.
extension OrderBook {
    /// Goes to the row of a reference. False: it is not there.
    ///
    /// Known orders mostly come in the order in which the table holds them: the next row is at hand where a search from the
    /// table's root would take ten times as long.
    func walk(to reference: UnsafeRawBufferPointer) throws -> Bool {
        guard let start = reference.baseAddress else { return false }
        var steps = 0
        while walks, steps < 4 {
            let there = walkOrders.bytes(9)
            let order = there.baseAddress.map { memcmp($0, start, min(there.count, reference.count)) } ?? 0
            let difference = order != 0 ? Int(order) : there.count - reference.count
            if difference == 0 { return true }
            // Further on already: orders that are not there, or that come in no order.
            if difference > 0 { break }
            walks = try walkOrders.step()
            steps += 1
        }
        walkOrders.reset()
        walkOrders.bind(2, text: start, reference.count)
        walks = try walkOrders.step()
        return walks && Self.areSame(walkOrders.bytes(9), reference)
    }

    /// Ends it before something is written, and with the transaction: it holds a view of the database.
    func endWalk() {
        walkOrders.reset()
        walks = false
    }
}
