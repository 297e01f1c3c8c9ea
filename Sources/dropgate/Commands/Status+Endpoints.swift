import GatewayCore
import GatewayEngine
import GatewayLedger
import GatewayProfiles

/// Partners' servers: how each stands, and the documents that wait for it.
extension Status {
    /// A document in a local outbox.
    private struct Waiting {
        var name: String
        var folder: String
        /// Nil: nothing was tried yet.
        var delivery: Delivery?
    }

    /// - Parameter ledger: nil: nothing was run here yet.
    func showEndpoints(_ wiring: Wiring, _ ledger: SQLiteLedger?) throws {
        for endpoint in wiring.workspace.settings.endpoints {
            let standing = try ledger?.standing(of: endpoint.name)
            let coming = try ledger?.openSources(endpoint: endpoint.name).count ?? 0
            let begun = try ledger?.openDeliveries(endpoint: endpoint.name) ?? []
            var waiting: [Waiting] = []
            for route in Routes(wiring.workspace.settings, endpoint: endpoint.name).outboxes {
                for name in FileIO.names(in: wiring.root + "/" + route.source).filter({ NameRule.mayPublish($0) }).sorted() {
                    let delivery = begun.first { $0.name == name && $0.folder == route.folder }
                    waiting.append(Waiting(name: name, folder: route.folder, delivery: delivery))
                }
            }
            switch format {
            case .text: show(endpoint, standing, waiting, coming: coming)
            case .json: showLines(endpoint, standing, waiting, coming: coming)
            }
        }
    }

    private func show(_ endpoint: EndpointSettings, _ standing: EndpointStanding?, _ waiting: [Waiting], coming: Int) {
        Terminal.say("")
        let address = "\(endpoint.transport.rawValue)://\(endpoint.user)@\(endpoint.host):\(endpoint.port)"
        Terminal.say("\(endpoint.name) (\(address)): \(words(standing))")
        for line in standing?.sentence?.split(separator: "\n") ?? [] { Terminal.say("    \(line)") }
        if coming > 0 { Terminal.say("  \(coming) of its files \(coming == 1 ? "is" : "are") at work here") }
        for document in waiting.prefix(files) {
            let tried =
                document.delivery.map { "\(attempts($0.attempts)), first meant to go \(Terminal.time($0.intended))" } ?? "its turn comes"
            let folder = document.folder.isEmpty ? endpoint.name : endpoint.name + "/" + document.folder
            Terminal.say("  waits for \(folder): \(Finding.visible(document.name)): \(tried)")
        }
        if waiting.count > files { Terminal.say("  and \(waiting.count - files) more documents wait for it") }
    }

    private func words(_ standing: EndpointStanding?) -> String {
        guard let standing else { return "not tried yet" }
        switch standing.state {
        case .fine: return "fine since \(Terminal.time(standing.since))"
        case .waiting:
            let until = standing.until.map { " until \(Terminal.time($0))" } ?? ""
            return "rests\(until) after \(standing.failures) \(standing.failures == 1 ? "failure" : "failures")"
        case .stopped: return "stopped since \(Terminal.time(standing.since)), until it is mended"
        }
    }

    private func attempts(_ count: Int) -> String {
        switch count {
        case 0: "not begun"
        case 1: "1 attempt"
        case _: "\(count) attempts"
        }
    }

    private func showLines(_ endpoint: EndpointSettings, _ standing: EndpointStanding?, _ waiting: [Waiting], coming: Int) {
        func number(_ value: Int64?) -> String { value.map { "\($0)" } ?? "null" }
        func text(_ value: String?) -> String { value.map(JSONLogHandler.quoted) ?? "null" }
        let name = JSONLogHandler.quoted(endpoint.name)
        Terminal.say(
            "{\"endpoint\":\(name),\"state\":\(text(standing?.state.rawValue)),\"since\":\(number(standing?.since)),"
                + "\"until\":\(number(standing?.until)),\"failures\":\(standing?.failures ?? 0),\"code\":\(text(standing?.code)),"
                + "\"problem\":\(text(standing?.sentence)),\"coming\":\(coming),\"waiting\":\(waiting.count)}")
        for document in waiting.prefix(files) {
            Terminal.say(
                "{\"endpoint\":\(name),\"delivers\":\(JSONLogHandler.quoted(document.name)),\"folder\":\(JSONLogHandler.quoted(document.folder)),"
                    + "\"state\":\(text(document.delivery?.state.rawValue)),\"attempts\":\(document.delivery?.attempts ?? 0),"
                    + "\"intended\":\(number(document.delivery?.intended))}")
        }
    }
}
