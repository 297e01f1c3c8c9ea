@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let join = MappingFunction(
        name: "join", usage: "join TEXT SOURCE ...",
        summary:
            "Puts the values of other sources behind this one, with TEXT between. Absent ones are left out, and so is the TEXT before them.",
        examples: [
            .init(
                "join \", \" District City", of: "Atatürk Cad. 5", with: ["District": "Kadıköy", "City": "İstanbul"],
                gives: "Atatürk Cad. 5, Kadıköy, İstanbul"),
            .init("join - Code", of: "", with: ["Code": "A1"], gives: "A1"),
            .init("join - Code", of: "DG", with: ["Code": ""], gives: "DG"),
        ],
        compile: { arguments throws(Finding) in
            let between = try arguments.anyText()
            var sides = [try arguments.source()]
            while !arguments.isAtEnd { sides.append(try arguments.source()) }
            return .kernel(Room(fixed: 64 + between.count), sides: sides, takesEmpty: true) { context in
                let (first, second) = (context.bytes, context.sideBytes)
                if second.isEmpty { return }
                if first.isEmpty {
                    context.value = context.side
                    return
                }
                // A constant in front has no place; the finding should name the cell.
                if context.value.column == 0 { (context.value.column, context.value.row) = (context.side.column, context.side.row) }
                context.write { out in
                    var n = copy(first, 0..<first.count, to: out, at: 0)
                    for byte in between {
                        out[n] = byte
                        n += 1
                    }
                    return n + copy(second, 0..<second.count, to: out, at: n)
                }
            }
        })
}
