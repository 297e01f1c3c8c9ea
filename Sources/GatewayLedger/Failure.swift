import GRDB
import GRDBSQLite
import GatewayCore

extension Finding {
    /// What the connection says of its last call.
    static func ledger(_ connection: OpaquePointer) -> Finding {
        ledger(
            code: sqlite3_extended_errcode(connection),
            message: String(cString: sqlite3_errmsg(connection)))
    }

    /// A database error as a finding; findings pass as they are.
    static func ledger(_ error: any Error) -> Finding {
        if let finding = error as? Finding { return finding }
        if let error = error as? DatabaseError {
            return ledger(code: error.extendedResultCode.rawValue, message: error.message ?? "")
        }
        return Finding(.ledgerFailed, found: .plain("\(error)"))
    }

    static func ledger(code: Int32, message: String) -> Finding {
        let found = Shown.plain("SQLite error \(code): \(message)")
        return switch code & 0xff {
        case SQLITE_FULL: Finding(.ledgerDiskFull, found: found)
        case SQLITE_BUSY, SQLITE_LOCKED:
            Finding(.ledgerBusy, found: found, ["wait": .plain("\(SQLiteLedger.wait)")])
        case SQLITE_CORRUPT, SQLITE_NOTADB: Finding(.ledgerDamaged, found: found)
        case SQLITE_IOERR: Finding(.ledgerDiskFailed, found: found)
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: Finding(.ledgerReadOnly, found: found)
        case SQLITE_CANTOPEN: Finding(.ledgerNotOpened, found: found)
        default: Finding(.ledgerFailed, found: found)
        }
    }
}
