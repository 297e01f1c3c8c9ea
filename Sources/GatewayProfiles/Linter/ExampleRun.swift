@_spi(HotPath) import GatewayCore
import GatewayMapping

/// Runs the examples that a profile carries: `IN gives OUT`, `IN through CHANNEL gives OUT`. Their files stand in the profile's folder.
struct ExampleRun {
    let workspace: Workspace
    let files: MappingFiles
    /// Folder relative to `mappings/`.
    let folder: String

    /// - Parameters:
    ///   - channel: name or path of the profile that reads the input.
    ///   - carrier: name or path of the profile that writes; nil: canonical orders.
    func findings(_ example: MappingExample, channel: String, carrier: String?) -> [Finding] {
        do throws(Finding) {
            let input = try read(example.input, example)
            let wanted = try read(example.output, example)
            let made = try output(input, channel: channel, carrier: carrier)
            return difference(made, wanted, example).map { [$0] } ?? []
        } catch {
            return [error]
        }
    }

    /// What the channel's own examples show about its columns: each that it reads and none of them has.
    func unknownColumns(_ mapping: ChannelMapping) -> [Finding] {
        guard !mapping.examples.isEmpty else { return [] }
        do throws(Finding) {
            var headers: [Header] = []
            for example in mapping.examples {
                headers += try workspace.headers(of: try read(example.input, example), mapping)
            }
            return mapping.unknownColumns(headers)
        } catch {
            // The example itself says what is wrong with its file, when it runs.
            return []
        }
    }

    private func read(_ name: String, _ example: MappingExample) throws(Finding) -> MappingFile {
        if ProfileLoader.isPlainName(name), let file = try files.read(folder + "/" + name) { return file }
        throw Finding(.exampleMissing, at: example.place, found: .plain(name), ["folder": .plain("mappings/" + folder)])
    }

    /// What the input becomes: all orders as JSON lines, or the documents of those that ship, one after the other.
    private func output(_ input: MappingFile, channel: String, carrier: String?) throws(Finding) -> [UInt8] {
        let flow = try workspace.sampleFlow(channel: channel, carrier: carrier)
        let draws = try workspace.sampleDraws(carrier: carrier)
        let table = try workspace.layOut(input, flow, channel: channel)
        let pipeline = try workspace.open(
            source: table?.source(shown: input.shown) ?? MemorySource(input.bytes), file: input.shown, flow: flow, channel: channel,
            carrier: carrier, key: .sample, table: table)
        var conversion = Conversion(pipeline, draws)
        try conversion.run { _, _, _ in }
        return SecretMarks.redacted(conversion.out.bytes)
    }

    private func difference(_ made: [UInt8], _ wanted: MappingFile, _ example: MappingExample) -> Finding? {
        guard made != wanted.bytes else { return nil }
        let (a, b) = (lines(made), lines(wanted.bytes))
        let line = zip(a, b).prefix { $0 == $1 }.count
        func shown(_ all: [ArraySlice<UInt8>]) -> String {
            line < all.count ? excerpt(String(decoding: all[line], as: UTF8.self), from: firstDifference(a, b, line)) : "(nothing more)"
        }
        let found = shown(a)
        return Finding(
            .exampleDiffers, at: example.place, found: found.isEmpty ? nil : .plain(found),
            ["line": .plain("\(line + 1)"), "file": .plain(example.output), "expected": .plain(shown(b))])
    }

    private func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] { bytes.split(separator: 0x0A, omittingEmptySubsequences: false) }

    /// Characters of a line that both sides share.
    private func firstDifference(_ a: [ArraySlice<UInt8>], _ b: [ArraySlice<UInt8>], _ line: Int) -> Int {
        guard line < a.count, line < b.count else { return 0 }
        let (x, y) = (String(decoding: a[line], as: UTF8.self), String(decoding: b[line], as: UTF8.self))
        return zip(x, y).prefix { $0 == $1 }.count
    }

    /// The part of a line that differs, from the member or element before it to the next one.
    private func excerpt(_ text: String, from start: Int) -> String {
        let all = Array(text)
        let earliest = max(0, start - 30)
        var first = earliest
        var mark = earliest > 0 ? "…" : ""
        for n in earliest..<min(start, all.count) where ",{[ <".contains(all[n]) && (all[n] != " " || all[..<n].allSatisfy { $0 == " " }) {
            first = all[n] == "<" ? n : n + 1
            mark = ""
        }
        var end = min(start + 1, all.count)
        while end < all.count, end < start + 40, !",}]<".contains(all[end]) { end += 1 }
        let isCut = end < all.count && !",}]<".contains(all[end])
        return mark + String(all[min(first, end)..<end]) + (isCut ? "…" : "")
    }
}
