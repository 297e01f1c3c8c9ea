import GatewayCore

/// Follows the brackets of JSON or the tags of XML through a file, in constant memory.
struct DocumentBalance {
    /// Levels that a document may have.
    let depthLimit: Int

    /// Nil: neither XML nor JSON. Else whether everything that it opened is closed; true as well, and at once, when it is
    /// nested deeper than it may be: what follows can't mend that.
    mutating func run(_ source: any ByteSource) throws(Finding) -> Bool? {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
        defer { piece.deallocate() }
        var kind = Kind.unknown
        var json = JSONBalance()
        var xml = XMLBalance()
        while true {
            let got = try source.read(into: piece)
            if got == 0 { break }
            for byte in piece[..<got] {
                switch kind {
                case .unknown:
                    // Blanks and the mark of UTF-8 may stand first.
                    if byte == 0x20 || (0x09...0x0D).contains(byte) || CSVDialect.mark.contains(byte) { continue }
                    if byte == 0x3C {
                        kind = .xml
                        xml.step(byte)
                    } else if byte == 0x7B || byte == 0x5B {
                        kind = .json
                        json.step(byte)
                    } else {
                        return nil
                    }
                case .json: json.step(byte)
                case .xml: xml.step(byte)
                }
                if json.depth > depthLimit || xml.depth > depthLimit { return true }
            }
        }
        switch kind {
        case .unknown: return nil
        case .json: return json.isClosed
        case .xml: return xml.isClosed
        }
    }

    private enum Kind { case unknown, json, xml }
}

/// Depth of JSON brackets outside strings.
private struct JSONBalance {
    private(set) var depth = 0
    private var isString = false
    private var isEscaped = false
    var isClosed: Bool { depth == 0 && !isString }

    mutating func step(_ byte: UInt8) {
        if isString {
            if isEscaped { isEscaped = false } else if byte == 0x5C { isEscaped = true } else if byte == 0x22 { isString = false }
            return
        }
        switch byte {
        case 0x22: isString = true
        case 0x7B, 0x5B: depth += 1
        case 0x7D, 0x5D: depth -= 1
        default: break
        }
    }
}

/// Depth of XML elements; comments, CDATA and instructions are passed over.
private struct XMLBalance {
    private enum State { case text, tagStart, tag, value, mark, comment, cdata, instruction, declaration }
    private var state = State.text
    private(set) var depth = 0
    private var hadRoot = false
    private var isClosing = false
    private var quote: UInt8 = 0
    private var recent: (UInt8, UInt8) = (0, 0)
    private var markText: [UInt8] = []
    var isClosed: Bool { hadRoot && depth == 0 && state == .text }

    mutating func step(_ byte: UInt8) {
        switch state {
        case .text: if byte == 0x3C { state = .tagStart }
        case .tagStart:
            isClosing = byte == 0x2F
            markText = []
            switch byte {
            case 0x21: state = .mark
            case 0x3F: state = .instruction
            default:
                state = .tag
                if !isClosing { hadRoot = true }
            }
        case .tag:
            if byte == 0x22 || byte == 0x27 {
                quote = byte
                state = .value
            } else if byte == 0x3E {
                if isClosing { depth -= 1 } else if recent.1 != 0x2F { depth += 1 }
                state = .text
            }
        case .value: if byte == quote { state = .tag }
        case .mark:
            markText.append(byte)
            if markText.elementsEqual("--".utf8) {
                state = .comment
                recent = (0, 0)
                return
            }
            if markText.elementsEqual("[CDATA[".utf8) { state = .cdata } else if markText.count > 7 { state = .declaration }
        case .comment: if byte == 0x3E, recent == (0x2D, 0x2D) { state = .text }
        case .cdata: if byte == 0x3E, recent == (0x5D, 0x5D) { state = .text }
        case .instruction: if byte == 0x3E, recent.1 == 0x3F { state = .text }
        case .declaration: if byte == 0x3E { state = .text }
        }
        recent = (recent.1, byte)
    }
}
