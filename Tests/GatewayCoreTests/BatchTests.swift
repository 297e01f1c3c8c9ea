@_spi(HotPath) import GatewayCore
import Testing

@Suite struct BatchTests {
    @Test func constantsStandAtTheHead() {
        let batch = Batch(pool: Array("Türkiye".utf8), window: 1024, headSlots: 2, lineSlots: 1)
        #expect(batch.text(Value(offset: 0, count: 8)) == "Türkiye")
        #expect(batch.windowEnd == batch.poolCount)
        #expect(batch.poolCount % 64 == 0)
    }

    @Test func windowGrowsAndKeepsItsBytes() {
        var batch = Batch(pool: [1, 2, 3], window: 256, headSlots: 1, lineSlots: 1)
        for n in 0..<256 {
            batch.base.storeBytes(of: UInt8(truncatingIfNeeded: n), toByteOffset: batch.windowEnd, as: UInt8.self)
            batch.windowEnd += 1
        }
        batch.growWindow(to: 1 << 20)
        #expect(batch.windowLimit - batch.poolCount == 1 << 20)
        #expect(batch.arenaEnd == batch.windowLimit + 64)
        #expect(batch.capacity >= batch.arenaEnd + 64)
        #expect(Array(batch.bytes(Value(offset: 0, count: 3))) == [1, 2, 3])
        #expect(
            Array(batch.bytes(Value(offset: UInt32(batch.poolCount), count: 256))) == (0..<256).map { UInt8(truncatingIfNeeded: $0) })
        // A smaller wish changes nothing.
        batch.growWindow(to: 10)
        #expect(batch.windowLimit - batch.poolCount == 1 << 20)
    }

    @Test func arenaGrowsAndOffsetsStayTrue() {
        var batch = Batch(pool: [], window: 256, headSlots: 1, lineSlots: 1)
        let values = (0..<500).map { n in batch.compute(Array("value \(n)".utf8), column: 3, row: 1) }
        #expect(values.enumerated().allSatisfy { batch.text($1) == "value \($0)" })
        #expect(values[7].column == 3 && values[7].row == 1)
        #expect(batch.arenaEnd + 64 <= batch.capacity)
        batch.clearOrders()
        #expect(batch.arenaEnd == batch.windowLimit + 64)
    }

    @Test func recordTablesGrow() {
        var batch = Batch(pool: [], window: 256, headSlots: 1, lineSlots: 1)
        for r in 0..<5000 {
            batch.reserveRecord()
            batch.reserveEnds(3)
            for n in 0..<3 { batch.ends[batch.endCount + n] = UInt32(r * 3 + n) }
            batch.endCount += 3
            batch.flags[r] = UInt8(r % 7)
            batch.recordCount += 1
            batch.rows[batch.recordCount] = UInt32(batch.endCount)
        }
        #expect((0..<5000).allSatisfy { batch.fieldCount($0) == 2 && batch.flags[$0] == UInt8($0 % 7) })
        #expect(batch.field(4999, 1).offset == 4999 * 3 + 2)
        #expect(batch.field(4999, 1).count == 0)
    }

    @Test func orderAndLineTablesGrow() {
        var batch = Batch(pool: [], window: 256, headSlots: 3, lineSlots: 2)
        for n in 0..<3000 {
            batch.reserveOrder()
            batch.reserveLine()
            for slot in 0..<3 { batch.heads[n * 3 + slot] = Value(offset: UInt32(n), count: UInt32(slot)) }
            for slot in 0..<2 { batch.lines[n * 2 + slot] = Value(offset: UInt32(slot), count: UInt32(n)) }
            var order = OrderEntry()
            order.firstRecord = UInt32(n)
            batch.orders[n] = order
            var line = LineEntry()
            line.quantity = UInt32(n)
            batch.lineEntries[n] = line
            batch.orderCount += 1
            batch.lineCount += 1
        }
        #expect(
            (0..<3000).allSatisfy {
                batch.heads[$0 * 3 + 2] == Value(offset: UInt32($0), count: 2) && batch.lines[$0 * 2 + 1].count == UInt32($0)
                    && batch.orders[$0].firstRecord == UInt32($0) && batch.lineEntries[$0].quantity == UInt32($0)
            })
    }

    @Test func rowsAreCountedAsASpreadsheetDoes() {
        var batch = Batch(pool: [], window: 256, headSlots: 1, lineSlots: 1)
        #expect(batch.rowNumber(0) == 2)
        batch.firstRow = 501
        #expect(batch.rowNumber(3) == 504)
        batch.rowNumbers = [9, 3, 77]
        #expect(batch.rowNumber(2) == 77)
        batch.clear()
        #expect(batch.rowNumber(2) == 503)
    }
}

@Suite struct OutputTests {
    @Test func growsAndRewinds() {
        var out = Output(capacity: 1)
        for n in 0..<1000 { out.append("\(n),") }
        #expect(out.string == (0..<1000).map { "\($0)," }.joined())
        #expect(out.capacity >= out.count + 64)
        let mark = out.count
        out.append([UInt8](repeating: 65, count: 100_000))
        #expect(out.count == mark + 100_000)
        out.rewind(to: mark)
        out.append(UInt8(ascii: "."))
        #expect(out.string.hasSuffix("998,999,."))
    }
}
