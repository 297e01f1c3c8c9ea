/// What a receipt says of a row beside the sender's own cells, in the flow's language.
package struct ReceiptRow: Sendable, Hashable {
    package var status: String
    package var problem: String
    package var whatToDo: String
    package var carrier: String
    package var tracking: String

    package init(status: String = "", problem: String = "", whatToDo: String = "", carrier: String = "", tracking: String = "") {
        self.status = status
        self.problem = problem
        self.whatToDo = whatToDo
        self.carrier = carrier
        self.tracking = tracking
    }
}
