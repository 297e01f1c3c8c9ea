@_spi(HotPath) import GatewayCore
import Testing

@testable import GatewayFormats

@Suite("Fixed-width text laid out as a table")
struct FixedWidthTableTests {
    static let places = [
        TablePlan.ColumnPlace(name: "Order", place: "H 2-6"), TablePlan.ColumnPlace(name: "Name", place: "H 7-16"),
        TablePlan.ColumnPlace(name: "SKU", place: "D 2-8"), TablePlan.ColumnPlace(name: "Quantity", place: "D 9-11"),
        TablePlan.ColumnPlace(name: "Trailer", place: "T"),
    ]
    static let text = """
        H01001Elif Örnek\u{0020}\u{0020}
        DTWL-BL   2\r
        DSOAP    12

        H01002Çağ, "A"
        DMUG      1
        T0005
        """

    @Test("rows of two kinds, cells by characters, a row for each line", arguments: [1, 5, 1 << 16])
    func kinds(piece: Int) throws {
        #expect(
            try fixed(Self.text, "fixed", Self.places, piece: piece) == [
                "Order,Name,SKU,Quantity", "01001,Elif Örnek,,", ",,TWL-BL,2", ",,SOAP,12", "", "01002,\"Çağ, \"\"A\"\"\",,", ",,MUG,1", "",
            ])
    }

    @Test("rows of one kind, by bytes; a short row's cells are empty")
    func bytes() throws {
        let places = [TablePlan.ColumnPlace(name: "A", place: "1-3"), TablePlan.ColumnPlace(name: "B", place: "4-6")]
        #expect(try fixed("Çabc\nx\n", "fixed bytes", places) == ["A,B", "Ça,bc", "x,"])
        #expect(try fixed("Çabcd\nx\n", "fixed", places) == ["A,B", "Çab,cd", "x,"])
    }

    @Test("a row of an unknown kind and a place that cannot be read are refused")
    func refused() {
        #expect(sentence { () throws(Finding) in _ = try fixed("X123\n", "fixed", Self.places) }?.contains("[read.fixed.kind]") == true)
        for place in ["", "0-3", "5-3", "1-", "a b c", "x-y z"] {
            let found = sentence { () throws(Finding) in
                _ = try fixed("abc\n", "fixed", [TablePlan.ColumnPlace(name: "A", place: place)])
            }
            #expect(found?.contains("[read.fixed.place]") == true, "\(place)")
        }
    }

    private func fixed(_ text: String, _ format: String, _ places: [TablePlan.ColumnPlace], piece: Int = 1 << 10) throws(Finding)
        -> [String]
    {
        try laidOut(Array(text.utf8), TablePlan(format: format, places: places)) { (input, plan, sink) throws(Finding) in
            try FixedWidthTable(input).layOut(plan, into: &sink, piece: piece)
        }
    }
}
