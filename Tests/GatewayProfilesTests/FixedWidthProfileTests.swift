import Foundation
import GatewayCore
import GatewayTesting
import Testing

@testable import GatewayProfiles

/// A profile for an export of fixed width, with rows of orders and of their lines, from the file to its orders.
@Suite("A profile for fixed-width files")
struct FixedWidthProfileTests {
    @Test("the profile's example becomes its orders")
    func example() throws {
        let golden = GoldenCase(area: "config", name: "acme-two-carriers")
        let folder = try TemporaryFolder()
        for name in ["dropgate.yaml", "mappings"] {
            try FileManager.default.copyItem(atPath: golden.path(name), toPath: folder.path(name))
        }
        try folder.write(
            """
            channel: erp-list
            source: an example
            format: fixed
            columns:
              Order: H 2-6
              Name: H 7-18
              Street: H 19-30
              City: H 31-40
              SKU: D 2-8
              Quantity: D 9-11
              Total: T
            recognised by: Order, SKU
            one order per: Order
            rows without a key: belong to the order above
            skip lines when:
              - SKU is absent
            ship lines when:
              - SKU is present
            ship when:
              - Street is present
            fields:
              reference: Order
              consignee.name: Name
              consignee.address1: Street
              consignee.city: City
              consignee.country: always TR
            lines:
              sku: SKU
              quantity: Quantity | whole number | required
            examples:
              - list.txt gives list.orders.json
            """, to: "mappings/channels/erp-list.yaml")
        try folder.makeFolder("mappings/channels/erp-list")
        try folder.write(
            """
            H01001Elif Örnek  Örnek Sok. 5Kadıköy
            DTWL-BL   2
            DSOAP    12
            H01002Can Deneme              Bornova
            DMUG      1
            T0002

            """, to: "mappings/channels/erp-list/list.txt")
        try folder.write(
            """
            {"reference":"01001","consignee":{"name":"Elif Örnek","address1":"Örnek Sok. 5","city":"Kadıköy","country":"TR"},"lines":[{"sku":"TWL-BL","quantity":2},{"sku":"SOAP","quantity":12}],"decision":"ship","row":2}
            {"reference":"01002","consignee":{"name":"Can Deneme","city":"Bornova","country":"TR"},"lines":[{"sku":"MUG","quantity":1}],"decision":"hold","row":5}

            """, to: "mappings/channels/erp-list/list.orders.json")
        #expect(Linter(workspace: folder.path("")).check().map { $0.sentence() } == [])
    }
}
