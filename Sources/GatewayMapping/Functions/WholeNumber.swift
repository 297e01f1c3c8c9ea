@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let wholeNumber = MappingFunction(
        name: "whole number",
        summary: "Reads a whole number from 0 on. Decimals that are zeros go; others and signs are refused.",
        examples: [
            .init("whole number", of: "2", gives: "2"),
            .init("whole number", of: "2.0", gives: "2"),
            .init("whole number", of: "007", gives: "7"),
            .init("whole number", of: "1.5", refuses: .mappingNumberNotWhole),
            .init("whole number", of: "-1", refuses: .mappingNumberNotWhole),
            .init("whole number", of: "1E3", refuses: .mappingNumberNotWhole),
        ],
        compile: { _ in
            .kernel { context in
                let bytes = context.bytes
                if bytes.count == 1 && isDigit(bytes[0]) { return }
                guard var number = DecimalText(bytes), !number.isNegative, number.shorten(to: 0) else { return context.refuse(.whole) }
                context.write { number.write(to: $0) }
            }
        })
}
