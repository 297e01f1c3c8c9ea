import Foundation
@_spi(HotPath) import GatewayCore
import GatewayTesting
import Testing

@testable import GatewayProfiles

/// Every order file that others made and that stands beside the repository, read whole: `Tests/Fixtures/reading/shared-exports/orders.tsv` says
/// what is in each, and why where it is not obvious.
@Suite("Sample order files")
struct SampleOrderTests {
    private static let table = GoldenCase(area: "reading", name: "shared-exports")
    private let workspace = Workspace.shipped()

    /// What a file gives: one row of the table.
    struct Reading: Equatable {
        var profile = ""
        var ship = 0
        var skip = 0
        var hold = 0
        var lines = 0
        /// Pieces of all lines that are still to ship.
        var units = 0
        /// SHA-256 over the canonical orders, one line of JSON each; its first 16 digits.
        var digest = ""
        var cells: [String] { [profile, "\(ship)", "\(skip)", "\(hold)", "\(lines)", "\(units)", digest] }
    }

    @Test(
        "each file gives the orders of the table", .enabled(if: SharedFiles.root != nil, "needs the folder ../shared beside the repository")
    )
    func files() throws {
        let rows = try Self.rows()
        #expect(rows.count > 20)
        for row in rows where row[1] != "none" {
            let (reading, json) = try read(row[0])
            #expect([row[0]] + reading.cells == Array(row[..<8]), "\(row[0])")
            for spot in row[8].split(separator: "|") where !json.contains(spot) {
                Issue.record("\(row[0]) has no \(spot)")
            }
        }
    }

    /// No file is forgotten: what holds no orders stands in the table with `none`.
    @Test("every file is in the table", .enabled(if: SharedFiles.root != nil, "needs the folder ../shared beside the repository"))
    func nothingIsForgotten() throws {
        let folder = try #require(SharedFiles.root) + "/samples"
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.contains("/") }
        let known = try Set(Self.rows().map { $0[0] })
        #expect(Set(files).subtracting(known) == [])
        #expect(known.subtracting(files) == [])
    }

    private static func rows() throws -> [[String]] {
        let text = String(decoding: try table.contents("orders.tsv"), as: UTF8.self)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst().map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// A refused file gives its code as the profile.
    private func read(_ path: String) throws -> (Reading, String) {
        let root = try #require(SharedFiles.root)
        var flow = try workspace.sampleFlow(channel: nil, carrier: nil)
        flow.channels = workspace.channelNames()
        let folder = try TemporaryFolder()
        let descriptor = try FileIO.openForReading(root + "/samples/" + path, shown: path)
        let whole = FileSource(descriptor: descriptor, shown: path, hashes: false)
        var reading = Reading()
        do throws(Finding) {
            let table = try workspace.layOut(descriptor, file: path, flow: flow, scratch: folder.path)
            let pipeline = try workspace.open(
                source: table?.source(shown: path) ?? whole, file: path, flow: flow, carrier: nil, key: .sample, table: table)
            reading.profile = pipeline.channelName
            var conversion = Conversion(pipeline, SampleDraws())
            try conversion.run { index, batch, _ in
                let entry = batch.orders[index]
                switch entry.fate {
                case .ship: reading.ship += 1
                case .skip: reading.skip += 1
                case .hold: reading.hold += 1
                }
                for line in Int(entry.firstLine)..<Int(entry.endLine) {
                    reading.lines += 1
                    reading.units += max(0, Int(batch.lineEntries[line].quantity))
                }
            }
            reading.digest = ContentHash(of: conversion.out.bytes).hex(16)
            return (reading, conversion.out.string)
        } catch {
            reading.profile = error.code.id
            return (reading, "")
        }
    }
}
