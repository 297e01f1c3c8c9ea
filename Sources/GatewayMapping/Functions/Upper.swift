@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let upper = MappingFunction(
        name: "upper", usage: "upper [tr]",
        summary: "Capital letters. With tr by Turkish rules: i becomes İ, ı becomes I.",
        examples: [
            .init("upper", of: "abc-ş1", gives: "ABC-Ş1"),
            .init("upper tr", of: "istanbul ılıca", gives: "İSTANBUL ILICA"),
        ],
        compile: { arguments in
            let isTurkish = arguments.has("tr")
            if isTurkish { return .kernel(Room(perByte: 2)) { changeCase(&$0, ascii: nil, Letters.upperTurkish) } }
            return .kernel(Room(perByte: 2)) { changeCase(&$0, ascii: asciiUpper, Letters.upper) }
        })
}
