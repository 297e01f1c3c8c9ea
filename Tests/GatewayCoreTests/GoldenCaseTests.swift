import Foundation
import GatewayTesting
import Testing

@Suite struct GoldenCaseTests {
    @Test(arguments: GoldenCase.all(in: "testing"))
    func readsItsFiles(_ golden: GoldenCase) throws {
        #expect(golden.description == "testing/golden-two-lines")
        #expect(try golden.files() == ["expected.txt", "input.txt"])
        #expect(try golden.input().name == "input.txt")
        try golden.expect(String(decoding: golden.input().bytes, as: UTF8.self).uppercased(), as: "expected.txt")
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["DROPGATE_UPDATE_GOLDENS"] == nil))
    func namesTheFirstLineThatDiffers() {
        let golden = GoldenCase(area: "testing", name: "golden-two-lines")
        func message(_ text: String) -> String? {
            do {
                try golden.expect(text, as: "expected.txt")
                return nil
            } catch {
                return "\(error)"
            }
        }
        #expect(message("ONE\nTWO\n") == nil)
        #expect(
            message("ONE\nTOO\n") == """
                testing/golden-two-lines/expected.txt, line 2:
                found    TOO
                expected TWO
                Run again with DROPGATE_UPDATE_GOLDENS=1 if the new output is right.
                """)
        #expect(message("ONE\nTWO")?.contains("line 3:\nfound    (no such line)\nexpected \n") == true)
    }

    @Test func areaWithoutCasesFails() {
        let cases = GoldenCase.all(in: "no such area")
        #expect(cases.count == 1)
        #expect { _ = try cases[0].input() } throws: { _ in true }
    }
}
