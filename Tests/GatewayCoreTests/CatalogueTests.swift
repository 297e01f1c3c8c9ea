import Foundation
import GatewayCore
import GatewayTesting
import Testing

@Suite struct CatalogueTests {
    private var placeholder: Regex<Substring> { /\{[a-z][a-z ]*\}/ }

    @Test func codesAreUniqueAndSorted() {
        let ids = FindingCode.all.map(\.id)
        #expect(ids == ids.sorted())
        #expect(Dictionary(grouping: ids) { $0 }.filter { $1.count > 1 }.keys.sorted() == [])
        #expect(ids.count > 20)
    }

    @Test func codesAreDottedWords() {
        #expect(FindingCode.all.map(\.id).filter { $0.wholeMatch(of: /[a-z]+(\.[a-z0-9][a-z0-9-]*)+/) == nil } == [])
    }

    /// A code that stands in a file and not in its area's list would be missing from the manual.
    @Test func everyCodeIsInTheCatalogue() throws {
        let folder = GoldenCase.root + "/../../Sources/GatewayCore/Findings"
        let listed = Set(FindingCode.all.map(\.id))
        var written: Set<String> = []
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file.hasSuffix("Codes.swift") {
            let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
            written.formUnion(text.matches(of: /FindingCode\(\s*"([^"]+)"/).map { String($0.1) })
        }
        #expect(written.subtracting(listed).sorted() == [])
        #expect(listed.subtracting(written).sorted() == [])
    }

    @Test(arguments: FindingCode.all)
    func wordingIsComplete(_ code: FindingCode) {
        #expect(code.when.hasSuffix("."), "\(code.id): when")
        for (language, wording) in [("en", code.english), ("tr", code.turkish)] {
            #expect(!wording.expected.isEmpty && !wording.expected.hasSuffix("."), "\(code.id) \(language): expected \(wording.expected)")
            // A sentence, or one that ends with a command or an advice of its own.
            #expect([".", "?", "}"].contains { wording.remedy.hasSuffix($0) }, "\(code.id) \(language): remedy \(wording.remedy)")
        }
        let isAllFilledIn = code.english.remedy.wholeMatch(of: placeholder) != nil
        #expect(isAllFilledIn || code.english.remedy != code.turkish.remedy, "\(code.id): not translated")
        func names(_ wording: FindingCode.Wording) -> Set<String> {
            Set((wording.expected + wording.remedy).matches(of: placeholder).map { String($0.0) })
        }
        // Some fill-ins are English only, such as summaries of keys.
        #expect(names(code.english).isSuperset(of: names(code.turkish)), "\(code.id): Turkish names what English does not")
    }
}
