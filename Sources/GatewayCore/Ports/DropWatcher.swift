/// Tells that something may have changed in the folders it watches. A hint: the listing is the truth.
package protocol DropWatcher: Sendable {
    /// Waits at most `milliseconds`; ends at once for an event or a ``wake()``.
    func wait(milliseconds: Int) -> [WatchEvent]
    /// Ends a wait from another thread.
    func wake()
}

package struct WatchEvent: Hashable, Sendable {
    /// Index of the folder among those watched.
    package var folder: Int
    package var name: String
    /// It was renamed into the folder: whole at once.
    package var movedIn: Bool

    package init(folder: Int, name: String, movedIn: Bool) {
        self.folder = folder
        self.name = name
        self.movedIn = movedIn
    }
}
