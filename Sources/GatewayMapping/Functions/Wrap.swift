@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let wrap = MappingFunction(
        name: "wrap", usage: "wrap WIDTH line N (or: wrap WIDTH from line N)",
        summary: """
            Lays the value out in lines of at most WIDTH characters, broken between words, and keeps the N-th line; `from line N` keeps that \
            line and all after it, so that the field table refuses what does not fit. A word longer than WIDTH is broken. For carriers whose \
            address has several short lines.
            """,
        examples: [
            .init("wrap 20 line 1", of: "Bahariye Caddesi Deneme Sokak No:12", gives: "Bahariye Caddesi"),
            .init("wrap 20 line 2", of: "Bahariye Caddesi Deneme Sokak No:12", gives: "Deneme Sokak No:12"),
            .init("wrap 20 line 3", of: "Bahariye Caddesi Deneme Sokak No:12", gives: ""),
            .init("wrap 10 from line 2", of: "Bahariye Caddesi Deneme", gives: "Caddesi Deneme"),
            .init("wrap 4 line 2", of: "Kadıköy", gives: "köy"),
        ],
        compile: { arguments throws(Finding) in
            let width = try arguments.number(1...100_000)
            let isRest = arguments.has("from")
            _ = try arguments.word(["line"])
            let wanted = try arguments.number(1...100)
            return .kernel { context in
                context.value = Interpreter.trim(context.value, context.base)
                let bytes = context.bytes
                var start = 0
                for _ in 1..<wanted {
                    guard start < bytes.count else { break }
                    start = lineEnd(bytes, from: start, width: width).next
                }
                guard start < bytes.count else { return context.drop() }
                let end = isRest ? bytes.count : lineEnd(bytes, from: start, width: width).end
                context.keep(from: start, count: end - start)
            }
        })
}

/// Where a line of at most `width` characters from `start` ends, and where the next one begins.
private func lineEnd(_ bytes: UnsafeRawBufferPointer, from start: Int, width: Int) -> (end: Int, next: Int) {
    let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
    let length = prefixLength(rest, characters: width)
    guard length < rest.count else { return (bytes.count, bytes.count) }
    var end = start + length
    if bytes[end] != 0x20 {
        while end > start && bytes[end - 1] != 0x20 { end -= 1 }
        if end == start { return (start + length, start + length) }
    }
    var next = end
    while end > start && bytes[end - 1] == 0x20 { end -= 1 }
    while next < bytes.count && bytes[next] == 0x20 { next += 1 }
    return (end, next)
}
