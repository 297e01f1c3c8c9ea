import GatewayCore
import GatewayProfiles
import Testing

/// YAML as text with places, and what is said of YAML that can't be read.
struct ConfigReaderTests {
    @Test func scalarsStayText() throws {
        let node = try read("country: NO\npostcode: 01234\nday: 2026-11-24\nflag: yes\nhash: 1e3\nempty:\n")
        #expect(texts(node) == ["NO", "01234", "2026-11-24", "yes", "1e3", ""])
    }

    @Test func everyNodeHasItsPlace() throws {
        let node = try read("a:\n  - x\n  - b: y\n")
        guard case .list(let items, let place) = node["a"] else {
            Issue.record("a is no list")
            return
        }
        #expect(place == Place(file: "x.yaml", line: 2, column: 3))
        #expect(items.map(\.place) == [Place(file: "x.yaml", line: 2, column: 5), Place(file: "x.yaml", line: 3, column: 5)])
        #expect(items[1]["b"]?.place == Place(file: "x.yaml", line: 3, column: 8))
    }

    @Test func byteOrderMarkIsNoPartOfTheText() throws {
        #expect(try texts(read("\u{FEFF}a: 1")) == ["1"])
    }

    @Test func columnsCountCharactersNotBytes() throws {
        let node = try read("\"İŞ\": ölçü")
        #expect(node["İŞ"]?.place == Place(file: "x.yaml", line: 1, column: 7))
    }

    @Test(arguments: [
        (
            "a: 1\n\tb: 2\n",
            "x.yaml:2:1: found \"\\tb: 2\", expected blanks for indentation.\nReplace the tab by blanks. [config.yaml.tab]"
        ),
        (
            "a: 1\nb: 2\na: 3\n",
            "x.yaml:1:1: found \"a\", expected each key once.\nRemove one of the two, or give it its own name. [config.yaml.duplicate]"
        ),
        (
            "a: &top 1\nb: *top\n",
            "x.yaml:1:4: found \"&top\", expected the value itself: anchors and aliases are not used here.\n"
                + "Write the value out in each place. [config.yaml.anchor]"
        ),
        (
            "b: *top\n",
            "x.yaml:1:4: found \"b: *top\", expected the value itself: anchors and aliases are not used here.\n"
                + "Write the value out in each place. [config.yaml.anchor]"
        ),
        (
            "a: b: c\n",
            "x.yaml:1:5: found \"a: b: c\", expected well-formed YAML (mapping values are not allowed in this context).\n"
                + "Mend the line, or the one before it: indentation by blanks, a blank after each colon, quotes closed. [config.yaml.syntax]"
        ),
        (
            "a: \"open\nb: 1\n",
            "x.yaml:3:1: found \"\", expected well-formed YAML (while scanning a quoted scalar from line 1: found unexpected end of stream).\n"
                + "Mend the line, or the one before it: indentation by blanks, a blank after each colon, quotes closed. [config.yaml.syntax]"
        ),
        (
            "? [a]\n: b\n",
            "x.yaml:1:3: found nothing, expected a text as key.\nWrite the key as plain text before the colon. [config.yaml.key]"
        ),
        (
            "# nothing\n",
            "x.yaml: found nothing, expected keys with values.\nWrite the file's keys; dropgate init writes an explained example. [config.file.empty]"
        ),
        (
            String(repeating: "[", count: 40) + String(repeating: "]", count: 40),
            "x.yaml:1:34: found \"33\", expected at most 32 levels.\nCheck the indentation of the lines before. [config.yaml.deep]"
        ),
    ])
    func unreadableFileIsExplained(_ text: String, _ sentence: String) {
        #expect(said(Array(text.utf8)) == sentence)
    }

    @Test func otherCharacterSetsAreRefused() {
        #expect(
            said([0x61, 0x3A, 0x20, 0xFE]) == "x.yaml: found nothing, expected UTF-8 text.\nSave the file as UTF-8. [config.file.encoding]")
    }

    @Test func largeFileIsRefused() {
        #expect(said([UInt8](repeating: 0x23, count: ConfigReader.sizeLimit + 1))?.hasSuffix("[state.file.large]") == true)
    }

    /// A thousand levels of aliases would make 10^30 nodes: the first anchor ends it.
    @Test func aliasesCannotMultiply() {
        var text = "a0: &a0 [x, x]\n"
        for n in 1...30 { text += "a\(n): &a\(n) [\(Array(repeating: "*a\(n - 1)", count: 10).joined(separator: ", "))]\n" }
        #expect(said(Array(text.utf8))?.hasSuffix("[config.yaml.anchor]") == true)
    }

    private func read(_ text: String) throws(Finding) -> ConfigNode { try ConfigReader.read(Array(text.utf8), file: "x.yaml") }

    private func said(_ bytes: [UInt8]) -> String? {
        do throws(Finding) {
            _ = try ConfigReader.read(bytes, file: "x.yaml")
            return nil
        } catch {
            return error.sentence()
        }
    }

    private func texts(_ node: ConfigNode) -> [String] {
        guard case .map(let entries, _) = node else { return [] }
        return entries.compactMap { if case .text(let text) = $0.value { text.text } else { nil } }
    }
}

/// Numbers with units.
struct QuantityTests {
    @Test(arguments: [
        ("1 kg", 1000), ("1kg", 1000), ("1.2345 kg", 1235), ("0.0005 kg", 1), ("500 g", 500), ("1 lb", 454), ("16 oz", 454),
        ("2.20462 lb", 1000),
    ])
    func masses(_ text: String, _ grams: Int) { #expect(Quantity.grams(text) == grams) }

    @Test(arguments: [
        "", "kg", "1", "1,5 kg", "-1 kg", "1.2.3 kg", "1e3 g", "1 KG", "1 stone", ".5 kg", "1. kg", "999999999999 kg", "1.1234567 kg",
    ])
    func notMasses(_ text: String) { #expect(Quantity.grams(text) == nil) }

    @Test(arguments: [("30 cm", 300), ("255 mm", 255), ("1.5 m", 1500), ("12 in", 305), ("0.25 cm", 3)])
    func lengths(_ text: String, _ millimetres: Int) { #expect(Quantity.millimetres(text) == millimetres) }

    @Test(arguments: [
        ("500 ms", Int64(500)), ("2 s", 2_000), ("15 min", 900_000), ("4 h", 14_400_000), ("1 day", 86_400_000), ("10 days", 864_000_000),
    ])
    func durations(_ text: String, _ milliseconds: Int64) { #expect(Quantity.milliseconds(text) == milliseconds) }

    @Test(arguments: ["1.5 h", "5", "5 minutes", "9223372036854775807 days", "-1 s"])
    func notDurations(_ text: String) { #expect(Quantity.milliseconds(text) == nil) }

    @Test(arguments: [("64 kB", 65_536), ("8 MB", 8 << 20), ("4 GB", 4 << 30), ("10 B", 10)])
    func sizes(_ text: String, _ bytes: Int) { #expect(Quantity.bytes(text) == bytes) }
}

/// The name that was probably meant.
struct NearestTests {
    @Test(arguments: [("carier", "carrier"), ("ZONE", "zone"), ("mdoe", "mode"), ("chanels", "channels"), ("x", "mode")])
    func nearestOfTheKeys(_ wrong: String, _ meant: String) {
        #expect(Nearest.name(to: wrong, among: ["mode", "carrier", "zone", "channels"]) == meant)
    }

    @Test func nothingIsNearToNothing() { #expect(Nearest.name(to: "a", among: []) == nil) }
}
