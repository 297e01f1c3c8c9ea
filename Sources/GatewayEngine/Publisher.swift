import GatewayCore
import GatewayProfiles
import Glibc

/// Publishes what an arrival intends: documents first, its receipt last. Each call can be made again after a crash.
///
/// A document is moved out of `state/outgoing`: gone means published, and perhaps fetched and removed by the carrier already.
struct Publisher {
    let parts: GatewayParts
    let flow: FlowSettings

    /// Durable when it returns.
    func publish(_ intent: ArrivalIntent) throws {
        if !intent.documents.isEmpty, let folder = intent.outbox ?? flow.outbox {
            let waits = intent.documents.contains { document in
                let path = parts.state.outgoing(intent.arrival, "\(document.number)")
                return FileIO.exists(path) || FileIO.exists(path + ".filled")
            }
            let secrets = waits ? try parts.workspace.secretBytes(of: try owner(of: folder)) : []
            if !secrets.isEmpty { try fill(intent, secrets) }
            let store = try parts.store(folder)
            for document in intent.documents {
                let path = parts.state.outgoing(intent.arrival, "\(document.number)")
                // Filled before a crash, and the account has no secrets any more: what was filled goes.
                let isFilled = !secrets.isEmpty || FileIO.exists(path + ".filled")
                try move(isFilled ? path + ".filled" : path, as: document.name, into: store)
            }
            try store.flush()
        }
        if let receipt = intent.receipt {
            let store = try parts.store(flow.receiptFolder)
            try move(parts.state.outgoing(intent.arrival, "receipt"), as: receipt.name, into: store)
            try store.flush()
        }
    }

    /// The flow whose carrier and account the outbox belongs to: this one, unless dropgate.yaml was changed since the documents were
    /// written. They go where they were meant to go, with the secrets of that account.
    private func owner(of folder: String) throws(Finding) -> FlowSettings {
        if flow.outbox == folder { return flow }
        guard let owner = parts.workspace.flows.first(where: { $0.outbox == folder && $0.mode == flow.mode }) else {
            throw Finding(
                .publishOutboxGone, at: Place(file: "dropgate.yaml"), found: .plain(flow.outbox ?? "none"), ["outbox": .plain(folder)])
        }
        return owner
    }

    private func move(_ path: String, as name: String, into store: any DropStore) throws {
        guard FileIO.exists(path) else { return try store.finishPublishing(name) }
        _ = try store.publish(path, as: name, rewrite: nil)
        // Still there: the outbox is another file system and took a copy, or had the very same file already.
        guard FileIO.exists(path) else { return }
        try store.flush()
        unlink(path)
    }

    /// Puts the secrets into all documents of an arrival before the first is published. Then the redacted ones are gone, and
    /// what is moved out is moved once.
    private func fill(_ intent: ArrivalIntent, _ secrets: [[UInt8]]) throws {
        var isNew = false
        for document in intent.documents {
            let path = parts.state.outgoing(intent.arrival, "\(document.number)")
            guard FileIO.exists(path) else { continue }
            try fill(path, secrets)
            guard rename(path + ".filling", path + ".filled") == 0 else { throw FileIO.finding(.fileWriteFailed, Self.shown) }
            unlink(path)
            isNew = true
        }
        if isNew { try FileIO.flushFolder(FileIO.folder(of: parts.state.outgoing(intent.arrival, ""))) }
    }

    private static let shown = "state/outgoing"

    private func fill(_ path: String, _ secrets: [[UInt8]]) throws {
        let source = FileSource(
            descriptor: try FileIO.openForReading(path, shown: Self.shown), shown: Self.shown, hashes: false)
        let descriptor = try FileIO.create(path + ".filling", shown: Self.shown, mode: 0o640)
        defer { close(descriptor) }
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { piece.deallocate() }
        var out: [UInt8] = []
        var isMarked = false
        while true {
            let got = try source.read(into: piece)
            if got == 0 { break }
            out.removeAll(keepingCapacity: true)
            for byte in piece[..<got] {
                if isMarked {
                    // Written for a carrier profile that had other secrets: never sent with the wrong ones.
                    guard secrets.indices.contains(Int(byte) - 1) else {
                        throw Finding(.secretsDiffer, at: Place(file: "dropgate.yaml"), found: .plain("\(secrets.count) secrets"))
                    }
                    out += secrets[Int(byte) - 1]
                    isMarked = false
                } else if byte == 0 {
                    isMarked = true
                } else {
                    out.append(byte)
                }
            }
            try FileIO.unsafeBytes(out) { (bytes) throws(Finding) in
                try FileIO.write(bytes, to: descriptor, shown: Self.shown)
            }
        }
        try FileIO.flush(descriptor, shown: Self.shown)
    }
}
