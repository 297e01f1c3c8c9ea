import GatewayCore
import GatewayProfiles
import Glibc

/// Brings the documents of a local outbox to a server. The outbox is the queue: a document leaves it when its delivery is stored as done.
struct Delivering: Sendable {
    let parts: GatewayParts
    let traffic: TrafficParts
    let endpoint: EndpointSettings
    let source: String
    let folder: RemoteFolder

    /// Documents that lie in the outbox, oldest name first; hidden ones are not ours to send.
    func waiting() -> [String] {
        FileIO.names(in: parts.root + "/" + source).filter { NameRule.mayPublish($0) }
    }

    /// Delivers one document. Gives a remark when it was done in an unusual way.
    func deliver(_ name: String) throws -> Finding? {
        let local = parts.root + "/" + source + "/" + name
        guard var delivery = try intend(name, local) else { return nil }
        var remark: Finding?
        let outcome: RemoteFolder.Published
        switch delivery.state {
        case .done, .marking: outcome = .published
        case .renaming:
            outcome = try finish(&delivery, local)
        case .waiting:
            outcome = try publish(&delivery, local)
        }
        if outcome == .taken {
            remark = Finding(
                .transportDeliveryTaken, at: Place(file: folder.name + "/" + name), found: .plain("neither file is there"),
                ["endpoint": .plain(endpoint.name)])
            // Whether the partner took it is not certain: the document stays, hidden in the outbox, and a person can look.
            let kept = parts.root + "/" + source + "/.kept-" + name
            guard rename(local, kept) == 0 else { throw FileIO.finding(.fileWriteFailed, source) }
            try FileIO.flushFolder(FileIO.folder(of: kept))
        }
        if delivery.state != .done {
            if let marker = endpoint.markerOut { try mark(name + marker, &delivery) }
            delivery.state = .done
            delivery.unfinished = nil
            delivery.finished = parts.clock.now()
            try traffic.ledger.note(delivery)
        }
        unlink(local)
        return remark
    }

    private func intend(_ name: String, _ local: String) throws -> Delivery? {
        let descriptor = open(local, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw FileIO.finding(.fileReadFailed, source + "/" + name)
        }
        let reader = FileSource(descriptor: descriptor, shown: source + "/" + name, hashes: true)
        let content = try reader.rest()
        let delivery = try traffic.ledger.intend(
            Delivery(
                endpoint: endpoint.name, folder: folder.path, name: name, source: source, size: reader.count, content: content,
                intended: parts.clock.now()))
        // The same name with other bytes would never be seen apart by the partner.
        guard delivery.content == content else {
            throw Finding(.publishNameTaken, at: Place(file: source + "/" + name), found: .plain("another file"))
        }
        return delivery
    }

    private func finish(_ delivery: inout Delivery, _ local: String) throws -> RemoteFolder.Published {
        guard let unfinished = delivery.unfinished else { return try publish(&delivery, local) }
        return try folder.finish(unfinished, delivery.size, as: delivery.name, local)
    }

    private func publish(_ delivery: inout Delivery, _ local: String) throws -> RemoteFolder.Published {
        if let old = delivery.unfinished { try folder.files.remove(old) }
        delivery.attempts += 1
        let stem = "\(traffic.ledger.identity.prefix(8))-\(delivery.id)-\(delivery.attempts)"
        var noted = delivery
        defer { delivery = noted }
        do throws(Finding) {
            return try folder.publish(local, as: delivery.name, stem: stem) { (step) throws(Finding) in
                switch step {
                case .writing(let path):
                    noted.unfinished = path
                    noted.state = .waiting
                case .renaming(let path):
                    noted.unfinished = path
                    noted.state = .renaming
                }
                do { try traffic.ledger.note(noted) } catch { throw Gateway.finding(error) }
            }
        } catch {
            if error.code == .publishNameTaken {
                noted.state = .waiting
                try traffic.ledger.note(noted)
            }
            throw error
        }
    }

    /// The partner's marker: an empty file beside the document, made when the document is whole.
    private func mark(_ name: String, _ delivery: inout Delivery) throws {
        if delivery.state != .marking {
            delivery.state = .marking
            try traffic.ledger.note(delivery)
        }
        let empty = parts.state.fetched("marker-\(delivery.id)")
        close(try FileIO.create(empty, shown: "state/fetched"))
        defer { unlink(empty) }
        _ = try folder.publish(empty, as: name, stem: "\(traffic.ledger.identity.prefix(8))-\(delivery.id)-marker")
    }
}
