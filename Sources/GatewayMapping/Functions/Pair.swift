@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let pair = MappingFunction(
        name: "pair", usage: "pair KEY TEXT TEXT",
        summary:
            "Out of pairs in one cell, such as `id:7|method_id:flat_rate`, the value of KEY; the first TEXT stands between pairs, the second between key and value.",
        examples: [
            .init("pair method_id \"|\" \":\"", of: "id:7|method_id:flat_rate|total:5.00", gives: "flat_rate"),
            .init("pair method_id \"|\" \":\"", of: "id:7", gives: ""),
        ],
        compile: { arguments throws(Finding) in
            let key = try arguments.text()
            let between = try arguments.text()
            let colon = try arguments.text()
            let marker = key + colon
            return .kernel { context in
                let bytes = context.bytes
                var start = 0
                while start <= bytes.count {
                    let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
                    let end = place(of: between, in: rest, isLast: false).map { start + $0 } ?? bytes.count
                    let part = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                    if starts(part, with: marker) {
                        context.keep(from: start + marker.count, count: part.count - marker.count)
                        context.value = Interpreter.trim(context.value, context.base)
                        return
                    }
                    if end == bytes.count { break }
                    start = end + between.count
                }
                context.drop()
            }
        })
}
