@_spi(HotPath) import GatewayCore
import GatewayTesting
import Glibc
import Testing

@testable import GatewayProfiles

/// JSON and XML files that others made (`../shared/samples`), through recognition by all shipped profiles.
///
/// What a person would expect of each is written beside it.
@Suite("Orders in JSON and XML")
struct TreeExportTests {
    private let workspace = Workspace.shipped()

    struct Sample: CustomTestStringConvertible, Sendable {
        var path: String
        var profile: String
        /// `REFERENCE DECISION (QUANTITIES) REASON`, in the file's order; the reason is a skip's own words, or the finding that holds.
        var orders: [String]
        var testDescription: String { path }
    }

    static let samples = [
        // Authorised is not paid.
        Sample(path: "shopify/rest_order.json", profile: "shopify-rest", orders: ["#1001 hold (1 1 1) order.hold.rule"]),
        // A hold for a wrong address, but the shop delivers it itself anyway.
        Sample(
            path: "shopify/rest_fulfillment_order.json", profile: "shopify-fulfillment-rest",
            orders: ["255858046 skip (1) the shop delivers it itself"]),
        // 1.5 pieces can't be sent.
        Sample(path: "woocommerce/rest_order.json", profile: "woocommerce-rest", orders: ["963 hold (2 -) mapping.phone.unreadable"]),
        // 333-333-3333 is no telephone number; the last order has four refunds, and REST does not say of which articles.
        Sample(
            path: "woocommerce/rest_orders_load_all.json", profile: "woocommerce-rest",
            orders: [
                "963 hold (2 -) mapping.phone.unreadable", "961 hold (1) mapping.phone.unreadable",
                "960 hold (1) mapping.phone.unreadable", "560 hold (3 10 2 3 2 4 2 7) order.hold.rule",
            ]),
        Sample(
            path: "woocommerce/rest_order_with_gift_cards.json", profile: "woocommerce-rest",
            orders: ["459 hold (1) mapping.phone.unreadable"]),
        Sample(
            path: "woocommerce/rest_docs_list_orders.json", profile: "woocommerce-rest",
            orders: ["727 hold (2 1) mapping.phone.unreadable", "723 skip (1 1) already completed"]),
        Sample(path: "amazon/order_report_eur.xml", profile: "amazon-report-xml", orders: ["028-1111111-1111111 ship (1)"]),
        // The shipped lines are left out; the third has a label of its own.
        Sample(
            path: "amazon/sp_orders_2026_searchOrders.json", profile: "amazon-orders-2026",
            orders: [
                "250-1234567-8901234 skip () fulfilled by Amazon", "202-7654321-1098765 skip () already shipped",
                "171-2345678-9012345 hold (1) order.hold.rule",
            ]),
        // Each call of v0 has a part of the order only.
        Sample(
            path: "amazon/sp_orders_v0_getOrders.json", profile: "amazon-orders-v0",
            orders: ["902-1845936-5435065 hold (-) order.hold.rule", "902-8745147-1934268 hold (-) order.hold.rule"]),
        Sample(
            path: "amazon/sp_orders_v0_getOrderItems.json", profile: "amazon-orders-v0",
            orders: ["902-1845936-5435065 hold (1) order.hold.rule"]),
        Sample(
            path: "amazon/sp_orders_v0_getOrderAddress.json", profile: "amazon-orders-v0",
            orders: ["902-1845936-5435065 hold (-) order.hold.rule"]),
        // The last two Order elements have the same number.
        Sample(
            path: "amazon/mws_list_orders.xml", profile: "amazon-mws",
            orders: [
                "902-3159896-1390916 hold (-) order.hold.rule", "483-3488972-0896720 hold (-) order.hold.rule",
                "058-1233752-8214740 hold (- -) order.hold.rule",
            ]),
        Sample(path: "amazon/mws_fetchOrder.xml", profile: "amazon-mws", orders: ["058-1233752-8214740 hold (-) order.hold.rule"]),
        // One of two articles is shipped.
        Sample(path: "amazon/mws_fetchOrderItems.xml", profile: "amazon-mws", orders: ["058-1233752-8214740 hold (2) order.hold.rule"]),
        // All that was ordered is shipped.
        Sample(path: "amazon/mws_list_order_items.xml", profile: "amazon-mws", orders: ["058-1233752-8214740 skip () nothing to ship"]),
        Sample(
            path: "trendyol/getShipmentPackages_docs_example.json", profile: "trendyol-packages",
            orders: ["3330111111 skip (1) already delivered"]),
    ]

