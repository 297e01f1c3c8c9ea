import GatewayCore

extension Format {
    /// Workbooks. A profile of `format: csv` takes them as well; `xlsx` is for one that takes nothing else.
    static let xlsx = Format(
        "xlsx", "Workbooks of spreadsheet programs (.xlsx): the visible sheet and row whose headings the profile knows.",
        shapes: [.workbook],
        accepts: { $0 == "xlsx" },
        layout: { input throws(Finding) in try XLSXLayout(input) },
        wholeness: { input throws(Finding) in
            try Workbook.wholeness(descriptor: input.descriptor, file: input.file, limits: input.limits)
        },
        receipt: ReceiptForm(fileExtension: "xlsx") { csv, sink throws(Finding) in try XLSXReceipt.write(csv: csv, to: sink) })
}

/// Lays a sheet of a workbook out: cells as their number format shows them, each row at its number, rows filled up to the headings.
final class XLSXLayout: TableLayout {
    private let book: Workbook

    init(_ input: LayoutInput) throws(Finding) {
        book = try Workbook(descriptor: input.descriptor, file: input.file, limits: input.limits, scratchFolder: input.scratch)
    }

    /// Rows that may be headings; first the one with the most cells among a sheet's first three.
    func glimpses(_: TablePlan) throws(Finding) -> [Glimpse] {
        let heads = try book.heads()
        let top = heads.prefix(3).filter { $0.sheet == heads[0].sheet }
        let widest = top.indices.max { cells(top[$0]) < cells(top[$1]) || (cells(top[$0]) == cells(top[$1]) && $0 > $1) }
        var order = Array(heads.indices)
        if let widest { order = [widest] + order.filter { $0 != widest } }
        return order.map { n in
            Glimpse(header: Header(names: heads[n].cells, row: heads[n].row), part: heads[n].sheetName, index: heads[n].sheet)
        }
    }

    private func cells(_ head: Workbook.Head) -> Int { head.cells.count { !$0.isEmpty } }

    func layOut(_: TablePlan, _ glimpse: Glimpse, into sink: inout TableSink) throws(Finding) {
        if let head = try book.heads().first(where: { $0.sheet == glimpse.index && $0.row == glimpse.header.row }) {
            try book.requireOnly(head)
        }
        let (book, columns, first) = (book, glimpse.header.names.count, glimpse.header.row)
        let failed: Finding? = withUnsafeMutablePointer(to: &sink) { sink in
            do throws(Finding) {
                try book.rows(of: glimpse.index) { (row) throws(Finding) in
                    let width = row.width
                    guard row.number >= first, width > 0 else { return true }
                    try sink.pointee.skip(to: row.number)
                    for column in 0..<max(width, columns) {
                        let range = row.range(column)
                        let failed: Finding? = row.bytes.withUnsafeBytes { all in
                            do throws(Finding) {
                                try sink.pointee.cell(UnsafeRawBufferPointer(rebasing: all[range]))
                                return nil
                            } catch { return error }
                        }
                        if let failed { throw failed }
                    }
                    try sink.pointee.endRow()
                    return true
                }
                return nil
            } catch { return error }
        }
        if let failed { throw failed }
    }
}
