@_spi(HotPath) import GatewayCore
import GatewayTesting
import Glibc
import Testing

@testable import GatewayFormats

/// Character sets: what they give, what tells them apart, and what a bad byte stops.
@Suite struct CharsetTests {
    private static let turkish = "Alıcı;Şehir\nİrem Örnek;Kadıköy\nOğuz Şahin;Çankaya\n"

    /// The text in a set of single bytes or pairs, looked up backwards.
    private func encoded(_ text: String, _ charset: Charset) throws -> [UInt8] {
        if charset == .utf16LittleEndian { return [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] } }
        if charset == .utf16BigEndian { return [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } }
        var known: [String: [UInt8]] = [:]
        for first in UInt8.min...UInt8.max {
            let one = String(decoding: charset.utf8([first]), as: UTF8.self)
            if one.count == 1, known[one] == nil { known[one] = [first] }
            guard charset == .cp932, first >= 0x81 else { continue }
            for second in UInt8(0x40)...0xFC {
                let pair = String(decoding: charset.utf8([first, second]), as: UTF8.self)
                if pair.count == 1, known[pair] == nil { known[pair] = [first, second] }
            }
        }
        return try text.flatMap { try #require(known[String($0)], "\($0) in \(charset)") }
    }

    private func verdict(_ bytes: [UInt8]) -> CharsetEvidence.Verdict {
        var evidence = CharsetEvidence()
        bytes.withUnsafeBytes { evidence.look($0) }
        return evidence.verdict
    }

    private func set(_ bytes: [UInt8]) -> Charset? {
        guard case .other(let charset, _) = verdict(bytes) else { return nil }
        return charset
    }

    @Test(arguments: [
        (Charset.windows1254, [UInt8](arrayLiteral: 0xDD, 0xFD, 0xDE, 0xFE, 0xD0, 0xF0, 0x80, 0x93), "İıŞşĞğ€“"),
        (.latin5, [0xDD, 0xFD, 0xE7], "İıç"), (.windows1252, [0xDD, 0xFE, 0x8E, 0xDF], "ÝþŽß"),
        (.cp932, [0x92, 0x8D, 0x95, 0xB6, 0x94, 0xD4, 0x8D, 0x86, 0xB1, 0x41], "注文番号ｱA"),
    ])
    func convertsToUTF8(_ charset: Charset, _ bytes: [UInt8], _ text: String) {
        #expect(String(decoding: charset.utf8(bytes), as: UTF8.self) == text)
    }

    @Test func whatASetDoesNotHaveIsNoUTF8() {
        #expect(Charset.latin5.utf8([0x41, 0x93]) == [0x41, 0xFF])
        #expect(Charset.windows1252.utf8([0x81]) == [0xFF])
        // A lead byte without its pair takes no delimiter with it.
        #expect(Charset.cp932.utf8([0x92, 0x2C, 0x41]) == [0xFF, 0x2C, 0x41])
        #expect(Charset.utf16LittleEndian.utf8([0x00, 0xD8, 0x41, 0x00]) == [0xFF, 0x41])
    }

    @Test(arguments: [(Charset.windows1252, "CP1252"), (.windows1254, "CP1254"), (.cp932, "CP932")])
    func agreesWithTheSystemsTables(_ charset: Charset, _ name: String) throws {
        guard let converter = iconv_open("UTF-8", name), Int(bitPattern: converter) != -1 else {
            print("skipped: this system has no table of \(name)")
            return
        }
        defer { iconv_close(converter) }
        var differing = 0
        var compared = 0
        let leads: [UInt8] = charset == .cp932 ? Array(0x81...0x9F) + Array(0xE0...0xEF) : [0]
        for lead in leads {
            for trail in UInt8(0x40)...0xFC {
                var bytes = charset == .cp932 ? [lead, trail] : [trail]
                let ours = charset.utf8(bytes)
                var out = [UInt8](repeating: 0, count: 16)
                var (inLeft, outLeft) = (bytes.count, out.count)
                let result = bytes.withUnsafeMutableBytes { input in
                    out.withUnsafeMutableBytes { output in
                        var from = input.baseAddress?.assumingMemoryBound(to: CChar.self)
                        var to = output.baseAddress?.assumingMemoryBound(to: CChar.self)
                        return iconv(converter, &from, &inLeft, &to, &outLeft)
                    }
                }
                guard result == 0, inLeft == 0 else { continue }
                compared += 1
                if Array(out.prefix(16 - outLeft)) != ours { differing += 1 }
            }
        }
        #expect(compared > 100)
        #expect(differing == 0, "of \(compared)")
    }

