import GatewayCore
import GatewayEngine
import GatewayProfiles

/// Which flow a file is for, by asking their profiles.
struct FlowChoice {
    let wiring: Wiring
    /// The flow that was named; nil: the first whose profiles recognise the file.
    let named: String?

    /// The file's preview in its flow.
    ///
    /// - Throws: of the flows that refuse it, what the one says that recognised it; else what the first says.
    func preview(path: String, name: String, limit: Int) throws -> (flow: FlowSettings, result: PreviewRun.Result) {
        let flows = try named.map { [try wiring.workspace.flow($0)] } ?? wiring.workspace.flows
        var refusal: Finding?
        for flow in flows {
            do {
                return (
                    flow,
                    try PreviewRun(workspace: wiring.workspace, flow: flow, clock: Wiring.clock).run(path: path, name: name, limit: limit)
                )
            } catch let finding as Finding where finding.code.stops == .file {
                let isStranger = refusal?.code == .headerUnknown || refusal?.code == .shapeForeign
                if refusal == nil || isStranger && finding.code != .headerUnknown && finding.code != .shapeForeign {
                    refusal = finding.named(name)
                }
            }
        }
        throw refusal ?? Finding(.workspaceMissing, found: .plain("no flow"))
    }
}
