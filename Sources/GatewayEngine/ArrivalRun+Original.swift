import GatewayCore
import GatewayProfiles
import Glibc

/// The file of an arrival: where its rows lie, and what is made of it before they are read.
extension ArrivalRun {
    func original() throws(Finding) -> String {
        guard let path = parts.state.original(arrival.id) else { throw Finding(.arrivalGone, at: Place(file: arrival.name)) }
        return path
    }

    func rows() throws(Finding) -> String {
        guard let path = parts.state.rows(arrival.id) else { throw Finding(.arrivalGone, at: Place(file: arrival.name)) }
        return path
    }

    /// A corrected receipt of ours: puts the corrections into the rows of the file that it answered.
    func mergeReceipt() throws {
        guard !FileIO.exists(parts.state.merged(arrival.id)) else { return }
        let dropped = try FileIO.openForReading(original(), shown: arrival.name)
        defer { close(dropped) }
        let laidReceipt = try parts.workspace.layOutReceipt(dropped, file: arrival.name, scratch: parts.state.scratch)
        let receipt = laidReceipt?.descriptor ?? dropped
        // What was laid out is quoted as tables are.
        let format = try laidReceipt == nil ? parts.workspace.statedFormat(of: receipt, flow: flow) : nil
        let limits = parts.workspace.settings.limits
        guard let answered = try Intake.receiptArrival(of: receipt, file: arrival.name, format: format, limits: limits) else { return }
        // Another flow's rows are never mixed in: they may be another merchant's customers.
        guard let earlier = try parts.ledger.arrival(answered), earlier.flow == flow.id, earlier.mode == flow.mode,
            let path = parts.state.rows(answered)
        else { throw Finding(.receiptOriginalGone, at: Place(file: arrival.name), found: .plain("arrival \(answered)")) }
        let rows = try FileIO.openForReading(path, shown: earlier.name)
        defer { close(rows) }
        let laidRows = try parts.workspace.layOut(
            rows, file: earlier.name, flow: flow, scratch: parts.state.scratch, isSecondLook: true)
        let fresh = parts.state.merged(arrival.id) + ".new"
        let target = try FileIO.create(fresh, shown: "state/merged")
        defer { close(target) }
        try Intake.merge(
            receipt: receipt, original: laidRows?.descriptor ?? rows, file: arrival.name,
            formats: (format, laidRows == nil ? parts.workspace.statedFormat(of: rows, flow: flow) : nil), scratch: try scratch(),
            limits: limits
        ) { bytes throws(Finding) in try FileIO.write(bytes, to: target, shown: "state/merged") }
        try FileIO.flush(target, shown: "state/merged")
        guard rename(fresh, parts.state.merged(arrival.id)) == 0 else { throw FileIO.finding(.fileWriteFailed, "state/merged") }
    }

    /// Throws when a writer that still had the file open changed it after it was listed.
    func requireUnchanged() throws(Finding) {
        var status = stat()
        guard stat(try original(), &status) == 0 else { throw FileIO.finding(.fileReadFailed, arrival.name) }
        let now = FileSighting(status)
        // A copy from another file system has a time of its own, and nobody else has it open.
        guard now.size == arrival.size, now.inode != arrival.inode || now.modified == arrival.modified else {
            throw Finding(
                .intakeFileGrew, at: Place(file: arrival.name),
                found: .plain(now.size == arrival.size ? "other bytes" : "\(now.size) bytes"), ["listed": .plain("\(arrival.size)")])
        }
    }

    func open(_ path: String) throws(Finding) -> FileSource {
        FileSource(descriptor: try FileIO.openForReading(path, shown: arrival.name), shown: arrival.name, hashes: true)
    }

    func hashOriginal() throws -> ContentHash {
        try open(original()).rest()
    }

    /// The file as a table, when it is no delimited text in UTF-8.
    func layOut(isSecondLook: Bool = false) throws -> LaidOutDrop? {
        let descriptor = try FileIO.openForReading(rows(), shown: arrival.name)
        defer { close(descriptor) }
        return try parts.workspace.layOut(
            descriptor, file: arrival.name, flow: flow, scratch: parts.state.scratch, isSecondLook: isSecondLook)
    }

    /// How the receipt is written: of a corrected one as the file that it came as.
    func receiptShape(_ table: LaidOutDrop?) throws(Finding) -> ReceiptShape? {
        guard FileIO.exists(parts.state.merged(arrival.id)) else { return table?.receipt }
        let descriptor = try FileIO.openForReading(original(), shown: arrival.name)
        defer { close(descriptor) }
        return try parts.workspace.receiptShape(of: descriptor, file: arrival.name)
    }

    func group(_ pipeline: Pipeline) throws -> GroupedDrop {
        if let table = pipeline.table { return try pipeline.group(descriptor: table.descriptor, scratch: try scratch()) }
        let descriptor = try FileIO.openForReading(rows(), shown: arrival.name)
        defer { close(descriptor) }
        return try pipeline.group(descriptor: descriptor, scratch: try scratch())
    }

    /// A folder for what must lie on disk during this run.
    func scratch() throws(Finding) -> String {
        let folder = parts.state.scratch(arrival.id)
        try FileIO.makeFolder(folder, mode: 0o700, shown: "state/scratch")
        return folder
    }

    /// Moves the original to where it stays. Its outcome is in the ledger; a start makes up for a move that a crash prevented.
    func put(_ path: String) throws {
        guard let now = parts.state.original(arrival.id), now != path else { return }
        guard rename(now, path) == 0 else { throw FileIO.finding(.fileWriteFailed, "state") }
    }
}
