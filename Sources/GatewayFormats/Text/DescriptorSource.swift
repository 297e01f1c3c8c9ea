import GatewayCore
import Glibc

/// A file read by position: the descriptor's own position stays, and it is not closed.
package final class DescriptorSource: ByteSource {
    private let descriptor: Int32
    private let shown: String
    private var offset: Int64
    private let end: Int64

    /// - Parameters:
    ///   - shown: name for findings.
    ///   - from: first byte.
    ///   - end: reading stops before this byte.
    package init(_ descriptor: Int32, shown: String, from: Int64 = 0, end: Int64 = .max) {
        self.descriptor = descriptor
        self.shown = shown
        self.end = end
        offset = from
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(Finding) -> Int {
        let wanted = min(buffer.count, Int(clamping: end - offset))
        guard wanted > 0 else { return 0 }
        while true {
            let got = pread(descriptor, buffer.baseAddress, wanted, off_t(offset))
            if got < 0 {
                if errno == EINTR { continue }
                throw FileIO.finding(.fileReadFailed, shown)
            }
            offset += Int64(got)
            return got
        }
    }
}
