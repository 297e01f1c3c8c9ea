@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let trim = MappingFunction(
        name: "trim",
        summary: "Takes blanks, tabs and line ends off both ends. A cell is read without them anyway; this helps after a cut.",
        examples: [.init("trim", of: " Ada ", gives: "Ada")],
        compile: { _ in .kernel { $0.value = Interpreter.trim($0.value, $0.base) } })
}
