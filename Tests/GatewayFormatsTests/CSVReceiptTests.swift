@_spi(HotPath) import GatewayCore
import GatewayFormats
import Testing

/// The receipt of a file in which every row has the same outcome.
func receipt(
    _ text: String, language: Language = .english, arrival: Int64 = 12, settings: CSVSettings = CSVSettings(),
    outcome: ReceiptRow = ReceiptRow(status: "held", problem: "p", whatToDo: "r", carrier: "c", tracking: "t")
) throws -> String {
    let reader = try CSVReader(MemorySource(Array(text.utf8)), file: "orders.csv", settings: settings)
    let receipt = CSVReceipt(header: reader.header, dialect: reader.dialect, language: language, arrival: arrival)
    var out = Output()
    receipt.head(&out)
    let end = receipt.end(of: outcome)
    var batch = Batch(pool: [], window: 128, headSlots: 1, lineSlots: 1)
    while try reader.fill(&batch) {
        for r in 0..<batch.recordCount where batch.flags[r] & Batch.blankRecord == 0 {
            receipt.row(batch, record: r, end: end, &out)
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
        let cells = ReceiptRow(status: "bekletildi", problem: "bir; \"iki\"", whatToDo: "", carrier: "", tracking: "")
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
            #expect(try receipt("a,b\n\(row)\n").hasSuffix("tracking\n\(wanted),r12-2,held,p,r,c,t\n"))
        }
        let heads = try receipt("=a,b\n1,2\n", outcome: ReceiptRow(status: "-x"))
        #expect(heads == "\u{FEFF}'=a,b,dropgate row,status,problem,what to do,carrier,tracking\n1,2,r12-2,'-x,,,,\n")
    }

    /// What counts is what a spreadsheet makes of the quotes, wherever they stand.
    @Test(
        arguments: [
            ("\"=HYPERLINK(\"\"http://e\"\")\"x,y", "\"'=HYPERLINK(\"\"http://e\"\")x\",y"), ("\"\"=1+1,y", "\"'=1+1\",y"),
            ("y,\"=1+1\" ", "y,\"'=1+1 \""), ("y,\"=1\"\"2\"x", "y,\"'=1\"\"2x\""), ("\"-5\",\"-5\"x", "\"-5\",\"'-5x\""),
            ("\"\"-5,\"\"", "\"\"-5,\"\""), ("y,\"\n=1\"", "y,\"'\n'=1\""), ("y,\"\r=1\"", "y,\"'\r'=1\""), ("\"\na\",y", "\"'\na\",y"),
        ] as [(String, String)])
    func formulasBehindQuotesAreGuarded(_ row: String, _ wanted: String) throws {
        #expect(try receipt("a,b\n\(row)\n").hasSuffix("tracking\n\(wanted),r12-2,held,p,r,c,t\n"))
    }

    /// A spreadsheet with other settings splits at another delimiter, inside our quotes too.
    @Test(
        arguments: [
            ("z;=1+1,y", "z;'=1+1,y"), ("y,z;-5", "y,z;'-5"), ("y,z\t@a|+1", "y,z\t'@a|'+1"), ("y,\"z;=1,2\"", "y,\"z;'=1,2\""),
            ("y,\"a,=1\"", "y,\"a,'=1\""), ("y,\"z;\"\"=1\"\"\"", "y,\"z;\"\"'=1\"\"\""), ("y,z;\"=1\"", "y,z;\"'=1\""),
            ("y,\"two\n=1\"", "y,\"two\n'=1\""), ("y,z;＝1", "y,z;'＝1"), ("=1;=2,y", "'=1;'=2,y"), ("z; =1,a;b", "z; =1,a;b"),
            ("z;'=1,a=b;c", "z;'=1,a=b;c"), ("\"z;=1\"x,y", "\"z;'=1x\",y"),
        ] as [(String, String)])
    func formulasBehindOtherDelimitersAreGuarded(_ row: String, _ wanted: String) throws {
        #expect(try receipt("a,b\n\(row)\n").hasSuffix("tracking\n\(wanted),r12-2,held,p,r,c,t\n"))
    }

    @Test func ourOwnCellsAndHeadingsAreGuardedToo() throws {
        let cells = ReceiptRow(status: "a;=1", problem: "found \"x\",\"=1\"", whatToDo: "\n-a", carrier: "-5", tracking: "+1")
        #expect(
            try receipt("a;b,x|=b\n1,2\n", settings: CSVSettings(delimiter: 0x2C), outcome: cells) == #"""
                \#u{FEFF}a;b,x|'=b,dropgate row,status,problem,what to do,carrier,tracking
                1,2,r12-2,a;'=1,"found ""x"",""'=1""","'
                '-a",-5,'+1

                """#)
    }

    @Test(arguments: [
        ("", ""), ("plain; text, more", "plain; text, more"), ("=1", "'=1"), ("\n=1", "'\n'=1"), ("a;\"\"=1", "a;\"\"'=1"),
        ("\"=1", "\"=1"),
        ("-5,00", "-5,00"), ("'=1", "'=1"), ("a|＠b", "a|'＠b"), ("＝1", "'＝1"), ("ü;-", "ü;'-"),
    ])
    func guardedTexts(_ text: String, _ wanted: String) {
        #expect(SpreadsheetGuard.guarded(text) == wanted)
        #expect(SpreadsheetGuard.guarded(wanted) == wanted)
    }

    /// The look for formulas takes many bytes at a time: none may hide at an edge, nor behind empty cells.
    @Test(arguments: [0x2C, 0x09] as [UInt8])
    func everyPlaceOfALongRowIsGuarded(_ delimiter: UInt8) throws {
        let mark = String(decoding: [delimiter], as: UTF8.self)
        let columns = 40
        for place in 0..<columns {
            for width in 0..<4 {
                var cells = [String](repeating: String(repeating: "x", count: width), count: columns)
                cells[place] = "+90"
                let head = (0..<columns).map { "h\($0)" }.joined(separator: mark)
                let text = try receipt(head + "\n" + cells.joined(separator: mark) + "\n", settings: CSVSettings(delimiter: delimiter))
                cells[place] = "'+90"
                let wanted = (cells + ["r12-2", "held", "p", "r", "c", "t"]).joined(separator: mark)
                #expect(text.split(separator: "\n").last == Substring(wanted))
            }
        }
    }

    @Test func raggedRowsKeepTheColumnsInTheirPlace() throws {
        let lines = try receipt("a,b,c\n1\n1,2\n1,2,3,4\n=1,2").split(separator: "\n").dropFirst()
        #expect(
            Array(lines) == ["1,,,r12-2,held,p,r,c,t", "1,2,,r12-3,held,p,r,c,t", "1,2,3,r12-4,held,p,r,c,t", "'=1,2,,r12-5,held,p,r,c,t"])
    }

    /// Quotes that are plain characters to the sender are none to a spreadsheet.
    @Test func withoutQuotesTheApostropheStandsInsideThem() throws {
        let settings = CSVSettings(delimiter: 0x09, quotesAreLiteral: true)
        let text = try receipt("a\tb\n\"=1+1\"\t\"\"=2\n", settings: settings)
        #expect(text.split(separator: "\n").last == "\"'=1+1\"\t\"\"'=2\tr12-2\theld\tp\tr\tc\tt")
    }

    @Test func withoutQuotesADelimiterBecomesABlank() throws {
        let settings = CSVSettings(delimiter: 0x09, quotesAreLiteral: true)
        let text = try receipt("a\tb\n\"1\t2\n", settings: settings, outcome: ReceiptRow(status: "x\ty\n\"z\""))
        #expect(text.split(separator: "\n").last == "\"1\t2\tr12-2\tx y \"z\"\t\t\t\t")
    }
}
