@_spi(HotPath) import GatewayCore

/// What a carrier says of one field of its request: a row of the field table.
struct FieldLimit: Sendable {
    enum Kind: Sendable {
        case text, digits, integer, date
        /// Digits in all, digits after the point.
        case decimal(Int, Int)
    }
    enum PastLimit: String, Sendable, CaseIterable {
        case refuse, cut
        case cutAtWord = "cut at word"
        case transliterate
    }
    enum Allowed: Sendable {
        case any, ascii, latin1
        case values([String])
    }
    /// Names from the end of the path: `PieceDetail/BarcodeNumber`.
    var field: [String]
    var kind = Kind.text
    var kindText = "text"
    /// Characters, or bytes; nil: any number.
    var max: Int?
    var countsBytes = false
    var isRequired = false
    var pastLimit = PastLimit.refuse
    var allowed = Allowed.any
    var allowedText = ""
    /// The carrier's own error code.
    var code = ""
    var place: Place

    /// ` [935]`: the carrier's own code, for findings of every language.
    var codeText: String { code.isEmpty ? "" : " [\(code)]" }

    /// Arguments of its findings.
    func words(path: String) -> [String: String] {
        [
            "path": path, "code": codeText, "max": max.map(String.init) ?? "", "type": kindText, "allowed": allowedText,
            "set": allowedText.isEmpty ? "ASCII" : allowedText,
        ]
    }
}

/// A carrier's field table.
struct FieldTable: Sendable {
    private(set) var limits: [FieldLimit] = []

    static let columns = ["field", "type", "max", "required", "past the limit", "allowed", "code", "note"]

    /// Reads rows, the header first. Problems go to the report.
    init(_ rows: [[SourceText]], report: inout LintReport) {
        guard let header = rows.first else { return }
        var positions: [String: Int] = [:]
        for (n, cell) in header.enumerated() {
            guard Self.columns.contains(cell.text) else {
                report.say(.carrierLimitsColumn, at: cell.place, found: cell.text, ["nearest": proposal(cell.text, among: Self.columns)])
                continue
            }
            positions[cell.text] = n
        }
        for row in rows.dropFirst() {
            func cell(_ column: String) -> SourceText? {
                guard let n = positions[column], row.indices.contains(n), !row[n].text.isEmpty else { return nil }
                return row[n]
            }
            guard let field = cell("field") else { continue }
            var limit = FieldLimit(field: field.text.split(separator: "/").map(String.init), place: field.place)
            func refuse(_ cell: SourceText, _ expected: String) {
                report.say(.carrierLimitsValue, at: cell.place, found: cell.text, ["expected": expected])
            }
            if let type = cell("type"), !limit.read(type: type.text) {
                refuse(type, "text, digits, integer, date or decimal DIGITS.DECIMALS")
            }
            if let max = cell("max") {
                let words = max.text.split(separator: " ")
                if let number = words.first.flatMap({ Int($0) }), number > 0, words.count == 1 || words.count == 2 && words[1] == "bytes" {
                    limit.max = number
                    limit.countsBytes = words.count == 2
                } else {
                    refuse(max, "a number of characters, or a number and bytes")
                }
            }
            if let required = cell("required") {
                if required.text != "yes" && required.text != "no" { refuse(required, "yes or no") }
                limit.isRequired = required.text == "yes"
            }
            if let past = cell("past the limit") {
                if let known = FieldLimit.PastLimit(rawValue: past.text) {
                    limit.pastLimit = known
                } else {
                    refuse(past, FieldLimit.PastLimit.allCases.map(\.rawValue).joined(separator: ", "))
                }
            }
            if let allowed = cell("allowed"), !limit.read(allowed: allowed.text) {
                refuse(allowed, "values A B C, characters ASCII or characters LATIN1")
            }
            limit.code = cell("code")?.text ?? ""
            limits.append(limit)
        }
    }

    /// The row that fits a path best: the longest suffix. Two equally long ones are reported.
    func limit(for path: String, report: inout LintReport) -> FieldLimit? {
        let names = path.split(separator: "/").map(String.init)
        let fitting = limits.filter { names.count >= $0.field.count && names.suffix($0.field.count).elementsEqual($0.field) }
        let longest = fitting.map(\.field.count).max() ?? 0
        let best = fitting.filter { $0.field.count == longest }
        if best.count > 1, let second = best.last {
            report.say(.carrierLimitsDouble, at: second.place, found: second.field.joined(separator: "/"), ["path": path])
        }
        return best.first
    }
}

