/// Currencies of ISO 4217 and their decimals. Source: ISO 4217 list one (active codes), read 2026.
enum Currencies {
    /// Decimals + 1 by the code's letters, 0 where there is no such code.
    static let exponents: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 26 * 26 * 26)
        for (decimals, codes) in lists {
            for code in codes.split(separator: " ") {
                let at = code.utf8.reduce(0) { $0 * 26 + Int($1 - 0x41) }
                table[at] = decimals + 1
            }
        }
        return table
    }()

    /// Decimals of a currency, -1 when it is none.
    @inline(__always) static func exponent(_ code: UnsafeRawBufferPointer, _ table: [UInt8]) -> Int {
        guard code.count == 3 else { return -1 }
        var at = 0
        for byte in code {
            guard isLetter(byte) else { return -1 }
            at = at * 26 + Int(asciiUpper(byte) - 0x41)
        }
        return Int(table[at]) - 1
    }

    /// Whether `text` is a code in capitals.
    @Sendable static func isCode(_ text: String) -> Bool {
        guard text.utf8.count == 3, text.utf8.allSatisfy({ $0 &- 0x41 < 26 }) else { return false }
        return exponents[text.utf8.reduce(0) { $0 * 26 + Int($1 - 0x41) }] > 0
    }

    private static let lists: [(UInt8, String)] = [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
        (
            2,
            """
            AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK \
            DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK \
            LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON \
            RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES VED WST \
            XCD XCG YER ZAR ZMW ZWG
            """
        ),
    ]
}
