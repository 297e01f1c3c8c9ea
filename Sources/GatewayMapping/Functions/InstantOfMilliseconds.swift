@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let instantOfMilliseconds = MappingFunction(
        name: "instant of milliseconds",
        summary:
            "Reads a time as programs count it, in milliseconds since 1970 (UTC), and writes it as 2026-11-24T09:30:00Z; what is below a second goes.",
        examples: [
            .init("instant of milliseconds", of: "1762253333685", gives: "2025-11-04T10:48:53Z"),
            .init("instant of milliseconds", of: "0", gives: "1970-01-01T00:00:00Z"),
            .init("instant of milliseconds", of: "1.7E12", refuses: .mappingDateUnreadable),
            .init("instant of milliseconds", of: "2026-11-24", refuses: .mappingDateUnreadable),
            .init("instant of milliseconds", of: "9999999999999999", refuses: .mappingDateUnreadable),
        ],
        compile: { _ in
            .kernel(words: ["format": "milliseconds since 1970 such as 1762253333685"]) { context in
                var count = 0
                // Up to the year 5138.
                guard context.bytes.count <= 15, context.bytes.allSatisfy(isDigit), !context.bytes.isEmpty else {
                    return context.refuse(.date)
                }
                for byte in context.bytes { count = count * 10 + Int(byte - 0x30) }
                guard count < 100_000_000_000_000 else { return context.refuse(.date) }
                let instant = Instant(utc: count / 1000)
                context.write { instant.write(to: $0) }
            }
        })
}
