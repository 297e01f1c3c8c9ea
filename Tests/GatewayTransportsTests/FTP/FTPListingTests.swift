import Testing

@testable import GatewayTransports

@Suite struct FTPListingTests {
    /// 2026-11-25 01:19:00 UTC.
    private static let now: Int64 = 1_795_569_540

    private func read(_ text: String, _ style: FTPListing.Style) -> (entries: [FTPEntry], unreadable: Int) {
        var listing = FTPListing(style, now: Self.now)
        var entries: [FTPEntry] = []
        // Byte by byte: a server's packets end anywhere.
        for byte in text.utf8 {
            withUnsafeBytes(of: byte) {
                _ = listing.add($0) {
                    entries.append($0)
                    return true
                }
            }
        }
        _ = listing.finish {
            entries.append($0)
            return true
        }
        return (entries, listing.unreadable)
    }

    private func entry(_ name: String, _ size: Int64?, _ modified: Int64?, isExact: Bool = false) -> FTPEntry {
        entry(name, .file, size, modified, isExact: isExact)
    }

    private func entry(
        _ name: String, _ kind: FTPEntry.Kind, _ size: Int64?, _ modified: Int64?, isExact: Bool = false
    ) -> FTPEntry {
        FTPEntry(name: Array(name.utf8), kind: kind, size: size, modified: modified, isExact: isExact)
    }

    @Test func factsOfMLSD() {
        let (entries, unreadable) = read(
            """
            type=cdir;modify=20251124101112; .\r
            type=pdir; ..\r
            Type=file;Size=264;Modify=20261125011900.250; orders 1.csv\r
            type=dir;modify=20251124101112; old\r
            type=OS.unix=slink:/etc/passwd;size=3; link.csv\r
            size=5;type=file; a;b=c; d.csv
            """, .facts)
        #expect(unreadable == 0)
        #expect(
            entries == [
                entry("orders 1.csv", 264, Self.now, isExact: true), entry("old", .folder, nil, 1_763_979_072, isExact: true),
                entry("link.csv", .link, 3, nil, isExact: true), entry("a;b=c; d.csv", 5, nil, isExact: true),
            ])
    }

    @Test func aNameWithALineEndIsNoEntry() {
        let (entries, unreadable) = read("type=file;size=5; new\nline.csv\r\ntype=file;size=6; b.csv\r\n", .facts)
        #expect(entries.map { String(decoding: $0.name, as: UTF8.self) } == ["new", "b.csv"])
        #expect(unreadable == 1)
    }

    @Test func linesOfUnixServers() {
        let (entries, unreadable) = read(
            """
            total 12\r
            drwxr-xr-x    2 65534    65534        4096 Nov 25 01:19 .\r
            -rw-r--r--    1 65534    65534         264 Nov 25 01:19 orders.csv\r
            -rw-r--r--    1 ftp      ftp             0 Dec 24  2025  two spaces.csv\r
            -rw-r--r--    1 Domain Users Web 1000 7 Jan  3 23:59 5 Nov 24 2020 name.csv\r
            -rw-r--r--+   1 owner 88 25 Nov 00:30 day first.csv\r
            lrwxrwxrwx    1 0        0              11 Nov 25 01:19 link.csv -> /etc/passwd\r
            prw-r--r--    1 0        0               0 Nov 25 01:19 pipe\r
            -rw-r--r--    1 0        0               9 Nov 26 00:10 ahead.csv\r
            """, .text)
        #expect(unreadable == 0)
        #expect(
            entries == [
                entry("orders.csv", 264, Self.now), entry(" two spaces.csv", 0, 1_766_534_400),
                entry("5 Nov 24 2020 name.csv", 7, 1_767_484_740), entry("day first.csv", 88, 1_795_566_600),
                entry("link.csv", .link, 11, Self.now), entry("pipe", .other, 0, Self.now), entry("ahead.csv", 9, 1_795_651_800),
            ])
    }

    @Test func linesOfWindowsServers() {
        let (entries, unreadable) = read(
            """
            11-25-26  01:19AM                  264 orders.csv\r
            11-25-2026  12:05PM       <DIR>          old files\r
            2026-11-25  13:19           77  leading space.csv\r
            11-25-26  12:00AM                    5 midnight.csv\r
            """, .text)
        #expect(unreadable == 0)
        #expect(
            entries == [
                entry("orders.csv", 264, Self.now), entry("old files", .folder, nil, 1_795_608_300),
                entry(" leading space.csv", 77, 1_795_612_740), entry("midnight.csv", 5, 1_795_564_800),
            ])
    }

    @Test(arguments: [
        "This is not a listing", "-rw-r--r--", "-rw-r--r-- 1 a a 5 Nov 32 01:19 x", "-rw-r--r-- 1 a a 5 Nov 25 01:19 ",
        "13-45-26  01:19AM  5 x", "-rw-r--r-- 1 a a 99999999999999999999 Nov 25 01:19 x", "?rw-r--r-- 1 a a 5 Nov 25 01:19 x",
    ])
    func whatIsNoEntryIsCounted(_ line: String) {
        let (entries, unreadable) = read(line, .text)
        #expect(entries.isEmpty)
        #expect(unreadable == 1)
    }

    @Test func aListingEndsWhereItsReaderSaysSo() {
        var listing = FTPListing(.facts, now: Self.now)
        var count = 0
        let text = String(repeating: "type=file;size=5; a.csv\r\n", count: 100)
        let goesOn = Array(text.utf8).withUnsafeBytes {
            listing.add($0) { _ in
                count += 1
                return count < 3
            }
        }
        #expect(!goesOn)
        #expect(count == 3)
    }
}
