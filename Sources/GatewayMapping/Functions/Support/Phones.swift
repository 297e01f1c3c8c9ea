/// Telephone numbers: the small rules needed to bring them to E.164, and to refuse what cannot be one.
///
/// Why not a library: docs/decisions/0004-phone-numbers.md. Sources: ITU-T E.164 and its list of assigned codes; national
/// plans for the lengths; for Türkiye the ten digits of the national plan (areas 2xx to 4xx, mobiles 5xx, services 8xx).
enum Phones {
    /// A country's plan: calling code, digit before national calls, shortest and longest national number.
    struct Plan: Sendable {
        var country: String
        var code: [UInt8]
        var trunk: [UInt8]
        var shortest: Int
        var longest: Int
    }

    static func plan(_ country: UnsafeRawBufferPointer) -> Plan? {
        guard country.count == 2, isLetter(country[0]), isLetter(country[1]) else { return nil }
        let index = byCountry[Int(asciiUpper(country[0]) - 0x41) * 26 + Int(asciiUpper(country[1]) - 0x41)]
        return index < 0 ? nil : plans[Int(index)]
    }
    static func plan(_ country: String) -> Plan? { Array(country.utf8).withUnsafeBytes { plan($0) } }

    /// The plan whose calling code the digits begin with; the first listed where several share one.
    private static func plan(calling digits: UnsafeBufferPointer<UInt8>) -> Plan? {
        for length in stride(from: min(3, digits.count), through: 1, by: -1) {
            var code = 0
            for n in 0..<length { code = code * 10 + Int(digits[n] - 0x30) }
            let index = byCode[length * 1000 + code]
            if index >= 0 { return plans[Int(index)] }
        }
        return nil
    }

    /// Makes the value E.164 by the country in the side value; digits only where the country is unknown and no code is given.
    static func normalise(_ context: inout KernelContext) {
        let bytes = context.bytes
        // Fast: already as it must be.
        var digits = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
        let country = plan(context.sideBytes)
        let result: Outcome = withUnsafeMutableBytes(of: &digits) { room in
            let out = room.bindMemory(to: UInt8.self)
            return normalise(bytes, country, out)
        }
        switch result {
        case .refused: context.refuse(.phone)
        case .done(let count):
            withUnsafeBytes(of: &digits) { room in context.set(room[..<count]) }
        }
    }

    private enum Outcome {
        case refused
        case done(Int)
    }

    /// `out` has 32 bytes.
    private static func normalise(_ bytes: UnsafeRawBufferPointer, _ country: Plan?, _ out: UnsafeMutableBufferPointer<UInt8>) -> Outcome {
        // One place is kept for the plus sign.
        var count = 1
        var isInternational = false
        var hasOptionalTrunk = false
        for (n, byte) in bytes.enumerated() {
            switch byte {
            case 0x30...0x39:
                if count == 22 { return .refused }
                out[count] = byte
                count += 1
            case 0x2B:
                if count > 1 { return .refused }
                isInternational = true
            case 0x28:
                // `+44 (0)20`: the zero is dialled at home only.
                if count > 1, n + 2 < bytes.count, bytes[n + 1] == 0x30, bytes[n + 2] == 0x29 { hasOptionalTrunk = true }
            // Blank, ) - . / ' and the no-break space.
            case 0x20, 0x29, 0x2D, 0x2E, 0x2F, 0x27, 0xC2, 0xA0: break
            default: return .refused
            }
        }
        var start = 1
        if !isInternational && count > 3 && out[1] == 0x30 && out[2] == 0x30 {
            isInternational = true
            start = 3
        }
        guard let base = out.baseAddress else { return .refused }
        func digits(from n: Int) -> UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base + n, count: count - n) }
        let all = digits(from: start)
        guard all.count >= 5, all.contains(where: { $0 != all[0] }) else { return .refused }
        if isInternational {
            guard let plan = plan(calling: all) else { return .refused }
            return national(plan, digits(from: start + plan.code.count), out, mayHaveTrunk: hasOptionalTrunk)
        }
        guard let country else {
            // Nobody knows the country: the digits are all that can be said.
            guard all.count >= 7, all.count <= 15 else { return .refused }
            for n in 0..<all.count { out[n] = all[n] }
            return .done(all.count)
        }
        let atHome = national(country, all, out, mayHaveTrunk: true)
        if case .done = atHome { return atHome }
        if all.starts(with: country.code) {
            return national(country, digits(from: start + country.code.count), out, mayHaveTrunk: hasOptionalTrunk)
        }
        return .refused
    }

    /// Writes `+`, the code and the national number, when the number fits the plan.
    private static func national(
        _ plan: Plan, _ number: UnsafeBufferPointer<UInt8>, _ out: UnsafeMutableBufferPointer<UInt8>, mayHaveTrunk: Bool
    ) -> Outcome {
        var start = 0
        // After a country code the digit for national calls is a slip, and shows by the length.
        if !plan.trunk.isEmpty, number.starts(with: plan.trunk), mayHaveTrunk || number.count > plan.longest || plan.trunk == [0x30] {
            start = plan.trunk.count
        }
        let count = number.count - start
        guard count >= plan.shortest, count <= plan.longest, count + plan.code.count <= 15 else { return .refused }
        let first = number[start]
        if plan.country == "TR", !(first >= 0x32 && first <= 0x35 || first == 0x38) { return .refused }
        if plan.code == [0x31], first < 0x32 { return .refused }
        // Not in place: the code may be longer than what stood before.
        var digits = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
        return withUnsafeMutableBytes(of: &digits) { room in
            room[0] = 0x2B
            var n = 1
            for digit in plan.code {
                room[n] = digit
                n += 1
            }
            for digit in number[start...] {
                room[n] = digit
                n += 1
            }
            for k in 0..<n { out[k] = room[k] }
            return .done(n)
        }
    }

    static let plans: [Plan] = PhonePlans.table.split(separator: "\n").compactMap { line in
        let parts = line.split(separator: " ").map(String.init)
        guard parts.count == 5, let shortest = Int(parts[3]), let longest = Int(parts[4]) else { return nil }
        return Plan(
            country: parts[0], code: Array(parts[1].utf8), trunk: parts[2] == "-" ? [] : Array(parts[2].utf8), shortest: shortest,
            longest: longest)
    }
    private static let byCountry: [Int16] = {
        var table = [Int16](repeating: -1, count: 26 * 26)
        for (n, plan) in plans.enumerated() { table[plan.country.utf8.reduce(0) { $0 * 26 + Int($1 - 0x41) }] = Int16(n) }
        return table
    }()
    private static let byCode: [Int16] = {
        var table = [Int16](repeating: -1, count: 4000)
        for (n, plan) in plans.enumerated() {
            let at = plan.code.count * 1000 + plan.code.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            if table[at] < 0 { table[at] = Int16(n) }
        }
        return table
    }()
}
