@_spi(HotPath) import GatewayCore

/// Text of a wrong character set and a spreadsheet's error values, in every field that a profile fills.
extension ChannelMachine {
    /// Whether the order's rows hold the first bytes of such a thing. Of sound text it costs one look at each byte.
    @inline(__always) func mayBeDamaged(_ first: Int, _ end: Int, _ batch: borrowing Batch) -> Bool {
        var at = Int(batch.ends[Int(batch.rows[first])]) + 1
        let stop = Int(batch.ends[Int(batch.rows[end - 1]) + program.columnCount])
        while at < stop {
            let word = batch.base.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            var hits = zeroBytes(word ^ splat(0xC3)) | zeroBytes(word ^ splat(0x23))
            while hits != 0 {
                let next = at + hits.trailingZeroBitCount >> 3
                if isSuspect(
                    batch.base.load(fromByteOffset: next, as: UInt8.self), batch.base.load(fromByteOffset: next + 1, as: UInt8.self))
                {
                    return true
                }
                hits &= hits - 1
            }
            at += 8
        }
        return false
    }

    /// `#` before a capital letter; the bytes of Ã Ä Å Ð Ý Þ ð ý þ.
    @inline(__always) private func isSuspect(_ byte: UInt8, _ next: UInt8) -> Bool {
        if byte == 0x23 { return next &- 0x41 < 26 }
        guard byte == 0xC3 else { return false }
        return next &- 0x83 < 3 || next == 0x90 || next == 0x9D || next == 0x9E || next == 0xB0 || next == 0xBD || next == 0xBE
    }

    /// Repairs what can be repaired in one way only, and says it; says what cannot.
    @inline(never) func mendTexts(_ firstLine: Int, _ batch: inout Batch) {
        var cells = Set<UInt64>()
        let isTurkish = batch.bytes(state.head[program.texts.country]).elementsEqual("TR".utf8)
        var texts: [[UInt32]] = []
        for place in places(firstLine, batch) {
            let value = place.value
            if value.count == 0 { continue }
            let bytes = batch.bytes(value)
            if bytes[0] == 0x23, SpreadsheetErrors.contain(bytes) {
                if !place.field.isIdentifier, isNew(value, &cells) { sayDamaged(place.field.note, value, &batch) }
                continue
            }
            switch Mojibake.reading(of: bytes) {
            case .sound: if isTurkish { texts.append(Mojibake.scalars(bytes)) }
            case .broken: if isNew(value, &cells) { say(.mappingTextMisread, place, &batch) }
            case .repaired(let text): mend(place, text, &cells, &batch)
            }
        }
        guard isTurkish else { return }
        let verdict = Mojibake.turkish(texts)
        if case .sound = verdict { return }
        for place in places(firstLine, batch) where place.value.count > 0 {
            guard let text = Mojibake.asTurkish(Mojibake.scalars(batch.bytes(place.value))) else { continue }
            switch verdict {
            case .sound: break
            case .misread: mend(place, text, &cells, &batch)
            case .undecided: if isNew(place.value, &cells) { say(.mappingTextMisread, place, &batch) }
            }
        }
    }

    /// A value of the order and where it lies.
    private struct FieldPlace {
        var field: TextFields.Field
        var slot: UnsafeMutablePointer<Value>
        var value: Value { slot.pointee }
    }

    private func places(_ firstLine: Int, _ batch: borrowing Batch) -> [FieldPlace] {
        var all = program.texts.heads.map { FieldPlace(field: $0, slot: state.head + $0.slot) }
        for line in firstLine..<batch.lineCount {
            all += program.texts.lines.map { FieldPlace(field: $0, slot: batch.lines + line * batch.lineSlots + $0.slot) }
        }
        return all
    }

    /// Two fields of one cell are said once.
    private func isNew(_ value: Value, _ cells: inout Set<UInt64>) -> Bool {
        cells.insert(UInt64(value.row) << 32 | UInt64(value.column)).inserted
    }

    private func mend(_ place: FieldPlace, _ text: [UInt8], _ cells: inout Set<UInt64>, _ batch: inout Batch) {
        let before = place.value
        var after = stored(text, &batch)
        (after.column, after.row) = (before.column, before.row)
        if isNew(before, &cells) { Interpreter.sayRepaired(place.field.note, before, after, program.code, state, &batch) }
        place.slot.pointee = after
    }

    private func say(_ code: FindingCode, _ place: FieldPlace, _ batch: inout Batch) {
        Interpreter.report(code, note: place.field.note, code: program.code, place.value, state, &batch)
    }
}
