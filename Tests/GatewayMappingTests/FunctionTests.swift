import Testing

@_spi(HotPath) @testable import GatewayCore
@testable import GatewayMapping

/// The examples of the manual are the functions' tests.
@Suite struct FunctionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var function: String
        var example: MappingFunction.Example
        var testDescription: String { "\(example.call) of \(example.value)" }
    }
    static let cases = FunctionCatalogue.all.flatMap { function in function.examples.map { Case(function: function.name, example: $0) } }

    @Test(arguments: cases) func examplesHold(_ example: Case) throws {
        let columns = example.example.columns.sorted { $0.key < $1.key }
        var parser = LineParser(quotes: .name, tables: testTables, report: LintReport())
        let parsed = parser.expression(SourceText("Value | \(example.example.call)", at: Place(file: "test.yaml", line: 1, column: 1)))
        #expect(parser.report.findings.map { $0.sentence() } == [])
        let expression = try #require(parsed)
        #expect(expression.steps.first?.function.name == example.function)
        // As constants …
        var emitter = Emitter(
            code: CodeBuilder(pool: ConstantPool()), zone: .utc, tables: testTables,
            resolve: { (name) throws(Finding) in
                if name.text == "Value" { return .constant(Array(example.example.value.utf8)) }
                return columns.first { $0.key == name.text }.map { .constant(Array($0.value.utf8)) } ?? .absent
            })
        var folded: String?
        var refusal: FindingCode?
        do throws(Finding) {
            folded = try emitter.emit(expression, for: Emitter.Subject(field: "test", isPersonal: false)).map {
                String(decoding: $0, as: UTF8.self)
            }
        } catch {
            refusal = error.code
        }
        if example.example.result != nil, example.function != "required" { #expect(folded == example.example.result) }
        if example.example.refusal != nil, example.function != "required" { #expect(refusal == .mappingConstantRefused) }
        // … and as cells of a file.
        let outcome = try run(
            channel(
                """
                channel: test
                source: this test
                format: csv
                recognised by: Order
                one order per: Order
                ship when:
                  - always
                fields:
                  reference: Order
                  note: Value | \(example.example.call)
                """),
            "Order,Value" + columns.map { "," + $0.key }.joined() + "\n1," + quoted(example.example.value)
                + columns.map { "," + quoted($0.value) }.joined() + "\n")
        if let result = example.example.result {
            if example.example.isRepair {
                #expect(outcome.findings.count == 1)
                #expect(outcome.findings.first?.contains("expected \"\(result)\", which was taken instead.") == true, "\(outcome.findings)")
                #expect(outcome.findings.first?.hasSuffix("[mapping.value.repaired]") == true)
            } else {
                #expect(outcome.findings == [])
            }
            let json = String(decoding: escaped(result.utf8, as: .jsonString), as: UTF8.self)
            #expect(
                outcome.lines.first?.contains(result.isEmpty ? "{\"reference\":\"1\",\"lines\"" : "\"note\":\"\(json)\"") == true,
                "\(outcome.lines)")
        } else {
            #expect(outcome.findings.count == 1)
            #expect(outcome.findings.first?.hasSuffix("[\(example.example.refusal?.id ?? "")]") == true)
        }
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    @Test func everyFunctionIsInTheManualAndInOrder() {
        let names = FunctionCatalogue.all.map(\.name)
        #expect(names == names.sorted())
        #expect(Set(names).count == names.count)
        for function in FunctionCatalogue.all {
            #expect(FunctionCatalogue.manual().contains("### `\(function.usage)`"))
            #expect(function.usage.hasPrefix(function.name.split(separator: " ").first.map(String.init) ?? ""))
        }
    }

    @Test func translatesThroughATable() throws {
        let profile = """
            channel: test
            source: this test
            format: csv
            recognised by: Order
            one order per: Order
            ship when:
              - always
            fields:
              reference: Order
              service: Service | translate services
            """
        let outcome = try run(channel(profile), "Order,Service\n1,standard\n2,EKSPRES GÖNDERİ\n3,Drone\n")
        #expect(outcome.lines[0].contains("\"service\":\"ST\""))
        #expect(outcome.lines[1].contains("\"service\":\"EX\""))
        #expect(
            outcome.findings == [
                """
                row 4: column 2 "Service": found "Drone", expected a value of the table services.
                Correct the cell, or add it to mappings/tables/services.csv; line 10 of mappings/channels/test.yaml reads it. [mapping.table.value]
                """
            ])
    }
}
