import Foundation
import GatewayCore
import GatewayTesting
import GatewayTransports
import Testing

@Suite struct WorkspaceLockTests {
    let state: TemporaryFolder
    init() throws { state = try TemporaryFolder() }

    @Test func secondRunIsRefusedWithPidAndStart() throws {
        let first = try WorkspaceLock.acquire(stateFolder: state.path, nowMilliseconds: 1_764_022_759_123)
        #expect {
            _ = try WorkspaceLock.acquire(stateFolder: state.path, nowMilliseconds: 1_764_022_760_000)
        } throws: {
            ($0 as? Finding)?.sentence() == """
                state/lock: found "a lock", expected no other run on this workspace.
                Process \(getpid()), started 2025-11-24T22:19:19Z, is at work here; stop it first, or work in another workspace. [state.workspace.locked]
                """
        }
        let holder = try #require(WorkspaceLock.holder(stateFolder: state.path))
        #expect(holder.pid == getpid())
        #expect(holder.since == "2025-11-24T22:19:19Z")
        withExtendedLifetime(first) {}
    }

    @Test func lockEndsWithItsHolder() throws {
        #expect(WorkspaceLock.holder(stateFolder: state.path) == nil)
        do {
            let first = try WorkspaceLock.acquire(stateFolder: state.path, nowMilliseconds: 0)
            withExtendedLifetime(first) { #expect(WorkspaceLock.holder(stateFolder: state.path)?.since == "1970-01-01T00:00:00Z") }
        }
        // The file stays; the lock does not.
        #expect(try state.names() == ["lock"])
        #expect(WorkspaceLock.holder(stateFolder: state.path) == nil)
        let released = try WorkspaceLock.acquire(stateFolder: state.path, nowMilliseconds: 0)
        released.release()
        released.release()
        #expect(WorkspaceLock.holder(stateFolder: state.path) == nil)
        let second = try WorkspaceLock.acquire(stateFolder: state.path, nowMilliseconds: 86_400_000)
        withExtendedLifetime(second) { #expect(WorkspaceLock.holder(stateFolder: state.path)?.since == "1970-01-02T00:00:00Z") }
    }

    @Test func stateThatIsMissingIsSaid() throws {
        #expect {
            _ = try WorkspaceLock.acquire(stateFolder: state.path("nowhere"), nowMilliseconds: 0)
        } throws: {
            ($0 as? Finding)?.sentence() == """
                state/lock: found "No such file or directory", expected a lock file that can be written.
                Give the user that dropgate runs as write rights on state; it must not lie on a network file system. [intake.workspace.unlockable]
                """
        }
    }
}

@Suite struct SpaceCheckTests {
    @Test func tooLittleSpaceIsSaid() throws {
        let folder = try TemporaryFolder()
        let space = SpaceCheck(path: folder.path, name: "state")
        let free = try space.free()
        #expect(free > 0)
        try space.require(1)
        #expect {
            try space.require(.max)
        } throws: {
            guard let finding = $0 as? Finding, let found = finding.found else { return false }
            return finding.sentence() == """
                state: found "\(found.text)", expected at least 9223372036854775807 bytes free.
                Free space or enlarge the disk; dropgate takes nothing in until then and goes on by itself. [intake.space.low]
                """
        }
    }

    @Test func missingFolderIsSaid() throws {
        let folder = try TemporaryFolder()
        #expect { _ = try SpaceCheck(path: folder.path("x"), name: "outbox").free() } throws: {
            ($0 as? Finding)?.code == .intakeFolderMissing
        }
    }
}
