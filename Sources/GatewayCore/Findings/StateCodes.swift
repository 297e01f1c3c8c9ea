// Problems of the workspace's own files and of the machine under it.
extension FindingCode {
    package static let diskFull = FindingCode(
        "state.disk.full", stops: .endpoint,
        when:
            "A file can't be written because its disk or quota is full. Nothing is taken in until there is room; then work goes on by itself.",
        en: ("room on the disk", "Free some space on that disk; Dropgate goes on by itself."),
        tr: ("diskte boş yer", "O diskte yer açın; Dropgate kendiliğinden devam eder."))
    package static let fileReadFailed = FindingCode(
        "state.file.unreadable", stops: .endpoint,
        when: "The system refuses to open or read a file.",
        en: ("a readable file", "Check the file's permissions and its disk."),
        tr: ("okunabilen bir dosya", "Dosyanın izinlerini ve diskini kontrol edin."))
    package static let fileWriteFailed = FindingCode(
        "state.file.unwritable", stops: .endpoint,
        when: "The system refuses to write, flush, rename or remove a file.",
        en: ("a writable place", "Check the folder's permissions and its disk; Dropgate tries again by itself."),
        tr: ("yazılabilen bir yer", "Klasörün izinlerini ve diskini kontrol edin; Dropgate kendiliğinden yeniden dener."))
    package static let fileTooLarge = FindingCode(
        "state.file.large", stops: .file,
        when: "A configuration or mapping file is larger than such a file can sensibly be.",
        en: ("at most {limit} bytes", "Check that it is the right file."),
        tr: ("en çok {limit} bayt", "Doğru dosya olup olmadığını kontrol edin."))
    package static let workspaceMissing = FindingCode(
        "state.workspace.missing", stops: .start,
        when: "The folder given is not a workspace: it has no dropgate.yaml.",
        en: ("a folder with a dropgate.yaml", "Make one with `dropgate init DIR`, or name it with -w DIR."),
        tr: ("içinde dropgate.yaml olan bir klasör", "`dropgate init DIR` ile oluşturun ya da -w DIR ile gösterin."))
    package static let workspaceLocked = FindingCode(
        "state.workspace.locked", stops: .start,
        when: "Another `dropgate run` works on this workspace.",
        en: (
            "no other run on this workspace",
            "Process {pid}, started {started}, is at work here; stop it first, or work in another workspace."
        ),
        tr: (
            "bu çalışma alanında başka çalışan süreç olmaması",
            "{started} tarihinde başlayan {pid} numaralı süreç burada çalışıyor; önce onu durdurun."
        ))
    package static let ledgerOlderThanOutbox = FindingCode(
        "state.ledger.older", stops: .start,
        when:
            "The outbox holds documents of arrivals that the ledger does not know: the workspace's state was restored from an older backup.",
        en: (
            "a ledger that knows arrival {outbox}",
            "Restore the newest state, or start with `dropgate run --hold-unknown`: then every new order is held until you release it."
        ),
        tr: (
            "{outbox} numaralı gelişi bilen bir defter",
            "En yeni durumu geri yükleyin ya da `dropgate run --hold-unknown` ile başlatın: her yeni sipariş siz bırakana dek bekletilir."
        ))
    package static let keyMissing = FindingCode(
        "state.key.missing", stops: .start,
        when: "The ledger is there and its key file is not: they must be restored together.",
        en: ("state/key beside the ledger", "Restore state/key from the same backup as the ledger."),
        tr: ("defterin yanında state/key", "state/key dosyasını defterle aynı yedekten geri yükleyin."))
    package static let keyOpen = FindingCode(
        "state.key.open", stops: .start,
        when: "Others than the owner may read the key file.",
        en: ("permissions 0600", "Run `chmod 600` on it."),
        tr: ("0600 izinleri", "Dosyada `chmod 600` çalıştırın."))

    package static let workspaceThere = FindingCode(
        "state.workspace.there", stops: .start,
        when: "`dropgate init` is asked to make a workspace where one is.",
        en: ("a folder without a dropgate.yaml", "Choose another folder, or run the workspace that is there."),
        tr: ("içinde dropgate.yaml olmayan bir klasör", "Başka bir klasör seçin ya da var olan çalışma alanını çalıştırın."))

    package static let clockStands = FindingCode(
        "state.clock.stands", stops: .start,
        when: "DROPGATE_CLOCK makes the clock stand, for rehearsals, and a flow of the workspace is in live mode.",
        en: (
            "a running clock, since a flow is in mode: live",
            "Unset DROPGATE_CLOCK. To rehearse a live workspace all the same, put `live:` before the number: DROPGATE_CLOCK=live:1795600000000."
        ),
        tr: (
            "işleyen bir saat: bir akış mode: live durumunda",
            "DROPGATE_CLOCK değişkenini kaldırın. Canlı bir çalışma alanını yine de prova etmek için sayının önüne `live:` yazın: DROPGATE_CLOCK=live:1795600000000."
        ))

    package static let stateCodes: [FindingCode] = [
        diskFull, fileReadFailed, fileWriteFailed, fileTooLarge, workspaceMissing, workspaceLocked, ledgerOlderThanOutbox,
        keyMissing, keyOpen, workspaceThere, clockStands,
    ]
}
