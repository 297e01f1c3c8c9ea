import GatewayCore
import GatewayTesting
import Testing

/// `dropgate edi show` on invented interchanges.
struct EDIShowTests {
    @Test func aFileIsATreeInWords() throws {
        let golden = GoldenCase(area: "edi", name: "warehouse-order-wrong-count")
        let shown = try CrashRun(Rehearsal.binary, ["edi", "show", golden.path("input.edi")]).run()
        #expect(shown.end == .exit(1), "\(shown.errors)")
        try golden.expect(shown.output, as: "expected.txt")
    }

    @Test func noEDIIsSaid() throws {
        let folder = try TemporaryFolder()
        try folder.write("name,city\nElif,İzmir\n", to: "orders.csv")
        let shown = try CrashRun(Rehearsal.binary, ["edi", "show", folder.path("orders.csv")]).run()
        #expect(shown.end == .exit(65))
        #expect(shown.output.contains("[edi.nothing]"))
    }
}
