import Foundation
import FoundationXML
import GatewayTesting
import Testing

/// `dropgate convert` with carriers that refuse some orders.
struct ConvertTests {
    private func convert(_ text: String) throws -> CrashRun.Outcome {
        let folder = try TemporaryFolder()
        let file = try folder.write(text, to: "orders.csv")
        // No folder to run in: it would be that of the whole test process for a moment, and of programs that other tests start then.
        return try CrashRun(
            Rehearsal.binary,
            ["convert", "--channel", "shopify-admin", "--carrier", "dropgate-manifest", "-w", folder.path, file]
        ).run()
    }

    private func count(_ part: String, in text: String) -> Int { text.components(separatedBy: part).count - 1 }

    /// Longer than the carrier takes: the order is refused when its document is written.
    private let long = String(repeating: "Uzun", count: 60)

    @Test func theFirstOrderOfADocumentIsRefused() throws {
        let outcome = try convert(Export.header + Export.order("#1", person: long) + Export.order("#2") + Export.order("#3"))
        #expect(outcome.end == .exit(1), "\(outcome.errors)")
        #expect(XMLParser(data: Data(outcome.output.utf8)).parse(), "\(outcome.output)")
        #expect(count("<?xml", in: outcome.output) == 1 && count("<Document>", in: outcome.output) == 1)
        #expect(count("<Shipment>", in: outcome.output) == 2)
        #expect(!outcome.output.contains("#1<") && outcome.output.contains("#2<") && outcome.output.contains("#3<"))
        #expect(outcome.errors.contains("3 orders: 2 written, 1 held, 0 skipped."), "\(outcome.errors)")
    }

    @Test func withoutAnyOrderThereIsNoDocument() throws {
        let outcome = try convert(Export.header + Export.order("#1", person: long) + Export.order("#2", person: long))
        #expect(outcome.end == .exit(1), "\(outcome.errors)")
        #expect(outcome.output.isEmpty, "\(outcome.output)")
        #expect(outcome.errors.contains("2 orders: 0 written, 2 held, 0 skipped."), "\(outcome.errors)")
    }

    /// More than one batch, and the first order's second row at the end.
    private func apart() -> String {
        let many = (1...9000).map { Export.order("#\($0)", phone: $0 == 2 ? "12" : "+905550000001") }
        return Export.header + many.joined() + Export.line("#1", sku: "LATE")
    }

    private func expectTogether(_ output: String, _ errors: String) {
        #expect(XMLParser(data: Data(output.utf8)).parse())
        #expect(count("<Shipment>", in: output) == 8999)
        let first = output.components(separatedBy: "</Shipment>")[0]
        #expect(first.contains("#1<") && first.contains("LATE"), "\(first)")
        #expect(count("orders.csv:3:", in: errors) == 1, "\(errors)")
        #expect(errors.contains("9000 orders: 8999 written, 1 held, 0 skipped."), "\(errors)")
    }

    @Test func whatWasWrittenOfAFileWhoseRowsStandApartIsTakenBack() throws {
        let outcome = try convert(apart())
        #expect(outcome.end == .exit(1), "\(outcome.errors)")
        expectTogether(outcome.output, outcome.errors)
    }

    @Test func behindOtherOutputOnlyItsOwnIsTakenBack() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(apart(), to: "orders.csv")
        let command =
            "{ echo before; '\(Rehearsal.binary)' convert --channel shopify-admin --carrier dropgate-manifest -w '\(folder.path)' '\(file)'; }"
        let once = try CrashRun("/bin/sh", ["-c", command + " > '\(folder.path)/out'"]).run()
        let appended = try CrashRun("/bin/sh", ["-c", command + " >> '\(folder.path)/out'"]).run()
        let parts = (folder.text("out") ?? "").components(separatedBy: "before\n")
        #expect(parts.count == 3 && parts[0].isEmpty)
        expectTogether(parts[1], once.errors)
        expectTogether(parts[2], appended.errors)
    }

    @Test func throughAPipeRowsThatStandApartAreFoundBefore() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(apart(), to: "orders.csv")
        let command =
            "'\(Rehearsal.binary)' convert --channel shopify-admin --carrier dropgate-manifest -w '\(folder.path)' '\(file)' | cat"
        let outcome = try CrashRun("/bin/sh", ["-c", command]).run()
        expectTogether(outcome.output, outcome.errors)
    }
}
