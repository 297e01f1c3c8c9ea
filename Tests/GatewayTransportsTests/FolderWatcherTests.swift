import Foundation
import GatewayCore
import GatewayTesting
import GatewayTransports
import Testing

// The system has queued an event by the time the call that caused it returns: no test here waits for one.
@Suite struct FolderWatcherTests {
    let folder: TemporaryFolder
    let watcher: FolderWatcher

    init() throws {
        folder = try TemporaryFolder()
        watcher = try FolderWatcher(root: folder.path)
        try folder.makeFolder("one")
        try folder.makeFolder("two")
        try watcher.watch(folder.path("one"), as: 1)
        try watcher.watch(folder.path("two"), as: 2)
    }

    private func events() -> [WatchEvent] { watcher.wait(until: MonotonicTime.now()) }

    @Test func renamedFileIsWhole() throws {
        try folder.write("a", to: "elsewhere")
        rename(folder.path("elsewhere"), folder.path("two/a.csv"))
        #expect(events() == [.movedIn(folder: 2, name: "a.csv")])
        #expect(events() == [])
    }

    @Test func unfinishedNameSaysNothingUntilItIsRenamed() throws {
        let path = folder.path("one/a.csv.part")
        close(open(path, O_CREAT | O_WRONLY, 0o600))
        #expect(events() == [])
        rename(path, folder.path("one/a.csv"))
        #expect(events() == [.movedIn(folder: 1, name: "a.csv")])
    }

    @Test func writtenFileIsToldOncePerWait() throws {
        close(open(folder.path("one/a.csv"), O_CREAT | O_WRONLY, 0o600))
        #expect(events() == [.written(folder: 1, name: "a.csv")])
    }

    @Test func hostileNameOnlyAsksForALook() throws {
        close(open(folder.path("one/a\u{7}.csv"), O_CREAT | O_WRONLY, 0o600))
        #expect(events() == [.changed(folder: 1)])
    }

    @Test func floodIsToldAsOverflow() throws {
        for n in 0..<10_050 { close(open(folder.path("one/\(n).csv"), O_CREAT | O_WRONLY, 0o600)) }
        #expect(events().contains(.overflow))
        #expect(events() == [])
    }

    @Test func folderThatGoesAndComesBack() throws {
        rmdir(folder.path("one"))
        #expect(events() == [.folderGone(folder: 1)])
        #expect(
            watcher.restore().map { $0.sentence() } == [
                """
                one: found "No such file or directory", expected a watch on the folder.
                Raise fs.inotify.max_user_watches and max_user_instances; until then files are found by the regular rescan. [intake.watch.unavailable]
                """
            ])
        try folder.makeFolder("one")
        #expect(watcher.restore() == [])
        try folder.write("a", to: "elsewhere")
        rename(folder.path("elsewhere"), folder.path("one/a.csv"))
        #expect(events() == [.movedIn(folder: 1, name: "a.csv")])
    }

    @Test func movedFolderIsGone() throws {
        rename(folder.path("two"), folder.path("three"))
        #expect(events() == [.folderGone(folder: 2)])
        close(open(folder.path("three/a.csv"), O_CREAT | O_WRONLY, 0o600))
        #expect(events() == [])
    }

    @Test func missingFolderIsRefusedAndWatchedLater() throws {
        #expect { try watcher.watch(folder.path("later"), as: 3) } throws: { ($0 as? Finding)?.code == .intakeWatchUnavailable }
        try folder.makeFolder("later")
        #expect(watcher.restore() == [])
    }

    @Test func wakingEndsTheNextWait() {
        watcher.wake()
        watcher.wake()
        #expect(watcher.wait(until: nil) == [.woken])
        #expect(events() == [])
    }

    @Test func wakingEndsAWaitOfAnotherThread() {
        let thread = Thread { [watcher] in watcher.wake() }
        thread.start()
        #expect(watcher.wait(until: MonotonicTime.now() + 60_000_000_000) == [.woken])
    }
}
