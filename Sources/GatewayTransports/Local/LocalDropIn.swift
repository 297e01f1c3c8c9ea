import GatewayCore
import Glibc

extension LocalDropStore {
    /// Moves the flushed file at `path` into this inbox under a sender's name, as a sender does who renames: never over another.
    ///
    /// False: another file has the name, and stays. Durable when it returns.
    package func dropIn(_ path: String, as file: String) throws(Finding) -> Bool {
        guard case .candidate = NameRule.judge(file) else { throw Finding(.intakeNamePath, at: Place(file: name), found: .plain(file)) }
        let inbox = try openFolder(.publish)
        let source: Descriptor
        do { source = try System.openFile(path, in: .here()) } catch { throw publishFinding(error, file: file) }
        do {
            try System.rename(path, in: .here(), to: file, in: inbox)
        } catch {
            if error.number == EEXIST { return false }
            guard error.number == EXDEV else { throw publishFinding(error, file: file) }
            let temporary = LocalDropStore.temporaryName()
            _ = try write(source, to: temporary, in: inbox, file, nil)
            do {
                try System.rename(temporary, in: inbox, to: file, in: inbox)
            } catch {
                System.discard(temporary, in: inbox)
                if error.number == EEXIST { return false }
                throw publishFinding(error, file: file)
            }
        }
        do { try System.flush(inbox) } catch { throw publishFinding(error, flushing: true) }
        // After a copy to another file system the first one is left; a crash before this has it dropped once more, with the same bytes.
        unlink(path)
        return true
    }
}