extension FieldLimit {
    mutating func read(type: String) -> Bool {
        kindText = type
        switch type {
        case "text": kind = .text
        case "digits": kind = .digits
        case "integer": kind = .integer
        case "date": kind = .date
        default:
            let words = type.split(separator: " ")
            guard words.count == 2, words[0] == "decimal" else { return false }
            let numbers = words[1].split(separator: ".").compactMap { Int($0) }
            guard numbers.count == 2, numbers[0] > 0, numbers[0] <= 18, numbers[1] <= numbers[0] else { return false }
            kind = .decimal(numbers[0], numbers[1])
        }
        return true
    }

    mutating func read(allowed text: String) -> Bool {
        let words = text.split(separator: " ").map(String.init)
        switch words.first {
        case "values" where words.count > 1:
            allowed = .values(Array(words.dropFirst()))
            allowedText = words.dropFirst().joined(separator: ", ")
        case "characters" where words.count == 2 && words[1] == "ASCII":
            allowed = .ascii
            allowedText = "ASCII"
        case "characters" where words.count == 2 && (words[1] == "LATIN1" || words[1] == "Latin1"):
            allowed = .latin1
            allowedText = "ISO 8859-1"
        default: return false
        }
        return true
    }

    /// Whether digits alone always pass the checks of what the value is made of.
    var takesDigits: Bool {
        if case .values = allowed { return false }
        switch kind {
        case .text, .digits, .integer: return true
        case .date, .decimal: return false
        }
    }

    /// Checks of what the value is made of, before its length; nil when every value passes.
    var contentKernel: KernelSlot? {
        let (kind, allowed, mends) = (kind, allowed, pastLimit == .transliterate)
        var steps: [KernelSlot] = []
        func add(_ kernel: @escaping Kernel) { steps.append(KernelSlot(run: kernel, room: Room())) }
        switch allowed {
        case .any: break
        case .ascii:
            add { context in
                if mends { writeInLatin(&context, keepsLatin1: false) }
                if context.refusal == .characters { context.refuse(.carrierCharacters) }
                if context.bytes.contains(where: { $0 >= 0x80 }) { context.refuse(.carrierCharacters) }
            }
        case .latin1:
            add { context in
                if mends { writeInLatin(&context, keepsLatin1: true) }
                if context.refusal == .characters { context.refuse(.carrierCharacters) }
                var isSound = true
                forEachScalar(context.bytes) { scalar, _ in if scalar > 0xFF { isSound = false } }
                if !isSound { context.refuse(.carrierCharacters) }
            }
        case .values(let values):
            let known = values.map { Array($0.utf8) }
            add { context in
                let bytes = context.bytes
                if !known.contains(where: { $0.count == bytes.count && starts(bytes, with: $0) }) { context.refuse(.allowed) }
            }
        }
        switch kind {
        case .text: break
        case .digits: steps.append(KernelSlot(run: { if !$0.bytes.allSatisfy(isDigit) { $0.refuse(.type) } }, room: Room()))
        case .integer:
            add { context in
                let bytes = context.bytes
                let digits = bytes[0] == 0x2D ? bytes.dropFirst() : bytes[...]
                if digits.isEmpty || !digits.allSatisfy(isDigit) { context.refuse(.type) }
            }
        case .date:
            add { context in
                if context.count != 10 || Instant(iso: context.bytes) == nil { context.refuse(.type) }
            }
        case .decimal(let digits, let decimals):
            add { context in
                guard let number = DecimalText(context.bytes), number.scale <= decimals, number.mantissa < powerOfTen(digits),
                    number.mantissa / powerOfTen(number.scale) < powerOfTen(digits - decimals)
                else { return context.refuse(.type) }
            }
        }
        guard let first = steps.first else { return nil }
        if steps.count == 1 { return KernelSlot(run: first.run, room: Room(perByte: 3)) }
        let all = steps
        return KernelSlot(
            run: { context in
                for step in all where context.refusal == .none { step.run(&context) }
            }, room: Room(perByte: 3))
    }

    /// What becomes of a value that is longer than `max`.
    var lengthKernel: KernelSlot {
        let (max, countsBytes, past) = (max ?? Int.max, countsBytes, pastLimit)
        return KernelSlot(
            run: { context in
                let length = countsBytes ? context.count : characterCount(context.bytes)
                if length <= max { return }
                switch past {
                case .refuse, .transliterate: context.refuse(.long)
                case .cut:
                    context.keep(
                        from: 0, count: countsBytes ? wholeCharacters(context.bytes, max) : prefixLength(context.bytes, characters: max))
                case .cutAtWord: cutToWords(&context, max)
                }
            }, room: Room())
    }
}

/// The most bytes up to `limit` that end with a whole character.
private func wholeCharacters(_ bytes: UnsafeRawBufferPointer, _ limit: Int) -> Int {
    var end = min(limit, bytes.count)
    while end > 0 && end < bytes.count && isContinuation(bytes[end]) { end -= 1 }
    return end
}
