import GatewayCore
import Glibc

extension LocalDropStore {
    /// The caller has flushed the file at `path`. The outbox's own entry becomes durable with ``flush()``: call that once
    /// for a group, before anybody is told that the group is published.
    ///
    /// Without `rewrite` the file is renamed into the outbox. Across file systems it is copied to a hidden name there, flushed, removed
    /// at `path`, and only then given its name: whoever finds neither the file nor the hidden copy knows that it was out, though the
    /// partner fetched it meanwhile. With `rewrite` the bytes are written to a hidden name, flushed and renamed, and `path`
    /// stays: remove it after ``flush()``. `rewrite` is called once with the whole file. When `path` is gone and a file of that name is there, an earlier call moved it: names are made from content.
    package func publish(
        _ path: String, as name: String,
        rewrite: (@Sendable (UnsafeRawBufferPointer, (UnsafeRawBufferPointer) throws(Finding) -> Void) throws(Finding) -> Void)?
    ) throws(Finding) -> PublishOutcome {
        guard NameRule.mayPublish(name) else {
            throw Finding(.publishNameRefused, at: Place(file: self.name), found: .plain(name))
        }
        let outbox = try openFolder(.publish)
        let source: Descriptor
        do {
            source = try System.openFile(path, in: .here())
        } catch {
            guard error.number == ENOENT else { throw publishFinding(error, file: name) }
            if let outcome = try nameHidden(name, in: outbox) { return outcome }
            if try statusIfThere(name, in: outbox) != nil { return .alreadyThere }
            throw Finding(.publishSourceMissing, at: place(name))
        }
        if rewrite == nil {
            do {
                try System.rename(path, in: .here(), to: name, in: outbox)
                return .published
            } catch {
                if error.number == EEXIST { return try requireSame(source, name, in: outbox) }
                if error.number != EXDEV { throw publishFinding(error, file: name) }
            }
            if try statusIfThere(name, in: outbox) != nil { return try requireSame(source, name, in: outbox) }
            return try carryOver(path, source, as: name, to: outbox)
        }
        let temporary = LocalDropStore.temporaryName()
        do throws(Finding) {
            let written = try write(source, to: temporary, in: outbox, name, rewrite)
            do {
                try System.rename(temporary, in: outbox, to: name, in: outbox)
                return .published
            } catch {
                guard error.number == EEXIST else { throw publishFinding(error, file: name) }
            }
            let outcome = try requireSame(written, name, in: outbox)
            System.discard(temporary, in: outbox)
            return outcome
        } catch {
            System.discard(temporary, in: outbox)
            throw error
        }
    }

    /// The way into another file system. The file is at `path`, or hidden in the outbox, or has its name there: never lost, and
    /// never in two of these places for somebody to publish it twice.
    private func carryOver(_ path: String, _ source: Descriptor, as name: String, to outbox: Descriptor) throws(Finding) -> PublishOutcome {
        let hidden = Self.hidden(name)
        // Of a copy that a crash cut short.
        System.discard(hidden, in: outbox)
        do throws(Finding) {
            _ = try write(source, to: hidden, in: outbox, name, nil)
            do { try System.flush(outbox) } catch { throw publishFinding(error, file: name, flushing: true) }
            guard unlink(path) == 0 else { throw publishFinding(.last(), file: name) }
        } catch {
            System.discard(hidden, in: outbox)
            throw error
        }
        // Gone before its name is given; should a power failure bring it back, it is copied again and found there.
        try FileIO.flushFolder(FileIO.folder(of: path))
        guard let outcome = try nameHidden(name, in: outbox) else { throw Finding(.publishSourceMissing, at: place(name)) }
        return outcome
    }

    package func finishPublishing(_ name: String) throws(Finding) {
        _ = try nameHidden(name, in: try openFolder(.publish))
    }

    /// Gives a hidden copy its name; nil: there is none.
    private func nameHidden(_ name: String, in outbox: Descriptor) throws(Finding) -> PublishOutcome? {
        let hidden = Self.hidden(name)
        do {
            try System.rename(hidden, in: outbox, to: name, in: outbox)
            return .published
        } catch {
            if error.number == ENOENT { return nil }
            guard error.number == EEXIST else { throw publishFinding(error, file: name) }
        }
        let copy: Descriptor
        do { copy = try System.openFile(hidden, in: outbox) } catch { throw publishFinding(error, file: name) }
        let outcome = try requireSame(copy, name, in: outbox)
        System.discard(hidden, in: outbox)
        return outcome
    }