    @Test(
        "each order as a person would read it", .enabled(if: SharedFiles.root != nil, "needs the folder ../shared beside the repository"),
        arguments: samples)
    func orders(sample: Sample) throws {
        let (profile, orders) = try read(sample.path)
        #expect(profile == sample.profile)
        #expect(orders == sample.orders)
    }

    /// Files that hold no orders to ship, or that are broken: refused with a reason, never half read.
    @Test(
        "what is no order file is refused", .enabled(if: SharedFiles.root != nil, "needs the folder ../shared beside the repository"),
        arguments: [
            ("shopify/rest_orders.json", "read.header.unknown"),  // orders without line_items: somebody took them out
            ("shopify/rest_fulfillment.json", "read.header.unknown"),
            ("shopify/bulk_products_parentid.jsonl", "read.json.syntax"),  // its ninth line is no JSON
            ("amazon/order_fulfillment_feed.xml", "read.header.unknown"),
            ("amazon/sp_orders_v0_confirmShipment_request.json", "read.header.unknown"),
            ("woocommerce/rest_shipment_tracking_single.json", "read.header.unknown"),
            ("woocommerce/plugin_csv_headers.json", "read.header.unknown"),
        ])
    func refused(path: String, code: String) throws {
        do throws(Finding) {
            let (profile, _) = try read(path)
            Issue.record("\(path) was read as \(profile)")
        } catch {
            #expect(error.code.id == code, "\(error.sentence())")
        }
    }

    private func read(_ path: String) throws(Finding) -> (profile: String, orders: [String]) {
        guard let root = SharedFiles.root else { return ("", []) }
        let descriptor = Glibc.open(root + "/samples/" + path, O_RDONLY)
        guard descriptor >= 0 else { throw FileIO.finding(.fileReadFailed, path) }
        defer { close(descriptor) }
        var flow = try workspace.sampleFlow(channel: nil, carrier: nil)
        flow.channels = workspace.channelNames()
        guard let table = try workspace.layOut(descriptor, file: path, flow: flow, scratch: "/tmp") else { return ("text", []) }
        let pipeline = try workspace.open(
            source: table.source(shown: path), file: path, flow: flow, carrier: nil, key: .sample, table: table)
        var conversion = Conversion(pipeline, SampleDraws())
        var orders: [String] = []
        try conversion.run { index, batch, finding in orders.append(Self.shown(index, batch, pipeline, finding)) }
        return (pipeline.channelName, orders)
    }

    private static func shown(_ index: Int, _ batch: borrowing Batch, _ pipeline: Pipeline, _ finding: Finding?) -> String {
        let entry = batch.orders[index]
        let reference = batch.heads[index * batch.headSlots + (OrderField.named("reference")?.slot ?? 0)]
        let name = String(
            decoding: UnsafeRawBufferPointer(start: batch.base + Int(reference.offset), count: Int(reference.count)), as: UTF8.self)
        let quantities = (Int(entry.firstLine)..<Int(entry.endLine)).map { line in
            batch.lineEntries[line].quantity > 0 ? "\(batch.lineEntries[line].quantity)" : "-"
        }
        let reason = pipeline.skipReason(of: index, in: batch) ?? finding?.code.id ?? ""
        let all = "\(name) \(entry.fate) (\(quantities.joined(separator: " "))) \(reason)"
        return reason.isEmpty ? String(all.dropLast()) : all
    }
}
