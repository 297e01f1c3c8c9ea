import ArgumentParser
import GatewayCore
import GatewayEngine
import GatewayLedger
import GatewayProfiles
import GatewayTransports
import Glibc

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tries a partner's server step by step and says what to do about what fails.",
        discussion: """
            Shows the server's host keys in the form that goes into dropgate.yaml, then logs in and tries in each folder what the gateway needs: \
            list, put, look, rename, rename over a file, remove. It leaves nothing there. What works is stored for `dropgate run`.
            """)

    @OptionGroup var place: WorkspaceOption

    @Argument(help: "Name of an endpoint of dropgate.yaml; without it all are tried.")
    var endpoint: String?

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        var isWell = true
        try guarded {
            let wiring = try Wiring(root: place.workspace) { finding in
                if finding.code != .endpointHostKeyMissing { Terminal.complain(finding) }
            }
            let all = wiring.workspace.settings.endpoints
            if let endpoint, !all.contains(where: { $0.name == endpoint }) {
                let nearest = Nearest.name(to: endpoint, among: all.map(\.name)) ?? "none"
                throw Failure(
                    Finding(.endpointUnknown, at: Place(file: "dropgate.yaml"), found: .plain(endpoint), ["nearest": .plain(nearest)]),
                    code: .usage)
            }
            if all.isEmpty { Terminal.say("dropgate.yaml has no endpoints.") }
            for settings in all where endpoint == nil || settings.name == endpoint {
                if try !examine(settings, wiring) { isWell = false }
            }
        }
        if !isWell { throw ExitCode(ExitStatus.temporary.rawValue) }
    }

    /// False: something that the gateway needs does not work.
    private func examine(_ settings: EndpointSettings, _ wiring: Wiring) throws -> Bool {
        Terminal.say("\(settings.name): \(settings.transport.rawValue)://\(settings.user)@\(settings.host):\(settings.port)")
        Terminal.say("  library: \(SFTPProbe.libraries)")
        switch settings.transport {
        case .sftp: break
        case .ftp:
            do {
                let files = try wiring.remoteFiles(settings)
                defer { files.close() }
                return try examine(files, settings, wiring)
            } catch let finding as Finding { return complain(finding) }
        }
        let endpoint: SFTPEndpoint
        do throws(Finding) { endpoint = try wiring.sftp(settings) } catch { return complain(error) }
        do throws(Finding) {
            guard try showKeys(endpoint) else { return false }
        } catch { return complain(error) }
        do {
            let files = try SFTPFiles(endpoint)
            defer { files.close() }
            return try examine(files, settings, wiring)
        } catch let finding as Finding { return complain(finding) }
    }

    private func showKeys(_ endpoint: SFTPEndpoint) throws(Finding) -> Bool {
        let shown = try SFTPProbe.hostKeys(endpoint)
        var keys: [HostKeyPin] = []
        for (type, what) in shown {
            switch what {
            case .key(let pin):
                keys.append(pin)
                Terminal.say("  host key: \(pin.text)\(endpoint.pins.contains(pin) ? "  (trusted)" : "")")
            case .none: Terminal.say("  host key: no \(type)\(type == "ssh-rsa" ? " that this libssh2 can verify" : "")")
            case .failed(let finding): Terminal.complain(finding)
            }
        }
        if keys.isEmpty {
            return complain(Finding(.transportHostKeyExchange, at: Place(file: endpoint.name), ["endpoint": .plain(endpoint.name)]))
        }
        if endpoint.pins.isEmpty {
            Terminal.say("  None of them is trusted yet. Compare them with the partner by another way, then put into dropgate.yaml:")
            Terminal.say("      host keys:")
            for key in keys { Terminal.say("        - \(key.text)") }
            return false
        }
        return true
    }

    private func examine(_ files: any RemoteFiles, _ settings: EndpointSettings, _ wiring: Wiring) throws -> Bool {
        let routes = Routes(wiring.workspace.settings, endpoint: settings.name)
        var isWell = true
        for folder in routes.fetched {
            Terminal.say("  fetching from \(folder.isEmpty ? "the folder of the login" : folder)")
            var trial = RemoteTrial(RemoteFolder(files, path: folder), work: wiring.state.endpoints)
            // What is fetched is moved or removed afterwards, so names must change there too.
            if settings.afterwards == .leave { trial.look() } else { trial.run(now: { SystemNow.milliseconds / 1000 }) }
            if !report(trial, needsWriting: settings.afterwards != .leave) { isWell = false }
            if case .move(let away) = settings.afterwards, !isFolder(RemoteFolder(files, path: folder).path(of: away), files) {
                isWell = false
            }
        }
        for folder in routes.delivered {
            Terminal.say("  delivering to \(folder.isEmpty ? "the folder of the login" : folder)")
            var trial = RemoteTrial(RemoteFolder(files, path: folder), work: wiring.state.endpoints)
            trial.run(now: { SystemNow.milliseconds / 1000 })
            if !report(trial, needsWriting: true) { isWell = false }
            if let free = (files as? SFTPFiles)?.freeSpace(folder) { Terminal.say("    free space: \(free / 1_048_576) MB") }
            if let temp = trial.temp {
                try wiring.writer().setFact(EndpointFact.temp, of: settings.name, temp.rawValue)
                Terminal.say("    unfinished files will be named \(temp.name("…"))")
            }
        }
        if routes.fetched.isEmpty && routes.delivered.isEmpty {
            Terminal.say("  No flow, account or merchant of dropgate.yaml uses it: only the login is tried.")
            var trial = RemoteTrial(RemoteFolder(files, path: ""), work: wiring.state.endpoints)
            trial.look()
            isWell = report(trial, needsWriting: false)
        }
        Terminal.say(isWell ? "  All of it works." : "  Not all of it works: see above.")
        if isWell { try takeUp(settings, wiring) }
        return isWell
    }

    /// An endpoint that stands still is well again: the running gateway looks for this word.
    private func takeUp(_ settings: EndpointSettings, _ wiring: Wiring) throws {
        guard try wiring.reader()?.standing(of: settings.name)?.state == .stopped else { return }
        try wiring.writer().setFact(EndpointFact.mended, of: settings.name, "\(SystemNow.milliseconds)")
        Terminal.say("  It had stopped: `dropgate run` takes it up again.")
    }

    private func report(_ trial: RemoteTrial, needsWriting: Bool) -> Bool {
        for step in trial.steps {
            Terminal.say("    \(step.what): \(step.finding == nil ? step.found : "failed")")
            if let finding = step.finding { Terminal.complain(finding) }
        }
        guard needsWriting else { return trial.steps.allSatisfy { $0.finding == nil } }
        return trial.temp != nil
    }

    private func isFolder(_ path: String, _ files: any RemoteFiles) -> Bool {
        do throws(Finding) {
            try files.list(path, most: 1_000_000) { _ in }
            return true
        } catch { return complain(error) }
    }

    private func complain(_ finding: Finding) -> Bool {
        Terminal.complain(finding)
        return false
    }
}
