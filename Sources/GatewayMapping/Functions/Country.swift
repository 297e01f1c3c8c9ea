@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let country = MappingFunction(
        name: "country",
        summary: "Reads a country's code or its name in English or Turkish and gives the two letters of ISO 3166.",
        examples: [
            .init("country", of: "tr", gives: "TR"),
            .init("country", of: "Türkiye", gives: "TR"),
            .init("country", of: "ALMANYA", gives: "DE"),
            .init("country", of: "United Kingdom", gives: "GB"),
            .init("country", of: "UK", gives: "GB"),
            .init("country", of: "DEU", refuses: .mappingCountryUnknown),
            .init("country", of: "Atlantis", refuses: .mappingCountryUnknown),
        ],
        compile: { _ in
            let valid = Countries.valid
            return .kernel { context in
                let bytes = context.bytes
                if bytes.count == 2, isLetter(bytes[0]), isLetter(bytes[1]) {
                    let (first, second) = (asciiUpper(bytes[0]), asciiUpper(bytes[1]))
                    if valid[Int(first - 0x41) * 26 + Int(second - 0x41)] {
                        if bytes[0] == first && bytes[1] == second { return }
                        return context.write { out in
                            out[0] = first
                            out[1] = second
                            return 2
                        }
                    }
                }
                guard let code = Countries.code(ofName: bytes) else { return context.refuse(.country) }
                context.set(code.utf8)
            }
        })

    static let countryName = MappingFunction(
        name: "country name", usage: "country name [tr]",
        summary: "Writes the two letters of a country as its name in English, or in Turkish with tr.",
        examples: [
            .init("country name", of: "DE", gives: "Germany"), .init("country name tr", of: "DE", gives: "Almanya"),
            .init("country name", of: "XX", refuses: .mappingCountryUnknown),
        ],
        compile: { arguments in
            let isTurkish = arguments.has("tr")
            return .kernel(Room(fixed: 128)) { context in
                guard let name = Countries.name(of: context.bytes, isTurkish: isTurkish) else { return context.refuse(.country) }
                context.set(name.utf8)
            }
        })
}
