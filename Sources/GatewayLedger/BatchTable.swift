import GRDBSQLite
import GatewayCore

/// A batch's rows as a table that one statement reads: `INSERT … SELECT … FROM batch_rows` stores a batch of new orders with
/// one run of SQLite's machine and open cursors, instead of two runs an order.
///
/// An eponymous virtual table of the writer's connection. Source: sqlite.org/vtab.html.
final class BatchTable {
    /// A row; addresses are valid while the statement runs.
    struct Entry {
        var reference: UnsafeRawBufferPointer
        var key: UnsafeRawBufferPointer
        var digests: UnsafeRawBufferPointer
        var lines: UnsafeRawBufferPointer
        var state: Int64
        var row: Int64
        var word: Int64
        var sequence: Int64
        var document: Int64
    }

    /// What the table shows now.
    struct Source {
        var entries: UnsafeBufferPointer<Entry>
    }

    /// SQLite's own part must come first in both.
    private struct Table {
        var base = sqlite3_vtab()
        var source: UnsafeMutablePointer<Source>
    }
    private struct Cursor {
        var base = sqlite3_vtab_cursor()
        var source: UnsafeMutablePointer<Source>
        var at = 0
    }

    private static let columns =
        "reference, key, digests, lines, state, row, word, sequence, document"

    private let source: UnsafeMutablePointer<Source>
    /// Made once, read by SQLite, never changed.
    private nonisolated(unsafe) static let module: UnsafePointer<sqlite3_module> = {
        let made = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
        made.initialize(to: methods())
        return UnsafePointer(made)
    }()

    init(_ connection: OpaquePointer) throws(Finding) {
        source = .allocate(capacity: 1)
        source.initialize(to: Source(entries: UnsafeBufferPointer(start: nil, count: 0)))
        // The connection lets go of what the table shows when it closes, which may be after this object.
        let code = sqlite3_create_module_v2(connection, "batch_rows", Self.module, source) {
            $0?.deallocate()
        }
        guard code == SQLITE_OK else { throw .ledger(connection) }
    }

    /// Shows `entries` while `body` runs.
    func show<T>(_ entries: [Entry], _ body: () throws -> T) rethrows -> T {
        try entries.withUnsafeBufferPointer { shown in
            source.pointee.entries = shown
            defer { source.pointee.entries = UnsafeBufferPointer(start: nil, count: 0) }
            return try body()
        }
    }

    private static func methods() -> sqlite3_module {
        var module = sqlite3_module()
        module.xConnect = { connection, context, _, _, made, _ in
            let code = sqlite3_declare_vtab(connection, "CREATE TABLE x(\(BatchTable.columns))")
            guard code == SQLITE_OK, let context else { return code == SQLITE_OK ? SQLITE_ERROR : code }
            let table = UnsafeMutablePointer<Table>.allocate(capacity: 1)
            table.initialize(to: Table(source: context.assumingMemoryBound(to: Source.self)))
            made?.pointee = UnsafeMutableRawPointer(table).assumingMemoryBound(to: sqlite3_vtab.self)
            return SQLITE_OK
        }
        module.xDisconnect = { table in
            UnsafeMutableRawPointer(table)?.deallocate()
            return SQLITE_OK
        }
        module.xBestIndex = { _, _ in SQLITE_OK }
        module.xOpen = { table, made in
            guard let table = UnsafeMutableRawPointer(table)?.assumingMemoryBound(to: Table.self) else {
                return SQLITE_ERROR
            }
            let cursor = UnsafeMutablePointer<Cursor>.allocate(capacity: 1)
            cursor.initialize(to: Cursor(source: table.pointee.source))
            made?.pointee = UnsafeMutableRawPointer(cursor).assumingMemoryBound(
                to: sqlite3_vtab_cursor.self)
            return SQLITE_OK
        }
        module.xClose = { cursor in
            UnsafeMutableRawPointer(cursor)?.deallocate()
            return SQLITE_OK
        }
        module.xFilter = { cursor, _, _, _, _ in
            UnsafeMutableRawPointer(cursor)?.assumingMemoryBound(to: Cursor.self).pointee.at = 0
            return SQLITE_OK
        }
        module.xNext = { cursor in
            UnsafeMutableRawPointer(cursor)?.assumingMemoryBound(to: Cursor.self).pointee.at += 1
            return SQLITE_OK
        }
        module.xEof = { cursor in
            guard let cursor = UnsafeMutableRawPointer(cursor)?.assumingMemoryBound(to: Cursor.self)
            else { return 1 }
            return cursor.pointee.at < cursor.pointee.source.pointee.entries.count ? 0 : 1
        }
        module.xRowid = { cursor, id in
            guard let cursor = UnsafeMutableRawPointer(cursor)?.assumingMemoryBound(to: Cursor.self)
            else { return SQLITE_ERROR }
            id?.pointee = Int64(cursor.pointee.at)
            return SQLITE_OK
        }
        module.xColumn = { cursor, context, column in
            guard let cursor = UnsafeMutableRawPointer(cursor)?.assumingMemoryBound(to: Cursor.self),
                let first = cursor.pointee.source.pointee.entries.baseAddress
            else { return SQLITE_ERROR }
            let entry = first + cursor.pointee.at
            switch column {
            case 0: give(context, text: entry.pointee.reference)
            case 1: give(context, text: entry.pointee.key)
            case 2: give(context, blob: entry.pointee.digests)
            case 3: give(context, blob: entry.pointee.lines)
            case 4: sqlite3_result_int64(context, entry.pointee.state)
            case 5: sqlite3_result_int64(context, entry.pointee.row)
            case 6: sqlite3_result_int64(context, entry.pointee.word)
            case 7: sqlite3_result_int64(context, entry.pointee.sequence)
            default: sqlite3_result_int64(context, entry.pointee.document)
            }
            return SQLITE_OK
        }
        return module
    }
}

/// Bytes as a column's value, without a copy; none as NULL.
@inline(__always)
private func give(_ context: OpaquePointer?, text: UnsafeRawBufferPointer) {
    guard let start = text.baseAddress else { return sqlite3_result_null(context) }
    sqlite3_result_text(context, start.assumingMemoryBound(to: CChar.self), Int32(text.count), nil)
}

@inline(__always)
private func give(_ context: OpaquePointer?, blob: UnsafeRawBufferPointer) {
    guard let start = blob.baseAddress, !blob.isEmpty else { return sqlite3_result_null(context) }
    sqlite3_result_blob(context, start, Int32(blob.count), nil)
}
