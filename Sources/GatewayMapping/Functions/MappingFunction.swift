@_spi(HotPath) import GatewayCore

/// A function of the mapping language: its examples are its tests and its page in the manual.
package struct MappingFunction: Sendable {
    /// Words that call it: `drop leading`.
    package let name: String
    /// With its arguments in capitals: `drop leading TEXT`.
    package let usage: String
    /// What it does, in sentences.
    package let summary: String
    package let examples: [Example]
    /// Reads the arguments and makes the kernel. Called when a profile is checked, and again for each run.
    let compile: @Sendable (inout FunctionArguments) throws(Finding) -> CompiledStep

    /// A call with a value and what it gives.
    package struct Example: Hashable, Sendable {
        package let call: String
        package let value: String
        /// Values of the columns that the arguments name.
        package let columns: [String: String]
        /// Nil: the value is refused, with `refusal`.
        package let result: String?
        package let refusal: FindingCode?
        /// The value was damaged, and `result` is said to be taken instead.
        package var isRepair = false

        package init(_ call: String, of value: String, with columns: [String: String] = [:], gives result: String) {
            self.call = call
            self.value = value
            self.columns = columns
            self.result = result
            refusal = nil
        }
        package init(_ call: String, of value: String, with columns: [String: String] = [:], repairs result: String) {
            self.init(call, of: value, with: columns, gives: result)
            isRepair = true
        }
        package init(_ call: String, of value: String, with columns: [String: String] = [:], refuses refusal: FindingCode) {
            self.call = call
            self.value = value
            self.columns = columns
            result = nil
            self.refusal = refusal
        }
    }

    init(
        name: String, usage: String? = nil, summary: String, examples: [Example],
        compile: @escaping @Sendable (inout FunctionArguments) throws(Finding) -> CompiledStep
    ) {
        self.name = name
        self.usage = usage ?? name
        self.summary = summary
        self.examples = examples
        self.compile = compile
    }
}

/// A step ready to run.
struct CompiledStep: Sendable {
    var kernel: Kernel
    var room: Room
    /// Second sources; the kernel runs once for each. None: once without.
    var sides: [Side] = []
    /// Whether absent values are given to it too.
    var takesEmpty = false
    /// `required`: refuses an absent value.
    var isRequired = false
    /// For the words of its refusals.
    var words: [String: String] = [:]

    /// A second source of a step.
    struct Side: Sendable {
        var name: SourceText
        /// What stands for itself when there is no such name: `TRY`, `TR`.
        var isLiteral: @Sendable (String) -> Bool = { _ in false }
        /// Not written by the operator: taken when there is one.
        var isImplied = false
        /// Blank in a line's row it is nothing: it is not taken from the order's first row, as an order's currency is.
        var staysInRow = false
    }

    static func kernel(
        _ room: Room = Room(), sides: [Side] = [], takesEmpty: Bool = false, words: [String: String] = [:], _ kernel: @escaping Kernel
    ) -> CompiledStep {
        CompiledStep(kernel: kernel, room: room, sides: sides, takesEmpty: takesEmpty, words: words)
    }
}

/// The arguments of one use of a function, read in order.
struct FunctionArguments {
    private let step: Step
    private var next = 0
    /// The zone that times without an offset belong to.
    let zone: Zone
    private let tables: any TableSource
    private(set) var usedTables: Set<String> = []

    init(step: Step, zone: Zone, tables: any TableSource) {
        self.step = step
        self.zone = zone
        self.tables = tables
    }

    var isAtEnd: Bool { next == step.arguments.count }

    private func problem(at place: Place? = nil, found: String? = nil) -> Finding {
        Finding(
            .mappingFunctionArguments, at: place ?? step.place, found: found.map { .plain($0) },
            ["usage": .plain(step.function.usage), "function": .plain(step.function.name)])
    }

    private mutating func take() throws(Finding) -> Argument {
        guard next < step.arguments.count else { throw problem() }
        next += 1
        return step.arguments[next - 1]
    }

    /// Any text that is not empty.
    mutating func text() throws(Finding) -> [UInt8] {
        let argument = try take()
        guard !argument.text.text.isEmpty else { throw problem(at: argument.text.place, found: "\"\"") }
        return Array(argument.text.text.utf8)
    }
    /// Any text.
    mutating func anyText() throws(Finding) -> [UInt8] { Array(try take().text.text.utf8) }

    mutating func number(_ range: ClosedRange<Int>) throws(Finding) -> Int {
        let argument = try take()
        guard let number = Int(argument.text.text), range.contains(number) else {
            throw problem(at: argument.text.place, found: argument.text.text)
        }
        return number
    }
    mutating func optionalNumber(_ range: ClosedRange<Int>, default number: Int) throws(Finding) -> Int {
        isAtEnd ? number : try self.number(range)
    }

    /// One of `words`.
    mutating func word(_ words: [String]) throws(Finding) -> String {
        let argument = try take()
        guard words.contains(argument.text.text) else { throw problem(at: argument.text.place, found: argument.text.text) }
        return argument.text.text
    }
    /// Whether the next argument is `word`; takes it then.
    mutating func has(_ word: String) -> Bool {
        guard next < step.arguments.count, !step.arguments[next].isQuoted, step.arguments[next].text.text == word else { return false }
        next += 1
        return true
    }
    /// The next argument, and whether it was quoted.
    mutating func kind() throws(Finding) -> (text: String, isQuoted: Bool) {
        let argument = try take()
        return (argument.text.text, argument.isQuoted)
    }

    mutating func source(isLiteral: @escaping @Sendable (String) -> Bool = { _ in false }) throws(Finding) -> CompiledStep.Side {
        CompiledStep.Side(name: try take().text, isLiteral: isLiteral)
    }
    func implied(_ name: String) -> CompiledStep.Side {
        CompiledStep.Side(name: SourceText(name, at: step.place), isImplied: true)
    }

    mutating func table() throws(Finding) -> CodeTable {
        let name = try take().text
        guard let table = tables.table(name.text) else {
            throw Finding(
                .mappingTableUnknown, at: name.place, found: .plain(name.text),
                ["nearest": .plain(proposal(name.text, among: tables.tableNames))])
        }
        usedTables.insert(name.text)
        return table
    }
    /// A column of `table`; the second one when the operator names none.
    mutating func column(of table: CodeTable) throws(Finding) -> Int {
        if isAtEnd {
            guard table.columns.count > 1 else { throw problem(found: table.name) }
            return 1
        }
        let name = try take().text
        guard let column = table.column(name.text) else { throw problem(at: name.place, found: name.text) }
        return column
    }

    /// Whether `in` comes next.
    var nextIsZone: Bool { next < step.arguments.count && !step.arguments[next].isQuoted && step.arguments[next].text.text == "in" }

    /// `in ZONE`, else the flow's.
    mutating func zoneArgument() throws(Finding) -> Zone {
        guard has("in") else { return zone }
        let name = try take().text
        return try Zone.named(name.text, at: name.place)
    }

    /// Refuses arguments that nobody read.
    func end() throws(Finding) {
        if !isAtEnd { throw problem(at: step.arguments[next].text.place, found: step.arguments[next].text.text) }
    }

    /// The arguments do not fit.
    func misfit() -> Finding { problem() }
}
