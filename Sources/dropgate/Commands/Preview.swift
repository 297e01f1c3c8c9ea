import ArgumentParser
@_spi(HotPath) import GatewayCore
import GatewayEngine
import GatewayProfiles

struct Preview: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Shows what a file would give: flow, profile and why, orders, request, receipt, findings. No effect.")

    @OptionGroup var place: WorkspaceOption

    @Option(help: "The flow (merchant/flow or flow); else the first whose profiles recognise the file.")
    var flow: String?

    @Option(help: "How many orders to show.")
    var orders = 3

    @Argument(help: "The file.")
    var file: String

    func run() throws {
        try guarded {
            let wiring = try Wiring(root: place.workspace)
            let name = String(file.split(separator: "/").last ?? "file")
            let (chosen, result) = try FlowChoice(wiring: wiring, named: flow).preview(path: file, name: name, limit: orders)
            Terminal.say("Flow \(chosen.id), profile \(result.channel), carrier \(result.carrier ?? "none").")
            if let charset = result.charset { Terminal.say("Character set \(charset.name), because \(charset.because).") }
            for candidate in result.candidates { Terminal.say("  " + sentence(candidate)) }
            if !result.columnsNobodyMaps.isEmpty {
                Terminal.say("Columns that nothing reads: \(result.columnsNobodyMaps.map(Finding.visible).joined(separator: ", ")).")
            }
            for finding in result.columnsMissing { Terminal.say(finding.sentence()) }
            let totals = result.totals
            Terminal.say("\(totals.orders) orders: \(totals.shipped) would ship, \(totals.held) would be held, \(totals.skipped) skipped.")
            Terminal.say(PreviewRun.guards(of: chosen))
            if let finding = result.fileGuard {
                Terminal.say("If all of them are new, the whole file waits until it is released; orders that have left don't count.")
                Terminal.say(finding.sentence())
            }
            for order in result.orders {
                Terminal.say("")
                Terminal.say("Order \(Finding.visible(order.reference)), row \(order.row): \(word(order))")
                for finding in order.findings { Terminal.say(finding.sentence()) }
                Terminal.write(order.json, to: 1)
            }
            if !result.document.isEmpty {
                Terminal.say("")
                Terminal.say("The request\(orders == 1 ? "" : "s") for the carrier (key, number and time are sample values):")
                Terminal.show(result.document)
            }
            Terminal.say("")
            Terminal.say("The receipt:")
            Terminal.show(result.receipt)
            Terminal.say("Nothing was sent and nothing was stored. What already left, only the ledger knows: `dropgate run` looks.")
        }
    }

    private func sentence(_ candidate: ProfileCandidate) -> String {
        if candidate.isMatch { return "\(candidate.name) recognises it; \(candidate.matched) of its columns are read." }
        if let excluded = candidate.excludedBy { return "\(candidate.name) does not: the column \(excluded) is another layout's." }
        return "\(candidate.name) does not: it has no column \(candidate.missing.joined(separator: ", "))."
    }

    private func word(_ order: PreviewRun.Order) -> String {
        switch order.fate {
        case .ship: "would ship"
        case .skip: "skipped" + (order.reason.map { ", \($0)" } ?? "")
        case .hold: "would be held"
        }
    }
}
