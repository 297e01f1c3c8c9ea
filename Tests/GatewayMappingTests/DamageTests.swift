import Testing

@_spi(HotPath) @testable import GatewayCore
@testable import GatewayMapping

/// Text of a wrong character set and a spreadsheet's error values, in any field.
@Suite struct DamageTests {
    static let profile = """
        channel: test
        source: this test
        format: csv
        recognised by: Order
        one order per: Order
        ship when:
          - Status is ödendi, BİLGİ
        fields:
          reference: Order
          consignee.name: Name
          consignee.city: City
          consignee.country: Country
          note: Note
        lines:
          sku: Sku
          name: Item
          quantity: always "1" | whole number
        """
    static let head = "Order,Status,Name,City,Country,Note,Sku,Item\n"

    private func outcome(_ row: String) throws -> Outcome { try run(channel(Self.profile), Self.head + row + "\n") }

    // MARK: UTF-8 that was read as windows-1252 or windows-1254

    static let repairs: [(String, String)] = [
        ("GÃ¼ner", "Güner"),
        ("YÄ±lmaz", "Yılmaz"),
        ("Åžahin", "Şahin"),
        ("Ã–mer Ã‡elik", "Ömer Çelik"),
        ("Ä°stanbul / KadÄ±kÃ¶y", "İstanbul / Kadıköy"),
        ("BeÅŸiktaÅŸ, DoÄŸan", "Beşiktaş, Doğan"),
        // As ISO-8859-1 reads it: C1 controls where windows-1252 has signs.
        ("Be\u{C5}\u{9F}ikta\u{C5}\u{9F}", "Beşiktaş"),
        // Twice over.
        ("GÃƒÂ¼ner", "Güner"),
        ("Ð˜Ð²Ð°Ð½", "Иван"),
        ("CafÃ© No 5", "Café No 5"),
    ]

    @Test(arguments: repairs) func whatCanBeReadInOneWayOnlyIsRepaired(damaged: String, meant: String) {
        let reading = Array(damaged.utf8).withUnsafeBytes { Mojibake.reading(of: $0) }
        #expect(reading == .repaired(Array(meant.utf8)))
    }

    @Test(arguments: [
        "Güner", "Kadıköy, İstanbul", "SÃO PAULO", "IRMÃ", "Ängelholm", "Äste & Öl", "Å", "Malmö–Å–B", "Þórður", "Ärzte", "Ümraniye", "5°",
        "東京",
    ])
    func soundTextStaysAsItIs(text: String) {
        #expect(Array(text.utf8).withUnsafeBytes { Mojibake.reading(of: $0) } == .sound)
    }

    // The second half of a letter is gone, or one part of the cell was read rightly.
    @Test(arguments: ["GÃ¼ner Ş\u{4E00}", "Ã¼ ş", "GÃ¼nÃ"]) func whatIsNotCertainIsNotRepaired(text: String) {
        #expect(Array(text.utf8).withUnsafeBytes { Mojibake.reading(of: $0) } == .broken)
    }

