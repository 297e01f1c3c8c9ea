@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let keep = MappingFunction(
        name: "keep", usage: "keep KIND ... (letters, digits, blanks, or the characters themselves)",
        summary:
            "Keeps only characters of the given kinds: letters (of every script), digits, blanks, or the characters that are written out.",
        examples: [
            .init("keep letters digits \"-_\"", of: "TC-123/26 #é", gives: "TC-12326é"),
            .init("keep digits .", of: "1.250 TL", gives: "1.250"),
        ],
        compile: { arguments throws(Finding) in
            var kept = [Bool](repeating: false, count: 128)
            var others: Set<UInt32> = []
            var allLetters = false
            repeat {
                let kind = try arguments.kind()
                switch kind.isQuoted ? "" : kind.text {
                case "letters":
                    allLetters = true
                    for byte in 0..<128 where isLetter(UInt8(byte)) { kept[byte] = true }
                case "digits": for byte in 0x30...0x39 { kept[byte] = true }
                case "blanks": kept[0x20] = true
                default:
                    for scalar in kind.text.unicodeScalars {
                        if scalar.value < 128 { kept[Int(scalar.value)] = true } else { others.insert(scalar.value) }
                    }
                }
            } while !arguments.isAtEnd
            let (letters, ascii, written) = (allLetters, kept, others)
            return .kernel { context in
                let bytes = context.bytes
                var high: UInt8 = 0
                for byte in bytes { high |= byte }
                if high < 0x80 { return keepBytes(&context) { ascii[Int($0)] } }
                context.write { out in
                    var n = 0
                    forEachScalar(bytes) { scalar, range in
                        let fits = scalar < 128 ? ascii[Int(scalar)] : written.contains(scalar) || (letters && isLetterScalar(scalar))
                        if fits { n += copy(bytes, range, to: out, at: n) }
                    }
                    return n
                }
            }
        })
}
