@_spi(HotPath) import GatewayCore

extension MappingFunction {
    static let translate = MappingFunction(
        name: "translate", usage: "translate TABLE [COLUMN]",
        summary: """
            Looks the value up in the first column of mappings/tables/TABLE.csv and gives the second column, or the named one. \
            Case and Turkish dots do not matter. A value that is not there is refused.
            """,
        examples: [],
        compile: { arguments throws(Finding) in
            let table = try arguments.table()
            let column = try arguments.column(of: table)
            let results = table.rows.map { $0.indices.contains(column) ? Array($0[column].utf8) : [] }
            let longest = results.map(\.count).max() ?? 0
            return .kernel(Room(fixed: 64 + longest), words: ["table": table.name]) { context in
                guard let row = table.row(context.bytes) else { return context.refuse(.table) }
                context.set(results[row])
            }
        })
}
