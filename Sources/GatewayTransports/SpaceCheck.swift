import GatewayCore
import Glibc

/// Free space of the disk that a local folder lies on.
package struct SpaceCheck: SpaceGauge {
    private let path: String
    private let name: String

    /// - Parameters:
    ///   - path: the folder.
    ///   - name: what people call it: relative to the workspace.
    package init(path: String, name: String) {
        self.path = path
        self.name = name
    }

    package func free() throws(Finding) -> Int64 {
        var status = statvfs()
        do {
            _ = try System.check { statvfs(path, &status) }
        } catch {
            throw Finding(
                error.number == ENOENT ? .intakeFolderMissing : .intakeReadFailed, at: Place(file: name), found: .plain(error.text))
        }
        let (bytes, isHuge) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return isHuge ? .max : Int64(clamping: bytes)
    }

    package func require(_ bytes: Int64) throws(Finding) {
        let free = try free()
        guard free >= bytes else {
            throw Finding(.intakeSpaceLow, at: Place(file: name), found: .plain("\(free) bytes free"), ["needed": .plain(String(bytes))])
        }
    }
}
