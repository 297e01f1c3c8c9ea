import Foundation
import GRDB
import GatewayTesting
import Glibc

/// A workspace of its own for a test, and the real program run on it.
final class Rehearsal {
    let folder: TemporaryFolder
    var root: String { folder.path("shop") }
    static let clock = ["DROPGATE_CLOCK": "live:1795600000000"]

    /// The program that this test run built: it stands beside the test bundle.
    static let binary: String = {
        let here = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""  // always there on Linux
        return here.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/dropgate"
    }()

    init(settings: String = Rehearsal.settings) throws {
        folder = try TemporaryFolder()
        _ = try run("init", root)
        try Data(settings.utf8).write(to: URL(fileURLWithPath: root + "/dropgate.yaml"))
    }

    /// Starts from a copy of another's workspace, times of its files included: they decide their order.
    init(copyOf other: Rehearsal) throws {
        folder = try TemporaryFolder()
        _ = try CrashRun("/bin/cp", ["-a", other.root, root]).run()
    }

    func gateway(_ arguments: [String] = []) -> CrashRun {
        CrashRun(Self.binary, ["run", "--once", "-w", root] + arguments, environment: Self.clock)
    }

    /// Runs a command to its end; what it printed, errors after output.
    @discardableResult
    func run(_ arguments: String..., in folder: String? = nil) throws -> (end: CrashRun.End, output: String, errors: String) {
        let outcome = try CrashRun(Self.binary, arguments, environment: Self.clock, folder: folder).run()
        return (outcome.end, outcome.output, outcome.errors)
    }

    func drop(_ text: String, as name: String, flow: String = "shopify") throws {
        let inbox = root + "/inbox/merchants/demo/" + flow
        try FileManager.default.createDirectory(atPath: inbox, withIntermediateDirectories: true)
        // A time of its own for each file, so that their order is the same in every run. Moved in: a gateway may be watching.
        let hidden = inbox + "/." + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: hidden))
        let time = Date(timeIntervalSince1970: 1_795_000_000 + Double(name.utf8.reduce(0) { $0 * 31 % 9973 + Int($1) }))
        try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: hidden)
        guard rename(hidden, inbox + "/" + name) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    /// Every file below the outboxes with its bytes, by path.
    func outcome() throws -> [String: Data] {
        var files: [String: Data] = [:]
        for box in ["outbox", "outbox-test"] {
            guard let all = FileManager.default.enumerator(atPath: root + "/" + box) else { continue }
            for case let path as String in all where !path.hasSuffix(".dropgate") {
                if let data = FileManager.default.contents(atPath: root + "/" + box + "/" + path), !data.isEmpty {
                    files[box + "/" + path] = data
                }
            }
        }
        return files
    }

    func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder))?.sorted() ?? []  // a missing folder has no files
    }

    func text(_ path: String) -> String {
        FileManager.default.contents(atPath: root + "/" + path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Every row of every table of the ledger, but what a restart may change: inodes, and how many runs were begun and given up.
    ///
    /// A run's number is replaced by that of its arrival.
    func ledger(_ wanted: [String]? = nil) throws -> [String] {
        var configuration = Configuration()
        configuration.readonly = true
        return try DatabaseQueue(path: root + "/state/ledger.sqlite", configuration: configuration).read { db in
            let tables = try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            var arrivals: [Int64: Int64] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT id, arrival FROM runs") { arrivals[row["id"]] = row["arrival"] }
            return try tables.filter { wanted?.contains($0) ?? !$0.hasPrefix("sqlite_") }.flatMap { table in
                // From 5 on it was intended; those before came to nothing.
                try Row.fetchAll(db, sql: "SELECT * FROM \(table)" + (table == "runs" ? " WHERE state > 4" : "")).map { row in
                    let cells: [String] = row.compactMap { column, value in
                        switch (table, column, value.storage) {
                        case ("arrivals", "inode", _), ("arrivals", "run", _), ("runs", "id", _), ("runs", "number", _): nil
                        case (_, "run", .int64(let run)), (_, "later", .int64(let run)): "arrival of \(column)=\(arrivals[run] ?? -1)"
                        case (_, _, .blob(let bytes)): column + "=" + bytes.map { String($0, radix: 16) }.joined(separator: ".")
                        case (_, _, _): "\(column)=\(value)"
                        }
                    }
                    return table + " " + cells.joined(separator: " ")
                }
            }
        }
    }

    /// The guards of the flow with the prefix `DEMO-` instead of none.
    static func settings(guards: String) -> String {
        settings.replacingOccurrences(
            of: "DEMO-\n        guards: { hold orders older than: off, hold files with more new orders than: off }\n",
            with: "DEMO-\n        guards: { \(guards) }\n")
    }

    /// Two flows: batches of two orders in the manifest, and one document an order.
    static let settings = """
        workspace: 1
        quiet: 0 s
        merchants:
          demo:
            flows:
              shopify:
                mode: live
                shop: demo-shop
                channels: shopify
                carrier: dropgate-manifest
                account: main
                consignor: warehouse
                zone: Europe/Istanbul
                language: en
                key prefix: DEMO-
                guards: { hold orders older than: off, hold files with more new orders than: off }
                orders per document: 2
                parcel: { weight: 1 kg, length: 30 cm, width: 20 cm, height: 10 cm, contents: Goods }
              singles:
                mode: live
                shop: other-shop
                channels: shopify
                carrier: mng
                account: main
                consignor: warehouse
                zone: Europe/Istanbul
                language: tr
                key prefix: S-
                guards: { hold orders older than: off, hold files with more new orders than: off }
                parcel: { weight: 1 kg, length: 30 cm, width: 20 cm, height: 10 cm, contents: Goods }
            consignors:
              warehouse: { name: Example Warehouse, address1: 12 Sample Street, city: Kadıköy, province: İstanbul, postcode: "34710", country: TR, phone: "+902165550100" }
        accounts:
          dropgate-manifest: { main: {} }
          mng: { main: {} }

        """
}

/// Exports of invented people in the layout of a shop's order list.
enum Export {
    static let header =
        "Name,Email,Financial Status,Fulfillment Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,"
        + "Lineitem requires shipping,Lineitem fulfillment status,Shipping Name,Shipping Address1,Shipping City,Shipping Zip,Shipping Province,"
        + "Shipping Country,Shipping Phone,Shipping Province Name\n"

    static func order(
        _ name: String, person: String = "Elif Örnek", status: String = "paid", quantity: String = "1", phone: String = "+905550000001",
        sku: String = "TWL", postcode: String = "34710", created: String = "2026-11-20 10:15:00 +0300", country: String = "TR"
    ) -> String {
        "\(name),elif@example.com,\(status),unfulfilled,TRY,149.90,\(created),\(quantity),Towel,149.90,\(sku),true,pending,\(person),"
            + "Bahariye Cad. No:12,Kadıköy,\(postcode),TR-34,\(country),\(phone),İstanbul\n"
    }

    static func line(_ name: String, sku: String, quantity: String = "1") -> String {
        "\(name),,,,,,2026-11-20 10:15:00 +0300,\(quantity),Soap,45.00,\(sku),true,pending,,,,,,,,\n"
    }
}
