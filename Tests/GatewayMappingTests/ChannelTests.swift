import Testing

@_spi(HotPath) @testable import GatewayCore
@testable import GatewayMapping

@Suite struct ChannelTests {
    static let profile = """
        channel: test
        source: this test
        format: csv
        recognised by: Order, Quantity
        not recognised by: Net sales
        one order per: Order
        skip when:
          - Cancelled is present -> cancelled
        skip lines when:
          - State is fulfilled
        ship lines when:
          - State is pending
        hold when:
          - Status is authorized -> the payment is not captured
        ship when:
          - Status is paid, partially_refunded
          - Method is in table cod-words
        fields:
          reference: Order | strip "#"
          consignee.name: Name, else Company | required
          consignee.country: Country | country
          consignee.phone: Phone | phone
          currency: Currency
          payment.total: Total | money Currency
          payment.cod: Total | money Currency | only when Method is in table cod-words
          channel.name: always "Shop"
        lines:
          sku: Sku
          name: Item
          quantity: Quantity | whole number
          price: Price | money Currency
        """
    static let head = "Order,Status,Cancelled,Method,Name,Company,Country,Phone,Currency,Total,Sku,Item,Quantity,Price,State\n"

    private func run(_ rows: String, step: Int = 1000) throws -> Outcome {
        try GatewayMappingTests.run(channel(Self.profile), Self.head + rows, step: step)
    }

