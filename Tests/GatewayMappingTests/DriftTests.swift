import Testing

@_spi(HotPath) @testable import GatewayCore
@testable import GatewayMapping

/// What a file's headings lack of what its profile reads.
@Suite struct DriftTests {
    private func header(_ names: some StringProtocol) -> Header { Header(names: String(names).split(separator: ",").map(String.init)) }

    private func missing(_ names: some StringProtocol) throws -> [String] {
        try channel(ChannelTests.profile).missingColumns(of: header(names)).map { $0.finding(row: 1).sentence() }
    }

    private func refusal(_ names: some StringProtocol) throws -> String? {
        let mapping = try channel(ChannelTests.profile)
        return mapping.renamedColumn(mapping.missingColumns(of: header(names)), row: 1)?.sentence()
    }

    private let head = ChannelTests.head.dropLast()

    @Test func wholeHeaderLacksNothing() throws {
        #expect(try missing(head) == [])
        #expect(try refusal(head) == nil)
        let mapping = try channel(ChannelTests.profile)
        #expect(mapping.absentRemark([], row: 1) == nil)
    }

    @Test func aColumnThatIsGoneIsNamedWithWhatDependsOnIt() throws {
        let without = head.replacing("Cancelled,", with: "").replacing("Phone,", with: "")
        #expect(
            try missing(without) == [
                """
                row 1: found nothing, expected the column "Phone" (read by: consignee.phone).
                It counts as empty. Export it too, or write its new heading into the profile (line 22 of mappings/channels/test.yaml); \
                nearest unread heading: none. [mapping.column.absent]
                """,
                """
                row 1: found nothing, expected the column "Cancelled" (read by: skip when).
                It counts as empty. Export it too, or write its new heading into the profile (line 8 of mappings/channels/test.yaml); \
                nearest unread heading: none. [mapping.column.absent]
                """,
            ])
        #expect(try refusal(without) == nil)
    }

    @Test func inARunTheyAreOneRemark() throws {
        let mapping = try channel(ChannelTests.profile)
        let missing = mapping.missingColumns(of: header(head.replacing("Cancelled,", with: "").replacing("Phone,", with: "")))
        #expect(
            mapping.absentRemark(missing, row: 1)?.sentence() == """
                row 1: found nothing, expected all columns that test reads; missing: "Phone", "Cancelled".
                They count as empty. `dropgate check --against FILE` says what depends on each. [mapping.columns.absent]
                """)
        let none = mapping.absentRemark(mapping.missingColumns(of: header("Order,Quantity")), row: 1)
        #expect(
            none?.arguments["columns"]?.text
                == #""Name", "Company", "Country", "Phone", "Currency", "Total", "Method", "Sku", "Item", "Price", "Cancelled" (+2)"#)
    }

    /// A renamed `Cancelled` must not let cancelled orders ship.
    @Test func aRenamedColumnOfARuleRefusesTheFile() throws {
        #expect(
            try refusal(head.replacing("Cancelled", with: "Canceled")) == """
                row 1: found "Canceled", expected the column "Cancelled" (read by: skip when).
                If "Canceled" is that column, rename it in the file or write this heading into the profile (line 8 of \
                mappings/channels/test.yaml). If it is another one, add "Cancelled" to the file, empty where there is nothing. \
                [read.header.renamed]
                """)
    }

    @Test func aRenamedColumnOfTheConsignmentRefusesTheFile() throws {
        #expect(
            try refusal(head.replacing("Phone", with: "Phones"))?.hasPrefix(#"row 1: found "Phones", expected the column "Phone""#) == true)
        #expect(try refusal(head.replacing("Country", with: "Contry"))?.contains("read by: consignee.country") == true)
    }

    /// `State` is in two rules, so it is one column that is missing with two readers.
    @Test func allReadersAreNamed() throws {
        #expect(try refusal(head.replacing("State", with: "States"))?.contains("(read by: skip lines when, ship lines when)") == true)
    }

    @Test func whatIsFarOffIsNoRenaming() throws {
        #expect(try refusal(head.replacing("Cancelled", with: "Cancellation reason")) == nil)
        #expect(try refusal(head.replacing("Sku", with: "Sko")) == nil)
        #expect(try refusal(head.replacing("Cancelled", with: "Comment")) == nil)
    }

    @Test func anAlternativeThatIsThereIsEnough() throws {
        #expect(try missing(head.replacing(",Company", with: "")) == [])
        let without = try missing(head.replacing(",Name,Company", with: ""))
        #expect(without.count == 2 && without.allSatisfy { $0.contains("(read by: consignee.name)") })
    }

    @Test(arguments: [
        ("Cancelled at", "Canceled at", true), ("Cancelled at", "CANCELLED_AT", true), ("İl", "il ", true), ("cpf", "cpg", false),
        ("Address 1", "Address 2", false), ("Durum", "Durumu", true), ("Shipping Name", "Billing Name", false), ("Status", "State", false),
    ])
    func namesThatAreNear(_ name: String, _ heading: String, _ isNear: Bool) {
        #expect(HeaderName.isRenamed(name, to: heading) == isNear, "\(name) \(heading)")
    }
}
