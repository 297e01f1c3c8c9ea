import GatewayCore
import GatewayProfiles

/// A flow's inbox: what lies there, what is quiet, what waits to be run.
struct Inbox {
    let flow: FlowSettings
    let store: any DropStore
    var quiet: Quiet
    /// Names that a watch event said were moved in: whole at once.
    var movedIn: Set<String> = []
    /// Quiet entries, oldest first.
    var ready: [DropEntry] = []
    /// Taken in and not finished: run these first.
    var backlog: [Arrival] = []
    /// Names whose content is not whole yet, or that must not be taken: said once.
    var said: [String: String] = [:]
    /// When to look again, ``MonotonicTime``; nil: only on an event or the next rescan.
    var nextLook: Int64? = 0
    /// Until when the flow rests after a failure, and how long it rested last.
    var restsUntil: Int64 = 0
    var rest: Int64 = 0
    /// Failures since something went well.
    var failures = 0
    /// Whether entries are there that only need to become quiet.
    var isSettling = false

    /// A problem with one entry, to be said.
    typealias Remark = (entry: DropEntry, finding: Finding)

    /// Lists the folder and sorts its entries; gives what is new to say.
    mutating func look(now: Int64, limit: Int) throws(Finding) -> [Remark] {
        var entries = try store.list(limit: limit)
        for n in entries.indices where movedIn.contains(entries[n].name) { entries[n].arrivedWhole = true }
        movedIn.removeAll()
        let answers = quiet.judge(entries, now: now)
        var remarks: [Remark] = []
        var isThere: Set<String> = []
        ready = []
        nextLook = nil
        isSettling = false
        for (entry, answer) in zip(entries, answers) {
            isThere.insert(entry.name)
            switch answer {
            case .quiet, .givenUp: ready.append(entry)
            case .waiting(let until):
                nextLook = min(nextLook ?? until, until)
                if said[entry.name] == nil { isSettling = true }
            case .refused:
                if let refusal = entry.refusal, said[entry.name] != refusal.code.id {
                    said[entry.name] = refusal.code.id
                    remarks.append((entry, refusal))
                }
            }
        }
        said = said.filter { isThere.contains($0.key) }
        ready.sort { ($0.modified, $0.name) < ($1.modified, $1.name) }
        return remarks
    }

    /// When something is to be done here: a look, or the end of a rest that work waits for.
    var nextTurn: Int64? {
        let work = ready.isEmpty && backlog.isEmpty ? nil : restsUntil
        return [nextLook, work].compactMap(\.self).min()
    }

    /// After a failure: rests for a second, then twice as long each time, half a minute at most.
    mutating func restAfterFailure(now: Int64) {
        failures += 1
        rest = min(max(rest * 2, 1_000_000_000), 30_000_000_000)
        restsUntil = now + rest
        nextLook = min(nextLook ?? restsUntil, restsUntil)
    }

    mutating func recovered() {
        rest = 0
        failures = 0
        restsUntil = 0
    }
}
