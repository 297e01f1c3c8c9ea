import GatewayCore

/// One row of a sheet as text: the bytes of its cells, and where each ends. Skipped cells are empty.
struct SheetRow {
    /// As the spreadsheet shows it, from 1.
    var number = 0
    var bytes: [UInt8] = []
    var ends: [Int] = []

    mutating func begin(_ number: Int) {
        self.number = number
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    /// Where a cell's bytes are.
    func range(_ column: Int) -> Range<Int> { column < ends.count ? (column == 0 ? 0 : ends[column - 1])..<ends[column] : 0..<0 }

    subscript(_ column: Int) -> ArraySlice<UInt8> { bytes[range(column)] }

    /// Columns up to the last that holds something.
    var width: Int {
        var width = ends.count
        while width > 0, self[width - 1].isEmpty { width -= 1 }
        return width
    }

    /// The cells as headings are read.
    func texts(_ count: Int) -> [String] { (0..<count).map { trimmed(String(decoding: self[$0], as: UTF8.self)) } }
}

/// Listens to a worksheet and gives its rows as they come. Source: ECMA-376 part 1, 18.3.1.
final class SheetListener: XMLListener {
    /// Rows and columns that a sheet may have. Source: Excel specifications and limits.
    static let rowLimit = 1_048_576
    static let columnLimit = 16_384

    private enum Kind { case number, shared, text, truth, plain }

    private let index: WorkbookIndex
    private let strings: SharedStrings
    private let parts: WorkbookParts
    private let part: String
    private let take: (borrowing SheetRow) throws(Finding) -> Bool
    private(set) var problem: Finding?
    private(set) var hasEnough = false

    private var row = SheetRow()
    private var isInRow = false
    private var kind = Kind.number
    private var style = 0
    private var column = 0
    private var isCell = false
    private var isText = false
    private var isInline = false
    private var phonetic = 0
    private var cell: [UInt8] = []

    /// - Parameter take: gets each row that has a cell; false: no more are wanted.
    init(
        _ index: WorkbookIndex, _ strings: SharedStrings, _ parts: WorkbookParts, part: String,
        take: @escaping (borrowing SheetRow) throws(Finding) -> Bool
    ) {
        self.index = index
        self.strings = strings
        self.parts = parts
        self.part = part
        self.take = take
    }

    func start(_ name: XMLName, _ attributes: XMLAttributes) {
        guard isInRow else {
            if name == XMLName("row") { startRow(attributes) }
            return
        }
        switch name.bits {
        case XMLName("c").bits: startCell(attributes)
        case XMLName("v").bits: isText = isCell && !isInline
        case XMLName("is").bits: isInline = isCell
        case XMLName("t").bits: isText = isInline && phonetic == 0
        case XMLName("rPh").bits: phonetic += 1
        default: break
        }
    }

    func end(_ name: XMLName) {
        guard isInRow else { return }
        switch name.bits {
        case XMLName("v").bits, XMLName("t").bits: isText = false
        case XMLName("is").bits: isInline = false
        case XMLName("rPh").bits: phonetic -= 1
        case XMLName("c").bits: endCell()
        case XMLName("row").bits:
            isInRow = false
            guard !row.bytes.isEmpty else { return }
            do throws(Finding) { hasEnough = try !take(row) } catch { problem = error }
        default: break
        }
    }

    func text(_ bytes: UnsafeRawBufferPointer) {
        guard isText else { return }
        cell.append(contentsOf: bytes)
        if cell.count > parts.limits.field { tooLong(cell.count) }
    }

    // MARK: Rows and cells

    private func startRow(_ attributes: XMLAttributes) {
        var number = row.number + 1
        if let stated = attributes[XMLName("r")] {
            guard let value = Self.number(stated), value >= number, value <= Self.rowLimit else {
                return damaged(String(decoding: stated, as: UTF8.self), "rows in order, up to \(Self.rowLimit)")
            }
            number = value
        }
        row.begin(number)
        isInRow = true
        column = -1
    }

