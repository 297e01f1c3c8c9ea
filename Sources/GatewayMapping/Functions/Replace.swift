@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let replace = MappingFunction(
        name: "replace", usage: "replace TEXT TEXT",
        summary: "Puts the second text in the place of every occurrence of the first. \"\" takes it out.",
        examples: [
            .init("replace / -", of: "TC/123/26", gives: "TC-123-26"),
            .init("replace \" \" \"\"", of: "K2P 2L8", gives: "K2P2L8"),
        ],
        compile: { arguments throws(Finding) in
            let old = try arguments.text()
            let new = try arguments.anyText()
            return .kernel(Room(perByte: 1 + new.count)) { context in
                let bytes = context.bytes
                guard bytes.contains(old[0]) else { return }
                context.write { out in
                    var at = 0
                    var n = 0
                    while at < bytes.count {
                        if starts(UnsafeRawBufferPointer(rebasing: bytes[at...]), with: old) {
                            for byte in new {
                                out[n] = byte
                                n += 1
                            }
                            at += old.count
                        } else {
                            out[n] = bytes[at]
                            n += 1
                            at += 1
                        }
                    }
                    return n
                }
            }
        })
}
