import GatewayCore
import Glibc

/// What is to be said of a file that may have to be begun anew: it waits on disk until it is certain to be true.
final class Remarks {
    private let descriptor: Int32
    private var waiting: [UInt8] = []
    private static let shown = "remarks"

    /// - Parameter folder: of a temporary file that nobody else sees.
    init(in folder: String) throws(Finding) {
        let path = folder + "/remarks"
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileIO.finding(.fileWriteFailed, folder) }
        unlink(path)
    }

    deinit { close(descriptor) }

    func add(_ sentence: String) throws(Finding) {
        waiting += Array(sentence.utf8)
        waiting.append(0)
        if waiting.count > 1 << 16 { try flush() }
    }

    private func flush() throws(Finding) {
        try FileIO.unsafeBytes(waiting) { (bytes) throws(Finding) in try FileIO.write(bytes, to: descriptor, shown: Self.shown) }
        waiting.removeAll(keepingCapacity: true)
    }

    /// Says all of it. Once only.
    func tell(_ say: (String) -> Void) throws(Finding) {
        try flush()
        lseek(descriptor, 0, SEEK_SET)
        let source = FileSource(descriptor: descriptor, shown: Self.shown, hashes: false, closes: false)
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { piece.deallocate() }
        var sentence: [UInt8] = []
        while true {
            let got = try source.read(into: piece)
            if got == 0 { return }
            for byte in piece[..<got] {
                if byte != 0 {
                    sentence.append(byte)
                } else {
                    say(String(decoding: sentence, as: UTF8.self))
                    sentence.removeAll(keepingCapacity: true)
                }
            }
        }
    }
}
