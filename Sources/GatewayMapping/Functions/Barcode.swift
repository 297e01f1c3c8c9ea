@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let barcode = MappingFunction(
        name: "barcode",
        summary: """
            Reads a GTIN (EAN, UPC) of 8, 12, 13 or 14 digits and tests its check digit. One leading zero that a spreadsheet took off is put back \
            where the check digit proves it, a trailing .0 is taken off; both are said. Anything else is refused. For columns that hold other \
            article codes too, use identifier. Source: GS1 General Specifications, check digit calculations.
            """,
        examples: [
            .init("barcode", of: "2750365698456", gives: "2750365698456"),
            .init("barcode", of: "036000291452", gives: "036000291452"),
            .init("barcode", of: "36000291452", repairs: "036000291452"),
            .init("barcode", of: "1234565", repairs: "01234565"),
            .init("barcode", of: "2750365698456.0", repairs: "2750365698456"),
            .init("barcode", of: "2750365698457", refuses: .mappingBarcodeUnreadable),
            .init("barcode", of: "2.75037E+12", refuses: .mappingBarcodeUnreadable),
            .init("barcode", of: "275036569", refuses: .mappingBarcodeUnreadable),
            .init("barcode", of: "MUG-1", refuses: .mappingBarcodeUnreadable),
        ],
        compile: { _ in
            .kernel { context in
                let bytes = context.bytes
                let digits = bytes.count - (hasPointZero(bytes) ? 2 : 0)
                // From the last digit: 1, 3, 1, 3 …; a zero in front adds nothing.
                var sum = 0
                for n in 0..<digits {
                    guard isDigit(bytes[n]) else { return context.refuse(.barcode) }
                    sum += Int(bytes[n] - 0x30) * ((digits - n).isMultiple(of: 2) ? 3 : 1)
                }
                let isMissing = digits == 7 || digits == 11
                guard sum.isMultiple(of: 10), isMissing || [8, 12, 13, 14].contains(digits) else { return context.refuse(.barcode) }
                guard isMissing || digits < bytes.count else { return }
                context.write { out in
                    let start = isMissing ? 1 : 0
                    if isMissing { out[0] = 0x30 }
                    for n in 0..<digits { out[start + n] = bytes[n] }
                    return start + digits
                }
                context.refuse(.repaired)
            }
        })

    static let identifier = MappingFunction(
        name: "identifier",
        summary: """
            Reads a number or code that names something: a package, an article. A trailing .0 of a whole number of six digits or more, which \
            programs that read tables as numbers leave, is taken off, and that is said. A rounded number (1.23E+12) and a spreadsheet's error \
            value (#N/A) are refused. Anything else stays as it is.
            """,
        examples: [
            .init("identifier", of: "8690000000001", gives: "8690000000001"),
            .init("identifier", of: "8690000000001.0", repairs: "8690000000001"),
            .init("identifier", of: "MUG-1.0", gives: "MUG-1.0"),
            .init("identifier", of: "42.0", gives: "42.0"),
            .init("identifier", of: "0012", gives: "0012"),
            .init("identifier", of: "8.69E+12", refuses: .mappingSpreadsheetDamage),
            .init("identifier", of: "8,69E+12", refuses: .mappingSpreadsheetDamage),
            .init("identifier", of: "#N/A", refuses: .mappingSpreadsheetDamage),
        ],
        compile: { _ in
            .kernel { context in
                let bytes = context.bytes
                if SpreadsheetErrors.contain(bytes) || isRounded(bytes) { return context.refuse(.damaged) }
                guard hasPointZero(bytes), bytes.count >= 8, bytes[..<(bytes.count - 2)].allSatisfy(isDigit) else { return }
                context.keep(from: 0, count: bytes.count - 2)
                context.refuse(.repaired)
            }
        })
}

private func hasPointZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count > 2 && bytes[bytes.count - 2] == 0x2E && bytes[bytes.count - 1] == 0x30
}

/// Digits, a decimal mark and digits, `E+` and digits.
private func isRounded(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count > 4, isDigit(bytes[0]), let exponent = bytes.firstIndex(where: { $0 | 0x20 == 0x65 }), exponent + 2 < bytes.count,
        bytes[exponent + 1] == 0x2B
    else { return false }
    return bytes[(exponent + 2)...].allSatisfy(isDigit) && bytes[..<exponent].allSatisfy { isDigit($0) || $0 == 0x2E || $0 == 0x2C }
}
