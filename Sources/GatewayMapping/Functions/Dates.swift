@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let instant = MappingFunction(
        name: "instant", usage: "instant [FORMAT] [in ZONE]",
        summary: """
            Reads a date and time, such as 2025-04-01 17:18:52 -0700, and writes it as 2025-04-01T17:18:52-07:00. FORMAT tells another order: \
            "dd/MM/yyyy HH:mm" (d, M, H, h with a, ss, SSS, XXX too); a date cell of a workbook comes as 2025-04-01 17:18:00 and is read too. Without an offset it is a time of the flow's zone, or of ZONE. A time that \
            the clocks skip is refused; of one that they repeat, the first is meant.
            """,
        examples: [
            .init("instant", of: "2025-04-01 17:18:52 -0700", gives: "2025-04-01T17:18:52-07:00"),
            .init("instant", of: "2026-11-24T09:30:00Z", gives: "2026-11-24T09:30:00Z"),
            .init("instant \"dd/MM/yyyy HH:mm\" in Europe/Istanbul", of: "01/04/2025 17:18", gives: "2025-04-01T17:18:00+03:00"),
            .init("instant \"dd.MM.yyyy HH:mm\" in Europe/Istanbul", of: "2026-11-24 13:30:00", gives: "2026-11-24T13:30:00+03:00"),
            .init("instant in Europe/Berlin", of: "2026-07-01 12:00", gives: "2026-07-01T12:00:00+02:00"),
            .init("instant in Europe/Berlin", of: "2026-12-01 12:00", gives: "2026-12-01T12:00:00+01:00"),
            .init("instant in Europe/Berlin", of: "2026-03-29 02:30", refuses: .mappingDateUnreadable),
            .init("instant in Europe/Berlin", of: "2026-10-25 02:30", gives: "2026-10-25T02:30:00+02:00"),
            .init("instant", of: "01/04/2025 17:18", refuses: .mappingDateUnreadable),
            .init("instant", of: "2025-02-29", refuses: .mappingDateUnreadable),
        ],
        compile: { arguments throws(Finding) in
            var pattern: DatePattern?
            var format = "a date and time such as 2026-11-24 09:30:00 +0300"
            if !arguments.isAtEnd, !arguments.nextIsZone {
                let text = try arguments.text()
                format = "a date such as " + String(decoding: text, as: UTF8.self)
                pattern = DatePattern(text)
                if pattern == nil { throw arguments.misfit() }
            }
            let zone = try arguments.zoneArgument()
            let reading = pattern
            return .kernel(words: ["format": format]) { context in
                if reading == nil && shopInstant(&context) { return }
                let read = reading.flatMap { Instant(context.bytes, pattern: $0) } ?? Instant(iso: context.bytes)
                guard var instant = read else { return context.refuse(.date) }
                if instant.offset == nil {
                    guard let offset = zone.offset(ofLocal: instant.civil.seconds) else { return context.refuse(.date) }
                    instant.offset = offset
                }
                context.write { instant.write(to: $0) }
            }
        })

    static let date = MappingFunction(
        name: "date", usage: "date FORMAT [in ZONE]",
        summary: """
            Writes an instant in the flow's zone, or in ZONE: date yyyy-MM-dd, date "yyyy-MM-dd'T'HH:mm:ssXXX". Letters as in instant; xx is an \
            offset without a colon.
            """,
        examples: [
            .init("date yyyy-MM-dd in Europe/Istanbul", of: "2026-11-24T22:30:00Z", gives: "2026-11-25"),
            .init("date \"dd.MM.yyyy HH:mm\" in America/New_York", of: "2026-07-01T12:00:00Z", gives: "01.07.2026 08:00"),
            .init(
                "date \"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\" in Europe/Berlin", of: "2026-11-24T09:30:00Z", gives: "2026-11-24T10:30:00.000+01:00"
            ),
            .init("date yyyy-MM-dd", of: "24.11.2026", refuses: .mappingDateUnreadable),
        ],
        compile: { arguments throws(Finding) in
            let text = try arguments.text()
            guard let pattern = DatePattern(text) else { throw arguments.misfit() }
            let zone = try arguments.zoneArgument()
            return .kernel(Room(fixed: 128 + text.count * 4), words: ["format": "a date and time such as 2026-11-24T09:30:00Z"]) {
                context in
                guard let instant = Instant(iso: context.bytes), instant.offset != nil else { return context.refuse(.date) }
                let offset = zone.offset(at: instant.seconds)
                var civil = Civil(seconds: instant.seconds + offset)
                civil.millisecond = instant.civil.millisecond
                context.write { pattern.write(civil, offset: offset, to: $0) }
            }
        })
}

/// `2025-04-01 17:18:52 -0700`, what most files have: the same bytes in another order. False when it is anything else.
private func shopInstant(_ context: inout KernelContext) -> Bool {
    let bytes = context.bytes
    guard bytes.count == 25, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x20, bytes[13] == 0x3A, bytes[16] == 0x3A, bytes[19] == 0x20,
        bytes[20] == 0x2B || bytes[20] == 0x2D
    else { return false }
    var isSound = true
    func pair(_ n: Int) -> Int {
        let (tens, ones) = (bytes[n] &- 0x30, bytes[n + 1] &- 0x30)
        if tens > 9 || ones > 9 { isSound = false }
        return Int(tens) * 10 + Int(ones)
    }
    let year = pair(0) * 100 + pair(2)
    let (month, day, hour, minute, second) = (pair(5), pair(8), pair(11), pair(14), pair(17))
    let (hours, minutes) = (pair(21), pair(23))
    // UTC takes the long way: it ends in Z.
    guard isSound, year > 0, month >= 1, month <= 12, day >= 1, day <= Civil.length(ofMonth: month, in: year), hour < 24, minute < 60,
        second < 60, hours <= 14, minutes < 60,
        hours + minutes > 0
    else { return false }
    context.write { out in
        for n in 0..<19 { out[n] = bytes[n] }
        out[10] = 0x54
        for n in 0..<3 { out[19 + n] = bytes[20 + n] }
        out[22] = 0x3A
        out[23] = bytes[23]
        out[24] = bytes[24]
        return 25
    }
    return true
}
