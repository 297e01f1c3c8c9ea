import GatewayCore
import GatewayMapping

extension Workspace {
    /// Whether a flow's carrier can be written with what the flow and its account state.
    func findings(of flow: FlowSettings) -> [Finding] {
        guard let name = flow.carrier, let account = flow.account else { return [] }
        do throws(Finding) {
            let mapping = try carrier(name).loaded.usable()
            var findings = unknownSettings(account, mapping)
            for secret in mapping.secrets where account.secrets[secret] == nil {
                findings.append(
                    Finding(.secretUndeclared, at: account.place, ["key": .plain(secret), "account": .plain("\(name)/\(account.name)")]))
            }
            findings += mapping.secrets.compactMap { unreadable($0, account) }
            _ = try mapping.compile(constants: flow.constants, zone: flow.zone, pool: ConstantPool())
            return findings
        } catch {
            return [error]
        }
    }

    /// What is wrong with a secret's file. The environment is the gateway's own, not that of whoever checks.
    private func unreadable(_ secret: String, _ account: AccountSettings) -> Finding? {
        guard case .file? = account.secrets[secret], let source = account.secrets[secret] else { return nil }
        do throws(Finding) {
            _ = try Secrets.value(source, key: secret, root: root)
            return nil
        } catch {
            return error
        }
    }

    private func unknownSettings(_ account: AccountSettings, _ mapping: CarrierMapping) -> [Finding] {
        let settings = mapping.settings.map(\.name)
        func check(_ key: String, _ known: [String]) -> Finding? {
            guard !known.contains(key) else { return nil }
            return Finding(
                .configSettingUnknown, at: account.place, found: .plain(key),
                [
                    "carrier": .plain(account.carrier), "known": .plain(known.isEmpty ? "none" : known.joined(separator: ", ")),
                    "nearest": .plain(Nearest.name(to: key, among: known) ?? "none"),
                ])
        }
        return account.settings.keys.sorted().compactMap { check($0, settings) }
            + account.secrets.keys.sorted().compactMap { check($0, mapping.secrets) }
    }
}
