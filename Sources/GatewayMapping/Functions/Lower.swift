@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let lower = MappingFunction(
        name: "lower", usage: "lower [tr]",
        summary: "Small letters. With tr by Turkish rules: I becomes ı, İ becomes i.",
        examples: [
            .init("lower", of: "ABC-Ş1", gives: "abc-ş1"),
            .init("lower tr", of: "İSTANBUL ILICA", gives: "istanbul ılıca"),
        ],
        compile: { arguments in
            let isTurkish = arguments.has("tr")
            if isTurkish { return .kernel(Room(perByte: 2)) { changeCase(&$0, ascii: nil, Letters.lowerTurkish) } }
            return .kernel(Room(perByte: 2)) { changeCase(&$0, ascii: asciiLower, Letters.lower) }
        })
}