    @Test func turkishIsToldFromWestern() throws {
        #expect(set(try encoded(Self.turkish, .windows1254)) == .windows1254)
        #expect(set(try encoded("Nafn\nÞóra Guðmundsdóttir\nÍsafjörður\nSólrún Æsa Jónsdóttir\n", .windows1252)) == .windows1252)
        // The same text in both: either will do.
        #expect(set(try encoded("Name\nJörg Müller\n", .windows1252)) == .windows1254)
    }

    @Test func japaneseIsToldByItsPairs() throws {
        #expect(set(try encoded("注文番号\tお届け先\n1\t東京都千代田区\n", .cp932)) == .cp932)
    }

    @Test func whatCannotBeToldIsNamed() throws {
        // One word that is good in both.
        #expect(verdict(Array("Name\n".utf8) + [0x41, 0xFD, 0x42]) == .undecided(["windows-1254", "windows-1252"]))
        // Polish letters are signs in windows-1254.
        #expect(
            verdict(Array("Name\nPawe".utf8) + [0xB3, 0x20, 0x57, 0x73, 0xB9, 0x6B])
                == .undecided(["windows-1250", "windows-1254", "windows-1252"]))
        // Cyrillic of windows-1251.
        #expect(verdict([0xCC, 0xEE, 0xF1, 0xEA, 0xE2, 0xE0]) == .undecided(["cp932", "windows-1251", "windows-1253"]))
    }

    @Test func damageIsToldFromAnotherSet() {
        var bytes = Array(String(repeating: "Şişli,Kadıköy\n", count: 20).utf8)
        #expect(verdict(bytes) == .utf8)
        bytes[30] = 0xFF
        #expect(verdict(bytes) == .utf8WithDamage)
    }

    @Test(arguments: [Charset.utf16LittleEndian, .utf16BigEndian, .windows1254])
    func sourcesGiveUTF8InAnyPieces(_ charset: Charset) throws {
        let bytes = try encoded(Self.turkish, charset)
        for piece in [1, 2, 3, 7, 1000] {
            let source = TranscodingSource(MemorySource(bytes, piece: piece), from: charset)
            var text: [UInt8] = []
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 5, alignment: 1)
            defer { buffer.deallocate() }
            while case let got = try source.read(into: buffer), got > 0 { text += buffer[..<got] }
            #expect(String(decoding: text, as: UTF8.self) == Self.turkish)
        }
    }

    @Test func utf16IsToldWithoutAMark() throws {
        let bytes = try encoded(Self.turkish, .utf16LittleEndian)
        #expect(CharsetEvidence.utf16(Array(bytes.dropFirst(2))) == .utf16LittleEndian)
        #expect(CharsetEvidence.utf16(bytes) == .utf16LittleEndian)
        #expect(CharsetEvidence.utf16(Array(Self.turkish.utf8)) == nil)
    }

    @Test(arguments: [64, 256, 1 << 16])
    func badBytesFlagTheirRecordOnly(_ window: Int) throws {
        var bytes = Array("Name,City\n".utf8)
        for row in 2...40 {
            bytes += Array("Ayşe \(row),".utf8) + (row == 17 ? [0x4B, 0xFD, 0x4C] : row == 30 ? [0] : Array("İzmir".utf8)) + [0x0A]
        }
        let reader = try CSVReader(MemorySource(bytes), file: "orders.csv", mendsText: true)
        var batch = Batch(pool: [], window: window, headSlots: 1, lineSlots: 1)
        var flagged: [Int] = []
        var cells: [Int] = []
        while try reader.fill(&batch) {
            for r in 0..<batch.recordCount where batch.flags[r] & Batch.badText != 0 {
                flagged.append(batch.rowNumber(r))
                let (offset, count) = batch.field(r, 1)
                let text = String(decoding: UnsafeRawBufferPointer(start: batch.base + offset, count: count), as: UTF8.self)
                #expect(text == (batch.rowNumber(r) == 17 ? "K?L" : "?"))
            }
            cells += reader.damagedCells.map(\.column)
            reader.keep(batch)
        }
        #expect(flagged == [17, 30])
        #expect(cells == [1, 1])
    }
}
