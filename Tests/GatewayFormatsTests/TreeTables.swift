@_spi(HotPath) import GatewayCore
import Glibc
import Testing

@testable import GatewayFormats

/// A tree laid out as a table: its lines.
///
/// - Parameter piece: bytes that are read at once.
func table(
    _ text: String, records: String = ".", lines: String? = nil, columns: [String], xml: Bool = false, piece: Int = 1 << 16,
    limits: IntakeLimits = IntakeLimits(), file: String = "orders.json"
) throws(Finding) -> [String] {
    try table(Array(text.utf8), records: records, lines: lines, columns: columns, xml: xml, piece: piece, limits: limits, file: file)
}

/// A tree laid out as a table: its lines.
func table(
    _ bytes: [UInt8], records: String = ".", lines: String? = nil, columns: [String], xml: Bool = false, piece: Int = 1 << 16,
    limits: IntakeLimits = IntakeLimits(), file: String = "orders.json"
) throws(Finding) -> [String] {
    let plan = TablePlan(format: xml ? "xml" : "json", records: records, lines: lines, columns: columns)
    return try laidOut(bytes, plan, file: file, limits: limits) { (input, plan, sink) throws(Finding) in
        if xml {
            try XMLTable(input).layOut(plan, into: &sink, piece: piece)
        } else {
            try JSONTable(input).layOut(plan, into: &sink, piece: piece)
        }
    }
}

/// The lines of a table that `body` lays out.
func laidOut(
    _ bytes: [UInt8], _ plan: TablePlan, file: String = "orders.txt", limits: IntakeLimits = IntakeLimits(),
    _ body: (LayoutInput, TablePlan, inout TableSink) throws(Finding) -> Void
) throws(Finding) -> [String] {
    let (source, target) = (scratch(bytes), scratch([]))
    defer {
        close(source)
        close(target)
    }
    let input = LayoutInput(source, size: Int64(bytes.count), file: file, limits: limits)
    var sink = TableSink(target, file: file, limits: limits)
    try body(input, plan, &sink)
    try sink.finish()
    return contents(target).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
}

/// Headings that a tree is recognised by.
func glimpse(
    _ bytes: [UInt8], records: String = ".", lines: String? = nil, columns: [String], xml: Bool = false
) throws(Finding) -> [String] {
    let plan = TablePlan(format: xml ? "xml" : "json", records: records, lines: lines, columns: columns)
    let source = scratch(bytes)
    defer { close(source) }
    let input = LayoutInput(source, size: Int64(bytes.count), file: "orders.json")
    let found = xml ? try XMLTable(input).glimpses(plan) : try JSONTable(input).glimpses(plan)
    return found.first?.header.names ?? []
}

/// A file without a name that holds `bytes`.
private func scratch(_ bytes: [UInt8]) -> Int32 {
    var path = Array("/tmp/dropgate-tree-XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    unlink(path)
    var done = 0
    while done < bytes.count {
        let got = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done, off_t(done)) }
        precondition(got > 0, "the folder for scratch files is full")
        done += got
    }
    return descriptor
}

private func contents(_ descriptor: Int32) -> String {
    let size = Int(lseek(descriptor, 0, SEEK_END))
    var bytes = [UInt8](repeating: 0, count: size)
    let got = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, size, 0) }
    precondition(got == size, "the scratch file is gone")
    return String(decoding: bytes, as: UTF8.self)
}
