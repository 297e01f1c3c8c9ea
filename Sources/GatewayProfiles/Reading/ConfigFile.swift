import GatewayCore
import Glibc

/// Reads files that the operator keeps: unlike a dropped file such a one may be a link, as configuration systems mount them.
enum ConfigFile {
    /// The whole file.
    ///
    /// - Parameter shown: its name for findings.
    static func contents(_ path: String, shown: String, limit: Int = 16 << 20) throws(Finding) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileIO.finding(.fileReadFailed, shown) }
        let source = FileSource(descriptor: descriptor, shown: shown, hashes: false)
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let result: Result<Int, Finding> = piece.withUnsafeMutableBytes { room in
                do throws(Finding) { return .success(try source.read(into: room)) } catch { return .failure(error) }
            }
            let count = try result.get()
            if count == 0 { return all }
            all += piece[..<count]
            if all.count > limit { throw Finding(.fileTooLarge, at: Place(file: shown), ["limit": .plain("\(limit)")]) }
        }
    }
}