    @Test func aRepairedCellShipsAndIsSaid() throws {
        let outcome = try outcome("1,ödendi,AyÅŸe Ã–rnek,KadÄ±kÃ¶y,TR,,A,Fincan")
        #expect(
            outcome.lines == [
                #"{"reference":"1","consignee":{"name":"Ayşe Örnek","city":"Kadıköy","country":"TR"},"lines":[{"sku":"A","name":"Fincan","quantity":1}],"decision":"ship","row":2}"#
            ])
        #expect(
            outcome.findings == [
                """
                row 2: column 3 "Name": found "AyÅŸe Ã–rnek", expected "Ayşe Örnek", which was taken instead.
                Nothing when that is right, else correct the cell C2; line 10 of mappings/channels/test.yaml reads it. [mapping.value.repaired]
                """,
                """
                row 2: column 4 "City": found "KadÄ±kÃ¶y", expected "Kadıköy", which was taken instead.
                Nothing when that is right, else correct the cell D2; line 11 of mappings/channels/test.yaml reads it. [mapping.value.repaired]
                """,
            ])
        // It is the same order as one whose file was read rightly.
        #expect(try outcome.digests == self.outcome("1,ödendi,Ayşe Örnek,Kadıköy,TR,,A,Fincan").digests)
    }

    @Test func aCellThatCannotBeRepairedHoldsItsOrder() throws {
        let outcome = try outcome("1,ödendi,Ayşe Ã¼,Kadıköy,TR,,A,Fincan")
        #expect(outcome.lines.first?.contains("\"decision\":\"hold\"") == true)
        #expect(
            outcome.findings == [
                """
                row 2: column 3 "Name": found "Ayşe Ã¼", expected text with the letters that it was written with.
                Export the file anew as UTF-8 and do not save it in another program, or correct the cell C2; \
                line 10 of mappings/channels/test.yaml reads it. [mapping.text.misread]
                """
            ])
    }

    // MARK: windows-1254 that was read as windows-1252

    @Test func turkishLettersComeBackWhereNothingElseCanBeMeant() throws {
        let outcome = try outcome("1,ödendi,Þükrü Doðan,Beþiktaþ / Ýstanbul,TR,,A,Tiþört")
        #expect(
            outcome.lines == [
                #"{"reference":"1","consignee":{"name":"Şükrü Doğan","city":"Beşiktaş / İstanbul","country":"TR"},"lines":[{"sku":"A","name":"Tişört","quantity":1}],"decision":"ship","row":2}"#
            ])
        #expect(outcome.findings.count == 3)
    }

    @Test func anIcelandicNameInAnOrderToTurkeyStays() throws {
        for name in ["Guðrún Þórsdóttir", "Sigurður"] {
            let outcome = try outcome("1,ödendi,\(name),Kadıköy,TR,,A,Fincan")
            #expect(outcome.findings == [])
            #expect(outcome.lines.first?.contains(name) == true)
        }
        #expect(try outcome("1,ödendi,Guðrún,Ankara,TR,,A,Fincan").findings == [])
    }

    @Test func whatMayBeEitherIsHeld() throws {
        let outcome = try outcome("1,ödendi,Sigurður,Ankara,TR,,A,Fincan")
        #expect(outcome.lines.first?.contains("\"decision\":\"hold\"") == true)
        #expect(outcome.findings.count == 1)
        #expect(outcome.findings.first?.contains("found \"Sigurður\"") == true)
        #expect(outcome.findings.first?.hasSuffix("[mapping.text.misread]") == true)
    }

    @Test func otherCountriesKeepTheirLetters() throws {
        #expect(try outcome("1,ödendi,Þükrü Beþiktaþ,Reykjavík,IS,,A,Fincan").findings == [])
        #expect(try outcome("1,ödendi,Nový,Praha,CZ,,A,Fincan").findings == [])
    }

    // MARK: Error values

    @Test(arguments: ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#YOK", "#DEĞER!", "#AD?"])
    func anErrorValueNeverReachesAConsignment(value: String) throws {
        let outcome = try outcome("1,ödendi,Ada,\(value),TR,\(value),A,Fincan")
        #expect(outcome.lines.first?.contains("\"decision\":\"hold\"") == true)
        #expect(outcome.findings.count == 2)
        #expect(outcome.findings.allSatisfy { $0.hasSuffix("[mapping.value.damaged]") }, "\(outcome.findings)")
    }

    @Test func numberSignsThatAreMeantStay() throws {
        #expect(try outcome("#A-1,ödendi,Ada,Ankara,TR,#Nice note,#REF,Fincan").findings == [])
    }

    // MARK: Words of conditions

    /// İ, I, ı and i are one letter, and so are composed and decomposed ones.
    @Test(arguments: ["bilgi", "BILGI", "BİLGİ", "bılgı", "Bi\u{307}lgi", "ÖDENDİ"]) func valuesAreComparedFolded(word: String) throws {
        let outcome = try outcome("1,\(word),Ada,Ankara,TR,,A,Fincan")
        #expect(outcome.lines.first?.contains("\"decision\":\"ship\"") == true, "\(outcome.lines)")
    }

    @Test func decomposedLettersAreTheSame() throws {
        #expect(try outcome("1,o\u{308}dendi,Ada,Ankara,TR,,A,Fincan").lines.first?.contains("\"decision\":\"ship\"") == true)
        #expect(try outcome("1,ODENDI,Ada,Ankara,TR,,A,Fincan").lines.first?.contains("\"decision\":\"hold\"") == true)
    }
}
