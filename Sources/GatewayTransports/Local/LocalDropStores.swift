import GatewayCore
import Synchronization

/// The local folders of a workspace as drop stores: one for each folder as long as this object lives, so that each
/// remembers which folder was there first.
package final class LocalDropStores: Sendable {
    private let root: String
    private let largest: Int64
    private let reaps: Bool
    private let stores = Mutex<[String: LocalDropStore]>([:])

    /// - Parameters:
    ///   - root: folder of the workspace.
    ///   - largest: bytes of the largest file that may be taken.
    ///   - reaps: true for `run`: what an earlier run left unfinished in a folder is removed when the folder is first asked for.
    ///   - spool: where files are taken to: copies across file systems are left unfinished there.
    package init(root: String, largest: Int64 = IntakeLimits().file, reaps: Bool = false, spool: String = "state/spool") {
        self.root = root
        self.largest = largest
        self.reaps = reaps
        if reaps { _ = store(spool) }
    }

    /// The store for a folder, given relative to the workspace.
    package func store(_ folder: String) -> LocalDropStore {
        stores.withLock { stores in
            if let store = stores[folder] { return store }
            let store = LocalDropStore(path: root + "/" + folder, name: folder, largest: largest)
            stores[folder] = store
            if reaps {
                // A folder that can't be tidied says so at its first use; leftovers are hidden and hurt nobody.
                do { _ = try store.reap() } catch {}
            }
            return store
        }
    }
}
