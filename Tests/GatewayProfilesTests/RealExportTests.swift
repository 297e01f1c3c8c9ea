import Foundation
@_spi(HotPath) import GatewayCore
import GatewayTesting
import Testing

@testable import GatewayProfiles

/// Real exports that stand beside the repository: whatever is in them, every order is decided, and what is held says why.
struct RealExportTests {
    private let workspace = Workspace.shipped()

    @Test(.enabled(if: SharedFiles.root != nil, "needs the folder ../shared beside the repository"))
    func everyOrderIsDecided() throws {
        let folder = try #require(SharedFiles.root) + "/samples"
        var recognised = 0
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() where path.hasSuffix(".csv") {
            let bytes = try FileIO.contents(folder + "/" + path, shown: path)
            for carrier in [nil] + workspace.carrierNames() {
                guard let pipeline = try open(bytes, path, carrier) else { continue }
                recognised += 1
                var conversion = Conversion(pipeline, try workspace.sampleDraws(carrier: carrier))
                var silent = 0
                try conversion.run { order, batch, finding in
                    switch batch.orders[order].fate {
                    case .ship: break
                    case .skip: if pipeline.skipReason(of: order, in: batch) == nil { silent += 1 }
                    case .hold: if finding?.place.line == nil { silent += 1 }
                    }
                }
                let totals = conversion.totals
                #expect(totals.orders > 0 && totals.orders == totals.shipped + totals.skipped + totals.held, "\(path)")
                #expect(silent == 0, "\(path)")
            }
        }
        #expect(recognised > 0)
    }

    /// The same orders, however the file is cut into batches.
    @Test(.enabled(if: SharedFiles.root != nil, "needs the folder ../shared beside the repository"))
    func windowsDoNotMatter() throws {
        let folder = try #require(SharedFiles.root) + "/samples"
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() where path.hasSuffix(".csv") {
            let bytes = try FileIO.contents(folder + "/" + path, shown: path)
            guard let whole = try open(bytes, path, nil), let cut = try open(bytes, path, nil, window: 512) else { continue }
            var a = Conversion(whole, SampleDraws())
            var b = Conversion(cut, SampleDraws())
            try a.run { _, _, _ in }
            try b.run { _, _, _ in }
            #expect(a.out.string == b.out.string, "\(path)")
        }
    }

    /// Nil when no shipped profile recognises the file: that is refused with a finding of its own.
    private func open(_ bytes: [UInt8], _ path: String, _ carrier: String?, window: Int = 1 << 18) throws -> Pipeline? {
        var flow = try workspace.sampleFlow(channel: nil, carrier: carrier)
        flow.channels = workspace.channelNames()
        do throws(Finding) {
            return try workspace.open(
                source: MemorySource(bytes), file: path, flow: flow, carrier: carrier, key: .sample, window: window)
        } catch {
            #expect(error.code.id.hasPrefix("read."), "\(path): \(error.sentence())")
            return nil
        }
    }
}
