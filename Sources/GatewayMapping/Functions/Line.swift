@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let line = MappingFunction(
        name: "line", usage: "line N",
        summary: "Keeps the N-th line of a cell with several lines, without outer blanks.",
        examples: [.init("line 2", of: "Ring twice\nThird floor", gives: "Third floor"), .init("line 3", of: "one", gives: "")],
        compile: { arguments throws(Finding) in
            let wanted = try arguments.number(1...10_000)
            return .kernel { context in
                var number = 0
                var found: Range<Int>?
                forEachLine(context.bytes) { range in
                    number += 1
                    if number == wanted { found = range }
                }
                guard let found else { return context.drop() }
                context.keep(from: found.lowerBound, count: found.count)
                context.value = Interpreter.trim(context.value, context.base)
            }
        })
}

/// Lines by LF, CR LF or CR.
func forEachLine(_ bytes: UnsafeRawBufferPointer, _ body: (Range<Int>) -> Void) {
    var start = 0
    var at = 0
    while at < bytes.count {
        if bytes[at] == 0x0A || bytes[at] == 0x0D {
            body(start..<at)
            if bytes[at] == 0x0D, at + 1 < bytes.count, bytes[at + 1] == 0x0A { at += 1 }
            start = at + 1
        }
        at += 1
    }
    body(start..<bytes.count)
}
