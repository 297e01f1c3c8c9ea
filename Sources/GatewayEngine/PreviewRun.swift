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
        /// What reaches the consignment, field by field; of the orders that were asked for only.
        package var values: [Field] = []
    }

    /// A field of an order and its text; of a line by its number, `line 2 sku`.
    package struct Field: Sendable, Hashable {
        package var name: String
        package var value: String
    }

    package struct Result: Sendable {
        package var channel = ""
        package var carrier: String?
        /// What the file's text was read as, and why.
        package var charset: (name: String, because: String)?
        /// The profiles that were looked at.
        package var candidates: [ProfileCandidate] = []
        package var columnsNobodyMaps: [String] = []
        /// What the profile reads and the file does not have.
        package var columnsMissing: [Finding] = []
        package var totals = Arrival.Totals()
        /// The first orders, up to the limit; held ones are always among them.
        package var orders: [Order] = []
        /// The first document, secrets as `•••`.
        package var document = ""
        /// The receipt's first rows.
        package var receipt = ""
        /// The file would wait as a whole, were all its orders new: without the ledger nobody knows which have left.
        package var fileGuard: Finding?
    }

    private let workspace: Workspace
    private let flow: FlowSettings
    private let clock: any GatewayClock

    package init(workspace: Workspace, flow: FlowSettings, clock: any GatewayClock) {
        self.workspace = workspace
        self.flow = flow
        self.clock = clock
    }

    /// - Parameters:
    ///   - wanted: only orders of this reference; nil: the first `limit` and all that are held, at most 1,000.
    package func run(path: String, name: String, limit: Int, wanted: String? = nil) throws -> Result {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let looked = try FileIO.openForReading(path, shown: name)
        defer { close(looked) }
        func layOut(_ isSecondLook: Bool) throws(Finding) -> LaidOutDrop? {
            try workspace.layOut(looked, file: name, flow: flow, scratch: scratch.folder, isSecondLook: isSecondLook)
        }
        let table = try layOut(false)
        do {
            return try run(path, table, name, limit, wanted)
        } catch let finding as Finding where table == nil && finding.concernsText {
            return try run(path, layOut(true), name, limit, wanted)
        }
    }

    private func run(_ path: String, _ table: LaidOutDrop?, _ name: String, _ limit: Int, _ wanted: String?) throws -> Result {
        let file = FileSource(descriptor: try FileIO.openForReading(path, shown: name), shown: name, hashes: false)
        let pipeline = try workspace.open(
            source: table?.source(shown: name) ?? file, file: name, flow: flow, carrier: flow.carrier, key: .sample, table: table)
        let words = ReceiptWords(language: flow.language, carrier: pipeline.carrierName ?? "")
        let draw = try workspace.sampleDraws(carrier: flow.carrier)
        var result = Result()
        result.channel = pipeline.channelName
        result.carrier = pipeline.carrierName
        result.charset = table.map(\.charset) ?? ("UTF-8", "all of it is UTF-8")
        result.candidates = pipeline.candidates
        result.columnsNobodyMaps = pipeline.columnsNobodyMaps
        result.columnsMissing = pipeline.columnsMissing.map { $0.named(name) }
        var document = Output()
        var receipt = Output()
        var line = Output()
        pipeline.receiptHead(arrival: 0, into: &receipt)
        pipeline.beginDocument(time: draw.time, number: 1, reference: draw.reference, into: &document)
        var written = 0
        var batch = pipeline.makeBatch()
        while try pipeline.read(&batch) {
            GoLiveGuards.holdOld(&batch, flow, file: name, now: clock.now()) { _ in false }
            pipeline.indexFindings(batch)
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
                    row = order.findings.isEmpty ? words.shipped : words.shipped(noting: order.findings)
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
                if wanted != nil { order.values = Self.values(index, batch) }
                result.orders.append(order)
                let end = pipeline.receiptEnd(of: row)
                for record in Int(batch.orders[index].firstRecord)..<Int(batch.orders[index].endRecord)
                where batch.flags[record] & Batch.blankRecord == 0 {
                    pipeline.receiptRow(batch, record: record, end: end, into: &receipt)
                }
            }
        }
        if let limit = flow.guards.moreNewThan, wanted == nil, result.totals.shipped > limit {
            result.fileGuard = Finding(
                .guardFileLarge, at: Place(file: name), found: .plain("\(result.totals.shipped)"),
                ["limit": .plain("\(limit)"), "arrival": .plain("N")])
        }
        if written > 0 {
            pipeline.endDocument(into: &document)
            result.document = String(decoding: Redaction.shown(document.bytes), as: UTF8.self)
        }
        result.receipt = receipt.string
        return result
    }

    /// The flow's go-live guards in a sentence.
    package static func guards(of flow: FlowSettings) -> String {
        var parts: [String] = []
        if let limit = flow.guards.olderThan { parts.append("orders older than \(Instant.span(limit)) are held") }
        if let limit = flow.guards.moreNewThan { parts.append("a file with more than \(limit) new orders waits for its release") }
        return "Go-live guards of the flow: " + (parts.isEmpty ? "off." : parts.joined(separator: "; ") + ".")
    }

    /// Parts of an order by ``Verdict/changed``, in words for an operator.
    package static func changedBlocks(_ bits: UInt8) -> String { ReceiptWords(language: .english, carrier: "").changed(bits) }

    private static func values(_ index: Int, _ batch: borrowing Batch) -> [Field] {
        var all: [Field] = []
        for field in OrderField.heads where field.block != nil {
            let value = batch.text(batch.heads[index * batch.headSlots + field.slot])
            if !value.isEmpty { all.append(Field(name: field.name, value: value)) }
        }
        let entry = batch.orders[index]
        for line in Int(entry.firstLine)..<Int(entry.endLine) {
            for field in OrderField.lines {
                let value = batch.text(batch.lines[line * batch.lineSlots + field.slot])
                let name = "line \(line - Int(entry.firstLine) + 1) " + field.name.dropFirst("line.".count)
                if !value.isEmpty { all.append(Field(name: name, value: value)) }
            }
        }
        return all
    }
}

extension PreviewRun.Order {
    /// Fields whose text differs between what left and this; an empty text: not there.
    package func differences(from left: PreviewRun.Order) -> [(name: String, left: String, now: String)] {
        let before = Dictionary(left.values.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        let now = Dictionary(values.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        var names = values.map(\.name)
        names += left.values.map(\.name).filter { now[$0] == nil }
        return names.compactMap { name in
            let pair = (left: before[name] ?? "", now: now[name] ?? "")
            return pair.left == pair.now ? nil : (name, pair.left, pair.now)
        }
    }
}
