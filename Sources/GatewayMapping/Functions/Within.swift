@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let within = MappingFunction(
        name: "within", usage: "within PARENT TABLE [THROUGH]",
        summary: """
            Tests that a place belongs to another one, as an ilçe to its il: a row of mappings/tables/TABLE.csv must have PARENT's value in its \
            first column and this value in its second, which is given as the table writes it. With THROUGH, PARENT is first looked up there and the second column taken, as other names \
            of an il and its number. Case and Turkish dots do not matter. What is not there is refused, with the nearest place that is. Where \
            there is no PARENT, the value stays as it is.
            """,
        examples: [
            .init("within City towns", of: "Kadıköy", with: ["City": "İstanbul"], gives: "Kadıköy"),
            .init("within City towns", of: "KADIKÖY", with: ["City": "ISTANBUL"], gives: "Kadıköy"),
            .init("within City towns", of: "Kadiköy", with: ["City": "istanbul"], gives: "Kadıköy"),
            .init("within City towns", of: "Kadköy", with: ["City": "İstanbul"], refuses: .mappingPlaceUnknown),
            .init("within City towns", of: "Kadıköy", with: ["City": "Ankara"], refuses: .mappingPlaceUnknown),
            .init("within City towns", of: "Kadıköy", with: ["City": ""], gives: "Kadıköy"),
            .init("within City towns cities", of: "Şile", with: ["City": "TR-34"], gives: "Şile"),
        ],
        compile: { arguments throws(Finding) in
            let side = try arguments.source()
            let table = try arguments.table()
            let through = arguments.isAtEnd ? nil : try arguments.table()
            let places = PlaceIndex(table)
            return .kernel(Room(fixed: 64 + places.longest), sides: [side], words: ["table": table.name]) { context in
                let parent = context.sideBytes
                if parent.isEmpty { return }
                var key = HeaderName.fold(parent)
                if let through, let row = through.row(parent) { key = HeaderName.fold((through.rows[row].dropFirst().first ?? "").utf8) }
                let place = HeaderName.fold(context.bytes)
                if let name = places.index[key]?[place] {
                    if !context.bytes.elementsEqual(name) { context.set(name) }
                    return
                }
                let nearest = places.names[key].flatMap { HeaderName.nearest(to: String(decoding: place, as: UTF8.self), among: $0) } ?? ""
                context.set(nearest.utf8)
                context.refuse(.place)
            }
        })
}

/// The places of a table by what they belong to, folded; and as the table writes them.
private struct PlaceIndex: Sendable {
    var index: [[UInt8]: [[UInt8]: [UInt8]]] = [:]
    var names: [[UInt8]: [String]] = [:]
    var longest = 0

    init(_ table: CodeTable) {
        for row in table.rows where row.count > 1 {
            let key = HeaderName.fold(row[0].utf8)
            index[key, default: [:]][HeaderName.fold(row[1].utf8)] = Array(row[1].utf8)
            names[key, default: []].append(row[1])
            longest = max(longest, row[1].utf8.count)
        }
    }
}
