@_spi(HotPath) import GatewayCore
import GatewayTesting
import Testing

@testable import GatewayProfiles

/// The shipped profiles on exports of invented people, through the whole pipeline. The cases are described in `Tests/Fixtures/README.md`.
struct GoldenTests {
    private let workspace = Workspace.shipped()

    @Test(arguments: GoldenCase.all(in: "channels"))
    func channelReadsAsExpected(_ golden: GoldenCase) throws {
        let made: Made
        do {
            made = try run(golden, channel: nil, carrier: nil, changes: [:])
        } catch let finding as Finding {
            try golden.expect("file \(finding.code.id)\n", as: "findings.txt")
            return
        }
        try golden.expect(made.output, as: "expected.jsonl")
        try expectHeld(made.held, golden)
    }

    @Test(arguments: GoldenCase.all(in: "carriers"))
    func carrierWritesAsExpected(_ golden: GoldenCase) throws {
        let carrier = try #require(workspace.carrierNames().filter { golden.name.hasPrefix($0 + "-") }.max { $0.count < $1.count })
        let made = try run(golden, channel: nil, carrier: carrier, changes: try settings(golden))
        try expectHeld(made.held, golden)
        if made.held.isEmpty { try golden.expect(made.output, as: "expected." + made.fileExtension) }
    }

    private struct Made {
        var output: [UInt8]
        var fileExtension: String
        /// `ROW CODE` and the carrier's own code, by order.
        var held: [String]
    }

    private func run(_ golden: GoldenCase, channel: String?, carrier: String?, changes: [String: String]) throws -> Made {
        var flow = try workspace.sampleFlow(channel: channel, carrier: carrier, changes: changes)
        flow.channels = workspace.channelNames()
        let draws = try workspace.sampleDraws(carrier: carrier, changes: changes)
        let input = try golden.input()
        let folder = try TemporaryFolder()
        let descriptor = try FileIO.openForReading(try folder.write(input.bytes, to: input.name), shown: input.name)
        let whole = FileSource(descriptor: descriptor, shown: input.name, hashes: false)
        let table = try workspace.layOut(descriptor, file: input.name, flow: flow, scratch: folder.path)
        let pipeline = try workspace.open(
            source: table?.source(shown: input.name) ?? whole, file: input.name, flow: flow, carrier: carrier, key: .sample, table: table)
        var conversion = Conversion(pipeline, draws)
        var held: [String] = []
        try conversion.run { order, batch, finding in
            guard let finding else { return }
            let row = batch.rowNumber(Int(batch.orders[order].firstRecord))
            held.append("\(row) \(finding.code.id)\(carrierCode(finding))")
        }
        return Made(output: SecretMarks.redacted(conversion.out.bytes), fileExtension: pipeline.documentExtension, held: held)
    }

    /// The carrier's own code, where the finding is about a rule or field that has one.
    private func carrierCode(_ finding: Finding) -> String {
        guard let code = finding.arguments["code"]?.text else { return "" }
        let bare = code.filter { !"[] ".contains($0) }
        return bare.isEmpty ? "" : " " + bare
    }

    private func expectHeld(_ held: [String], _ golden: GoldenCase) throws {
        let text = held.map { $0 + "\n" }.joined()
        if text.isEmpty { #expect(!golden.has("findings.txt")) } else { try golden.expect(text, as: "findings.txt") }
    }

    private func settings(_ golden: GoldenCase) throws -> [String: String] {
        guard golden.has("settings.txt") else { return [:] }
        var all: [String: String] = [:]
        for line in String(decoding: try golden.contents("settings.txt"), as: UTF8.self).split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            all[String(line[..<colon])] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        return all
    }
}
