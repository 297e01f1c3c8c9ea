@_spi(HotPath) import GatewayCore
import GatewayFormats
import GatewayMapping

/// Holds each order, as a document of its own, against the schema that the operator put beside the carrier's profile.
struct SchemaCheck: ~Copyable {
    private var machine: CarrierMachine
    private let schema: SchemaValidator
    /// Shown name of the schema's file.
    private let name: String
    private var scratch = Output()
    /// The draws of the document that the orders go into.
    var document = DocumentDraw(time: 0, number: 1, reference: String(repeating: "0", count: 32))

    init(_ program: CarrierProgram, _ schema: SchemaValidator, name: String) {
        machine = CarrierMachine(program)
        self.schema = schema
        self.name = name
    }

    /// What the schema refuses; nil when it accepts the order, or when the order can't be written at all.
    mutating func problem(of order: Int, in batch: inout Batch, _ draw: ConsignmentDraw) -> Finding? {
        scratch.rewind(to: 0)
        machine.head(&scratch, document)
        if machine.order(&batch, order, draw, &scratch) != nil { return nil }
        machine.tail(&scratch)
        let written = SecretMarks.standIn(scratch.bytes)
        guard let problem = written.withUnsafeBytes({ schema.problems(in: $0) }).first else { return nil }
        let row = batch.rowNumber(Int(batch.orders[order].firstRecord))
        return Finding(
            .carrierSchemaRefused, at: .row(row), found: nil,
            ["schema": .plain(name), "problem": .personal(problem.message), "path": .plain(problem.path)])
    }
}
