@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let asNumber = MappingFunction(
        name: "as number",
        summary: "For JSON: the value stands as a number, without quotes. A value that is no number is refused.",
        examples: [
            .init("as number", of: "1.50", gives: "1.50"), .init("as number", of: "007", gives: "7"),
            .init("as number", of: "1,5", refuses: .mappingNumberUnreadable),
        ],
        compile: { _ in
            .kernel { context in
                guard let number = DecimalText(context.bytes) else { return context.refuse(.number) }
                // JSON allows no leading zeros.
                context.write { number.write(to: $0) }
            }
        })

    static let asBoolean = MappingFunction(
        name: "as boolean",
        summary: "For JSON: true or false, without quotes, out of true, yes, evet, 1, false, no, hayır, 0.",
        examples: [
            .init("as boolean", of: "Yes", gives: "true"), .init("as boolean", of: "0", gives: "false"),
            .init("as boolean", of: "maybe", refuses: .mappingBooleanUnreadable),
        ],
        compile: { _ in
            .kernel { context in
                switch String(decoding: HeaderName.fold(context.bytes), as: UTF8.self) {
                case "true", "yes", "evet", "1", "y", "e": context.set("true".utf8)
                case "false", "no", "hayir", "0", "n", "h": context.set("false".utf8)
                default: context.refuse(.boolean)
                }
            }
        })

    static let orNull = MappingFunction(
        name: "or null",
        summary: "For JSON: null when there is no value. A value that `as number` or `as boolean` did not make is written as a string.",
        examples: [.init("or null", of: "", gives: "null"), .init("or null", of: "a\"b", gives: "\"a\\\"b\"")],
        compile: { _ in
            .kernel(Room(perByte: 6), takesEmpty: true) { context in
                if context.count == 0 { return context.set("null".utf8) }
                let bytes = context.bytes
                context.write { out in
                    var quoted = Output(capacity: bytes.count * 6 + 64)
                    quoted.append(0x22)
                    quoted.reserve(bytes.count * 6)
                    if let start = bytes.baseAddress { _ = Escaping.json(start, bytes.count, &quoted) }
                    quoted.append(0x22)
                    return copy(quoted.bytes, 0..<quoted.count, to: out, at: 0)
                }
            }
        })
}