    private func startCell(_ attributes: XMLAttributes) {
        column += 1
        if let stated = attributes[XMLName("r")] {
            guard let value = Self.column(stated), value >= column else {
                return damaged(String(decoding: stated, as: UTF8.self), "cells in order, up to column XFD")
            }
            column = value
        }
        kind = Self.kind(attributes[XMLName("t")])
        style = kind == .number ? attributes[XMLName("s")].flatMap(Self.number) ?? 0 : 0
        isCell = true
        isInline = false
        phonetic = 0
        cell.removeAll(keepingCapacity: true)
    }

    private func endCell() {
        isCell = false
        isText = false
        guard !cell.isEmpty else { return }
        guard column < min(parts.limits.columns, Self.columnLimit) else {
            problem = Finding(
                .workbookLarge, at: place, found: .plain("\(column + 1) columns"),
                ["limit": .plain("\(min(parts.limits.columns, Self.columnLimit))"), "what": .plain("columns")])
            return
        }
        while row.ends.count < column { row.ends.append(row.bytes.count) }
        switch kind {
        case .number: appendNumber()
        case .shared:
            let number = cell.withUnsafeBytes { Self.number($0) }
            do throws(Finding) {
                guard let number, try strings.get(number, into: &row.bytes) else {
                    return damaged(String(decoding: cell, as: UTF8.self), "a text of that number in xl/sharedStrings.xml")
                }
            } catch { problem = error }
        case .text:
            let start = row.bytes.count
            row.bytes += cell
            WorkbookText.unescape(&row.bytes, from: start)
        case .truth: row.bytes += Array((cell == [0x31] || cell == Array("true".utf8) ? "TRUE" : "FALSE").utf8)
        case .plain: row.bytes += cell
        }
        row.ends.append(row.bytes.count)
        if row.bytes.count > parts.limits.record {
            problem = Finding(.recordLong, at: .row(row.number, file: parts.file), ["limit": .plain("\(parts.limits.record)")])
        }
    }

    private func appendNumber() {
        let format = index.format(style)
        // Most numbers are few digits and look as they are stored.
        if format == .plain, cell.count <= 15, cell.allSatisfy({ (0x30...0x39).contains($0) }), cell[0] != 0x30 || cell.count == 1 {
            row.bytes += cell
        } else if let number = CellNumber(cell) {
            row.bytes += number.text(format, is1904: index.is1904)
        } else {
            row.bytes += cell
        }
    }

    private static func kind(_ word: UnsafeRawBufferPointer?) -> Kind {
        guard let word, let first = word.first else { return .number }
        // s shared, str formula's text, b truth, e error, d date, n number, inlineStr
        switch (first, word.count) {
        case (0x73, 1): return .shared
        case (0x73, _), (0x69, _): return .text
        case (0x62, _): return .truth
        case (0x65, _), (0x64, _): return .plain
        default: return .number
        }
    }

    // MARK: Places

    private var place: Place { .row(row.number, column: column + 1, file: parts.file) }

    private func tooLong(_ count: Int) {
        problem = Finding(.fieldLong, at: place, found: .plain("\(count) bytes"), ["limit": .plain("\(parts.limits.field)")])
    }

    private func damaged(_ found: String, _ detail: String) {
        problem = Finding(.workbookDamaged, at: parts.place(part), found: .plain(found), ["detail": .plain(detail)])
    }

    /// Digits as a number; nil for anything else.
    private static func number(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard !bytes.isEmpty, bytes.count < 10 else { return nil }
        var value = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }

    /// Column, from 0, of a cell's name such as `AB17`.
    private static func column(_ bytes: UnsafeRawBufferPointer) -> Int? {
        var column = 0
        var letters = 0
        for byte in bytes {
            guard (0x41...0x5A).contains(byte) else { break }
            column = column * 26 + Int(byte - 0x40)
            letters += 1
            if letters > 3 { return nil }
        }
        return letters > 0 && letters < bytes.count && column <= columnLimit ? column - 1 : nil
    }
}
