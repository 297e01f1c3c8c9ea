/// One step of a compiled mapping. Flat and without references: the interpreter runs over a pointer to these.
///
/// There is one accumulator; loads replace it, steps change it, sinks take it. Jumps are relative to the next op.
enum Op: BitwiseCopyable, Sendable {
    // Loads
    /// A column of the current record, without its quotes and outer blanks.
    case field(UInt16)
    /// A column whose quotes are characters like others.
    case literalField(UInt16)
    /// A column of the order's first record.
    case firstField(UInt16)
    case slot(UInt16)
    case lineSlot(UInt16)
    case constant(UInt16)
    /// A value of the consignment, parcel or document that the carrier's machine computed.
    case register(UInt16)
    /// A value of the piece of a cell that the current line is made of.
    case piece(UInt16)

    // Two sources
    /// Keeps the accumulator aside.
    case save
    /// The accumulator becomes the side value, the kept value the accumulator.
    case side
    /// The accumulator becomes the kept value.
    case restore

    // Tests and jumps
    case testPresent
    case testAbsent
    /// Whether the accumulator is one of a list of words.
    case testAny(UInt16)
    /// A fused load and test: column, list.
    case fieldIsAny(UInt16, UInt16)
    /// Whether the kernel leaves something.
    case testCall(UInt16)
    case flip
    case jump(UInt16)
    case jumpIfPresent(UInt16)
    case jumpIfTrue(UInt16)
    case jumpIfFalse(UInt16)
    /// Fused load, test and jump: slot, distance.
    case jumpIfSlotAbsent(UInt16, UInt16)
    case jumpIfFieldAbsent(UInt16, UInt16)
    /// Column, list, distance: jumps when the column is none of the words.
    case jumpUnlessFieldIsAny(UInt16, UInt16, UInt16)

    // Steps
    /// Kernel, note. An absent value passes by.
    case call(UInt16, UInt16)
    /// Kernel, note; absent values too.
    case callAlways(UInt16, UInt16)
    /// Refuses an absent value: refusal's raw value, note.
    case require(UInt8, UInt16)
    /// At most so many characters: count, kernel for the slow path, note.
    case limit(UInt16, UInt16, UInt16)
    /// Refuses the order: note.
    case refuse(UInt16)

    // Sinks
    case store(UInt16)
    case storeLine(UInt16)
    /// A fused load and store: column, slot.
    case fieldStore(UInt16, UInt16)
    case fieldStoreLine(UInt16, UInt16)
    case storeRegister(UInt16)
    /// The line's quantity: slot, note.
    case storeQuantity(UInt16, UInt16)
    /// The order's fate: raw value of ``Fate``, reason or note; ends the run.
    case decide(UInt8, UInt16)
    /// The order's fate unless a later op decides; the run goes on.
    case mark(UInt8)
    /// Constant bytes, by literal.
    case literal(UInt16)
    /// Constant bytes, then the accumulator, escaped.
    case emitText(UInt16)
    case emitAttribute(UInt16)
    case emitJSON(UInt16)
    case emitCell(UInt16)
    case emitRaw(UInt16)
    /// A fused load, length check and emit for XML text: slot, longest count of bytes, literal. Where the value may be too long, the next
    /// four ops run instead.
    case emitSlot(UInt16, UInt16, UInt16)
    /// The same for a value that must not be absent.
    case emitRequired(UInt16, UInt16, UInt16)
    /// The same between two literals, the second being the next one; nothing of all that when the value is absent.
    case emitIfPresent(UInt16, UInt16, UInt16)
    /// A comma unless one would be wrong here.
    case separator
    /// Runs the next ops so often as there are parcels / lines: their number.
    case eachParcel(UInt16)
    case eachLine(UInt16)

    /// In the slot of an `emit…` op: a line's slot, not the order's.
    static let lineBit: UInt16 = 0x8000
}
