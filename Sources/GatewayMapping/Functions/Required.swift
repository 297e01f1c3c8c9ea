@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let required = MappingFunction(
        name: "required",
        summary: "Holds the order when the value is absent.",
        examples: [.init("required", of: "Ada", gives: "Ada"), .init("required", of: "", refuses: .mappingValueMissing)],
        compile: { _ in
            CompiledStep(kernel: { $0.refuse(.missing) }, room: Room(), isRequired: true)
        })
}
