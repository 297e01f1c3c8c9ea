import GatewayCore
import Glibc

/// What every drop store must do, whatever its transport: run each of ``checks`` on a fresh, empty store.
package enum DropStoreConformance {
    /// A store under test with its partner's side.
    package struct Subject {
        package let store: any DropStore
        /// Drops a file as a partner does, replacing the one of that name.
        package let put: ([UInt8], String) throws -> Void
        /// What a partner sees under a name; nil: nothing.
        package let contents: (String) throws -> [UInt8]?
        /// Every name that is there, hidden ones too.
        package let names: () throws -> [String]
        /// The gateway's own folder, for what is taken and what is to be published.
        package let work: TemporaryFolder

        package init(
            store: any DropStore, work: TemporaryFolder, put: @escaping ([UInt8], String) throws -> Void,
            contents: @escaping (String) throws -> [UInt8]?, names: @escaping () throws -> [String]
        ) {
            self.store = store
            self.work = work
            self.put = put
            self.contents = contents
            self.names = names
        }

        func entry(_ name: String) throws -> DropEntry {
            guard let entry = try store.list(limit: 1000).first(where: { $0.name == name }) else {
                throw Failure(what: "\(name) is not listed")
            }
            return entry
        }
    }

    /// A rule that a store breaks.
    package struct Failure: Error, CustomStringConvertible {
        package let what: String
        package var description: String { what }
    }

    package struct Check: Sendable, CustomStringConvertible {
        package let name: String
        package let run: @Sendable (Subject) throws -> Void
        package var description: String { name }
    }

    package static let checks: [Check] = listing + taking + publishing

    private static let listing: [Check] = [
        Check(name: "an empty store lists nothing") { subject in
            try same(subject.store.list(limit: 10).count, 0)
        },
        Check(name: "lists names and sizes") { subject in
            try subject.put(Array("abc".utf8), "a.csv")
            try subject.put([], "b.csv")
            let entries = try subject.store.list(limit: 10).sorted { $0.name < $1.name }
            try same(entries.map(\.name), ["a.csv", "b.csv"])
            try same(entries.map(\.size), [3, 0])
            try same(entries.compactMap(\.refusal), [])
        },
        Check(name: "passes over hidden and unfinished names") { subject in
            for name in [".hidden", "a.csv.part", "a.TMP", "a.filepart", "a.writing", "a.partial", "a.crdownload", "a.csv~", "~$a.xlsx"] {
                try subject.put([1], name)
            }
            try same(subject.store.list(limit: 10).map(\.name), [])
        },
        Check(name: "refuses a name with control characters") { subject in
            try subject.put([1], "a\u{1b}[2J.csv")
            let entries = try subject.store.list(limit: 10)
            try same(entries.map { $0.refusal?.code }, [.intakeNameControl])
            try same(entries.first?.name, "a\\u{1b}[2J.csv")
        },
        Check(name: "lists no more than it is asked for") { subject in
            for n in 1...3 { try subject.put([1], "\(n).csv") }
            try same(subject.store.list(limit: 2).count, 2)
        },
    ]

    private static let taking: [Check] = [
        Check(name: "opens what was listed") { subject in
            try subject.put(Array("hello".utf8), "a.csv")
            let descriptor = try subject.store.open(subject.entry("a.csv"))
            let source = FileSource(descriptor: descriptor, shown: "a.csv", hashes: false)
            var buffer = [UInt8](repeating: 0, count: 16)
            let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
            try same(Array(buffer[..<count]), Array("hello".utf8))
            try same(subject.contents("a.csv"), Array("hello".utf8))
        },
        Check(name: "opens nothing that was replaced since") { subject in
            try subject.put(Array("one".utf8), "a.csv")
            let entry = try subject.entry("a.csv")
            try subject.put(Array("longer".utf8), "a.csv")
            try refuses(.intakeFileChanged) { close(try subject.store.open(entry)) }
            try refuses(.intakeFileChanged) { try subject.store.take(entry, to: subject.work.path("taken")) }
            try same(subject.contents("a.csv"), Array("longer".utf8))
            try same(subject.work.names(), [])
        },
        Check(name: "takes a file away whole") { subject in
            let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            try subject.put(bytes, "a.csv")
            try subject.store.take(subject.entry("a.csv"), to: subject.work.path("taken"))
            guard subject.work.contents("taken") == bytes else { throw Failure(what: "other bytes were taken") }
            try same(subject.names(), [])
            try same(subject.work.names(), ["taken"])
        },
        Check(name: "taking again after a crash finds it done") { subject in
            try subject.put(Array("one".utf8), "a.csv")
            let entry = try subject.entry("a.csv")
            try subject.store.take(entry, to: subject.work.path("taken"))
            try subject.store.take(entry, to: subject.work.path("taken"))
            try same(subject.work.text("taken"), "one")
        },
        Check(name: "refuses to take what is gone") { subject in
            try subject.put(Array("one".utf8), "a.csv")
            let entry = try subject.entry("a.csv")
            try subject.store.take(entry, to: subject.work.path("taken"))
            try refuses(.intakeFileGone) { try subject.store.take(entry, to: subject.work.path("other")) }
        },
        Check(name: "finishes a take whose copy was durable and whose original was not yet gone") { subject in
            try subject.put(Array("one".utf8), "a.csv")
            try subject.work.write("one", to: "taken")
            try subject.store.take(subject.entry("a.csv"), to: subject.work.path("taken"))
            try same(subject.names(), [])
            try same(subject.work.text("taken"), "one")
        },
        Check(name: "never takes over another file") { subject in
            try subject.put(Array("one".utf8), "a.csv")
            try subject.work.write("two", to: "taken")
            try refuses(.intakeTakeOccupied) { try subject.store.take(subject.entry("a.csv"), to: subject.work.path("taken")) }
            try same(subject.contents("a.csv"), Array("one".utf8))
            try same(subject.work.text("taken"), "two")
        },
    ]

    private static let publishing: [Check] = [
        Check(name: "publishes a file whole and only once") { subject in
            let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 11) }
            let path = try subject.work.write(bytes, to: "out")
            try same(subject.store.publish(path, as: "a-1.xml", rewrite: nil), .published)
            try subject.store.flush()
            guard try subject.contents("a-1.xml") == bytes else { throw Failure(what: "other bytes were published") }
            try same(subject.names(), ["a-1.xml"])
            try same(subject.store.size(of: "a-1.xml"), 3_000_000)
            // After a crash before anybody knew.
            try same(subject.store.publish(path, as: "a-1.xml", rewrite: nil), .alreadyThere)
            // Written anew under the same name.
            try subject.work.write(bytes, to: "out")
            try same(subject.store.publish(path, as: "a-1.xml", rewrite: nil), .alreadyThere)
        },
        Check(name: "publishes an empty file") { subject in
            try same(subject.store.publish(subject.work.write([], to: "out"), as: "empty.csv", rewrite: nil), .published)
            try same(subject.contents("empty.csv"), [])
            try same(subject.store.size(of: "empty.csv"), 0)
        },
        Check(name: "never publishes over another file") { subject in
            try subject.put(Array("theirs".utf8), "a-1.xml")
            let path = try subject.work.write("ours", to: "out")
            try refuses(.publishNameTaken) { _ = try subject.store.publish(path, as: "a-1.xml", rewrite: nil) }
            try same(subject.contents("a-1.xml"), Array("theirs".utf8))
            try same(subject.work.text("out"), "ours")
        },
        Check(name: "fills in what a rewrite gives and leaves the file itself") { subject in
            let path = try subject.work.write("a?b?", to: "out")
            try same(subject.store.publish(path, as: "a-1.xml", rewrite: filling("secret")), .published)
            try same(subject.contents("a-1.xml"), Array("asecretbsecret".utf8))
            try same(subject.work.text("out"), "a?b?")
            try same(subject.store.publish(path, as: "a-1.xml", rewrite: filling("secret")), .alreadyThere)
            try refuses(.publishNameTaken) { _ = try subject.store.publish(path, as: "a-1.xml", rewrite: filling("other")) }
            try same(subject.names(), ["a-1.xml"])
        },
        Check(name: "a rewrite that fails leaves nothing behind") { subject in
            let path = try subject.work.write("a?b?", to: "out")
            try refuses(.publishSourceMissing) {
                _ = try subject.store.publish(path, as: "a-1.xml") { (_, write) throws(Finding) in
                    try FileIO.unsafeBytes([1, 2, 3], write)
                    throw Finding(.publishSourceMissing)
                }
            }
            try same(subject.names(), [])
            try same(subject.work.text("out"), "a?b?")
        },
        Check(name: "says when there is nothing to publish") { subject in
            try refuses(.publishSourceMissing) {
                _ = try subject.store.publish(subject.work.path("nothing"), as: "a-1.xml", rewrite: nil)
            }
            try same(subject.store.size(of: "a-1.xml"), nil)
        },
        Check(name: "publishes under names of its own making only") { subject in
            let path = try subject.work.write("ours", to: "out")
            for name in ["", ".hidden", "-rf", "a/b", "../a", "a b", "ä.xml", "a\n.xml", String(repeating: "a", count: 256)] {
                try refuses(.publishNameRefused) { _ = try subject.store.publish(path, as: name, rewrite: nil) }
                try refuses(.publishNameRefused) { _ = try subject.store.size(of: name) }
            }
            try same(subject.names(), [])
        },
    ]

    /// Replaces each `?`.
    private static func filling(
        _ secret: String
    ) -> @Sendable (UnsafeRawBufferPointer, (UnsafeRawBufferPointer) throws(Finding) -> Void) throws(Finding) -> Void {
        { (all, write) throws(Finding) in
            for byte in all { try FileIO.unsafeBytes(byte == UInt8(ascii: "?") ? Array(secret.utf8) : [byte], write) }
        }
    }

    private static func same<T: Equatable>(_ found: T, _ expected: T) throws {
        guard found == expected else { throw Failure(what: "found \(found), expected \(expected)") }
    }

    private static func refuses(_ code: FindingCode, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let finding as Finding {
            guard finding.code == code else { throw Failure(what: "found \(finding.sentence()), expected [\(code.id)]") }
            return
        }
        throw Failure(what: "nothing refused, expected [\(code.id)]")
    }
}
