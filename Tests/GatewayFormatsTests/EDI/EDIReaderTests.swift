import GatewayCore
import GatewayFormats
import GatewayTesting
import Testing

/// Reading of segments and envelopes: invented interchanges, and what must hold for every file.
struct EDIReaderTests {
    private static let isa =
        "ISA*00*          *00*          *ZZ*EXAMPLESHOP    *ZZ*EXAMPLEWH      *261124*0930*U*00401*000000007*0*T*>~"
    private static let order =
        isa
        + "GS*OW*EXAMPLESHOP*EXAMPLEWH*20261124*0930*7*X*004010~ST*940*0001~W05*N*1001~N1*ST*Elif Örnekoğlu~W76*2~SE*5*0001~GE*1*7~IEA*1*000000007~"
    private static let orders =
        "UNA:+.? 'UNB+UNOC:3+EXAMPLESHOP:14+EXAMPLEWH:14+261124:0930+77'UNH+1+ORDERS:D:96A:UN:EAN008'BGM+220+1001+9'FTX+AAI+++Ring twice?+ please?: 3rd floor'UNT+4+1'UNZ+1+77'"

    private func lines(_ text: String, window: Int = 1 << 16) throws -> [String] { try walkAll(Array(text.utf8), window: window).events }

    @Test func x12IsWalked() throws {
        let walked = try walkAll(Array(Self.order.utf8))
        #expect(walked.walk.findings == [])
        #expect(
            walked.events == [
                "interchange 000000007 EDIParty(qualifier: \"ZZ\", id: \"EXAMPLESHOP\") EDIParty(qualifier: \"ZZ\", id: \"EXAMPLEWH\") 00401",
                "group OW 7 004010", "set 940 0001 004010", "4@171 W05 1=N 2=1001", "5@182 N1 1=ST 2=Elif Örnekoğlu", "6@205 W76 1=2",
                "end 0001 5 true", "group end 7 1", "interchange end 000000007 1",
            ])
    }

    @Test func releasesAreResolved() throws {
        let walked = try walkAll(Array(Self.orders.utf8))
        #expect(walked.walk.findings == [])
        #expect(walked.events.contains("4@107 FTX 1=AAI 2= 3= 4=Ring twice+ please: 3rd floor"))
        #expect(walked.walk.totals.completeSets == 1)
    }

    @Test(arguments: ["~", "\n", "\r\n", "\r", "~\r\n", "\u{85}", "…", "|"])
    func terminatorsAreFound(_ terminator: String) throws {
        let text = Self.order.replacing("~", with: terminator)
        let walked = try walkAll(Array(text.utf8))
        #expect(walked.walk.findings == [])
        #expect(walked.walk.totals.segments == 9)
        #expect(walked.walk.totals.completeSets == 1)
    }

    @Test func headersAreNotPaddedByEveryone() throws {
        let text = Self.order.replacing("          ", with: "").replacing("    *", with: "*").replacing(
            "EXAMPLEWH      *", with: "EXAMPLEWH*")
        let walked = try walkAll(Array(text.utf8))
        #expect(walked.walk.findings.map(\.code.id) == ["edi.header.widths"])
        #expect(walked.walk.totals.completeSets == 1)
    }

    @Test func theNameISAInDataBeginsNothing() throws {
        let text = Self.order.replacing("Elif Örnekoğlu", with: "ISA*NARCISA")
        #expect(try walkAll(Array(text.utf8)).walk.totals.interchanges == 1)
    }

    @Test func interchangesHaveDelimitersOfTheirOwn() throws {
        let second = Self.order.replacing("*", with: "|").replacing("~", with: "\n").replacing("000000007", with: "000000008")
        let walked = try walkAll(Array((Self.order + second + Self.orders).utf8))
        #expect(walked.walk.findings == [])
        #expect(walked.walk.totals.interchanges == 3)
        #expect(walked.walk.totals.completeSets == 3)
    }

    @Test func anInterchangeThatIsNotEndedHidesNoNext() throws {
        let cut = Self.order.replacing("IEA*1*000000007~", with: "")
        let second = Self.order.replacing("*", with: "|").replacing("000000007", with: "000000008")
        let walked = try walkAll(Array((cut + second).utf8))
        #expect(walked.walk.findings.map(\.code.id) == ["edi.trailer.missing"])
        #expect(walked.walk.totals.completeSets == 2)
    }

    @Test func binaryDataMayHoldDelimiters() throws {
        let text = Self.order.replacing("W76*2~", with: "BIN*9*a~b*c\r\nde~").replacing("SE*5", with: "SE*5")
        let walked = try walkAll(Array(text.utf8))
        #expect(walked.walk.findings == [])
        #expect(walked.events.contains("6@205 BIN 1=9 2=a~b*c\r\nde"))
    }

    @Test func aBadSetHidesNoNeighbour() throws {
        let bad = "ST*940*0002~W05*N*1002~SE*9*0002~"
        let text = Self.order.replacing("GE*1*7~", with: bad + "ST*940*0003~W05*N*1003~SE*3*0003~GE*3*7~")
        let walked = try walkAll(Array(text.utf8))
        #expect(walked.walk.totals.sets == 3)
        #expect(walked.walk.totals.completeSets == 2)
        #expect(
            walked.walk.findings.map { $0.sentence() } == [
                """
                sample.edi: interchange 000000007, group 7, set 0002, segment 10 SE01, byte 244: found "9", expected 3, the segments that there are.
                Ask the sender for the set again; a flow with tolerance lenient takes it as it is. [edi.count.segments]
                """
            ])
    }

    @Test(arguments: [1, 7, 4_096, 1 << 20])
    func eventsAreTheSameWhateverTheWindow(_ window: Int) throws {
        for bytes in try Self.samples() + [Array(Self.order.utf8), Array(Self.orders.utf8)] {
            #expect(try walkAll(bytes, window: window).events == walkAll(bytes).events)
        }
    }

    /// Cut at every byte: it ends, and no set is complete that is not whole.
    @Test func cutFilesHaveNoMoreCompleteSets() throws {
        for bytes in try Self.samples().filter({ $0.count < 600 }) + [Array(Self.order.utf8), Array(Self.orders.utf8)] {
            var ends: [Int64] = []
            let walk = EDIWalk(BytesInPieces(bytes, piece: 1 << 16), file: "sample.edi")
            while let event = try walk.next() {
                // The trailer must be whole but for its terminator, which the last one may lack.
                if case .setEnd(let set) = event, set.isComplete, let trailer = walk.reader.segment { ends.append(trailer.offset + 3) }
            }
            for count in 0..<bytes.count {
                let cut = try walkAll(Array(bytes[..<count])).walk.totals.completeSets
                #expect(cut <= ends.count { $0 < Int64(count) }, "cut at \(count)")
            }
        }
    }

    /// The public samples beside the repository; none in a plain clone.
    private static func samples() throws -> [[UInt8]] {
        guard let root = SharedFiles.root else {
            print("Skipped: the public EDI samples are not beside the repository.")
            return []
        }
        return try ["x12", "edifact"].flatMap { folder in
            try FileIO.names(in: root + "/edi/" + folder).sorted().map {
                try FileIO.contents(root + "/edi/" + folder + "/" + $0, shown: $0)
            }
        }
    }
}
