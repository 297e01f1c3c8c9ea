@_spi(HotPath) import GatewayCore
import GatewayFormats
import Testing

/// The receipt of a file in which every row has the same outcome.
func receipt(
    _ text: String, language: Language = .english, arrival: Int64 = 12, settings: CSVSettings = CSVSettings(),
    outcome: ReceiptCells = ReceiptCells(status: "held", problem: "p", remedy: "r", carrier: "c", tracking: "t")
) throws -> String {
    let reader = try CSVReader(MemorySource(Array(text.utf8)), file: "orders.csv", settings: settings)
    let receipt = CSVReceipt(header: reader.header, dialect: reader.dialect, language: language, arrival: arrival)
    var out = Output()
    receipt.head(&out)
    var batch = Batch(pool: [], window: 128, headSlots: 1, lineSlots: 1)
    while try reader.fill(&batch) {
        for r in 0..<batch.recordCount where batch.flags[r] & Batch.blankRecord == 0 {
            receipt.row(batch, record: r, outcome: outcome, &out)
        }
        reader.keep(batch)
    }
    return out.string
}

@Suite struct CSVReceiptTests {
    @Test func theSendersBytesStay() throws {
        #expect(
            try receipt("Name,\"Note\"\n#1,\"a \"\"b\"\"\r\nc\"\r\n\n#2,\n") == """
                \u{FEFF}Name,Note,dropgate row,status,problem,what to do,carrier,tracking
                #1,"a ""b""\r\nc",r12-2,held,p,r,c,t
                #2,,r12-4,held,p,r,c,t

                """)
    }

    @Test func turkishHeadingsAndTheSendersDialect() throws {
        let cells = ReceiptCells(status: "bekletildi", problem: "bir; \"iki\"", remedy: "", carrier: "", tracking: "")
        #expect(
            try receipt("Ad;Şehir\r\n1;İzmir\r\n", language: .turkish, outcome: cells)
                == "\u{FEFF}Ad;Şehir;dropgate row;durum;sorun;yapılacak;kargo;takip no\r\n1;İzmir;r12-2;bekletildi;\"bir; \"\"iki\"\"\";;;\r\n"
        )
    }

    @Test func formulasAreGuarded() throws {
        let rows = [
            ("=1+1,x", "'=1+1,x"), ("+90532,x", "'+90532,x"), ("-5.00,x", "-5.00,x"), ("-5,-0", "-5,-0"), ("-a,x", "'-a,x"),
            ("-1+2,x", "'-1+2,x"), ("-1.2.3,x", "'-1.2.3,x"), ("@x,y", "'@x,y"), ("\tx,y", "'\tx,y"),
            ("\"=A1,\"\"B\"\"\",x", "\"'=A1,\"\"B\"\"\",x"),
            ("＝1,＋2", "'＝1,'＋2"), ("－1,＠2", "'－1,'＠2"), ("'=1,x", "'=1,x"), ("ab,=", "ab,'="), ("\"\"\"=1\",x", "\"\"\"=1\",x"),
        ]
        for (row, wanted) in rows {
            let lines = try receipt("a,b\n\(row)\n").split(separator: "\n")
            #expect(lines.last == "\(wanted),r12-2,held,p,r,c,t")
        }
        let heads = try receipt("=a,b\n1,2\n", outcome: ReceiptCells(status: "-x"))
        #expect(heads == "\u{FEFF}'=a,b,dropgate row,status,problem,what to do,carrier,tracking\n1,2,r12-2,'-x,,,,\n")
    }

    @Test func raggedRowsKeepTheColumnsInTheirPlace() throws {
        let lines = try receipt("a,b,c\n1\n1,2\n1,2,3,4\n=1,2").split(separator: "\n").dropFirst()
        #expect(
            Array(lines) == ["1,,,r12-2,held,p,r,c,t", "1,2,,r12-3,held,p,r,c,t", "1,2,3,r12-4,held,p,r,c,t", "'=1,2,,r12-5,held,p,r,c,t"])
    }

    @Test func withoutQuotesADelimiterBecomesABlank() throws {
        let settings = CSVSettings(delimiter: 0x09, quotesAreLiteral: true)
        let text = try receipt("a\tb\n\"1\t2\n", settings: settings, outcome: ReceiptCells(status: "x\ty\n\"z\""))
        #expect(text.split(separator: "\n").last == "\"1\t2\tr12-2\tx y \"z\"\t\t\t\t")
    }
}
