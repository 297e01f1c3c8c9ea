import CXML2
import GatewayCore

/// A local name of an element or attribute: its first eight bytes. Prefixes differ from program to program and are not looked at.
struct XMLName: Hashable {
    let bits: UInt64

    @inline(__always) init(_ text: StaticString) {
        var bits: UInt64 = 0
        for n in 0..<min(8, text.utf8CodeUnitCount) { bits |= UInt64(text.utf8Start[n]) << UInt64(n * 8) }
        self.bits = bits
    }

    @inline(__always) init(_ start: UnsafePointer<UInt8>) {
        var bits: UInt64 = 0
        var n = 0
        while n < 8, start[n] != 0 {
            bits |= UInt64(start[n]) << UInt64(n * 8)
            n += 1
        }
        self.bits = bits
    }
}

/// Attributes of an element that is just being opened. Valid inside the call only.
struct XMLAttributes {
    fileprivate let start: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    fileprivate let count: Int

    /// The value of the attribute with that local name.
    subscript(name: XMLName) -> UnsafeRawBufferPointer? {
        guard let start else { return nil }
        for n in 0..<count {
            guard let local = start[n * 5], XMLName(local) == name, let from = start[n * 5 + 3], let to = start[n * 5 + 4] else { continue }
            return UnsafeRawBufferPointer(start: UnsafeRawPointer(from), count: to - from)
        }
        return nil
    }

    func text(_ name: XMLName) -> String? { self[name].map { String(decoding: $0, as: UTF8.self) } }
}

/// Who listens to a walk through an XML document.
protocol XMLListener: AnyObject {
    func start(_ name: XMLName, _ attributes: XMLAttributes)
    func end(_ name: XMLName)
    /// A piece of text; one text may come in several.
    func text(_ bytes: UnsafeRawBufferPointer)
    /// What ends the walk.
    var problem: Finding? { get }
    /// Nothing more needs to be read.
    var hasEnough: Bool { get }
}

/// Walks through an XML document as it comes, with libxml2: no tree, no entities, nothing fetched.
enum XMLWalk {
    /// - Parameters:
    ///   - doctype: what to say of a document type.
    ///   - broken: what to say of a document that is not well-formed: libxml2's message and the line.
    static func run(
        _ source: any ByteSource, _ listener: any XMLListener, doctype: Finding, broken: (String, Int) -> Finding
    ) throws(Finding) {
        guard XMLSyntax.isPrepared else { return }
        let state = State(source, listener)
        var events = xmlSAXHandler()
        events.initialized = UInt32(XML_SAX2_MAGIC)
        events.startElementNs = elementStarts
        events.endElementNs = elementEnds
        events.characters = textComes
        events.ignorableWhitespace = textComes
        events.cdataBlock = textComes
        events.internalSubset = doctypeComes
        let pointer = Unmanaged.passUnretained(state).toOpaque()
        guard
            let context = xmlCreateIOParserCtxt(
                &events, pointer, bytesAreWanted, { _ in 0 }, pointer, XML_CHAR_ENCODING_NONE)
        else {
            throw state.failure ?? broken("it has no beginning", 0)
        }
        defer {
            if let document = context.pointee.myDoc { xmlFreeDoc(document) }
            context.pointee.myDoc = nil
            xmlFreeParserCtxt(context)
        }
        xmlCtxtUseOptions(context, XMLSyntax.options)
        state.context = context
        xmlParseDocument(context)
        if let failure = state.failure { throw failure }
        if state.hasDoctype { throw doctype }
        if let problem = listener.problem { throw problem }
        if listener.hasEnough { return }
        guard context.pointee.wellFormed == 1 else {
            let error = context.pointee.lastError
            throw broken(error.message.map { trimmed(String(cString: $0)) } ?? "it can't be parsed", Int(error.line))
        }
    }

    fileprivate final class State {
        private let source: any ByteSource
        let listener: any XMLListener
        var context: xmlParserCtxtPtr?
        var failure: Finding?
        var hasDoctype = false

        init(_ source: any ByteSource, _ listener: any XMLListener) {
            self.source = source
            self.listener = listener
        }

        func read(_ buffer: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int32 {
            do throws(Finding) {
                return Int32(try source.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: count)))
            } catch {
                failure = error
                return -1
            }
        }

        func look() {
            if listener.hasEnough || listener.problem != nil { stop() }
        }

        func stop() {
            if let context { xmlStopParser(context) }
        }
    }
}

private func current(_ context: UnsafeMutableRawPointer?) -> XMLWalk.State? {
    context.map { Unmanaged<XMLWalk.State>.fromOpaque($0).takeUnretainedValue() }
}

private func bytesAreWanted(_ context: UnsafeMutableRawPointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ count: Int32) -> Int32 {
    current(context)?.read(buffer, Int(count)) ?? -1
}

private func elementStarts(
    _ context: UnsafeMutableRawPointer?, _ name: UnsafePointer<xmlChar>?, _: UnsafePointer<xmlChar>?, _: UnsafePointer<xmlChar>?,
    _: Int32, _: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int32, _: Int32,
    _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
) {
    guard let state = current(context), let name else { return }
    state.listener.start(XMLName(name), XMLAttributes(start: attributes, count: Int(count)))
    state.look()
}

private func elementEnds(
    _ context: UnsafeMutableRawPointer?, _ name: UnsafePointer<xmlChar>?, _: UnsafePointer<xmlChar>?, _: UnsafePointer<xmlChar>?
) {
    guard let state = current(context), let name else { return }
    state.listener.end(XMLName(name))
    state.look()
}

private func textComes(_ context: UnsafeMutableRawPointer?, _ bytes: UnsafePointer<xmlChar>?, _ count: Int32) {
    guard let state = current(context), let bytes else { return }
    state.listener.text(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    state.look()
}

private func doctypeComes(
    _ context: UnsafeMutableRawPointer?, _: UnsafePointer<xmlChar>?, _: UnsafePointer<xmlChar>?, _: UnsafePointer<xmlChar>?
) {
    guard let state = current(context) else { return }
    state.hasDoctype = true
    state.stop()
}
