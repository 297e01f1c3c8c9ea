import Foundation
import PackagePlugin

/// Puts `dropgate.yaml` and every file of `mappings/` and `examples/` into the binary: the folders are the list.
///
/// SwiftPM asks a plugin anew only when the manifest or sources change, and llbuild does not look into folders: a new file would be missed.
/// So the tool looks the files up itself and runs at each build, because it touches its only input, the stamp. It leaves its output alone
/// when nothing changed, and then nothing is compiled.
@main
struct EmbedMappings: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let output = context.pluginWorkDirectoryURL.appending(path: "ShippedFiles+Contents.swift")
        let stamp = output.appendingPathExtension("stamp")
        try Data().write(to: stamp)
        let paths = [context.package.directoryURL, output].map { $0.path(percentEncoded: false) }
        return [
            .buildCommand(
                displayName: "Embedding mappings and examples", executable: try context.tool(named: "EmbedTool").url,
                arguments: paths + ["dropgate.yaml", "examples", "mappings"], inputFiles: [stamp], outputFiles: [output])
        ]
    }
}
