@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let phone = MappingFunction(
        name: "phone", usage: "phone [COUNTRY]",
        summary: """
            Reads a telephone number and writes it as + and digits (E.164), by the order's consignee.country, or by COUNTRY: a column, a field \
            or two letters such as TR. Blanks, brackets, dots, hyphens and a leading apostrophe are taken off. What cannot be a number of that \
            country is refused. Where the country is not known and no code is given, the digits stay as they are.
            """,
        examples: [
            .init("phone TR", of: "0532 123 45 67", gives: "+905321234567"),
            .init("phone TR", of: "'+90 (532) 123-45-67", gives: "+905321234567"),
            .init("phone TR", of: "905321234567", gives: "+905321234567"),
            .init("phone TR", of: "0212 293 10 00", gives: "+902122931000"),
            .init("phone TR", of: "0032 2 555 12 12", gives: "+3225551212"),
            .init("phone GB", of: "(+44)7911 123456", gives: "+447911123456"),
            .init("phone GB", of: "+44 (0)20 7946 0018", gives: "+442079460018"),
            .init("phone BD", of: "+88001795123456", gives: "+8801795123456"),
            .init("phone US", of: "(555) 123-4567", gives: "+15551234567"),
            .init("phone Country", of: "030 901820", with: ["Country": "DE"], gives: "+4930901820"),
            .init("phone Country", of: "0532 123 45 67", with: ["Country": ""], gives: "05321234567"),
            .init("phone TR", of: "12345", refuses: .mappingPhoneUnreadable),
            .init("phone TR", of: "0000000000", refuses: .mappingPhoneUnreadable),
            .init("phone TR", of: "yok", refuses: .mappingPhoneUnreadable),
            .init("phone TR", of: "5.32123E+09", refuses: .mappingPhoneUnreadable),
            .init("phone TR", of: "0932 123 45 67", refuses: .mappingPhoneUnreadable),
        ],
        compile: { arguments throws(Finding) in
            let side = arguments.isAtEnd ? arguments.implied("consignee.country") : try arguments.source(isLiteral: Countries.isCode)
            return .kernel(sides: [side]) { Phones.normalise(&$0) }
        })

    static let national = MappingFunction(
        name: "national", usage: "national COUNTRY",
        summary:
            "Writes a number such as +905321234567 without its country's code, for a carrier that takes numbers of one country only. A number of another country is refused.",
        examples: [
            .init("national TR", of: "+905321234567", gives: "5321234567"),
            .init("national TR", of: "+4930901820", refuses: .mappingPhoneCountry),
            .init("national TR", of: "05321234567", refuses: .mappingPhoneCountry),
        ],
        compile: { arguments throws(Finding) in
            let country = try arguments.kind().text
            guard let plan = Phones.plan(country) else { throw arguments.misfit() }
            let head = [0x2B] + plan.code
            return .kernel(words: ["country": country]) { context in
                let bytes = context.bytes
                let count = bytes.count - head.count
                guard starts(bytes, with: head), count >= plan.shortest, count <= plan.longest else { return context.refuse(.phoneCountry) }
                context.keep(from: head.count, count: count)
            }
        })
}
