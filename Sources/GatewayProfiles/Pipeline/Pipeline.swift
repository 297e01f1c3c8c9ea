@_spi(HotPath) import GatewayCore
import GatewayFormats
import GatewayMapping

/// One file's way from bytes to documents: reader, channel's mapping, carrier's mapping and receipt, joined.
///
/// Two threads may share it: ``read(_:)`` belongs to the first, everything else to the second. That is the unchecked promise.
package final class Pipeline: @unchecked Sendable {
    /// Shown name of the file, for findings.
    package let file: String
    package let flow: FlowSettings
    package let header: Header
    package let channelName: String
    /// Nil: canonical orders are written, as JSON lines.
    package let carrierName: String?
    /// 12 hexadecimal digits that name everything that decides what the documents say. Of the second thread.
    package private(set) lazy var mappingHash = MappingHash.of(sources, flow: flow, ordersPerDocument: ordersPerDocument)
    /// Ending of the documents' names: `xml`, `json`, or `jsonl` for canonical orders.
    package let documentExtension: String
    /// Orders in one document at most; 1 when the carrier takes each consignment in its own.
    package let ordersPerDocument: Int
    /// By ``OrderEntry/reason``.
    package let skipReasons: [String]
    /// Columns of the file that the channel's mapping does not look at.
    package let columnsNobodyMaps: [String]
    /// Columns that the mapping reads and the file does not have, each with what depends on it.
    package let columnsMissing: [Finding]
    /// The same in one remark; nil: none is missing.
    package let columnsRemark: Finding?
    /// The profiles that were looked at, for people who ask why.
    package let candidates: [ProfileCandidate]

    private let sources: [ProfileSource]
    private let pool: [UInt8]
    private let slots: (heads: Int, lines: Int)
    private let window: Int
    private let csv: CSVSettings?
    private let limits: IntakeLimits
    /// How the file was laid out; nil: it is read as it was dropped.
    package let table: LaidOutDrop?
    let keyColumns: [Int]
    let keylessRowsFollow: Bool

    // Of the first thread.
    let reader: CSVReader
    private var channel: ChannelMachine
    /// The carrier's mapping once more, for the keys.
    private var keys: CarrierMachine?

    // Of the second thread.
    private var carrier: CarrierMachine?
    private var canonical: CanonicalWriter
    private var check: SchemaCheck?
    private let receiptMaker: @Sendable (Int64) -> CSVReceipt
    private var receipt: CSVReceipt?
    /// Places in the batch's list of findings, by order: for the batch whose findings were indexed last.
    private var findingIndex: [(order: Int, place: Int)] = []

    init(_ parts: consuming Parts) {
        file = parts.file
        flow = parts.flow
        header = parts.reader.header
        channelName = parts.channelName
        carrierName = parts.carrierName
        sources = parts.sources
        documentExtension = parts.documentExtension
        ordersPerDocument = parts.ordersPerDocument
        skipReasons = parts.skipReasons
        columnsNobodyMaps = parts.columnsNobodyMaps
        columnsMissing = parts.columnsMissing
        columnsRemark = parts.columnsRemark
        candidates = parts.candidates
        pool = parts.pool
        slots = (parts.channelProgram.headSlots, parts.channelProgram.lineSlots)
        window = parts.window
        csv = parts.csv
        table = parts.table
        limits = parts.limits
        keyColumns = parts.channelProgram.keyColumns
        keylessRowsFollow = parts.channelProgram.keylessRowsFollow
        reader = parts.reader
        channel = ChannelMachine(parts.channelProgram)
        canonical = CanonicalWriter(reasons: parts.skipReasons)
        carrier = parts.carrierProgram.map { CarrierMachine($0, headings: parts.reader.header.names) }
        keys = parts.carrierProgram.map { CarrierMachine($0, headings: parts.reader.header.names) }
        check = nil
        if let program = parts.carrierProgram, let schema = parts.schema {
            check = SchemaCheck(program, schema.validator, name: schema.shown)
        }
        let (header, dialect, language) = (parts.reader.header, parts.dialect, parts.flow.language)
        receiptMaker = { arrival in
            CSVReceipt(header: header, dialect: dialect, language: language, arrival: arrival)
        }
    }

    /// What ``Workspace`` puts together.
    struct Parts {
        var file: String
        var flow: FlowSettings
        var reader: CSVReader
        var dialect: CSVDialect
        var csv: CSVSettings?
        var table: LaidOutDrop?
        var limits: IntakeLimits
        var window: Int
        var channelName: String
        var carrierName: String?
        var channelProgram: ChannelProgram
        var carrierProgram: CarrierProgram?
        var schema: Schema?
        var pool: [UInt8]
        var sources: [ProfileSource]
        var documentExtension: String
        var ordersPerDocument: Int
        var skipReasons: [String]
        var columnsNobodyMaps: [String]
        var columnsMissing: [Finding]
        var columnsRemark: Finding?
        var candidates: [ProfileCandidate]
    }

    /// The carrier's schema and its shown name.
    struct Schema {
        var validator: SchemaValidator
        var shown: String
    }

    /// Puts a file's records together by order on the disk, when an order's rows stand apart (``Verdict/Kind/reopened``).
    ///
    /// Open the file anew then, with a source over ``GroupedDrop/dataPath``.
    /// - Parameters:
    ///   - descriptor: the whole file again.
    ///   - scratch: folder for the grouped file.
    package func group(descriptor: Int32, scratch: String) throws(Finding) -> GroupedDrop {
        GroupedDrop(
            try DiskGrouping.group(
                source: descriptor, file: file, keyColumns: keyColumns, keylessRowsFollow: keylessRowsFollow,
                settings: csv ?? CSVSettings(), limits: limits,
                scratchFolder: scratch))
    }

    // MARK: The first thread

    /// A batch that fits this pipeline's programs.
    package func makeBatch() -> Batch {
        Batch(pool: pool, window: window, headSlots: slots.heads, lineSlots: slots.lines)
    }

    /// Reads the next records and makes orders of them, and the keys that the carrier will know them by: an order whose key breaks
    /// the carrier's limit is held. False: there are none left.
    package func read(_ batch: inout Batch) throws(Finding) -> Bool {
        while try reader.fill(&batch) {
            do throws(Finding) {
                try channel.map(&batch, isLast: reader.isAtEnd)
            } catch {
                throw named(error)
            }
            if table != nil { holdDamaged(&batch) }
            reader.keep(batch)
            // An order that is larger than the window: the reader keeps all of it and gives it again in a larger one.
            if batch.usedRecords > 0 {
                keys?.keys(&batch)
                return true
            }
        }
        return false
    }

    // MARK: The second thread, a batch

    /// The batch's orders for the ledger; indexes its findings first.
    ///
    /// - Parameter words: gives the index of a finding's code or a skip reason.
    package func ledgerBatch(_ batch: inout Batch, words: (String) -> UInt16) -> LedgerBatch {
        indexFindings(batch)
        let skips = skipReasons.map(words)
        let reference = OrderField.named("reference")?.slot ?? 0
        var made = LedgerBatch(memory: UnsafeRawPointer(batch.base))
        made.orders.reserveCapacity(batch.orderCount)
        for index in 0..<batch.orderCount {
            let entry = batch.orders[index]
            let known = batch.heads[index * batch.headSlots + reference]
            let word: UInt16 =
                switch entry.fate {
                case .ship: 0
                case .skip: Int(entry.reason) < skips.count ? skips[Int(entry.reason)] : 0
                case .hold: words((holding(index, batch).map { batch.findings[$0].finding.code } ?? .orderUndecided).id)
                }
            made.orders.append(
                LedgerOrder(
                    reference: (known.offset, known.count), key: (entry.key.offset, entry.key.count),
                    row: UInt32(batch.rowNumber(Int(entry.firstRecord))), fate: entry.fate, word: word, digests: entry.digests,
                    firstLine: entry.firstLine, endLine: entry.endLine))
        }
        let (lines, lineCount) = (batch.lineEntries, batch.lineCount)
        made.lines = Array(unsafeUninitializedCapacity: lineCount) { buffer, count in
            for index in 0..<lineCount {
                buffer.initializeElement(at: index, to: LedgerLine(key: lines[index].key, quantity: lines[index].quantity))
            }
            count = lineCount
        }
        return made
    }

    /// Lowers quantities to what goes out now.
    package func apply(_ verdicts: Verdicts, to batch: inout Batch) {
        for index in 0..<min(batch.lineCount, verdicts.quantities.count) {
            batch.lineEntries[index].quantity = verdicts.quantities[index]
        }
    }

    /// What holds an order, with the file's name; nil when nothing does. Of the batch whose findings were indexed last.
    package func finding(of order: Int, in batch: borrowing Batch) -> Finding? {
        holding(order, batch).map { named(batch.findings[$0].finding) }
    }

    /// Everything that was found out about an order of the batch whose findings were indexed last; what holds it first.
    package func findings(of order: Int, in batch: borrowing Batch) -> [Finding] {
        let holding = holding(order, batch)
        var places = holding.map { [$0] } ?? []
        var at = firstIndex(of: order)
        while at < findingIndex.count, findingIndex[at].order == order {
            if findingIndex[at].place != holding { places.append(findingIndex[at].place) }
            at += 1
        }
        var all: [Finding] = []
        for place in places { all.append(named(batch.findings[place].finding)) }
        return all
    }

    /// Why an order is skipped; nil when it is not.
    package func skipReason(of order: Int, in batch: borrowing Batch) -> String? {
        let entry = batch.orders[order]
        guard entry.fate == .skip, Int(entry.reason) < skipReasons.count else { return nil }
        return skipReasons[Int(entry.reason)]
    }

    /// Makes the batch's findings findable by order: after the last was added, before one is asked for.
    package func indexFindings(_ batch: borrowing Batch) {
        findingIndex.removeAll(keepingCapacity: true)
        for place in 0..<batch.findings.count { findingIndex.append((batch.findings[place].order, place)) }
        // The mapping and the carrier's keys each go through the orders in turn.
        findingIndex.sort { ($0.order, $0.place) < ($1.order, $1.place) }
    }

    /// Where an order's findings begin in the index, or would.
    private func firstIndex(of order: Int) -> Int {
        var (low, high) = (0, findingIndex.count)
        while low < high {
            let middle = (low + high) / 2
            if findingIndex[middle].order < order { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Place of the finding that holds an order: a reason that the profile states says more than what follows from it, else the first.
    private func holding(_ order: Int, _ batch: borrowing Batch) -> Int? {
        var first: Int?
        var at = firstIndex(of: order)
        while at < findingIndex.count, findingIndex[at].order == order {
            let place = findingIndex[at].place
            let code = batch.findings[place].finding.code
            if code == .orderHoldRule { return place }
            if first == nil, code.stops != .nothing { first = place }
            at += 1
        }
        return first
    }

    private func named(_ finding: Finding) -> Finding {
        var finding = finding
        if finding.place.file == nil { finding.place.file = file }
        if finding.place.isRecord, finding.place.part == nil { finding.place.part = table?.part }
        return finding
    }

    // MARK: The second thread, a document

    /// Begins a document. The draws are stored before, so that a retry writes the same bytes.
    ///
    /// - Parameters:
    ///   - time: milliseconds since 1970.
    ///   - number: within the arrival, from 1.
    ///   - reference: 32 hexadecimal digits.
    package func beginDocument(time: Int64, number: Int, reference: String, into out: inout Output) {
        let draw = DocumentDraw(time: time, number: number, reference: reference)
        check?.document = draw
        carrier?.head(&out, draw)
    }

    /// Writes an order's consignment.
    ///
    /// - Parameters:
    ///   - sequence: from 1, among the order's consignments.
    ///   - number: drawn from the flow's range; 0: none.
    /// - Returns: nil when it is written; else `out` is as before, and the order must be held with this finding.
    package func write(order: Int, of batch: inout Batch, sequence: Int, number: Int64, into out: inout Output) -> Finding? {
        let draw = ConsignmentDraw(sequence: sequence, number: number)
        if let problem = check?.problem(of: order, in: &batch, draw) { return named(problem) }
        guard carrierName != nil else {
            canonical.write(batch, order, &out)
            return nil
        }
        return carrier?.order(&batch, order, draw, &out).map { named($0) }
    }

    /// Ends the document that was begun last.
    package func endDocument(into out: inout Output) { carrier?.tail(&out) }

    /// Writes an order as one line of JSON, as `docs/ORDER.md` describes it.
    package func orderJSON(_ order: Int, of batch: inout Batch, into out: inout Output) { canonical.write(batch, order, &out) }

    // MARK: The second thread, the receipt

    /// Begins the receipt: the sender's headings and ours.
    package func receiptHead(arrival: Int64, into out: inout Output) {
        receipt = receiptMaker(arrival)
        receipt?.head(&out)
    }

    /// What every row of this outcome ends with, for ``receiptRow(_:record:end:into:)``. After ``receiptHead(arrival:into:)``.
    package func receiptEnd(of row: ReceiptRow) -> [UInt8] { receipt?.end(of: row) ?? [] }

    /// The sender's record `record` of the batch and what became of it.
    package func receiptRow(_ batch: borrowing Batch, record: Int, end: [UInt8], into out: inout Output) {
        receipt?.row(batch, record: record, end: end, &out)
    }
}

/// A channel profile that was looked at for a file.
package struct ProfileCandidate: Sendable, Hashable {
    package var name: String
    /// It has all the columns that the profile is recognised by, and none of a look-alike.
    package var isMatch: Bool
    /// Columns of the file that the profile uses.
    package var matched: Int
    /// Columns that it is recognised by and the file does not have.
    package var missing: [String]
    /// The column that shows the file to be a look-alike.
    package var excludedBy: String?
}
