import GatewayCore
import GatewayProfiles
import GatewayTesting
import Glibc
import Testing

@Suite struct IntakeTests {
    private func opened<Answer>(_ text: String, _ body: (Int32, Int64) throws -> Answer) throws -> Answer {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "orders.csv")
        let descriptor = try FileIO.openForReading(folder.path("orders.csv"), shown: "orders.csv")
        defer { close(descriptor) }
        return try body(descriptor, Int64(text.utf8.count))
    }

    private func content(_ text: String, limits: IntakeLimits = IntakeLimits()) throws -> String {
        try opened(text) { descriptor, size in
            switch try Intake.content(of: descriptor, size: size, file: "orders.csv", limits: limits) {
            case .whole: "whole"
            case .notYet(let finding): finding.sentence()
            }
        }
    }

    private func arrival(_ text: String, limits: IntakeLimits = IntakeLimits()) throws -> Int64? {
        try opened(text) { descriptor, _ in try Intake.receiptArrival(of: descriptor, file: "orders.csv", limits: limits) }
    }

    /// The workspace's limits count, not those that hold where none are given.
    @Test func contentIsLookedThroughWithTheWorkspacesLimits() throws {
        var limits = IntakeLimits()
        limits.record = 1_000
        let text = "a,b\n1,\"" + String(repeating: "x", count: 2_000)
        #expect(try content(text, limits: limits) == "whole")
        #expect(
            try content(text) == """
                orders.csv:2: column 2 "b": found nothing, expected a closing quote before the end of the file.
                Wait until the file is whole, or close the quote that opens in this row. [read.quote.unclosed]
                """)
    }

    @Test func aReceiptIsToldWithTheWorkspacesLimits() throws {
        var limits = IntakeLimits()
        limits.columns = 2
        let text = "Name,City,dropgate row\nAyşe,İzmir,r7-2\n"
        #expect(try arrival(text) == 7)
        #expect(try arrival(text, limits: limits) == nil)
    }

    @Test func textsForCellsOfOurOwnAreGuarded() {
        #expect(spreadsheetSafe("=1+1.csv") == "'=1+1.csv")
        #expect(spreadsheetSafe("orders;=1+1.csv: refused") == "orders;'=1+1.csv: refused")
        #expect(spreadsheetSafe("\n@x") == "'\n'@x")
        #expect(spreadsheetSafe("orders.csv: found \"-5\", expected a count") == "orders.csv: found \"-5\", expected a count")
    }
}
