/// A place that partners drop files into or take files from: a local folder, later SFTP and others.
///
/// Blocking; called from threads of their own.
package protocol DropStore: Sendable {
    /// Name for people: the folder relative to the workspace, or the endpoint.
    var name: String { get }
    /// What lies there now, at most `limit` entries, regular candidates and refused ones told apart.
    func list(limit: Int) throws(Finding) -> [DropEntry]
    /// Opens an entry for reading without taking it. The caller closes the descriptor.
    /// Refuses what is not a regular file, or no longer the file that was listed.
    func open(_ entry: DropEntry) throws(Finding) -> Int32
    /// Takes an entry away into `path` of the same machine: a rename where that is possible, else copy, flush, remove.
    /// Durable when it returns.
    func take(_ entry: DropEntry, to path: String) throws(Finding)
    /// Publishes the flushed file at `path` under `name`: whole or not at all, never over another file.
    ///
    /// `rewrite` fills in secrets; nil: the file itself may be moved. Durable when it returns. After a crash the same call
    /// gives `.alreadyThere` when the very same bytes stand there.
    func publish(
        _ path: String, as name: String,
        rewrite: (@Sendable (UnsafeRawBufferPointer, (UnsafeRawBufferPointer) throws(Finding) -> Void) throws(Finding) -> Void)?
    ) throws(Finding) -> PublishOutcome
    /// Finishes what a crash cut short of a ``publish(_:as:rewrite:)`` whose file is gone from its place: a durable copy that was
    /// still hidden gets its name. Where there is none, it is out already, and perhaps fetched.
    func finishPublishing(_ name: String) throws(Finding)
    /// Flushes the folder once after several ``publish(_:as:rewrite:)`` calls.
    func flush() throws(Finding)
    /// Whether a file of that name is there, and its size.
    func size(of name: String) throws(Finding) -> Int64?
}

extension DropStore {
    /// For stores that keep the file until it is out.
    package func finishPublishing(_ name: String) throws(Finding) {}
}

package enum PublishOutcome: Sendable, Hashable {
    case published, alreadyThere
}

/// An entry of a drop store's listing.
package struct DropEntry: Hashable, Sendable {
    /// One path segment, as it stands there (bytes that are no UTF-8 are refused in ``refusal``).
    package var name: String
    package var size: Int64
    /// Nanoseconds since 1970.
    package var modified: Int64
    package var inode: UInt64
    /// Why it must not be taken (symlink, fifo, hostile name, over the cap); nil: a candidate.
    package var refusal: Finding?
    /// It was moved in: whole at once, no quiet time needed.
    package var arrivedWhole: Bool

    package init(
        name: String, size: Int64, modified: Int64, inode: UInt64, refusal: Finding? = nil, arrivedWhole: Bool = false
    ) {
        self.name = name
        self.size = size
        self.modified = modified
        self.inode = inode
        self.refusal = refusal
        self.arrivedWhole = arrivedWhole
    }
}
