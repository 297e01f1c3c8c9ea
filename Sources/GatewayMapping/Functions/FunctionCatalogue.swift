@_spi(HotPath) import GatewayCore

/// Every function of the mapping language, by name.
package enum FunctionCatalogue {
    package static let all: [MappingFunction] = [
        .after,
        .asBoolean,
        .asNumber,
        .atLeast,
        .barcode,
        .before,
        .butLast,
        .centimetres,
        .checkDigit,
        .country,
        .countryName,
        .cubicMetres,
        .currency,
        .cut,
        .cutAtWord,
        .date,
        .decagrams,
        .decimal,
        .decimalComma,
        .decimalEither,
        .decimalPoint,
        .decimalTurkish,
        .desi,
        .digits,
        .dropLeading,
        .dropTextMark,
        .dropTrailing,
        .grams,
        .halfWidth,
        .hsCodeDotted,
        .htmlText,
        .identifier,
        .inches,
        .instant,
        .instantOfMilliseconds,
        .join,
        .keep,
        .kilograms,
        .length,
        .less,
        .line,
        .lower,
        .mass,
        .metres,
        .minorUnits,
        .money,
        .national,
        .oneLine,
        .oneOf,
        .orNull,
        .ounces,
        .padLeft,
        .padRight,
        .pair,
        .part,
        .phone,
        .postcode,
        .pounds,
        .prefix,
        .replace,
        .required,
        .round,
        .roundUp,
        .slug,
        .strip,
        .suffix,
        .translate,
        .transliterate,
        .trim,
        .unlessZero,
        .upper,
        .valueOf,
        .wholeNumber,
        .within,
        .wrap,
        .writeDecimalComma,
    ]

    private static let index = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    static func named(_ name: String) -> MappingFunction? { index[name] }
    static var names: [String] { all.map(\.name) + ["only when"] }

    /// The functions as Markdown, for docs/MAPPING.md.
    package static func manual() -> String {
        var out = ""
        for function in all {
            out += "### `\(function.usage)`\n\n\(function.summary)\n\n"
            if !function.examples.isEmpty {
                out += "| step | value | gives |\n| --- | --- | --- |\n"
                for example in function.examples {
                    let columns = example.columns.sorted { $0.key < $1.key }.map { " (\($0.key): \(cell($0.value)))" }.joined()
                    let result =
                        example.result.map { cell($0) + (example.isRepair ? ", and says it" : "") }
                        ?? "refused: `\(example.refusal?.id ?? "")`"
                    out += "| \(cell(example.call)) | \(cell(example.value))\(columns) | \(result) |\n"
                }
                out += "\n"
            }
        }
        return out
    }

    private static func cell(_ text: String) -> String {
        if text.isEmpty { return "nothing" }
        var shown = ""
        for scalar in Finding.visible(text).unicodeScalars { shown += scalar == "|" ? "\\|" : String(scalar) }
        return "`\(shown)`"
    }
}
