/// Tells at once that something happened in folders. A hint only: the regular listing is the truth.
///
/// ``wait(until:)`` blocks and belongs to one thread; the others may be called from any.
package protocol DropWatcher: AnyObject, Sendable {
    /// Watches the folder at `path`, known as `folder` in the events. A finding when that is impossible now;
    /// ``restore()`` tries again.
    func watch(_ path: String, as folder: Int) throws(Finding)
    /// Watches again what could not be watched or went away. Gives what still fails.
    func restore() -> [Finding]
    /// Waits for events until `deadline` (``MonotonicTime``, nil: for ever) and gives what happened; empty when nothing did.
    func wait(until deadline: Int64?) -> [WatchEvent]
    /// Ends a wait that is going on, or the next one: for signals and operators' requests.
    func wake()
}

/// Something that happened in a watched folder.
package enum WatchEvent: Hashable, Sendable {
    /// A file was renamed into the folder or within it: it is whole.
    case movedIn(folder: Int, name: String)
    /// A file was created, or closed after writing.
    case written(folder: Int, name: String)
    /// Something else: list the folder.
    case changed(folder: Int)
    /// The folder was removed, moved or unmounted.
    case folderGone(folder: Int)
    /// More happened than can be told: list all folders.
    case overflow
    /// ``DropWatcher/wake()`` was called.
    case woken
}
