import GatewayCore
import GatewayProfiles
import Glibc

/// A file that lies in an inbox, and why it is still there.
package struct WaitingFile: Sendable, Hashable {
    package var name: String
    package var size: Int64
    package var reason: Reason
    /// What must not be taken or is not whole.
    package var finding: Finding?

    /// Stable words, for programs.
    package enum Reason: String, Sendable, CaseIterable {
        /// It must not be taken: its name, its kind or its size.
        case refused
        /// It changed a moment ago.
        case settling
        /// Its content does not end as its format demands.
        case incomplete = "not whole"
        /// Nothing speaks against it: it waits for `dropgate run` or for its turn.
        case ready
    }

    /// Larger ones are not looked into: a status must not read for minutes.
    private static let lookedInto: Int64 = 64 << 20

    /// The files in a flow's inbox, oldest first, at most `limit`. Takes nothing and changes nothing.
    ///
    /// - Parameters:
    ///   - quiet: milliseconds without a change after which a file counts as quiet.
    ///   - now: milliseconds since 1970.
    /// - Throws: when the folder can't be listed; a folder that is not there yet has no files.
    package static func list(
        in store: any DropStore, quiet: Int64, limits: IntakeLimits, now: Int64, limit: Int = 100
    ) throws(Finding) -> [WaitingFile] {
        let entries: [DropEntry]
        do throws(Finding) {
            entries = try store.list(limit: limit)
        } catch {
            if error.code == .intakeFolderMissing { return [] }
            throw error
        }
        var files: [WaitingFile] = []
        for entry in entries.prefix(limit) {
            var file = WaitingFile(name: entry.name, size: entry.size, reason: .ready)
            if let refusal = entry.refusal {
                (file.reason, file.finding) = (.refused, refusal)
            } else {
                do throws(Finding) {
                    if let finding = try missing(entry, store, limits) { (file.reason, file.finding) = (.incomplete, finding) }
                } catch {
                    // Taken meanwhile, or not to be read: the latter is a reason to stay.
                    if error.code == .intakeFileGone { continue }
                    (file.reason, file.finding) = (.incomplete, error)
                }
                if entry.modified / 1_000_000 > now - quiet { file.reason = .settling }
            }
            files.append(file)
        }
        return files
    }

    private static func missing(_ entry: DropEntry, _ store: any DropStore, _ limits: IntakeLimits) throws(Finding) -> Finding? {
        guard entry.size <= lookedInto else { return nil }
        let descriptor = try store.open(entry)
        defer { close(descriptor) }
        switch try Intake.content(of: descriptor, size: entry.size, file: entry.name, limits: limits) {
        case .whole: return nil
        case .notYet(let finding): return finding
        }
    }
}
