import Foundation
@_spi(HotPath) import GatewayCore
import Testing

@testable import GatewayFormats

/// The scanner beside Foundation's, on texts made by dice.
@Suite("JSON beside Foundation")
struct JSONReferenceTests {
    @Test("values are read as Foundation reads them", arguments: 0..<8)
    func values(seed: UInt64) throws {
        var dice = SplitMix(state: seed)
        for _ in 0..<150 {
            let strings = (0..<3).map { _ in Self.string(&dice) }
            let numbers = (0..<2).map { _ in Self.number(&dice) }
            let noise = Self.value(&dice, 0)
            let text =
                "{\"x\":\(noise),\"s\":[\(strings.joined(separator: " ,"))] ,\n\"n\": {\"a\":\(numbers[0]),\"b\":\(numbers[1])},\"y\":\(noise)}"
            let made = try table(text, columns: ["s[0]", "s[1]", "s[2]", "n.a", "n.b"], piece: 64)
            let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            let known = try #require(object["s"] as? [String]).map(Self.cell) + numbers
            let (row, wanted) = (made.dropFirst().joined(separator: "\n"), known.joined(separator: ","))
            #expect(row == (wanted == ",,,," ? "" : wanted))
        }
    }

    @Test("a text with one byte changed is refused when Foundation refuses it", arguments: 0..<8)
    func mistakes(seed: UInt64) throws {
        var dice = SplitMix(state: seed &+ 100)
        var refused = 0
        for _ in 0..<400 {
            var bytes = Array("{\"k\":\(Self.value(&dice, 0)),\"z\":\(Self.string(&dice))}".utf8)
            bytes[Int.random(in: bytes.indices, using: &dice)] = UInt8.random(in: 0x20...0x7E, using: &dice)
            let isSound = (try? JSONSerialization.jsonObject(with: Data(bytes))) != nil
            var finding: Finding?
            do { _ = try table(bytes, columns: ["z"]) } catch { finding = error }
            // Twice the same key is taken by Foundation.
            if finding?.code == .jsonKeyDouble { continue }
            #expect((finding == nil) == isSound, "\(String(decoding: bytes, as: UTF8.self))")
            if !isSound { refused += 1 }
        }
        #expect(refused > 50)
    }

    private static func cell(_ text: String) -> String {
        let isPlain = !text.utf8.contains { [0x2C, 0x22, 0x0A, 0x0D].contains($0) } && text.first != " " && text.first != "#"
        return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    private static func value(_ dice: inout SplitMix, _ depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 4 ? 5 : 8), using: &dice) {
        case 0: "true"
        case 1: "null"
        case 2: number(&dice)
        case 3, 4: string(&dice)
        case 5: "[" + (0..<Int.random(in: 0..<4, using: &dice)).map { _ in value(&dice, depth + 1) }.joined(separator: ",") + "]"
        case _:
            "{" + (0..<Int.random(in: 0..<4, using: &dice)).map { "\"k\($0)\" : " + value(&dice, depth + 1) }.joined(separator: ",\n") + "}"
        }
    }

    private static func number(_ dice: inout SplitMix) -> String {
        let whole = "\(Int.random(in: -5000...5000, using: &dice))"
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: return whole + ".\(Int.random(in: 0..<500, using: &dice))0"
        case 1: return whole + "e+\(Int.random(in: 0..<9, using: &dice))"
        case 2: return "\(UInt64.random(in: 1 << 60...UInt64.max >> 1, using: &dice))"
        case _: return whole
        }
    }

    private static func string(_ dice: inout SplitMix) -> String {
        let pieces = [
            "a", "Ş", "😀", "\\n", "\\\"", "\\\\", "\\/", "\\u0131", "\\ud83d\\ude00", ",", " ", "{", "]", ":", "longer words of text",
            "\\t",
        ]
        return "\"" + (0..<Int.random(in: 0..<9, using: &dice)).map { _ in pieces[Int.random(in: pieces.indices, using: &dice)] }.joined()
            + "\""
    }
}
