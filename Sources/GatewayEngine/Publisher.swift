import GatewayCore
import GatewayProfiles
import Glibc

/// Publishes what an arrival intends: documents first, its receipt last. Each call can be made again after a crash.
struct Publisher {
    let parts: GatewayParts
    let flow: FlowSettings

    /// Durable when it returns.
    func publish(_ intent: ArrivalIntent) throws {
        if !intent.documents.isEmpty, let folder = flow.outbox {
            let store = try parts.store(folder)
            let secrets = try parts.workspace.secretBytes(of: flow)
            for document in intent.documents { try publish(document, of: intent.arrival, secrets, into: store) }
            try store.flush()
            // Only now: until the folder is flushed, ours is the copy that a power cut can't take.
            for document in intent.documents {
                let path = parts.state.outgoing(intent.arrival, "\(document.number)")
                unlink(path)
                unlink(path + ".filled")
            }
        }
        if let receipt = intent.receipt {
            let store = try parts.store(flow.receiptFolder)
            let path = parts.state.outgoing(intent.arrival, "receipt")
            if FileIO.exists(path) { _ = try store.publish(path, as: receipt.name, rewrite: nil) }
            try store.flush()
            unlink(path)
        }
    }

    private func publish(_ document: DocumentIntent, of arrival: Arrival.ID, _ secrets: [[UInt8]], into store: any DropStore) throws {
        let path = parts.state.outgoing(arrival, "\(document.number)")
        // Flushed before its intent was stored: gone means that it was moved out, and perhaps fetched already.
        guard FileIO.exists(path) else { return }
        guard !secrets.isEmpty else {
            _ = try store.publish(path, as: document.name, rewrite: nil)
            return
        }
        // The name holds a hash of place and content: a file of that name is this document, though a secret may have been rotated since.
        if try store.size(of: document.name) == nil {
            let filled = try fill(path, secrets)
            _ = try store.publish(filled, as: document.name, rewrite: nil)
        }
    }

    /// Writes the document with its secrets beside the redacted one.
    private func fill(_ path: String, _ secrets: [[UInt8]]) throws -> String {
        let source = FileSource(
            descriptor: try FileIO.openForReading(path, shown: "state/outgoing"), shown: "state/outgoing", hashes: false)
        let filled = path + ".filled"
        let descriptor = try FileIO.create(filled, shown: "state/outgoing", mode: 0o600)
        defer { close(descriptor) }
        fchmod(descriptor, 0o644)
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
                    out += secrets[Int(byte) - 1]
                    isMarked = false
                } else if byte == 0 {
                    isMarked = true
                } else {
                    out.append(byte)
                }
            }
            try FileIO.unsafeBytes(out) { (bytes) throws(Finding) in
                try FileIO.write(bytes, to: descriptor, shown: "state/outgoing")
            }
        }
        try FileIO.flush(descriptor, shown: "state/outgoing")
        return filled
    }
}
