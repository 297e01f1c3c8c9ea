internal import CCurl
import Glibc
import Synchronization

/// libcurl and its process-wide state: loaded and made once, before the first handle.
enum CurlLibrary {
    /// Why libcurl can't be used; nil: it can.
    static let failure: String? = dropgate_curl_start().map { String(cString: $0) }
    /// As `dropgate doctor` shows it: `libcurl/7.88.1 … libssh2/1.10.0`, or why there is none.
    static var version: String { failure ?? String(cString: curl_version()) }
}

/// A libcurl easy handle: its options, its kept connections. Used by one thread at a time.
final class CurlHandle: @unchecked Sendable {
    /// Opaque to others.
    let raw: UnsafeMutableRawPointer
    private let errors: UnsafeMutablePointer<CChar>
    /// Sockets that are open now: closed from outside they end a call that hangs.
    let sockets = CurlSockets()
    private var lists: [UnsafeMutablePointer<curl_slist>] = []

    /// Nil: out of memory, or no libcurl.
    init?() {
        guard CurlLibrary.failure == nil, let raw = curl_easy_init() else { return nil }
        self.raw = raw
        errors = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errors.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(raw)
        for list in lists { curl_slist_free_all(list) }
        errors.deallocate()
    }

    /// Forgets all options and keeps the connections.
    func reset() {
        curl_easy_reset(raw)
        for list in lists { curl_slist_free_all(list) }
        lists.removeAll()
        errors.pointee = 0
        set(CURLOPT_NOSIGNAL, 1)
        dropgate_curl_set_pointer(raw, CURLOPT_ERRORBUFFER, errors)
        // No proxy and no other protocol by way of the environment or a server's answer.
        set(CURLOPT_NOPROXY, "*")
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        let context = Unmanaged.passUnretained(sockets).toOpaque()
        dropgate_curl_set_pointer(raw, CURLOPT_SOCKOPTDATA, context)
        dropgate_curl_set_pointer(raw, CURLOPT_CLOSESOCKETDATA, context)
        dropgate_curl_set_socket(
            raw,
            { context, socket, _ in
                if let context { Unmanaged<CurlSockets>.fromOpaque(context).takeUnretainedValue().add(socket) }
                return Int32(CURL_SOCKOPT_OK)
            },
            { context, socket in
                if let context { Unmanaged<CurlSockets>.fromOpaque(context).takeUnretainedValue().remove(socket) }
                return close(socket)
            })
    }

    func set(_ option: CURLoption, _ value: Int) { dropgate_curl_set_long(raw, option, value) }
    func set(_ option: CURLoption, offset value: Int64) { dropgate_curl_set_offset(raw, option, curl_off_t(value)) }
    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String) { dropgate_curl_set_text(raw, option, value) }
    /// Bytes without a NUL, such as a password.
    func set(_ option: CURLoption, bytes: [UInt8]) {
        let text = bytes.map { CChar(bitPattern: $0) } + [0]
        dropgate_curl_set_text(raw, option, text)
    }

    /// Lines for `CURLOPT_QUOTE`, `CURLOPT_HTTPHEADER` and their like; kept until the next ``reset()``.
    func set(_ option: CURLoption, list lines: [[UInt8]]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            let text = line.map { CChar(bitPattern: $0) } + [0]
            guard let longer = curl_slist_append(list, text) else { continue }
            list = longer
        }
        guard let list else { return }
        lists.append(list)
        dropgate_curl_set_list(raw, option, list)
    }

    func long(_ info: CURLINFO) -> Int {
        var value = 0
        dropgate_curl_get_long(raw, info, &value)
        return value
    }

    func offset(_ info: CURLINFO) -> Int64 {
        var value: curl_off_t = 0
        dropgate_curl_get_offset(raw, info, &value)
        return Int64(value)
    }

    func text(_ info: CURLINFO) -> String? {
        var value: UnsafePointer<CChar>?
        dropgate_curl_get_text(raw, info, &value)
        return value.map { String(cString: $0) }
    }

    /// What libcurl says of the last failure; empty for many of them.
    var errorText: String { String(cString: errors) }
}

/// The sockets that a handle has open.
final class CurlSockets: Sendable {
    private let open = Mutex<Set<Int32>>([])

    func add(_ socket: Int32) { open.withLock { _ = $0.insert(socket) } }
    func remove(_ socket: Int32) { open.withLock { _ = $0.remove(socket) } }
    /// Ends whatever waits on one of them. The handle closes them itself.
    func shutDown() {
        open.withLock { for socket in $0 { shutdown(socket, Int32(SHUT_RDWR)) } }
    }
}
