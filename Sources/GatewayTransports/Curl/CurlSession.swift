internal import CCurl
import GatewayCore
import Glibc

/// A handle on a lane of its own: one operation after the other over one kept connection.
final class CurlSession: @unchecked Sendable {
    private let owner: Owner
    private let lane: CurlLane
    /// An operation of it was abandoned, or its connection is no longer to be trusted.
    private(set) var isSpent = false
    private var isAbandoned = false
    private let sockets: CurlSockets
    /// Milliseconds past an operation's limit until it is abandoned: libcurl needs some to end by itself.
    private static let grace: Int64 = 4_000
    /// Milliseconds that closing a connection may take.
    private static let lastChance: Int64 = 1_000

    /// Nil: no thread or no memory.
    init?() {
        guard let handle = CurlHandle(), let lane = CurlLane() else { return nil }
        owner = Owner(handle)
        sockets = handle.sockets
        self.lane = lane
    }

    deinit {
        let owner = owner
        // Closing a connection talks to the server, and may hang: on the lane, and not waited for long.
        if !isAbandoned, !lane.run(until: MonotonicTime.now() + Self.lastChance * 1_000_000, { owner.handle = nil }) {
            sockets.shutDown()
        }
        lane.end()
    }

    /// Performs one operation; ends at its limit and a few seconds, come what may.
    func perform(_ request: CurlRequest, _ limits: CurlLimits, _ endpoint: @escaping @Sendable (CurlHandle) -> Void) -> CurlAnswer {
        let answer = AnswerBox()
        let owner = owner
        let start = MonotonicTime.now()
        let work: @Sendable () -> Void = {
            if let handle = owner.handle { answer.value = handle.perform(request, limits, endpoint) }
        }
        let deadline = start + (request.limit + Self.grace) * 1_000_000
        if lane.run(until: deadline, work) {
            if answer.value.code.isOfLink { isSpent = true }
            return answer.value
        }
        isSpent = true
        isAbandoned = true
        sockets.shutDown()
        return CurlAnswer(code: .overdue, text: "not done after \(request.limit + Self.grace) ms")
    }

    /// Holds the handle, so that the lane's thread can be the one that closes it.
    private final class Owner: @unchecked Sendable {
        var handle: CurlHandle?
        init(_ handle: CurlHandle) { self.handle = handle }
    }

    private final class AnswerBox: @unchecked Sendable {
        var value = CurlAnswer(code: .noThread)
    }
}

/// Limits of speed, of all operations of an endpoint.
struct CurlLimits: Sendable, Hashable {
    /// Milliseconds until a connection must stand.
    var connect: Int64 = 20_000
    /// Bytes a second below which a transfer counts as stalled, and for how many seconds.
    var leastSpeed = 1
    var stall = 30
    /// Bytes a second at most; 0: as many as go.
    var mostSpeed: Int64 = 0
}

extension CurlCode {
    /// After it the connection is closed and made anew.
    var isOfLink: Bool {
        switch self {
        case .partial, .timeout, .aborted, .sendFailed, .receiveFailed, .ssh, .overdue, .noThread, .writeStopped, .initFailed: true
        case _: false
        }
    }
}

