@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let postcode = MappingFunction(
        name: "postcode", usage: "postcode [COUNTRY]",
        summary: """
            Reads a postcode by the order's consignee.country, or by COUNTRY: a column, a field or two letters such as TR. Where a country's \
            postcodes all have the same number of digits, one leading zero that a spreadsheet took off is put back, and that is said; a trailing \
            .0 is taken off. What has other digits is refused. Signs or zeros alone mean that there is none. Postcodes of other countries stay \
            as they are.
            """,
        examples: [
            .init("postcode TR", of: "34710", gives: "34710"),
            .init("postcode TR", of: "1010", repairs: "01010"),
            .init("postcode DE", of: "1067", repairs: "01067"),
            .init("postcode DE", of: "10115.0", repairs: "10115"),
            .init("postcode US", of: "2138", repairs: "02138"),
            .init("postcode US", of: "021380001", gives: "021380001"),
            .init("postcode US", of: "02138-0001", gives: "02138-0001"),
            .init("postcode US", of: "2138-0001", repairs: "02138-0001"),
            .init("postcode ES", of: "8001", repairs: "08001"),
            .init("postcode FR", of: "750", refuses: .mappingPostcodeUnreadable),
            .init("postcode SE", of: "114 55", gives: "114 55"),
            .init("postcode NL", of: "1012 AB", gives: "1012 AB"),
            .init("postcode GB", of: "SW1A 1AA", gives: "SW1A 1AA"),
            .init("postcode Country", of: "1234", with: ["Country": ""], gives: "1234"),
            .init("postcode TR", of: "-", gives: ""),
            .init("postcode TR", of: "00000", gives: ""),
            .init("postcode TR", of: "3.471E+04", refuses: .mappingPostcodeUnreadable),
            .init("postcode TR", of: "yok", refuses: .mappingPostcodeUnreadable),
            .init("postcode SE", of: "1145", refuses: .mappingPostcodeUnreadable),
        ],
        compile: { arguments throws(Finding) in
            let side = arguments.isAtEnd ? arguments.implied("consignee.country") : try arguments.source(isLiteral: Countries.isCode)
            return .kernel(Room(fixed: 8), sides: [side], read)
        })

    @Sendable private static func read(_ context: inout KernelContext) {
        var bytes = context.bytes
        if bytes.allSatisfy({ $0 == 0x30 || $0 == 0x2D || $0 == 0x2E || $0 == 0x2F || $0 == 0x20 }) { return context.drop() }
        guard let plan = PostcodePlan.of(context.sideBytes) else { return }
        var isRepaired = false
        if bytes.count > 2, bytes[bytes.count - 2] == 0x2E, bytes[bytes.count - 1] == 0x30 {
            bytes = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 2)])
            isRepaired = true
        }
        // The part behind the hyphen of a US ZIP+4 is whole when it has four digits.
        var main = bytes.count
        if plan.hasTail, let hyphen = bytes.firstIndex(of: 0x2D) {
            guard bytes.count - hyphen == 5, bytes[(hyphen + 1)...].allSatisfy(isDigit) else { return context.refuse(.postcode) }
            main = hyphen
        }
        var digits = 0
        for (n, byte) in bytes[..<main].enumerated() {
            if isDigit(byte) { digits += 1 } else if byte != 0x20 || n != plan.blank { return context.refuse(.postcode) }
        }
        let isLong = plan.hasTail && main == bytes.count && digits > plan.digits
        let wanted = isLong ? plan.digits + 4 : plan.digits
        switch digits {
        case wanted: break
        // A blank shows that nobody took it for a number.
        case wanted - 1 where plan.leadingZero && digits == main && bytes[0] != 0x30: isRepaired = true
        default: return context.refuse(.postcode)
        }
        guard isRepaired else { return }
        context.write { out in
            var n = 0
            if digits < wanted {
                out[0] = 0x30
                n = 1
            }
            for byte in bytes {
                out[n] = byte
                n += 1
            }
            return n
        }
        context.refuse(.repaired)
    }
}

/// How a country's postcodes are built that are digits only, all of the same number. Source: Universal Postal Union, addressing systems by country.
private struct PostcodePlan {
    var digits: Int
    /// Some begin with a zero.
    var leadingZero: Bool
    /// Digits before a usual blank; -1: none is usual.
    var blank = -1
    /// Four more digits may follow, as in the United States.
    var hasTail = false

    static func of(_ country: UnsafeRawBufferPointer) -> PostcodePlan? {
        country.count == 2 ? plans[UInt16(asciiUpper(country[0])) << 8 | UInt16(asciiUpper(country[1]))] : nil
    }

    private static let plans: [UInt16: PostcodePlan] = {
        var all: [UInt16: PostcodePlan] = [:]
        func add(_ countries: String, _ plan: PostcodePlan) {
            for code in countries.split(separator: " ").map({ Array($0.utf8) }) { all[UInt16(code[0]) << 8 | UInt16(code[1])] = plan }
        }
        add("TR DE FR IT ES FI UA MX", PostcodePlan(digits: 5, leadingZero: true))
        add("US PR", PostcodePlan(digits: 5, leadingZero: true, hasTail: true))
        add("HR EE", PostcodePlan(digits: 5, leadingZero: false))
        add("SK", PostcodePlan(digits: 5, leadingZero: true, blank: 3))
        add("SE GR CZ", PostcodePlan(digits: 5, leadingZero: false, blank: 3))
        add("NO AU", PostcodePlan(digits: 4, leadingZero: true))
        add("AT BE CH DK HU BG SI LU", PostcodePlan(digits: 4, leadingZero: false))
        add("RO", PostcodePlan(digits: 6, leadingZero: true))
        return all
    }()
}
