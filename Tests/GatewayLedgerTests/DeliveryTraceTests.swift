import GatewayCore
import GatewayLedger
import Testing

/// `dropgate trace` follows a document to the partner's server.
struct DeliveryTraceTests {
    private func deliveries(_ steps: [TraceStep]) -> [String] {
        steps.filter { $0.subject == "delivery" }.map { step in
            "\(step.at) \(step.name) \(step.what) "
                + step.details.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        }
    }

    @Test func aDocumentAndItsReceiptAreFollowedToTheServer() throws {
        let desk = try Desk()
        try desk.drop([Order("1001")], name: "monday.csv")
        let arrival = try desk.ledger.lastArrival()
        let (document, receipt) = ("document-\(arrival)-1.xml", "receipt-\(arrival).csv")
        var sent = try desk.ledger.intend(
            Delivery(
                endpoint: "partner", folder: "in", name: document, source: "outbox/carriers/c/main", size: 10,
                content: ContentHash(of: Array("as it goes out".utf8)), intended: 50_000))
        sent.attempts = 1
        sent.state = .renaming
        sent.unfinished = "in/.dropgate-1.part"
        try desk.ledger.note(sent)
        for bytes in ["receipt", "another file of that name"] {
            _ = try desk.ledger.intend(
                Delivery(
                    endpoint: bytes == "receipt" ? "merchant" : "other", folder: "", name: receipt,
                    source: "outbox/merchants/demo/receipts",
                    size: 5, content: ContentHash(of: Array(bytes.utf8)), intended: 51_000))
        }
        let waiting = "50000 \(document) intended attempts=1 from=outbox/carriers/c/main size=10 state=renaming to=partner/in"
        let answer = "51000 \(receipt) intended attempts=0 from=outbox/merchants/demo/receipts size=5 state=waiting to=merchant"
        for word in ["monday.csv", document, receipt] { #expect(try deliveries(desk.ledger.trace(word)) == [waiting, answer], "\(word)") }
        #expect(try deliveries(desk.ledger.trace("1001")) == [waiting])
        sent.attempts = 3
        sent.state = .done
        sent.unfinished = nil
        sent.finished = 60_000
        try desk.ledger.note(sent)
        #expect(
            try deliveries(desk.ledger.trace("1001")) == [
                "50000 \(document) intended from=outbox/carriers/c/main size=10 to=partner/in",
                "60000 \(document) delivered attempts=3 to=partner/in",
            ])
    }
}
