import Foundation
import PackagePlugin

/// Puts every file of `mappings/` and `examples/` into the binary: the folders are the list.
@main
struct EmbedMappings: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let root = context.package.directoryURL
        let folders = ["mappings", "examples"]
        let files = folders.flatMap { filesBelow($0, of: root) }.sorted()
        let output = context.pluginWorkDirectoryURL.appending(path: "ShippedFiles+Contents.swift")
        return [
            .buildCommand(
                displayName: "Embedding \(files.count) files of mappings/ and examples/",
                executable: try context.tool(named: "EmbedTool").url,
                arguments: [root.path(percentEncoded: false), output.path(percentEncoded: false)] + files,
                inputFiles: files.map { root.appending(path: $0) },
                outputFiles: [output])
        ]
    }

    /// Paths relative to `root`; hidden files stay out.
    private func filesBelow(_ folder: String, of root: URL) -> [String] {
        let manager = FileManager.default
        let base = root.appending(path: folder).path(percentEncoded: false)
        guard let all = manager.enumerator(atPath: base) else { return [] }
        return all.compactMap { entry in
            guard let path = entry as? String, !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { return nil }
            var isFolder: ObjCBool = false
            guard manager.fileExists(atPath: base + "/" + path, isDirectory: &isFolder), !isFolder.boolValue else { return nil }
            return folder + "/" + path
        }
    }
}