    @Test func twoRowsMakeOneOrder() throws {
        let outcome = try run(
            """
            #1,paid,,,Ada,,TR,0532 123 45 67,TRY,150,A-1,"Cup ""big"", red",2,50,pending
            #1,,,,,,,,,,B-2,Plate,1,50,pending

            """)
        #expect(outcome.findings == [])
        #expect(
            outcome.lines == [
                #"{"reference":"1","channel":{"name":"Shop"},"consignee":{"name":"Ada","country":"TR","phone":"+905321234567"},"currency":"TRY","payment":{"total":"150.00"},"lines":[{"sku":"A-1","name":"Cup \"big\", red","quantity":2,"price":"50.00"},{"sku":"B-2","name":"Plate","quantity":1,"price":"50.00"}],"decision":"ship","row":2}"#
            ])
    }

    @Test(arguments: [1, 2, 3, 5, 1000]) func batchesOfAnySizeGiveTheSameOrders(step: Int) throws {
        var rows = ""
        for order in 1...20 {
            for line in 0..<(order % 4 + 1) {
                rows += "#\(order),\(line == 0 ? "paid" : ""),,,Ada,,TR,,TRY,1,A-\(line),Cup,1,1,pending\n"
            }
        }
        let whole = try run(rows)
        let parts = try run(rows, step: step)
        #expect(whole.lines.count == 20)
        #expect(parts.lines == whole.lines)
        #expect(parts.digests == whole.digests)
        #expect(parts.lineKeys == whole.lineKeys)
    }

    @Test func rulesAreJudgedInOrder() throws {
        let outcome = try run(
            """
            1,authorized,2026-01-01,,Ada,,TR,,TRY,1,A,Cup,1,1,pending
            2,authorized,,,Ada,,TR,,TRY,1,A,Cup,1,1,pending
            3,pending,,KAPIDA ÖDEME,Ada,,TR,,TRY,99.9,A,Cup,1,1,pending
            4,pending,,bank,Ada,,TR,,TRY,1,A,Cup,1,1,pending
            5,paid,,,Ada,,TR,,TRY,1,A,Cup,1,1,fulfilled
            6,paid,,,Ada,,TR,,TRY,1,A,Cup,1,1,lost

            """)
        let decisions = outcome.lines.map { $0.split(separator: "]").last.map(String.init) ?? "" }
        #expect(
            decisions == [
                #","decision":"skip","reason":"cancelled","row":2}"#, #","decision":"hold","row":3}"#, #","decision":"ship","row":4}"#,
                #","decision":"hold","row":5}"#, #","decision":"skip","reason":"nothing to ship","row":6}"#,
                #","decision":"hold","row":7}"#,
            ])
        #expect(outcome.lines[2].contains(#""payment":{"total":"99.90","cod":"99.90"}"#))
        #expect(
            outcome.findings == [
                """
                row 3: column 2 "Status": found "authorized", expected an order that may ship, but the payment is not captured.
                Settle it and send the order again; line 14 of mappings/channels/test.yaml holds it. [order.hold.rule]
                """,
                """
                row 5: column 2 "Status": found "pending", expected one of the conditions under ship when, line 15 of mappings/channels/test.yaml.
                Correct the order's state in the shop and export it again, or extend the rules. [order.undecided]
                """,
                """
                row 7: found nothing, expected a state of the line that skip lines when or ship lines when knows, line 11 of \
                mappings/channels/test.yaml.
                Correct the line's state in the shop, or extend the rules. [order.line.undecided]
                """,
            ])
    }

    @Test func aValueThatCannotBeReadHoldsItsOrderOnly() throws {
        let outcome = try run(
            """
            1,paid,,,,,TR,,TRY,1,A,Cup,1,1,pending
            2,paid,,,Ada,,Atlantis,,TRY,1,A,Cup,1,1,pending
            3,paid,,,Ada,,TR,abc,TRY,"1,50",A,Cup,1,1,pending
            4,paid,,,Ada,,TR,,TL,1,A,Cup,1.5,1,pending
            5,paid,,,Ada,,TR,,TRY,1,A,Cup,0,1,pending
            6,paid,,,Ada,,TR,,TRY,1,A,Cup,-1,1,pending
            7,paid,,,Ada,,TR,,TRY,1,A,Cup,1,1,pending

            """)
        #expect(outcome.lines.map { $0.contains(#""decision":"ship""#) } == [false, false, false, false, false, false, true])
        #expect(
            outcome.findings == [
                """
                row 2: column 6 "Company": found nothing, expected a value for consignee.name.
                Fill the cell; line 20 of mappings/channels/test.yaml requires it. [mapping.value.missing]
                """,
                """
                row 3: column 7 "Country": found "Atlantis", expected a country such as TR, Türkiye or Germany.
                Correct the cell, or translate the word by a table before country, line 21 of mappings/channels/test.yaml. \
                [mapping.country.unknown]
                """,
                """
                row 4: column 10 "Total": found "1,50", expected an amount such as 1250.00, without currency sign or grouping.
                Correct the cell, or put decimal comma before money, line 24 of mappings/channels/test.yaml. [mapping.money.unreadable]
                """,
                """
                row 4: column 8 "Phone": found "abc", expected a telephone number such as +90 532 123 45 67.
                Correct the cell; line 22 of mappings/channels/test.yaml reads it. [mapping.phone.unreadable]
                """,
                """
                row 5: column 10 "Total": found "1", expected a currency code such as TRY.
                Correct the currency's cell; line 24 of mappings/channels/test.yaml reads it. [mapping.currency.unknown]
                """,
                """
                row 5: column 13 "Quantity": found "1.5", expected a whole number such as 2.
                Correct the cell; line 30 of mappings/channels/test.yaml reads it. [mapping.number.whole]
                """,
                """
                row 5: column 14 "Price": found "1", expected a currency code such as TRY.
                Correct the currency's cell; line 31 of mappings/channels/test.yaml reads it. [mapping.currency.unknown]
                """,
                """
                row 6: column 13 "Quantity": found "0", expected a whole number from 1 on.
                Correct the quantity; line 30 of mappings/channels/test.yaml reads it. [order.quantity]
                """,
                """
                row 7: column 13 "Quantity": found "-1", expected a whole number such as 2.
                Correct the cell; line 30 of mappings/channels/test.yaml reads it. [mapping.number.whole]
                """,
            ])
    }

    @Test func damagedAndMissingReferencesAndRaggedRowsAreHeld() throws {
        let outcome = try run(
            """
            1.23E+12,paid,,,Ada,,TR,,TRY,1,A,Cup,1,1,pending
            ,paid,,,Ada,,TR,,TRY,1,A,Cup,1,1,pending
            ,paid,,,Bob,,TR,,TRY,1,A,Cup,1,1,pending
            3,paid,,,Ada,,TR,,TRY,1,A,Cup,1,1
            4,paid,,,Ada,,TR,,TRY,1,A,Cup,1,1,pending,more

            """)
        #expect(
            outcome.findings.map { $0.split(separator: "[").last.map(String.init) ?? "" } == [
                "mapping.value.damaged]", "order.reference.missing]", "order.reference.missing]", "order.line.undecided]",
                "read.row.ragged]",
                "read.row.ragged]",
            ])
        #expect(
            outcome.findings.first == """
                row 2: column 1 "Order": found "1.23E+12", expected the identifier itself, all of its digits.
                Export the file anew and do not save it in a spreadsheet; line 19 of mappings/channels/test.yaml reads it. \
                [mapping.value.damaged]
                """)
    }

    @Test func blankRowsBelongToNobodyAndCountAsRows() throws {
        let outcome = try run(
            "1,paid,,,Ada,,TR,,TRY,1,A,Cup,1,1,pending\n\n1,,,,,,,,,,B,Cup,1,1,pending\n\n2,paid,,,Ada,,TR,,TRY,1,A,Cup,x,1,pending\n")
        #expect(outcome.lines.count == 2)
        #expect(outcome.lines[0].contains(#"{"sku":"B""#))
        #expect(outcome.findings.first?.hasPrefix("row 6: column 13") == true)
    }

    @Test func anOrderOfTooManyRowsRefusesTheFile() throws {
        let rows = String(repeating: "1,paid,,,Ada,,TR,,TRY,1,A,Cup,1,1,pending\n", count: 12)
        #expect(throws: Finding.self) {
            try GatewayMappingTests.run(channel(Self.profile), Self.head + rows, orderRecords: 10)
        }
    }

    @Test func onlyValuesThatReachTheConsignmentCountAsAChange() throws {
        var slots = DigestSlots.none
        slots.insert(try #require(OrderField.named("consignee.name")).slot)
        func digests(_ name: String, _ total: String) throws -> [UInt64] {
            let outcome = try GatewayMappingTests.run(
                channel(Self.profile), Self.head + "1,paid,,,\(name),,TR,,TRY,\(total),A,Cup,1,1,pending\n", slots: slots)
            return try #require(outcome.digests.first)
        }
        let first = try digests("Ada", "1")
        #expect(try digests("Ada", "2") == first)
        #expect(try digests("Bob", "1")[0] != first[0])
        #expect(first[1] == 0)
    }

    @Test func equalLinesOfAnOrderHaveDifferentKeys() throws {
        let row = "1,paid,,,Ada,,TR,,TRY,1,A,Cup,1,1,pending\n"
        let outcome = try run(row + row + row)
        #expect(Set(outcome.lineKeys).count == 3)
        #expect(try run(row + row + row).lineKeys == outcome.lineKeys)
    }

    @Test func headersAreRecognisedByFoldedNames() throws {
        let mapping = try channel(Self.profile)
        #expect(mapping.recognises(Header(names: [" ORDER ", "quantıty"])).isMatch)
        #expect(mapping.recognises(Header(names: ["Order"])).missing == ["Quantity"])
        #expect(mapping.recognises(Header(names: ["Order", "Quantity", "net sales"])).excludedBy == "Net sales")
        #expect(mapping.recognises(Header(names: ["Order", "Quantity", "Sku", "Other"])).matched == 3)
        #expect(mapping.unmappedColumns(of: Header(names: ["Order", "Tags", "PHONE"])) == ["Tags"])
    }

    @Test func missingAndDoubledColumnsRefuseTheFile() throws {
        let mapping = try channel(Self.profile)
        func compile(_ names: [String]) -> String? {
            do throws(Finding) {
                _ = try mapping.compile(header: Header(names: names), zone: "UTC", digestSlots: .all, key: .sample, pool: ConstantPool())
                return nil
            } catch { return error.sentence() }
        }
        #expect(
            compile(["Ordr", "Quantity"]) == """
                row 1: found nothing, expected the column "Order".
                Export the file with that column; nearest in the file: "Ordr". It is used at line 4 of mappings/channels/test.yaml. \
                [mapping.column.missing]
                """)
        #expect(
            compile(["Order", "Quantity", "Name", "name"]) == """
                row 1: column 4 "name": found "name", expected one column called "Name", not columns 3, 4.
                Remove or rename the other one. [mapping.column.double]
                """)
        #expect(compile(["Order", "Quantity"]) == nil)
    }
}
