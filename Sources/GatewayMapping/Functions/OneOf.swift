@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let oneOf = MappingFunction(
        name: "one of", usage: "one of WORD ...",
        summary: "Keeps the value when it is one of the words, else gives nothing. Upper and lower case make no difference.",
        examples: [
            .init("one of local_pickup pickup_location", of: "Local_Pickup", gives: "Local_Pickup"),
            .init("one of local_pickup pickup_location", of: "flat_rate", gives: ""),
        ],
        compile: { arguments throws(Finding) in
            var words: [[UInt8]] = []
            repeat { words.append(HeaderName.fold(try arguments.text())) } while !arguments.isAtEnd
            let wanted = words
            return .kernel { context in if !wanted.contains(HeaderName.fold(context.bytes)) { context.drop() } }
        })
}
