internal import CCurl
import GatewayCore
import Glibc

/// One operation of libcurl. What it touches is its own: an abandoned one may be at work after its caller went on.
struct CurlRequest: Sendable {
    var url: String
    /// Commands before the transfer (`CURLOPT_QUOTE`).
    var quote: [[UInt8]] = []
    var body: Body = .none
    /// Asks for the modification time too.
    var wantsTime = false
    /// How long it may take in all, milliseconds.
    var limit: Int64
    /// Not on a kept connection.
    var isFresh = false
    /// Options of the protocol, set last.
    var options: (@Sendable (CurlHandle) -> Void)?

    enum Body: Sendable {
        /// Nothing is transferred.
        case none
        /// What comes goes into the sink.
        case receive(CurlSink)
        /// Bytes of a file, from its beginning.
        case send(CurlSource)
        /// Bytes of a file go, and the answer comes (HTTP).
        case exchange(CurlSource, CurlSink)
    }

    init(url: String, limit: Int64) {
        self.url = url
        self.limit = limit
    }
}

/// What an operation gave.
struct CurlAnswer: Sendable {
    /// libcurl's code; ``CurlCode/overdue`` when it was abandoned.
    var code: CurlCode
    /// libcurl's words, often none.
    var text = ""
    /// Size by the server; -1: it told none (also: an empty file).
    var size: Int64 = -1
    /// Seconds since 1970 by the server's clock; nil: it told none.
    var modified: Int64?
    /// Bytes that came, and that went.
    var received: Int64 = 0
    var sent: Int64 = 0
    /// Status of an HTTP answer, or the last of FTP.
    var status = 0
    /// Of an HTTP answer: what its body is, and after how many seconds the server wants to be asked again (0: it does not say).
    var contentType = ""
    var retryAfter: Int64 = 0
    /// Connections that had to be made for it.
    var connects = 0
    /// Whether the sink wanted no more.
    var wasCapped = false

    var isGood: Bool { code == .ok }

    mutating func add(_ sink: CurlSink) {
        received = sink.count
        wasCapped = sink.isCapped
    }
}

/// Numbers of `CURLcode`.
struct CurlCode: RawRepresentable, Hashable, Sendable {
    let rawValue: UInt32
    static let ok = CurlCode(rawValue: 0)
    static let initFailed = CurlCode(rawValue: 2)
    static let noProxy = CurlCode(rawValue: 5)
    static let noHost = CurlCode(rawValue: 6)
    static let noConnection = CurlCode(rawValue: 7)
    static let forbidden = CurlCode(rawValue: 9)
    static let partial = CurlCode(rawValue: 18)
    static let quote = CurlCode(rawValue: 21)
    static let writeStopped = CurlCode(rawValue: 23)
    static let uploadFailed = CurlCode(rawValue: 25)
    static let outOfMemory = CurlCode(rawValue: 27)
    static let timeout = CurlCode(rawValue: 28)
    static let tlsFailed = CurlCode(rawValue: 35)
    static let aborted = CurlCode(rawValue: 42)
    static let nothing = CurlCode(rawValue: 52)
    static let sendFailed = CurlCode(rawValue: 55)
    static let receiveFailed = CurlCode(rawValue: 56)
    static let peerUntrusted = CurlCode(rawValue: 60)
    static let noTLS = CurlCode(rawValue: 64)
    static let loginDenied = CurlCode(rawValue: 67)
    static let remoteDiskFull = CurlCode(rawValue: 70)
    static let remoteExists = CurlCode(rawValue: 73)
    static let notFound = CurlCode(rawValue: 78)
    static let ssh = CurlCode(rawValue: 79)
    /// Not of libcurl: the outer deadline passed.
    static let overdue = CurlCode(rawValue: 10_000)
    /// Not of libcurl: no thread or handle could be made.
    static let noThread = CurlCode(rawValue: 10_001)
    /// Not of libcurl: it could not be loaded.
    static let noLibrary = CurlCode(rawValue: 10_002)
}

/// Takes what comes: counts, caps, hands on. `take` says false when it wants no more.
final class CurlSink: @unchecked Sendable {
    private let cap: Int64
    private let take: (UnsafeRawBufferPointer) -> Bool
    private(set) var count: Int64 = 0
    private(set) var isCapped = false
    private let failed: WriteError
    /// Error number of a write that failed; 0: none did.
    var error: Int32 { failed.number }
    var isFull: Bool { error != 0 }

    /// - Parameters:
    ///   - cap: more bytes than this end the transfer (`MAXFILESIZE` is ignored for SFTP).
    ///   - take: on the lane's thread.
    convenience init(cap: Int64, take: @escaping (UnsafeRawBufferPointer) -> Bool) {
        self.init(cap: cap, WriteError(), take: take)
    }

    /// Into a file. The sink keeps a descriptor of its own.
    convenience init(cap: Int64, descriptor: Descriptor) {
        let failed = WriteError()
        self.init(cap: cap, failed) { bytes in
            do throws(SystemError) { try System.write(bytes, to: descriptor) } catch {
                failed.number = error.number
                return false
            }
            return true
        }
    }

    private init(cap: Int64, _ failed: WriteError, take: @escaping (UnsafeRawBufferPointer) -> Bool) {
        self.cap = cap
        self.failed = failed
        self.take = take
    }

    private final class WriteError {
        var number: Int32 = 0
    }

    func add(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard count + Int64(bytes.count) <= cap else {
            isCapped = true
            return false
        }
        guard take(bytes) else {
            isCapped = true
            return false
        }
        count += Int64(bytes.count)
        return true
    }
}

/// Gives the bytes of a file, `size` of them and no more.
final class CurlSource: @unchecked Sendable {
    let size: Int64
    private let descriptor: Descriptor
    private(set) var offset: Int64 = 0

    /// - Parameter descriptor: kept until the transfer has really ended.
    init(descriptor: Descriptor, size: Int64) {
        self.descriptor = descriptor
        self.size = size
    }

    /// -1: it can't be read.
    func read(into: UnsafeMutableRawBufferPointer) -> Int {
        let wanted = min(Int64(into.count), size - offset)
        guard wanted > 0 else { return 0 }
        while true {
            let count = pread(descriptor.raw, into.baseAddress, Int(wanted), off_t(offset))
            if count > 0 { offset += Int64(count) }
            if count >= 0 || errno != EINTR { return count }
        }
    }

    func seek(_ to: Int64) { offset = to }
}
