import GatewayCore

/// What a workbook holds: its sheets, number formats and where its parts are. Cells are not looked at.
struct WorkbookIndex {
    struct Sheet {
        var name: String
        var isVisible: Bool
        /// The part that it stands in, such as `xl/worksheets/sheet1.xml`.
        var part: String
    }

    var sheets: [Sheet] = []
    /// Days are counted from 1904-01-01.
    var is1904 = false
    /// By a cell's `s`.
    var formats: [NumberFormat] = []
    var sharedStrings: String?

    static let sheetLimit = 1_000

    init(_ parts: WorkbookParts) throws(Finding) {
        let root = try Self.relations(parts, of: "")
        let path = root.first { $0.kind == "officeDocument" }?.target ?? "xl/workbook.xml"
        guard parts.has(path) else { throw parts.otherKind() }
        if path.hasSuffix(".bin") { throw Finding(.workbookKind, at: parts.place(), found: .plain("a binary workbook (.xlsb)")) }
        let workbook = WorkbookListener()
        try parts.walk(path, workbook)
        is1904 = workbook.is1904
        let relations = try Self.relations(parts, of: path)
        for sheet in workbook.sheets {
            // Charts and dialogs have no cells.
            guard let relation = relations.first(where: { $0.id == sheet.relation }), relation.kind == "worksheet" else { continue }
            sheets.append(Sheet(name: sheet.name, isVisible: sheet.isVisible, part: relation.target))
        }
        sharedStrings = relations.first { $0.kind == "sharedStrings" }.map(\.target).flatMap { parts.has($0) ? $0 : nil }
        if let styles = relations.first(where: { $0.kind == "styles" })?.target, parts.has(styles) {
            let listener = StylesListener()
            try parts.walk(styles, listener)
            formats = listener.formats
        }
    }

    func format(_ style: Int) -> NumberFormat { style >= 0 && style < formats.count ? formats[style] : .plain }

    struct Relation {
        var id: String
        /// Last word of its type.
        var kind: String
        /// Path in the package.
        var target: String
    }

    /// What a part says of where others are. Source: ECMA-376 part 2, 9.3.
    private static func relations(_ parts: WorkbookParts, of part: String) throws(Finding) -> [Relation] {
        let slash = part.lastIndex(of: "/").map { part.index(after: $0) } ?? part.startIndex
        let path = part[..<slash] + "_rels/" + part[slash...] + ".rels"
        guard parts.has(String(path)) else { return [] }
        let listener = RelationsListener(folder: String(part[..<slash]))
        try parts.walk(String(path), listener)
        return listener.relations
    }
}

private final class RelationsListener: XMLListener {
    private let folder: String
    private(set) var relations: [WorkbookIndex.Relation] = []
    let problem: Finding? = nil
    var hasEnough: Bool { relations.count > WorkbookIndex.sheetLimit * 4 }

    init(folder: String) { self.folder = folder }

    func start(_ name: XMLName, _ attributes: XMLAttributes) {
        guard name == XMLName("Relationship"), let target = attributes.text(XMLName("Target")), let kind = attributes.text(XMLName("Type"))
        else { return }
        // What lies outside of the file is never looked at.
        guard attributes.text(XMLName("TargetMode")) != "External" else { return }
        relations.append(
            WorkbookIndex.Relation(
                id: attributes.text(XMLName("Id")) ?? "", kind: kind.split(separator: "/").last.map(String.init) ?? "",
                target: resolved(target)))
    }

    /// A name in the package, never one of the disk.
    private func resolved(_ target: String) -> String {
        guard !target.hasPrefix("/") else { return String(target.dropFirst()) }
        var steps = folder.split(separator: "/")
        for step in target.split(separator: "/") where step != "." {
            if step == ".." { _ = steps.popLast() } else { steps.append(step) }
        }
        return steps.joined(separator: "/")
    }

    func end(_: XMLName) {}
    func text(_: UnsafeRawBufferPointer) {}
}

private final class WorkbookListener: XMLListener {
    private(set) var sheets: [(name: String, isVisible: Bool, relation: String)] = []
    private(set) var is1904 = false
    let problem: Finding? = nil
    var hasEnough: Bool { sheets.count >= WorkbookIndex.sheetLimit }

    func start(_ name: XMLName, _ attributes: XMLAttributes) {
        if name == XMLName("workbookPr"), let word = attributes.text(XMLName("date1904")) { is1904 = word == "1" || word == "true" }
        guard name == XMLName("sheet"), let shown = attributes.text(XMLName("name")) else { return }
        let state = attributes.text(XMLName("state")) ?? "visible"
        sheets.append((shown, state == "visible", attributes.text(XMLName("id")) ?? ""))
    }

    func end(_: XMLName) {}
    func text(_: UnsafeRawBufferPointer) {}
}

/// Which format each style of cells has.
private final class StylesListener: XMLListener {
    private(set) var formats: [NumberFormat] = []
    private var custom: [Int: NumberFormat] = [:]
    private var isCells = false
    let problem: Finding? = nil
    // A spreadsheet takes 65,490 styles.
    var hasEnough: Bool { formats.count > 1 << 17 || custom.count > 1 << 14 }

    func start(_ name: XMLName, _ attributes: XMLAttributes) {
        switch name.bits {
        case XMLName("numFmt").bits:
            guard let id = attributes.text(XMLName("numFmtId")).flatMap({ Int($0) }), let code = attributes.text(XMLName("formatCode")),
                code.utf8.count < 1024
            else { return }
            custom[id] = NumberFormat(code: code)
        case XMLName("cellXfs").bits: isCells = true
        case XMLName("xf").bits where isCells:
            let id = attributes.text(XMLName("numFmtId")).flatMap { Int($0) } ?? 0
            formats.append(custom[id] ?? .builtIn(id))
        default: break
        }
    }

    func end(_ name: XMLName) {
        if name == XMLName("cellXfs") { isCells = false }
    }

    func text(_: UnsafeRawBufferPointer) {}
}
