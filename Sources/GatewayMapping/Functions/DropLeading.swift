@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let dropLeading = MappingFunction(
        name: "drop leading", usage: "drop leading TEXT",
        summary: "Takes TEXT off the beginning, once. Nothing happens when it is not there.",
        examples: [
            .init("drop leading '", of: "'+90 532", gives: "+90 532"),
            .init("drop leading 00", of: "0090", gives: "90"),
            .init("drop leading #", of: "1001", gives: "1001"),
        ],
        compile: { arguments throws(Finding) in
            let text = try arguments.text()
            return .kernel { context in
                if starts(context.bytes, with: text) { context.keep(from: text.count, count: context.count - text.count) }
            }
        })
}
