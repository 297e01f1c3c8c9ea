@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let padLeft = MappingFunction(
        name: "pad left", usage: "pad left N CHARACTER",
        summary: "Puts CHARACTER before the value until it has N characters.",
        examples: [.init("pad left 5 0", of: "137", gives: "00137"), .init("pad left 2 0", of: "137", gives: "137")],
        compile: { arguments throws(Finding) in try compilePad(&arguments, isLeft: true) })

    static let padRight = MappingFunction(
        name: "pad right", usage: "pad right N CHARACTER",
        summary: "Puts CHARACTER after the value until it has N characters.",
        examples: [.init("pad right 5 .", of: "ab", gives: "ab...")],
        compile: { arguments throws(Finding) in try compilePad(&arguments, isLeft: false) })
}

private func compilePad(_ arguments: inout FunctionArguments, isLeft: Bool) throws(Finding) -> CompiledStep {
    let width = try arguments.number(1...1_000)
    let character = try arguments.text()
    guard character.count == 1 else { throw arguments.misfit() }
    return .kernel(Room(fixed: 64 + width)) { context in
        let bytes = context.bytes
        let missing = width - characterCount(bytes)
        guard missing > 0 else { return }
        context.write { out in
            let start = isLeft ? missing : 0
            for n in 0..<missing { out[isLeft ? n : bytes.count + n] = character[0] }
            for n in 0..<bytes.count { out[start + n] = bytes[n] }
            return bytes.count + missing
        }
    }
}
