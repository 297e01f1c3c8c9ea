/// Finds out an interchange's service characters from its first bytes. Nothing is configured: X12's header and EDIFACT's UNA say them.
enum EDIDiscovery {
    /// What the bytes at the beginning of an interchange are.
    enum Found: Equatable {
        /// Delimiters, and how many bytes go before the first segment (a UNA).
        case interchange(EDIDelimiters, skip: Int, laxity: EDILaxity)
        /// Not enough bytes to know, while more may come.
        case needsMore
        /// No interchange begins here.
        case nothing
    }

    /// Looks at `window`, which begins with the first byte that is no blank. `isEnd`: no more bytes come.
    static func look(at window: UnsafeRawBufferPointer, isEnd: Bool) -> Found {
        if begins(window, "ISA") { return x12(window, isEnd: isEnd) }
        if begins(window, "UNA") { return una(window, isEnd: isEnd) }
        if begins(window, "UNB") || begins(window, "UNH") || begins(window, "UNG") { return plain(window, isEnd: isEnd) }
        if begins(window, "ST") || begins(window, "GS") { return bareX12(window, isEnd: isEnd) }
        return window.count < 3 && !isEnd ? .needsMore : .nothing
    }

    // The component separator is the 16th element, the terminator the byte after it. Offsets are not trusted: unpadded headers are usual.
    private static func x12(_ window: UnsafeRawBufferPointer, isEnd: Bool) -> Found {
        guard window.count > 4 else { return isEnd ? .nothing : .needsMore }
        let element = window[3]
        guard isService(element) else { return .nothing }
        var separators: [Int] = []
        var at = 3
        // A padded header has 106 bytes; a longer one than this is none.
        while at < min(window.count, 512), separators.count < 16 {
            if window[at] == element { separators.append(at) }
            at += 1
        }
        guard separators.count == 16, at + 2 < window.count || isEnd, at + 1 < window.count else {
            return window.count < 600 && !isEnd ? .needsMore : .nothing
        }
        var laxity: EDILaxity = []
        var component = window[at]
        var terminator = character(window, at + 1)
        // The header has no 16th element: that byte ends the lines.
        if isLineEnd(terminator[0]), endLines(window, with: component, from: at) {
            terminator = [component]
            component = 0x3A == element ? 0x3E : 0x3A
            laxity.insert(.headerShort)
        } else if terminator == [0x20] {
            var next = at + 2
            while next < window.count, window[next] == 0x20 { next += 1 }
            if next < window.count, isLineEnd(window[next]) { terminator = [window[next]] }
        }
        let version = window[separators[11] + 1..<separators[12]]
        let eleven = window[separators[10] + 1..<separators[11]]
        var repetition: UInt8?
        if eleven.count == 1, let byte = eleven.first, isService(byte), String(decoding: version, as: UTF8.self) >= "00402" {
            repetition = byte
        }
        return .interchange(
            EDIDelimiters(
                syntax: .x12, element: element, component: component, repetition: repetition, release: nil, decimal: 0x2E,
                terminator: terminator),
            skip: 0, laxity: laxity)
    }

    // Sets or groups without an envelope: `ST*850*0001~`.
    private static func bareX12(_ window: UnsafeRawBufferPointer, isEnd: Bool) -> Found {
        guard window.count > 3 else { return isEnd ? .nothing : .needsMore }
        let element = window[2]
        guard isService(element), element != 0x2B, element != 0x3A, element != 0x20 else { return .nothing }
        for terminator in [0x7E, 0x0A, 0x0D] as [UInt8] where window.prefix(4_096).contains(terminator) {
            return .interchange(
                EDIDelimiters(
                    syntax: .x12, element: element, component: 0x3E, repetition: nil, release: nil, decimal: 0x2E, terminator: [terminator]),
                skip: 0, laxity: [])
        }
        return isEnd || window.count > 4_096 ? .nothing : .needsMore
    }

    // UNA and six characters: component, element, decimal mark, release, repetition (or reserved), terminator.
    private static func una(_ window: UnsafeRawBufferPointer, isEnd: Bool) -> Found {
        guard window.count >= 9 else { return isEnd ? .nothing : .needsMore }
        let release: UInt8? = window[6] == 0x20 ? nil : window[6]
        let repetition: UInt8? = window[7] == 0x20 ? nil : window[7]
        let marks = [window[3], window[4], window[8]]
        guard Set(marks).count == 3, marks.allSatisfy(isService) else { return .nothing }
        return .interchange(
            EDIDelimiters(
                syntax: .edifact, element: window[4], component: window[3], repetition: repetition, release: release, decimal: window[5],
                terminator: [window[8]]),
            skip: 9, laxity: [])
    }

    // Without UNA the byte after the tag tells: nearly all files have + ' : even where the level says otherwise.
    private static func plain(_ window: UnsafeRawBufferPointer, isEnd: Bool) -> Found {
        guard window.count > 3 else { return isEnd ? .nothing : .needsMore }
        var delimiters: EDIDelimiters
        switch window[3] {
        case 0x2B: delimiters = .edifact
        case 0x1D: delimiters = .levelB
        case _: return .nothing
        }
        let head = window.prefix(65_536)
        if delimiters == .edifact, !head.contains(0x27) {
            guard isEnd || window.count > 65_536 else { return .needsMore }
            if let end = head.first(where: { $0 == 0x0A || $0 == 0x0D }) { delimiters.terminator = [end] }
        }
        // Syntax 4 has the repetition character *.
        if delimiters == .edifact, let plus = head.firstIndex(of: 0x2B) {
            let identifier = head[(plus + 1)...].prefix { $0 != 0x2B && $0 != 0x27 }
            if identifier.count == 6, identifier.last == 0x34 { delimiters.repetition = 0x2A }
        }
        return .interchange(delimiters, skip: 0, laxity: [])
    }

    /// Whether the lines after `start` end with `byte`: at least two of them, and all.
    private static func endLines(_ window: UnsafeRawBufferPointer, with byte: UInt8, from start: Int) -> Bool {
        var lines = 0
        var last: UInt8 = 0
        for at in start..<min(window.count, start + 2_048) {
            if isLineEnd(window[at]) {
                if last == 0 { continue }
                if last != byte { return false }
                lines += 1
                last = 0
            } else if window[at] != 0x20 {
                last = window[at]
            }
        }
        return lines >= 2
    }

    /// The whole character at `at`: several bytes where it is UTF-8.
    private static func character(_ window: UnsafeRawBufferPointer, _ at: Int) -> [UInt8] {
        let first = window[at]
        let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1
        let bytes = Array(window[at..<min(at + count, window.count)])
        return count > 1 && String(validating: bytes, as: UTF8.self) == nil ? [first] : bytes
    }

    private static func begins(_ window: UnsafeRawBufferPointer, _ tag: StaticString) -> Bool {
        guard window.count >= tag.utf8CodeUnitCount else { return false }
        for at in 0..<tag.utf8CodeUnitCount where window[at] != tag.utf8Start[at] { return false }
        return true
    }
    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
    /// Not a letter, digit or blank: may be a service character.
    static func isService(_ byte: UInt8) -> Bool {
        !((0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x20)
    }
}
