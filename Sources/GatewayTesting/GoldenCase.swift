import Foundation

/// A case of `Tests/Fixtures/<area>/<subject>-<what is special>/`: files in, expected files out.
///
///     @Test(arguments: GoldenCase.all(in: "channels"))
///     func channelReadsAsExpected(_ golden: GoldenCase) throws {
///         try golden.expect(try orders(from: golden.contents("input.csv")), as: "expected.json")
///     }
///
/// With `DROPGATE_UPDATE_GOLDENS=1` in the environment the expected files are written instead of compared; `git diff`
/// then shows what changed.
package struct GoldenCase: Sendable, Hashable, CustomStringConvertible {
    package let area: String
    package let name: String
    package var description: String { area + "/" + name }

    /// `Tests/Fixtures`.
    package static let root: String = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Tests/Fixtures"

    /// Every case of an area, sorted. One that always fails when there are none: a wrong area must not look like success.
    package static func all(in area: String) -> [GoldenCase] {
        var isFolder: ObjCBool = false
        // A missing area ends as the failing case below.
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: root + "/" + area)) ?? []).sorted().filter {
            FileManager.default.fileExists(atPath: root + "/" + area + "/" + $0, isDirectory: &isFolder) && isFolder.boolValue
        }
        return names.isEmpty
            ? [GoldenCase(area: area, name: "no cases here")] : names.map { GoldenCase(area: area, name: $0) }
    }

    package init(area: String, name: String) {
        self.area = area
        self.name = name
    }

    /// Path of a file of the case.
    package func path(_ file: String) -> String { Self.root + "/" + description + "/" + file }

    package func has(_ file: String) -> Bool { FileManager.default.fileExists(atPath: path(file)) }

    /// Names of the case's files, sorted.
    package func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: Self.root + "/" + description).sorted()
    }

    /// - Throws: ``Mismatch`` when the case has no such file.
    package func contents(_ file: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path(file)) else {
            throw Mismatch(description: "\(self) has no \(file)")
        }
        return [UInt8](data)
    }

    /// The one file whose name begins with `input.`.
    package func input() throws -> (name: String, bytes: [UInt8]) {
        let names = try files().filter { $0.hasPrefix("input.") }
        guard names.count == 1 else { throw Mismatch(description: "\(self) has \(names.count) files called input, expected one") }
        return (names[0], try contents(names[0]))
    }

    /// Compares with the file `expected` of the case, byte by byte.
    ///
    /// - Throws: ``Mismatch`` that names the first line that differs.
    package func expect(_ found: some Collection<UInt8>, as expected: String) throws {
        if ProcessInfo.processInfo.environment["DROPGATE_UPDATE_GOLDENS"] == "1" {
            try Data(found).write(to: URL(fileURLWithPath: path(expected)))
            return
        }
        let wanted = try contents(expected)
        let found = Array(found)
        guard found != wanted else { return }
        let foundLines = found.split(separator: 0x0A, omittingEmptySubsequences: false)
        let wantedLines = wanted.split(separator: 0x0A, omittingEmptySubsequences: false)
        let line = zip(foundLines, wantedLines).prefix { $0 == $1 }.count
        func shown(_ lines: [ArraySlice<UInt8>]) -> String {
            line < lines.count ? String(decoding: lines[line].prefix(400), as: UTF8.self) : "(no such line)"
        }
        throw Mismatch(
            description: """
                \(self)/\(expected), line \(line + 1):
                found    \(shown(foundLines))
                expected \(shown(wantedLines))
                Run again with DROPGATE_UPDATE_GOLDENS=1 if the new output is right.
                """)
    }

    package func expect(_ found: String, as expected: String) throws { try expect(Array(found.utf8), as: expected) }

    package struct Mismatch: Error, CustomStringConvertible {
        package let description: String
    }
}
