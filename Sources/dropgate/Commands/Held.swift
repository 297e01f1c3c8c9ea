import ArgumentParser
@_spi(HotPath) import GatewayCore
import GatewayEngine
import GatewayProfiles

struct Held: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "held",
        abstract: "Orders that wait for somebody: list, show, run again, release, drop.",
        subcommands: [List.self, HeldShow.self, Retry.self, Release.self, Drop.self], defaultSubcommand: List.self)

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
                                + "\"code\":\(JSONLogHandler.quoted(order.code)),\"since\":\(order.since),\"left\":\(Held.json(order.left))}"
                        )
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
                            ["reference", "flow", "arrival", "file", "row", "since", "code", "left before"],
                            orders.map {
                                [
                                    Finding.visible($0.reference), $0.flow, "\($0.arrival)", Finding.visible($0.file), "\($0.row)",
                                    Terminal.time($0.since), $0.code, $0.left.map(Held.sentence) ?? "no",
                                ]
                            }, right: [2, 4]))
                }
            }
        }
    }

    /// `arrival 3, 2026-11-24 09:30:05 UTC`.
    static func sentence(_ left: HeldOrder.Left) -> String {
        left.isElsewhere
            ? "shipped elsewhere (baseline, arrival \(left.arrival))" : "arrival \(left.arrival), \(Terminal.time(left.at))"
    }

    private static func json(_ left: HeldOrder.Left?) -> String {
        guard let left else { return "null" }
        return "{\"arrival\":\(left.arrival),\"at\":\(left.at),\"elsewhere\":\(left.isElsewhere)}"
    }

    struct Retry: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retry",
            abstract: "Judges held orders again under today's mappings, and no others. A receipt of these orders is issued.")
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
