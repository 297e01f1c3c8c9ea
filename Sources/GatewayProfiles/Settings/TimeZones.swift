import GatewayCore
import Glibc

/// The IANA zones of this machine.
package enum TimeZones {
    private static let folder = "/usr/share/zoneinfo"

    /// Whether the zone is known; UTC always is.
    package static func has(_ name: String) -> Bool {
        if name == "UTC" { return true }
        let allowed = name.utf8.allSatisfy { byte in
            (0x41...0x5A).contains(byte & 0xDF) || (0x30...0x39).contains(byte) || [0x2F, 0x2B, 0x2D, 0x5F].contains(byte)
        }
        guard allowed, !name.isEmpty, !name.hasPrefix("/") else { return false }
        // A zone file begins with TZif; leap-second tables and lists beside them do not.
        let descriptor = open(folder + "/" + name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var magic: UInt32 = 0
        return withUnsafeMutableBytes(of: &magic) { read(descriptor, $0.baseAddress, 4) == 4 && $0.elementsEqual("TZif".utf8) }
    }

    /// Names as people write them, such as `Europe/Istanbul`, to find the one that was meant.
    static func names() -> [String] {
        let areas = ["Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"]
        return areas.flatMap { area in FileIO.names(in: folder + "/" + area).map { area + "/" + $0 } } + ["UTC"]
    }
}
