@_spi(HotPath) import GatewayCore

/// The smallest CSV reader that fills a batch: commas, quotes, LF or CR LF; the first row is the header.
struct SmallReader {
    let header: Header
    private let records: [[[UInt8]]]

    init(_ text: String) {
        var records: [[[UInt8]]] = [[]]
        var field: [UInt8] = []
        var isQuoted = false
        for byte in text.utf8 {
            switch byte {
            case 0x22:
                isQuoted.toggle()
                field.append(byte)
            case 0x2C where !isQuoted:
                records[records.count - 1].append(field)
                field = []
            case 0x0D where !isQuoted: break
            case 0x0A where !isQuoted:
                records[records.count - 1].append(field)
                records.append([])
                field = []
            default: field.append(byte)
            }
        }
        if field.isEmpty && records[records.count - 1].isEmpty { records.removeLast() } else { records[records.count - 1].append(field) }
        header = Header(names: records.first?.map { String(decoding: $0, as: UTF8.self) } ?? [])
        self.records = Array(records.dropFirst())
    }

    var recordCount: Int { records.count }

    /// Puts the records of `range` into an emptied batch.
    func fill(_ batch: inout Batch, _ range: Range<Int>) {
        batch.clear()
        batch.firstRow = 2 + range.lowerBound
        for record in records[range] {
            batch.reserveRecord()
            batch.reserveEnds(max(header.names.count, record.count) + 1)
            var end = batch.windowEnd
            // A record's first end is its start less one.
            batch.ends[batch.endCount] = UInt32(end) &- 1
            batch.endCount += 1
            for field in record {
                for byte in field {
                    batch.base.storeBytes(of: byte, toByteOffset: end, as: UInt8.self)
                    end += 1
                }
                batch.base.storeBytes(of: 0x2C, toByteOffset: end, as: UInt8.self)
                batch.ends[batch.endCount] = UInt32(end)
                batch.endCount += 1
                end += 1
            }
            for n in 0..<max(0, header.names.count - record.count) {
                batch.ends[batch.endCount] = UInt32(end + n)
                batch.endCount += 1
            }
            end += max(0, header.names.count - record.count)
            batch.windowEnd = end
            let isBlank = record.count == 1 && record[0].isEmpty
            batch.flags[batch.recordCount] =
                isBlank
                ? Batch.blankRecord
                : record.count < header.names.count ? Batch.shortRecord : record.count > header.names.count ? Batch.longRecord : 0
            batch.recordCount += 1
            batch.rows[batch.recordCount] = UInt32(batch.endCount)
        }
    }
}
