@_spi(HotPath) import GatewayCore

/// A value of a carrier's account that the template needs.
package struct CarrierSetting: Hashable, Sendable {
    package var name: String
    package var summary: String
    package var isOptional: Bool
}

/// How many consignments a document of a carrier holds.
package enum DocumentKind: String, Sendable {
    case batch
    case onePerConsignment = "one per consignment"
}

/// A carrier's profile with its template and field table, read and checked.
package struct CarrierMapping: Sendable {
    package let name: String
    package let source: String
    package let file: String
    /// `xml` or `json`.
    package let fileExtension: String
    package let documents: DocumentKind
    /// The carrier's own cap.
    package let ordersPerDocument: Int?
    package let keyLimit: Int?
    package let settings: [CarrierSetting]
    package let secrets: [String]
    package let schema: SourceText?
    /// What `convert` uses for values that only a ledger or configuration could give.
    package let sample: [String: String]
    package let examples: [MappingExample]
    package let usedTables: [String]

    let key: Expression
    let rules: [Rule]
    let nodes: [Node]
    let tables: [String: CodeTable]

    /// `CODE when CONDITION -> sentence`
    struct Rule: Sendable {
        var code: String
        var condition: Condition
        var sentence: String
    }

    /// A node of the template, its expressions read.
    indirect enum Node: Sendable {
        case constant([UInt8])
        case value(TemplateValue, Choice, FieldLimit?)
        case each(TemplateSubject, [Node])
        case when(Condition, [Node])
        case separator
    }

    /// The order fields that can reach a consignment.
    package var usedSlots: DigestSlots {
        var slots = DigestSlots.none
        for name in allNames {
            switch CarrierNames.meaning(name, settings: settings) {
            case .field(let field)? where !field.isLine: slots.insert(field.slot)
            case .register(let register)?:
                for field in Self.fields(of: register) { slots.insert(field.slot) }
            case .field?, .setting?, .secret?, nil: break
            }
        }
        return slots
    }

    private static func fields(of register: Register) -> [OrderField] {
        let names: [String] =
            switch register {
            case .parcelCount, .parcelNumber, .parcelBarcode: ["parcel.count"]
            case .parcelWeight: ["parcel.count", "parcel.weight"]
            case .parcelVolume: ["parcel.count"]
            case .parcelContents: ["goods"]
            case .consignmentKey, .consignmentNumber, .consignmentSequence, .documentTime, .documentReference, .documentNumber,
                .documentOrders, .documentParcels, .lineNumber, .lineQuantity:
                []
            }
        return names.compactMap { OrderField.named($0) }
    }

    /// Every name that key, rules and template read.
    var allNames: [String] { names(in: nodes) + ruleNames }

    /// Names that are read for each order: not those before and after the consignments.
    var orderNames: [String] {
        for case .each(.consignment, let body) in nodes { return names(in: body) + ruleNames }
        return allNames
    }

    private var ruleNames: [String] {
        (Self.names(key) + rules.flatMap { Self.names($0.condition) }).map(\.text)
    }

    private func names(in nodes: [Node]) -> [String] {
        var names: [String] = []
        func walk(_ nodes: [Node]) {
            for node in nodes {
                switch node {
                case .constant, .separator: break
                case .value(_, let choice, _): names += Self.names(choice).map(\.text)
                case .each(let subject, let body):
                    if subject == .parcel { names.append("parcel.count") }
                    walk(body)
                case .when(let condition, let body):
                    names += Self.names(condition).map(\.text)
                    walk(body)
                }
            }
        }
        walk(nodes)
        return names
    }

    static func names(_ condition: Condition) -> [SourceText] {
        condition.tests.flatMap { test -> [SourceText] in
            if case .same(let other) = test.kind { return [test.name, other] }
            return [test.name]
        }
    }
    static func names(_ choice: Choice) -> [SourceText] {
        (choice.condition.map { names($0) } ?? []) + names(choice.then) + (choice.otherwise.map { names($0) } ?? [])
    }
    static func names(_ expression: Expression) -> [SourceText] {
        var out: [SourceText] = []
        for source in expression.sources {
            switch source {
            case .text: break
            case .name(let name): out.append(name)
            case .secret(let name): out.append(SourceText("secret " + name.text, at: name.place))
            }
        }
        for condition in expression.conditions { out += names(condition) }
        for step in expression.steps {
            var arguments = FunctionArguments(step: step, zone: .utc, tables: NoTables())
            // Only functions with a table fail here, and those read no second source.
            if let compiled = try? step.function.compile(&arguments) {
                out += compiled.sides.filter { !$0.isImplied && !$0.isLiteral($0.name.text) }.map(\.name)
            }
        }
        return out
    }
}

/// A secret's place in a document: the index in ``CarrierProgram/secrets`` is what ``Output/secretMark`` carries.
package struct SecretUse: Hashable, Sendable {
    package let name: String
    package let escape: Escape
}

/// What a carrier's mapping compiles to for one flow.
package struct CarrierProgram: Sendable {
    package let secrets: [SecretUse]
    package let fileExtension: String
    /// Whether head and tail write something around the consignments.
    package let isBatch: Bool
    let code: Code
    let key: Range<Int>
    let head: Range<Int>
    let order: Range<Int>
    let tail: Range<Int>
    let keyLimit: Int
    let keyNote: Note
    /// Registers that anything uses, and those that are used for an order.
    let used: UInt32
    let orderUses: UInt32
    /// Bytes of the pool that the constants point into.
    let pool: [UInt8]
    /// The flow's default parcel: grams, cubic millimetres, contents.
    let weight: Int
    let volume: Int
    let contents: [UInt8]
    let contentsValue: Value
}
