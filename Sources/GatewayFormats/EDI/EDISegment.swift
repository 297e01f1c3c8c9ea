/// One segment: bytes of the reader's window, valid until the next one is read. Elements are found when they are asked for.
package struct EDISegment {
    /// The segment without its terminator, blanks before its tag and line breaks inside of it.
    package let bytes: UnsafeRawBufferPointer
    package let delimiters: EDIDelimiters
    /// Where it begins in the file, in bytes from 0.
    package let offset: Int64
    /// Its number in the file, from 1.
    package let number: Int
    package let laxity: EDILaxity
    /// Bytes of binary data at its end that hold no delimiters.
    package let binaryCount: Int

    /// Segment id or tag, without an explicit nesting (`LIN:1`).
    package var tag: UnsafeRawBufferPointer {
        var end = 0
        let textEnd = bytes.count - binaryCount
        while end < textEnd, bytes[end] != delimiters.element, bytes[end] != delimiters.component || delimiters.syntax == .x12 { end += 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[..<end])
    }

    /// Whether the tag is `text` (ASCII).
    package func isTag(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count >= count else { return false }
        for at in 0..<count where bytes[at] != text.utf8Start[at] { return false }
        guard bytes.count > count else { return true }
        let next = bytes[count]
        return next == delimiters.element || (delimiters.syntax == .edifact && next == delimiters.component)
    }

    /// Calls `body` with the raw bytes of each element after the tag, its number from 1. Binary data is the last element.
    @inline(__always)
    package func forEachElement(_ body: (Int, UnsafeRawBufferPointer) -> Void) {
        let textEnd = bytes.count - binaryCount
        var number = -1
        var start = 0
        var at = 0
        while at <= textEnd {
            if at == textEnd || bytes[at] == delimiters.element {
                number += 1
                let end = at == textEnd ? bytes.count : at
                if number > 0 { body(number, UnsafeRawBufferPointer(rebasing: bytes[start..<end])) }
                start = at + 1
                at += 1
            } else if bytes[at] == delimiters.release {
                at += 2
                if at > textEnd { at = textEnd }
            } else {
                at += 1
            }
        }
    }

    /// Raw bytes of element `wanted`, from 1; nil when the segment has fewer.
    package func element(_ wanted: Int) -> UnsafeRawBufferPointer? {
        var found: UnsafeRawBufferPointer?
        forEachElement { number, bytes in
            if number == wanted { found = bytes }
        }
        return found
    }

    /// Element `wanted` as text, releases resolved; empty when the segment has fewer.
    package func text(_ wanted: Int) -> String { element(wanted).map { delimiters.text($0) } ?? "" }

    /// Component `component` (from 1) of element `element` as text; empty when there are fewer.
    package func text(_ element: Int, _ component: Int) -> String {
        guard let raw = self.element(element) else { return "" }
        var found = ""
        delimiters.forEachComponent(of: raw) { number, bytes in
            if number == component { found = delimiters.text(bytes) }
        }
        return found
    }

    /// Number of elements after the tag.
    package var elementCount: Int {
        var count = 0
        forEachElement { number, _ in count = number }
        return count
    }

    /// The tag as text.
    package var tagText: String { String(decoding: tag, as: UTF8.self) }
}

extension EDIDelimiters {
    /// Calls `body` with each component of an element, its number from 1.
    package func forEachComponent(of raw: UnsafeRawBufferPointer, _ body: (Int, UnsafeRawBufferPointer) -> Void) {
        split(raw, at: component, body)
    }
    /// Calls `body` with each repetition of an element, its number from 1.
    package func forEachRepetition(of raw: UnsafeRawBufferPointer, _ body: (Int, UnsafeRawBufferPointer) -> Void) {
        guard let repetition else { return body(1, raw) }
        split(raw, at: repetition, body)
    }

    private func split(_ raw: UnsafeRawBufferPointer, at separator: UInt8, _ body: (Int, UnsafeRawBufferPointer) -> Void) {
        var number = 0
        var start = 0
        var at = 0
        while at <= raw.count {
            if at == raw.count || raw[at] == separator {
                number += 1
                body(number, UnsafeRawBufferPointer(rebasing: raw[start..<at]))
                start = at + 1
                at += 1
            } else if raw[at] == release {
                at = min(at + 2, raw.count)
            } else {
                at += 1
            }
        }
    }

    /// The value that raw bytes stand for: releases resolved, bytes that are no UTF-8 read as Latin-1.
    package func text(_ raw: UnsafeRawBufferPointer) -> String {
        var bytes = [UInt8]()
        bytes.reserveCapacity(raw.count)
        append(raw, to: &bytes)
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return String(String.UnicodeScalarView(bytes.map { UnicodeScalar($0) }))
    }

    /// Appends the value that raw bytes stand for, releases resolved.
    package func append(_ raw: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        guard let release else { return out.append(contentsOf: raw) }
        var at = 0
        while at < raw.count {
            if raw[at] == release, at + 1 < raw.count { at += 1 }
            out.append(raw[at])
            at += 1
        }
    }
}
