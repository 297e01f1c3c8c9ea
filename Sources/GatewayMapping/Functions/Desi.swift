@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let desi = MappingFunction(
        name: "desi", usage: "desi [DIVISOR]",
        summary: """
            Writes cubic millimetres (parcel.volume) as volumetric weight with three decimals, rounded up: cubic centimetres by 3000, \
            or by DIVISOR, such as 5000 abroad.
            """,
        examples: [
            .init("desi", of: "6000000", gives: "2.000"),
            .init("desi 5000", of: "6000000", gives: "1.200"),
            .init("desi", of: "1000000", gives: "0.334"),
        ],
        compile: { arguments throws(Finding) in
            let divisor = try arguments.optionalNumber(1...100_000, default: 3_000)
            return .kernel { scale(&$0, by: 1, over: divisor * 1_000, decimals: 3, isUp: true, refusal: .number) }
        })
}
