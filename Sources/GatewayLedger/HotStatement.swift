import GRDBSQLite
import GatewayCore

/// A prepared statement that stays: the C interface, because a batch steps it thousands of times.
///
/// Values stay bound after ``reset()``; bytes are bound without a copy and must live until the step is done.
struct HotStatement: ~Copyable, @unchecked Sendable {
    private let raw: OpaquePointer

    init(_ connection: OpaquePointer, _ sql: String) throws(Finding) {
        var made: OpaquePointer?
        let code = sqlite3_prepare_v3(
            connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
        guard code == SQLITE_OK, let made else { throw .ledger(connection) }
        raw = made
    }

    deinit { sqlite3_finalize(raw) }

    @inline(__always) func bind(_ index: Int32, _ value: Int64) {
        sqlite3_bind_int64(raw, index, value)
    }

    @inline(__always) func bind(_ index: Int32, text: UnsafeRawPointer, _ count: Int) {
        sqlite3_bind_text(raw, index, text.assumingMemoryBound(to: CChar.self), Int32(count), nil)
    }

    /// Some address that is not nil.
    var address: UnsafeRawPointer { UnsafeRawPointer(raw) }

    /// No bytes are bound as NULL.
    @inline(__always) func bind(_ index: Int32, blob: UnsafeRawPointer?, _ count: Int) {
        if count == 0 {
            sqlite3_bind_null(raw, index)
        } else {
            sqlite3_bind_blob(raw, index, blob, Int32(count), nil)
        }
    }

    /// One step. True: a row is there.
    @inline(__always) func step() throws(Finding) -> Bool {
        switch sqlite3_step(raw) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let problem = sqlite3_db_handle(raw).map { Finding.ledger($0) } ?? Finding(.ledgerFailed)
            sqlite3_reset(raw)
            throw problem
        }
    }

    @inline(__always) func reset() { sqlite3_reset(raw) }

    /// Runs a statement that gives no rows. True: a row was changed.
    @inline(__always) func run() throws(Finding) -> Bool {
        _ = try step()
        sqlite3_reset(raw)
        return sqlite3_changes64(sqlite3_db_handle(raw)) > 0
    }

    /// Runs a statement that gives no rows. Gives the number of rows it changed.
    func count() throws(Finding) -> Int {
        _ = try step()
        sqlite3_reset(raw)
        return Int(sqlite3_changes64(sqlite3_db_handle(raw)))
    }

    @inline(__always) func int(_ column: Int32) -> Int64 { sqlite3_column_int64(raw, column) }

    /// Valid until the next step or reset.
    @inline(__always) func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(raw, column)
        return UnsafeRawBufferPointer(
            start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(raw, column)))
    }
}