extension CurlHandle {
    /// On the lane's thread.
    fileprivate func perform(_ request: CurlRequest, _ limits: CurlLimits, _ endpoint: (CurlHandle) -> Void) -> CurlAnswer {
        reset()
        set(CURLOPT_URL, request.url)
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(min(limits.connect, request.limit)))
        set(CURLOPT_TIMEOUT_MS, Int(request.limit))
        set(CURLOPT_SERVER_RESPONSE_TIMEOUT, Int(max(1, min(request.limit / 1000, 60))))
        set(CURLOPT_LOW_SPEED_LIMIT, limits.leastSpeed)
        set(CURLOPT_LOW_SPEED_TIME, limits.stall)
        if limits.mostSpeed > 0 {
            set(CURLOPT_MAX_RECV_SPEED_LARGE, offset: limits.mostSpeed)
            set(CURLOPT_MAX_SEND_SPEED_LARGE, offset: limits.mostSpeed)
        }
        // The two that decide about speed over distance (facts: 12 times at 40 ms).
        set(CURLOPT_BUFFERSIZE, 512 << 10)
        set(CURLOPT_UPLOAD_BUFFERSIZE, 2 << 20)
        set(CURLOPT_MAXCONNECTS, 1)
        if request.isFresh { set(CURLOPT_FRESH_CONNECT, 1) }
        if request.wantsTime { set(CURLOPT_FILETIME, 1) }
        if !request.quote.isEmpty { set(CURLOPT_QUOTE, list: request.quote) }
        endpoint(self)
        attach(request.body)
        request.options?(self)
        let code = curl_easy_perform(raw)
        return answer(code, request)
    }

    private func attach(_ body: CurlRequest.Body) {
        switch body {
        case .none:
            set(CURLOPT_NOBODY, 1)
            // For FTP libcurl tells size and time as lines of text, on standard output unless somebody takes them.
            dropgate_curl_set_data(raw, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count }
        case .receive(let sink): attach(sink)
        case .send(let source):
            set(CURLOPT_UPLOAD, 1)
            set(CURLOPT_INFILESIZE_LARGE, offset: source.size)
            attach(source)
        case .exchange(let source, let sink):
            attach(source)
            attach(sink)
        }
    }

    private func attach(_ sink: CurlSink) {
        dropgate_curl_set_pointer(raw, CURLOPT_WRITEDATA, Unmanaged.passUnretained(sink).toOpaque())
        dropgate_curl_set_data(raw, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let context, let bytes else { return 0 }
            let sink = Unmanaged<CurlSink>.fromOpaque(context).takeUnretainedValue()
            return sink.add(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
        }
    }

    private func attach(_ source: CurlSource) {
        let context = Unmanaged.passUnretained(source).toOpaque()
        dropgate_curl_set_pointer(raw, CURLOPT_READDATA, context)
        dropgate_curl_set_data(raw, CURLOPT_READFUNCTION) { bytes, size, count, context in
            guard let context, let bytes else { return Int(CURL_READFUNC_ABORT) }
            let source = Unmanaged<CurlSource>.fromOpaque(context).takeUnretainedValue()
            let got = source.read(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
            return got < 0 ? Int(CURL_READFUNC_ABORT) : got
        }
        dropgate_curl_set_pointer(raw, CURLOPT_SEEKDATA, context)
        dropgate_curl_set_seek(raw) { context, offset, origin in
            guard let context, origin == SEEK_SET else { return Int32(CURL_SEEKFUNC_CANTSEEK) }
            Unmanaged<CurlSource>.fromOpaque(context).takeUnretainedValue().seek(Int64(offset))
            return Int32(CURL_SEEKFUNC_OK)
        }
    }

    private func answer(_ code: CURLcode, _ request: CurlRequest) -> CurlAnswer {
        var answer = CurlAnswer(code: CurlCode(rawValue: code.rawValue))
        if code != CURLE_OK {
            answer.text = errorText.isEmpty ? String(cString: curl_easy_strerror(code)) : errorText
        }
        answer.size = offset(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T)
        let time = offset(CURLINFO_FILETIME_T)
        answer.modified = time < 0 ? nil : time
        answer.status = long(CURLINFO_RESPONSE_CODE)
        answer.connects = long(CURLINFO_NUM_CONNECTS)
        answer.contentType = text(CURLINFO_CONTENT_TYPE) ?? ""
        answer.retryAfter = offset(CURLINFO_RETRY_AFTER)
        switch request.body {
        case .none: break
        case .receive(let sink): answer.add(sink)
        case .send(let source): answer.sent = source.offset
        case .exchange(let source, let sink):
            answer.sent = source.offset
            answer.add(sink)
        }
        return answer
    }
}
