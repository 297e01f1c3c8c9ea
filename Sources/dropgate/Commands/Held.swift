import ArgumentParser
@_spi(HotPath) import GatewayCore
import GatewayEngine
import GatewayProfiles

struct Held: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "held",
        abstract: "Orders that wait for somebody: list, show, run again, release, drop.",
        subcommands: [List.self, Show.self, Retry.self, Release.self, Drop.self], defaultSubcommand: List.self)

    struct Selection: ParsableArguments {
        @OptionGroup var place: WorkspaceOption

        @Option(help: "Only this flow (merchant/flow).")
        var flow: String?

        @Option(help: "Only orders of this arrival (its number stands in `dropgate status`).")
        var arrival: Int64?

        @Argument(help: "The order's reference; all when left out.")
        var reference: String?

        var arguments: [String: String] {
            var all: [String: String] = [:]
            all["flow"] = flow
            all["arrival"] = arrival.map(String.init)
            all["reference"] = reference
            return all
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists held orders.")
        @OptionGroup var selection: Selection
        @Option(help: "Only orders held with this code.")
        var because: String?
        @Option(help: "text or json (one object a line).")
        var format: Check.Format = .text

        func run() throws {
            try guarded {
                let wiring = try Wiring(root: selection.place.workspace)
                var arguments = selection.arguments
                arguments["because"] = because
                let orders = try wiring.reader().map { try OperatorDesk(wiring).select(arguments, $0) } ?? []
                switch format {
                case .json:
                    for order in orders {
                        Terminal.say(
                            "{\"reference\":\(JSONLogHandler.quoted(order.reference)),\"flow\":\(JSONLogHandler.quoted(order.flow)),"
                                + "\"arrival\":\(order.arrival),\"file\":\(JSONLogHandler.quoted(order.file)),\"row\":\(order.row),"
                                + "\"code\":\(JSONLogHandler.quoted(order.code)),\"since\":\(order.since)}")
                    }
                case .text:
                    let guarded = try wiring.reader()?.arrivals(flow: selection.flow, limit: 1000).filter { $0.state == .guarded } ?? []
                    for file in guarded {
                        Terminal.say(
                            "All of \(Finding.visible(file.name)) waits, \(file.totals.held) orders [\(file.code ?? "")]: "
                                + "`dropgate held release --arrival \(file.id)` lets it pass.")
                    }
                    guard !orders.isEmpty else {
                        if guarded.isEmpty { Terminal.say("No order is held.") }
                        return
                    }
                    Terminal.say(
                        Terminal.table(
                            ["reference", "flow", "arrival", "file", "row", "since", "code"],
                            orders.map {
                                [
                                    Finding.visible($0.reference), $0.flow, "\($0.arrival)", Finding.visible($0.file), "\($0.row)",
                                    Terminal.time($0.since), $0.code,
                                ]
                            }, right: [2, 4]))
                }
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Shows why an order is held, with its values, from the original that is kept.")
        @OptionGroup var selection: Selection

        func run() throws {
            try guarded {
                let wiring = try Wiring(root: selection.place.workspace)
                let orders = try wiring.reader().map { try OperatorDesk(wiring).select(selection.arguments, $0) } ?? []
                guard !orders.isEmpty else { return Terminal.say("No such order is held. See `dropgate held list`.") }
                for order in orders {
                    Terminal.say(
                        "\(Finding.visible(order.reference)) of \(order.flow), held since \(Terminal.time(order.since)) [\(order.code)]")
                    guard let flow = wiring.workspace.flows.first(where: { $0.id == order.flow }),
                        let path = wiring.state.rows(order.arrival)
                    else {
                        Terminal.say("  The original of arrival \(order.arrival) is no longer kept.")
                        continue
                    }
                    let preview = try PreviewRun(workspace: wiring.workspace, flow: flow)
                        .run(path: path, name: order.file, limit: 1000, wanted: order.reference)
                    if preview.orders.allSatisfy({ $0.fate != .hold }), let code = FindingCode.all.first(where: { $0.id == order.code }) {
                        // Not the mapping holds it but what the ledger knows; its receipt has the particulars.
                        Terminal.say("\(code.when)")
                        Terminal.say(
                            Finding(
                                code,
                                [
                                    "reference": .plain(order.reference), "document": .plain("(see its receipt)"),
                                    "limit": .plain("(see its receipt)"),
                                ]
                            ).remedy())
                    }
                    for shown in preview.orders {
                        for finding in shown.findings { Terminal.say(finding.sentence()) }
                        Terminal.write(shown.json, to: 1)
                    }
                }
            }
        }
    }

    struct Retry: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retry",
            abstract: "Runs held orders again under today's mappings; what left stays left. A new receipt is issued.")
        @OptionGroup var selection: Selection
        @Option(help: "Only orders held with this code, after its cause was mended.")
        var because: String?
        @Flag(help: "All held orders.")
        var all = false

        func run() throws {
            try guarded {
                var arguments = selection.arguments
                arguments["because"] = because
                guard !arguments.isEmpty || all else {
                    throw ValidationError(
                        "Name an order's reference (in quotes: '#1001'), --arrival N, --flow F, --because CODE, or --all.")
                }
                try OperatorDesk(try Wiring(root: selection.place.workspace)).ask("retry", arguments)
            }
        }
    }

    struct Release: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "release",
            abstract: "Lets orders or a file pass that a go-live guard holds.",
            discussion: "Name an order's reference, or a file's arrival with --arrival.")
        @OptionGroup var selection: Selection
        @Flag(help: "After a restore: from now on the ledger is right, orders that it does not know may ship.")
        var restored = false
        @Option(help: "Why; kept with who and when.")
        var because = ""

        func run() throws {
            try guarded {
                if restored {
                    return try OperatorDesk(try Wiring(root: selection.place.workspace)).ask("trust", ["why": because])
                }
                guard selection.reference != nil || selection.arrival != nil else {
                    throw ValidationError("Name an order's reference (in quotes: '#1001') or --arrival N.")
                }
                var arguments = selection.arguments
                if let reference = selection.reference, let number = Int64(reference), selection.arrival == nil,
                    try OperatorDesk(try Wiring(root: selection.place.workspace)).isGuarded(number)
                {
                    arguments["arrival"] = reference
                    arguments["reference"] = nil
                }
                arguments["why"] = because
                try OperatorDesk(try Wiring(root: selection.place.workspace)).ask("release", arguments)
            }
        }
    }

    struct Drop: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "drop",
            abstract: "Drops held orders: they will not ship. Reason, name and time are kept, and the original bytes too.")
        @OptionGroup var selection: Selection
        @Option(help: "Why; kept with who and when.")
        var because: String

        func run() throws {
            try guarded {
                guard selection.reference != nil || selection.arrival != nil else {
                    throw ValidationError("Name an order's reference (in quotes: '#1001') or --arrival N.")
                }
                var arguments = selection.arguments
                arguments["why"] = because
                try OperatorDesk(try Wiring(root: selection.place.workspace)).ask("drop", arguments)
            }
        }
    }
}
