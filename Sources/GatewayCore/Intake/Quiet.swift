/// Which dropped files are quiet: whole as far as the outside tells.
///
/// A file is quiet when size, modification time and inode have not changed for ``Settings/quiet`` by the gateway's own
/// monotonic clock since it was first seen so; the sender's clock never counts. One that was moved in is quiet at once,
/// an empty one waits longer. Pure: time comes in. One per folder; keeps 64 bytes a file, not its name.
package struct Quiet: Sendable {
    /// Times in nanoseconds.
    package struct Settings: Hashable, Sendable {
        /// How long a file must not change.
        package var quiet: Int64
        /// The same for a file without a byte: many writers create it first and fill it later.
        package var emptyQuiet: Int64
        /// How long an incomplete file may stay without growing.
        package var giveUpAfter: Int64

        package init(quiet: Int64 = 2_000_000_000, emptyQuiet: Int64? = nil, giveUpAfter: Int64 = 900_000_000_000) {
            self.quiet = quiet
            self.emptyQuiet = emptyQuiet ?? max(quiet, min(quiet * 15, giveUpAfter))
            self.giveUpAfter = giveUpAfter
        }
    }

    /// What to do with an entry now.
    package enum Readiness: Hashable, Sendable {
        /// It is quiet: look whether its content is whole, and take it.
        case quiet
        /// It changes, or its content was not whole: look again at this time.
        case waiting(until: Int64)
        /// Its content is not whole and it has not grown for ``Settings/giveUpAfter``: hold it.
        case givenUp
        /// It must not be taken.
        case refused
    }

    private struct Sighting {
        var size: Int64
        var modified: Int64
        var inode: UInt64
        /// Seen so first.
        var since: Int64
        var arrivedWhole: Bool
        /// Its content was looked at and is not whole.
        var isIncomplete: Bool
    }

    package let settings: Settings
    private let key: DigestKey
    private var sightings: [UInt64: Sighting] = [:]

    package init(_ settings: Settings = Settings()) {
        self.settings = settings
        // A key of its own: nobody can make two names that share a place.
        key = DigestKey(randomBytes(16)) ?? .sample
    }

    /// Files that are remembered.
    package var count: Int { sightings.count }

    /// Judges a whole listing and forgets what is not in it. One answer for each entry.
    package mutating func judge(_ listing: [DropEntry], now: Int64) -> [Readiness] {
        var kept: [UInt64: Sighting] = [:]
        kept.reserveCapacity(listing.count)
        let answers = listing.map { entry in
            let answer = judge(entry, now: now)
            let place = key.digest(entry.name)
            if let sighting = sightings[place] { kept[place] = sighting }
            return answer
        }
        sightings = kept
        return answers
    }

    /// Judges one entry, for a watch's event.
    package mutating func judge(_ entry: DropEntry, now: Int64) -> Readiness {
        guard entry.refusal == nil else { return .refused }
        let place = key.digest(entry.name)
        var sighting: Sighting
        if let before = sightings[place], before.size == entry.size, before.modified == entry.modified, before.inode == entry.inode {
            sighting = before
            // A rename onto itself or a late event: whole all the same, and its content deserves another look.
            if entry.arrivedWhole, !before.arrivedWhole { sighting.arrivedWhole = true }
        } else {
            sighting = Sighting(
                size: entry.size, modified: entry.modified, inode: entry.inode, since: now, arrivedWhole: entry.arrivedWhole,
                isIncomplete: false)
        }
        sightings[place] = sighting
        if sighting.isIncomplete {
            let end = sighting.since + settings.giveUpAfter
            return now >= end ? .givenUp : .waiting(until: end)
        }
        if sighting.arrivedWhole { return .quiet }
        let end = sighting.since + (entry.size == 0 ? settings.emptyQuiet : settings.quiet)
        return now >= end ? .quiet : .waiting(until: end)
    }

    /// A quiet entry's content was not whole: wait until it changes, or give up.
    package mutating func contentIsNotWhole(_ entry: DropEntry) {
        sightings[key.digest(entry.name)]?.isIncomplete = true
    }

    /// Forgets an entry that was taken or refused for good.
    package mutating func forget(_ name: String) {
        sightings[key.digest(name)] = nil
    }
}
