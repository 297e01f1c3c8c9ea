import GatewayCore
import GatewayTesting
import Glibc
import Testing

@testable import GatewayProfiles

/// Profiles drafted from files: right as they are, and holding everything until somebody decides.
@Suite struct ChannelDraftTests {
    private func draft(_ text: String, named file: String) throws -> (folder: TemporaryFolder, text: String) {
        let folder = try TemporaryFolder()
        let descriptor = try FileIO.openForReading(try folder.write(text, to: file), shown: file)
        defer { close(descriptor) }
        let draft = try Workspace.shipped().draftChannel("own", from: descriptor, file: file)
        try folder.makeFolder("mappings/channels")
        try folder.write(draft, to: "mappings/channels/own.yaml")
        return (folder, draft)
    }

    private static let files = [
        (
            "erp.csv",
            "Sipariş No;Sipariş Tarihi;Durum;Alıcı Adı;Açık Adres;Şehir;Cep Telefonu;Adet;\"Depo: \"\"A\"\"\"\n"
                + "S-1;24.11.2026 10:15;Bekliyor, ödeme;Can O'Deneme;Lale Sok. 7;Denizli;05320000001;2;x\n"
        ),
        ("erp.tsv", "order_id\tship to\tMail\tQty\nA1\tAda Example\tada@example.com\t2\n"),
        ("erp.json", "[{\"orderId\":\"A1\",\"status\":\"new\",\"customer\":{\"name\":\"Ada\"},\"qty\":2}]"),
        (
            "erp.xml",
            "<?xml version=\"1.0\"?><orders><order><no>A1</no><state>new</state></order><order><no>A2</no><state>old</state></order></orders>"
        ),
        ("empty-headings.csv", "a,,b,a\n1,2,3,4\n"),
    ]

    @Test(arguments: files)
    func theDraftPassesTheCheck(_ file: String, _ text: String) throws {
        let (folder, draft) = try draft(text, named: file)
        let findings = Linter(workspace: nil).check([folder.path("mappings/channels/own.yaml")])
        #expect(findings.map { $0.sentence() } == [], "\(draft)")
    }

    @Test func whatIsGuessed() throws {
        let draft = try draft(Self.files[0].1, named: "erp.csv").text
        for line in [
            "recognised by: '\"Sipariş No\", \"Alıcı Adı\", \"Açık Adres\", \"Adet\"'",
            "  - '\"Durum\" is \"Bekliyor, ödeme\" -> nobody has decided yet what this state means'",
            "  created: '\"Sipariş Tarihi\" | instant \"dd.MM.yyyy HH:mm\"'  # sure: the heading is a known word",
            "# A carrier needs these, and no column looks like them: consignee.country.",
            "# Columns that nothing reads: Depo: \"A\".",
        ] {
            #expect(draft.split(separator: "\n").contains { $0 == line }, "\(line)\n\(draft)")
        }
    }
}
