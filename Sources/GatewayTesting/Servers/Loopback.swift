import Glibc

/// TCP on 127.0.0.1 for the servers and proxies of the tests.
package enum Loopback {
    /// A socket call that failed.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        init(_ call: String) { description = "\(call): \(String(cString: strerror(errno)))" }
    }

    /// A listening socket on a free port. The caller closes it.
    package static func listen(backlog: Int32 = 256) throws -> (socket: Int32, port: UInt16) {
        let listener = try make()
        var on: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard withAddress(0, { bind(listener, $0, $1) }) == 0, Glibc.listen(listener, backlog) == 0 else {
            defer { close(listener) }
            throw Failure("bind")
        }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let named = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
        }
        guard named == 0 else {
            defer { close(listener) }
            throw Failure("getsockname")
        }
        return (listener, UInt16(bigEndian: address.sin_port))
    }

    /// A port that nobody listens at now.
    package static func freePort() throws -> UInt16 {
        let (listener, port) = try listen()
        close(listener)
        return port
    }

    /// A connected socket. The caller closes it.
    package static func connect(_ port: UInt16) throws -> Int32 {
        let socket = try make()
        guard withAddress(port, { Glibc.connect(socket, $0, $1) }) == 0 else {
            defer { close(socket) }
            throw Failure("connect")
        }
        return socket
    }

    /// Closes with a reset instead of a goodbye.
    package static func reset(_ socket: Int32) {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        close(socket)
    }

    /// Sends all bytes; false when the peer is gone.
    package static func send(_ bytes: UnsafeRawBufferPointer, to socket: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = Glibc.send(socket, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    private static func make() throws -> Int32 {
        let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard made >= 0 else { throw Failure("socket") }
        var on: Int32 = 1
        setsockopt(made, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return made
    }

    private static func withAddress(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}
