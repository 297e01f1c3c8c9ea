@_spi(HotPath) import GatewayCore
import GatewayProfiles
import Glibc

/// What a file would give, without any effect: no ledger, nothing written. What only a ledger can say (already shipped,
/// changed since) is not in it.
package struct PreviewRun {
    /// An order of the preview.
    package struct Order: Sendable {
        package var reference = ""
        package var row = 0
        package var fate = Fate.ship
        package var reason: String?
        /// The canonical order, one line of JSON.
        package var json = ""
        package var findings: [Finding] = []
    }

    package struct Result: Sendable {
        package var channel = ""
        package var carrier: String?
        /// The profiles that were looked at.
        package var candidates: [ProfileCandidate] = []
        package var columnsNobodyMaps: [String] = []
        package var totals = Arrival.Totals()
        /// The first orders, up to the limit; held ones are always among them.
        package var orders: [Order] = []
        /// The first document, secrets as `•••`.
        package var document = ""
        /// The receipt's first rows.
        package var receipt = ""
    }

    private let workspace: Workspace
    private let flow: FlowSettings

    package init(workspace: Workspace, flow: FlowSettings) {
        self.workspace = workspace
        self.flow = flow
    }

    /// - Parameters:
    ///   - wanted: only orders of this reference; nil: the first `limit` and all that are held, at most 1,000.
    package func run(path: String, name: String, limit: Int, wanted: String? = nil) throws -> Result {
        let source = FileSource(descriptor: try FileIO.openForReading(path, shown: name), shown: name, hashes: false)
        let pipeline = try workspace.open(source: source, file: name, flow: flow, carrier: flow.carrier, key: .sample)
        let words = ReceiptWords(language: flow.language, carrier: pipeline.carrierName ?? "")
        let draw = try workspace.sampleDraws(carrier: flow.carrier)
        var result = Result()
        result.channel = pipeline.channelName
        result.carrier = pipeline.carrierName
        result.candidates = pipeline.candidates
        result.columnsNobodyMaps = pipeline.columnsNobodyMaps
        var document = Output()
        var receipt = Output()
        var line = Output()
        pipeline.receiptHead(arrival: 0, into: &receipt)
        pipeline.beginDocument(time: draw.time, number: 1, reference: draw.reference, into: &document)
        var written = 0
        var batch = pipeline.makeBatch()
        while try pipeline.read(&batch) {
            pipeline.makeKeys(&batch)
            for index in 0..<batch.orderCount {
                result.totals.orders += 1
                var order = Order()
                order.reference = batch.text(batch.heads[index * batch.headSlots + OrderField.referenceSlot])
                if let wanted, wanted != order.reference { continue }
                order.fate = batch.orders[index].fate
                order.row = batch.rowNumber(Int(batch.orders[index].firstRecord))
                order.findings = pipeline.findings(of: index, in: batch)
                order.reason = pipeline.skipReason(of: index, in: batch)
                let isShown = result.orders.count < limit
                if order.fate == .ship, flow.carrier != nil {
                    let mark = document.count
                    if let finding = pipeline.write(order: index, of: &batch, sequence: 1, number: draw.number, into: &document) {
                        order.fate = .hold
                        order.findings.append(finding.named(name))
                    } else if isShown && (pipeline.ordersPerDocument > 1 || written == 0) {
                        written += 1
                    } else {
                        document.rewind(to: mark)
                    }
                }
                let row: ReceiptRow
                switch order.fate {
                case .ship:
                    result.totals.shipped += 1
                    row = words.shipped
                case .skip:
                    result.totals.skipped += 1
                    row = words.skipped(order.reason ?? "")
                case .hold:
                    result.totals.held += 1
                    row = words.held(order.findings.filter { $0.code.stops != .nothing })
                }
                guard isShown || (order.fate == .hold && result.orders.count < 1000) else { continue }
                line.rewind(to: 0)
                pipeline.orderJSON(index, of: &batch, into: &line)
                order.json = line.string
                result.orders.append(order)
                for record in Int(batch.orders[index].firstRecord)..<Int(batch.orders[index].endRecord)
                where batch.flags[record] & Batch.blankRecord == 0 {
                    pipeline.receiptRow(batch, record: record, row, into: &receipt)
                }
            }
        }
        if written > 0 {
            pipeline.endDocument(into: &document)
            result.document = String(decoding: Redaction.shown(document.bytes), as: UTF8.self)
        }
        result.receipt = receipt.string
        return result
    }
}
