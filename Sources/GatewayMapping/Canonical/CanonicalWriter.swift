@_spi(HotPath) import GatewayCore

/// Writes orders as the canonical JSON lines of docs/ORDER.md: nested by the names' dots, absent fields left out.
package struct CanonicalWriter: ~Copyable {
    private let heads: [Member]
    private let lines: [Member]
    /// Skip reasons of the channel, as JSON strings.
    private let reasons: [[UInt8]]

    /// A field: what opens and names it.
    private struct Member {
        var slot: Int
        /// `"consignee":{`, for fields of a group.
        var group: [UInt8]
        var name: [UInt8]
        var isNumber: Bool
    }

    /// - Parameter reasons: ``ChannelMapping/skipReasons``.
    package init(reasons: [String]) {
        heads = OrderField.heads.map { Self.member($0, $0.name) }
        lines = OrderField.lines.map { Self.member($0, String($0.name.dropFirst(5))) }
        self.reasons = reasons.map { escaped($0.utf8, as: .jsonString) }
    }

    private static func member(_ field: OrderField, _ name: String) -> Member {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        let group = parts.count > 1 ? "\"\(parts[0])\":{" : ""
        return Member(
            slot: field.slot, group: Array(group.utf8), name: Array("\"\(parts[parts.count - 1])\":".utf8),
            isNumber: field.kind == .count || field.kind == .mass)
    }

    /// Writes one line with its line feed.
    package mutating func write(_ batch: borrowing Batch, _ index: Int, _ out: inout Output) {
        let entry = batch.orders[index]
        out.append(0x7B)
        write(heads, batch.heads + index * batch.headSlots, batch, &out)
        comma(&out)
        out.append("\"lines\":[".utf8)
        for line in Int(entry.firstLine)..<Int(entry.endLine) {
            comma(&out)
            out.append(0x7B)
            write(lines, batch.lines + line * batch.lineSlots, batch, &out)
            out.append(0x7D)
        }
        out.append("],\"decision\":\"".utf8)
        switch entry.fate {
        case .ship: out.append("ship\"".utf8)
        case .hold: out.append("hold\"".utf8)
        case .skip:
            out.append("skip\",\"reason\":\"".utf8)
            if reasons.indices.contains(Int(entry.reason)) { out.append(reasons[Int(entry.reason)]) }
            out.append(0x22)
        }
        out.append(",\"row\":".utf8)
        out.append(String(batch.rowNumber(Int(entry.firstRecord))).utf8)
        out.append("}\n".utf8)
    }

    private func write(_ members: [Member], _ values: UnsafeMutablePointer<Value>, _ batch: borrowing Batch, _ out: inout Output) {
        var group: [UInt8] = []
        for member in members {
            let value = values[member.slot]
            if value.count == 0 { continue }
            if member.group != group {
                if !group.isEmpty { out.append(0x7D) }
                group = member.group
                if !group.isEmpty {
                    comma(&out)
                    out.append(group)
                }
            }
            comma(&out)
            out.append(member.name)
            if member.isNumber, readWhole(batch.bytes(value)) != nil, !startsWithZero(batch.bytes(value)) {
                out.append(batch.base + Int(value.offset), Int(value.count))
            } else {
                out.append(0x22)
                out.reserve(Int(value.count) * 6 + 16)
                _ = Escaping.json(batch.base + Int(value.offset), Int(value.count), &out)
                out.append(0x22)
            }
        }
        if !group.isEmpty { out.append(0x7D) }
    }

    /// JSON numbers have no leading zeros.
    private func startsWithZero(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.count > 1 && bytes[0] == 0x30 }

    private func comma(_ out: inout Output) {
        let last = out.base.load(fromByteOffset: out.count - 1, as: UInt8.self)
        if last != 0x7B && last != 0x5B { out.append(0x2C) }
    }
}
