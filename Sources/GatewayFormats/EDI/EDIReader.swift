import GatewayCore
import Glibc

/// Reads segments of X12 and EDIFACT files, whatever the service characters, line ends and blanks between them.
///
/// Streams: it holds one window of the file, as large as the longest segment. It knows nothing of envelopes; ``EDIWalk`` does.
package final class EDIReader {
    private let source: any ByteSource
    private let file: String
    private let cap: Int
    private var window: UnsafeMutableRawBufferPointer
    /// First byte that was not given out yet, and the end of what was read.
    private var start = 0
    private var end = 0
    private var isAtEnd = false
    /// Offset in the file of the window's first byte.
    private var base: Int64 = 0
    private var delimiters: EDIDelimiters?
    private var number = 0
    private var pending: EDILaxity = []
    /// Whether the delimiters in force were found for the very next segment.
    private var isFresh = false
    /// Segments that were wrapped are put together here.
    private var joined = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 16)
    /// The segment read last.
    package private(set) var segment: EDISegment?
    /// Bytes before the first interchange that belong to none.
    package private(set) var junk = 0

    /// - Parameter window: bytes that are read at once; tests make it small.
    package init(_ source: any ByteSource, file: String, limits: IntakeLimits = IntakeLimits(), window: Int = 1 << 18) {
        self.source = source
        self.file = file
        cap = limits.record
        self.window = .allocate(byteCount: max(window, 16), alignment: 16)
    }

    deinit {
        window.deallocate()
        joined.deallocate()
    }

    private var held: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: window[start..<end]) }

    /// Reads more; false at the end of the file.
    private func refill() throws(Finding) -> Bool {
        if isAtEnd { return false }
        if start > 0 {
            if end > start, let first = window.baseAddress { memmove(first, first + start, end - start) }
            base += Int64(start)
            end -= start
            start = 0
        }
        if end == window.count {
            guard window.count < cap else {
                throw Finding(.ediSegmentLong, at: place(base), ["limit": .plain(String(cap))])
            }
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: min(window.count * 2, cap), alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: window[..<end]))
            window.deallocate()
            window = larger
        }
        let got = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: window[end...]))
        end += got
        isAtEnd = got == 0
        return got > 0
    }

    private func place(_ byte: Int64) -> Place {
        var place = Place(file: file)
        place.edi = EDIPlace(segment: number + 1, byte: byte)
        return place
    }

    /// Reads the next segment into ``segment``; false at the end of the file.
    package func next() throws(Finding) -> Bool {
        segment = nil
        while true {
            try skipBlanks()
            if start == end { return false }
            if delimiters == nil {
                guard try discover() else { return false }
                continue
            }
            if !isFresh, try beginsInterchange() { continue }
            return try cut()
        }
    }

    /// The interchange that was read has ended: the next one may have other delimiters.
    package func endInterchange() { delimiters = nil }

    // Between segments: line ends, blanks, NUL and the end mark of old systems.
    private func skipBlanks() throws(Finding) {
        let separators = delimiters
        while true {
            while start < end {
                switch window[start] {
                case 0x0A, 0x0D, 0x00, 0x1A: start += 1
                case 0x20, 0x09:
                    if let separators, separators.terminator == [window[start]] || separators.element == window[start] { return }
                    if separators != nil { pending.insert(.indented) }
                    start += 1
                case 0xEF where base + Int64(start) == 0 && (end - start >= 3 || isAtEnd):
                    guard end - start >= 3, window[start + 1] == 0xBB, window[start + 2] == 0xBF else { return }
                    start += 3
                    pending.insert(.mark)
                case 0xEF where base + Int64(start) == 0:
                    _ = try refill()
                default: return
                }
            }
            guard try refill() else { return }
        }
    }

    /// Finds the next interchange; false when there is none. Bytes that belong to none are counted in ``junk``.
    private func discover() throws(Finding) -> Bool {
        while true {
            switch EDIDiscovery.look(at: held, isEnd: isAtEnd) {
            case .interchange(let found, let skip, let laxity):
                delimiters = found
                isFresh = true
                pending.formUnion(laxity)
                start += skip
                return true
            case .needsMore:
                _ = try refill()
            case .nothing:
                junk += 1
                start += 1
                pending.insert(.junk)
                try skipBlanks()
                if start == end { return false }
            }
        }
    }

    /// Whether another interchange begins here, with delimiters of its own: the one before it was not ended. Only where a segment begins:
    /// names hold these letters too.
    private func beginsInterchange() throws(Finding) -> Bool {
        while held.count < 4, try refill() {}
        guard held.count >= 4, let delimiters else { return false }
        let head = [held[0], held[1], held[2]]
        let isHeader =
            delimiters.syntax == .x12 ? head == [0x49, 0x53, 0x41] : head == [0x55, 0x4E, 0x41] || head == [0x55, 0x4E, 0x42]
        guard isHeader, EDIDiscovery.isService(held[3]) else { return false }
        let before = delimiters
        self.delimiters = nil
        if case .nothing = EDIDiscovery.look(at: held, isEnd: isAtEnd) {
            self.delimiters = before
            return false
        }
        return true
    }

    /// Cuts the segment that begins at `start`.
    private func cut() throws(Finding) -> Bool {
        guard let delimiters else { return false }
        var from = 0
        var binary = 0
        while true {
            if from == 0, delimiters.syntax == .x12, let data = try binaryData(delimiters) {
                binary = data.count
                from = data.end
            }
            if let found = terminator(delimiters, from: from) {
                give(count: found, skip: delimiters.terminator.count, delimiters, binary: binary)
                return true
            }
            from = max(from, held.count - delimiters.terminator.count + 1)
            guard try refill() else {
                pending.insert(.unterminated)
                give(count: held.count, skip: 0, delimiters, binary: binary)
                return true
            }
        }
    }

    /// Where the next terminator is that no release makes literal, from byte `from` of the held ones.
    private func terminator(_ delimiters: EDIDelimiters, from: Int) -> Int? {
        let held = held
        let first = delimiters.terminator[0]
        var at = max(0, from)
        while at < held.count, let base = held.baseAddress {
            guard let hit = memchr(base + at, Int32(first), held.count - at) else { return nil }
            let position = UnsafeRawPointer(hit) - base
            if delimiters.terminator.count > 1 {
                guard position + delimiters.terminator.count <= held.count else { return nil }
                let isWhole = delimiters.terminator.indices.allSatisfy { held[position + $0] == delimiters.terminator[$0] }
                if isWhole { return position }
            } else if let release = delimiters.release {
                var before = position
                while before > 0, held[before - 1] == release { before -= 1 }
                if (position - before).isMultiple(of: 2) { return position }
            } else {
                return position
            }
            at = position + 1
        }
        return nil
    }

    /// The data of a BIN or BDS segment, when one begins here: it may hold any byte. Source: X12.6, binary segments.
    private func binaryData(_ delimiters: EDIDelimiters) throws(Finding) -> (count: Int, end: Int)? {
        while held.count < 4, try refill() {}
        let isBIN = held.count >= 4 && held[0] == 0x42 && held[1] == 0x49 && held[2] == 0x4E && held[3] == delimiters.element
        let isBDS = held.count >= 4 && held[0] == 0x42 && held[1] == 0x44 && held[2] == 0x53 && held[3] == delimiters.element
        guard isBIN || isBDS else { return nil }
        // The length is the first element of BIN, the second of BDS; data begins after its separator.
        var at = 4
        var separators = isBIN ? 1 : 2
        var length = 0
        while true {
            while at >= held.count { guard try refill() else { return nil } }
            let byte = held[at]
            if byte == delimiters.element {
                separators -= 1
                at += 1
                if separators == 0 { break }
                length = 0
            } else if (0x30...0x39).contains(byte), separators == 1, length < 1 << 40 {
                length = length * 10 + Int(byte) - 0x30
                at += 1
            } else if separators > 1, at < 64 {
                at += 1
            } else {
                pending.insert(.binaryLength)
                return nil
            }
        }
        while held.count < at + length {
            guard try refill() else {
                pending.insert(.binaryLength)
                return nil
            }
        }
        return (length, at + length)
    }

    /// Gives out the next `count` bytes as a segment.
    private func give(count: Int, skip: Int, _ delimiters: EDIDelimiters, binary: Int) {
        number += 1
        isFresh = false
        var bytes = UnsafeRawBufferPointer(rebasing: held[..<count])
        let textCount = count - binary
        if delimiters.allowsLineBreaks, hasLineBreak(bytes.prefix(textCount)) {
            if joined.count < count {
                joined.deallocate()
                joined = .allocate(byteCount: count, alignment: 16)
            }
            var kept = 0
            for at in 0..<count where at >= textCount || (bytes[at] != 0x0A && bytes[at] != 0x0D) {
                joined[kept] = bytes[at]
                kept += 1
            }
            pending.insert(.wrapped)
            bytes = UnsafeRawBufferPointer(rebasing: joined[..<kept])
        } else if !delimiters.allowsLineBreaks {
            // CR before a LF that ends segments, and blanks before either.
            var last = bytes.count
            while last > 0, bytes[last - 1] == 0x0D { last -= 1 }
            bytes = UnsafeRawBufferPointer(rebasing: bytes[..<last])
        }
        segment = EDISegment(
            bytes: bytes, delimiters: delimiters, offset: base + Int64(start), number: number, laxity: pending,
            binaryCount: binary)
        pending = []
        start += count + skip
    }

    private func hasLineBreak(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
        guard let base = bytes.base.baseAddress, bytes.count > 0 else { return false }
        return memchr(base, 0x0A, bytes.count) != nil || memchr(base, 0x0D, bytes.count) != nil
    }
}
