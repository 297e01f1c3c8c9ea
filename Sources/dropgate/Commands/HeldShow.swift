import ArgumentParser
@_spi(HotPath) import GatewayCore
import GatewayEngine
import GatewayProfiles

struct HeldShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows why an order is held: the rule, its values, and what differs from what left.",
        discussion: "Values come from the originals that are kept, read under today's mappings.")
    @OptionGroup var selection: Held.Selection

    func run() throws {
        try guarded {
            let wiring = try Wiring(root: selection.place.workspace)
            guard let ledger = try wiring.reader() else { return Terminal.say("No such order is held. See `dropgate held list`.") }
            let orders = try OperatorDesk(wiring).select(selection.arguments, ledger)
            guard !orders.isEmpty else { return Terminal.say("No such order is held. See `dropgate held list`.") }
            for order in orders { try show(order, wiring, ledger) }
        }
    }

    private func show(_ order: HeldOrder, _ wiring: Wiring, _ ledger: any Ledger) throws {
        Terminal.say("\(Finding.visible(order.reference)) of \(order.flow), held since \(Terminal.time(order.since)) [\(order.code)]")
        if let left = order.left { Terminal.say("It left before: \(Held.sentence(left)).") }
        guard let flow = wiring.workspace.flows.first(where: { $0.id == order.flow }),
            let now = try read(order.reference, order.arrival, flow, wiring, ledger)
        else {
            Terminal.say("The original of arrival \(order.arrival) is no longer kept.")
            sayRule(order)
            return sayBlocks(order, wiring)
        }
        // Not the mapping holds it but what the ledger knows.
        if now.allSatisfy({ $0.fate != .hold }) { sayRule(order) }
        for shown in now {
            for finding in shown.findings { Terminal.say(finding.sentence()) }
            Terminal.write(shown.json, to: 1)
        }
        guard let left = order.left, order.code == FindingCode.orderChangedAfterLeft.id else { return }
        guard let earlier = try ledger.arrival(left.arrival),
            let earlierFlow = wiring.workspace.flows.first(where: { $0.id == earlier.flow }),
            let before = try read(order.reference, left.arrival, earlierFlow, wiring, ledger)?.first, let first = now.first
        else {
            Terminal.say("The original that left (arrival \(left.arrival)) is no longer kept; its values can't be shown.")
            return sayBlocks(order, wiring)
        }
        let differences = first.differences(from: before)
        guard !differences.isEmpty else { return sayBlocks(order, wiring) }
        Terminal.say("What differs:")
        func cell(_ text: String) -> String { text.isEmpty ? "(nothing)" : Finding.visible(text) }
        Terminal.say(
            Terminal.table(["  field", "left with", "now"], differences.map { ["  " + $0.name, cell($0.left), cell($0.now)] }))
    }

    /// The order as it stands in the file of an arrival; nil: its original is not kept.
    private func read(
        _ reference: String, _ arrival: Arrival.ID, _ flow: FlowSettings, _ wiring: Wiring, _ ledger: any Ledger
    ) throws -> [PreviewRun.Order]? {
        guard let path = wiring.state.rows(arrival), let file = try ledger.arrival(arrival)?.name else { return nil }
        return try PreviewRun(workspace: wiring.workspace, flow: flow, clock: Wiring.clock)
            .run(path: path, name: file, limit: 1000, wanted: reference).orders
    }

    private func sayRule(_ order: HeldOrder) {
        guard let code = FindingCode.all.first(where: { $0.id == order.code }) else { return }
        Terminal.say(code.when)
        let inReceipt = Finding.Shown.plain("(see its receipt)")
        Terminal.say(
            Finding(
                code,
                [
                    "reference": .plain(order.reference), "document": inReceipt, "limit": inReceipt, "range": inReceipt,
                    "from": inReceipt, "to": inReceipt,
                ]
            ).remedy())
    }

    private func sayBlocks(_ order: HeldOrder, _ wiring: Wiring) {
        guard let left = order.left, left.changed != 0 else { return }
        Terminal.say("What differs: \(PreviewRun.changedBlocks(left.changed)).")
    }
}