    /// The name of a copy that waits for its own. Ours are short; a longer one that another caller has is told apart by its end.
    private static func hidden(_ name: String) -> String { hiddenPrefix + String(name.suffix(200)) }

    /// Not reaped: such a copy may be the only one.
    static let hiddenPrefix = NameRule.ownPrefix + "out-"

    package func flush() throws(Finding) {
        let outbox = try openFolder(.publish)
        do { try System.flush(outbox) } catch { throw publishFinding(error, flushing: true) }
    }

    package func size(of name: String) throws(Finding) -> Int64? {
        guard NameRule.mayPublish(name) else {
            throw Finding(.publishNameRefused, at: Place(file: self.name), found: .plain(name))
        }
        let outbox = try openFolder(.publish)
        return try statusIfThere(name, in: outbox).map { Int64($0.st_size) }
    }

    /// Writes what `rewrite` makes of the file, flushed, to `temporary`. Gives it opened for reading.
    func write(
        _ source: Descriptor, to temporary: String, in outbox: Descriptor, _ name: String,
        _ rewrite: ((UnsafeRawBufferPointer, (UnsafeRawBufferPointer) throws(Finding) -> Void) throws(Finding) -> Void)?
    ) throws(Finding) -> Descriptor {
        let target: Descriptor
        // The folder's permissions say who may see it; the partner is often another user.
        do { target = try System.createFile(temporary, in: outbox, mode: 0o644) } catch { throw publishFinding(error, file: name) }
        if let rewrite {
            let content: MappedFile
            do { content = try MappedFile(source) } catch { throw publishFinding(error, file: name) }
            var waiting: [UInt8] = []
            waiting.reserveCapacity(1 << 16)
            try rewrite(content.bytes) { (piece) throws(Finding) in
                if waiting.count + piece.count > 1 << 16 { try self.write(&waiting, to: target, name) }
                waiting.append(contentsOf: piece)
            }
            try write(&waiting, to: target, name)
        } else {
            do { _ = try System.copy(source, to: target) } catch { throw publishFinding(error, file: name) }
        }
        // A failed flush is final: the kernel forgets the error, so a second one could succeed without the bytes.
        do { try System.flush(target) } catch { throw publishFinding(error, file: name, flushing: true) }
        do { return try System.openFile(temporary, in: outbox) } catch { throw publishFinding(error, file: name) }
    }

    private func write(_ waiting: inout [UInt8], to target: Descriptor, _ name: String) throws(Finding) {
        do { try System.write(waiting, to: target) } catch { throw publishFinding(error, file: name) }
        waiting.removeAll(keepingCapacity: true)
    }

    /// The name is in use: by the very same bytes, or the finding says so.
    func requireSame(_ source: Descriptor, _ name: String, in outbox: Descriptor) throws(Finding) -> PublishOutcome {
        do {
            let there = try System.openFile(name, in: outbox)
            if try System.isRegular(System.status(there)), try System.sameBytes(source, there) { return .alreadyThere }
        } catch {
            // A link or a socket has the name.
            if error.number != ELOOP && error.number != ENXIO { throw publishFinding(error, file: name) }
        }
        throw Finding(.publishNameTaken, at: place(name), found: .plain("another file"))
    }

    /// What `name` is, nil when it is not there. Refuses what is not a file.
    private func statusIfThere(_ name: String, in outbox: Descriptor) throws(Finding) -> stat? {
        let status: stat
        do {
            status = try System.status(of: name, in: outbox)
        } catch {
            if error.number == ENOENT { return nil }
            throw publishFinding(error, file: name)
        }
        guard System.isRegular(status) else {
            throw Finding(.publishNameTaken, at: place(name), found: .plain("not a file"))
        }
        return status
    }
}

/// A whole file as bytes, read as they are used.
private struct MappedFile: ~Copyable {
    let bytes: UnsafeRawBufferPointer

    init(_ descriptor: Descriptor) throws(SystemError) {
        let count = Int(try System.status(descriptor).st_size)
        guard count > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor.raw, 0), start != MAP_FAILED else { throw .last() }
        bytes = UnsafeRawBufferPointer(start: start, count: count)
    }

    deinit {
        if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
    }
}
