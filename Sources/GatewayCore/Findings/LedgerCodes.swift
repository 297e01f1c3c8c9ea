// Problems of this area. Each code stands once here and once in the list below.
extension FindingCode {
    package static let ledgerKeyDiffers = FindingCode(
        "ledger.key.differs", stops: .start,
        when: "The key in state/key is not the one that the ledger's digests were made with.",
        en: (
            "the key that this ledger was made with",
            "Restore state/key from the same backup as the ledger. With another key every order would count as changed."
        ),
        tr: (
            "bu defterin oluşturulduğu anahtar",
            "state/key dosyasını defterle aynı yedekten geri yükleyin. Başka bir anahtarla her sipariş değişmiş sayılır."
        ))
    package static let ledgerSchemaNewer = FindingCode(
        "ledger.schema.newer", stops: .start,
        when: "The ledger was written by a newer Dropgate.",
        en: ("ledger version {known} or older", "Start the newer dropgate, or restore the ledger of before the update."),
        tr: ("defter sürümü {known} veya daha eski", "Yeni dropgate sürümünü başlatın ya da güncelleme öncesi defteri geri yükleyin."))
    package static let ledgerSchemaOlder = FindingCode(
        "ledger.schema.older", stops: .start,
        when: "A command that only reads meets a ledger that this Dropgate has not brought up to date yet.",
        en: ("ledger version {known}", "Start dropgate run once: it brings the ledger up to date."),
        tr: ("defter sürümü {known}", "Bir kez dropgate run çalıştırın: defteri günceller."))
    package static let ledgerForeign = FindingCode(
        "ledger.file.foreign", stops: .start,
        when: "The file in the ledger's place is a database of another program.",
        en: ("a Dropgate ledger", "Move the file away, or name another workspace."),
        tr: ("bir Dropgate defteri", "Dosyayı başka yere taşıyın ya da başka bir çalışma klasörü belirtin."))
    package static let ledgerMissing = FindingCode(
        "ledger.missing", stops: .start,
        when: "A command asks the ledger of a workspace that never ran.",
        en: ("a ledger in this workspace", "Start dropgate run once, or name the workspace with -w."),
        tr: ("bu çalışma klasöründe bir defter", "Bir kez dropgate run çalıştırın ya da çalışma klasörünü -w ile belirtin."))
    package static let ledgerOnNetwork = FindingCode(
        "ledger.on.network", stops: .start,
        when: "The ledger's folder stands on a network file system, where SQLite's write-ahead log can lose data.",
        en: ("a local file system", "Put the workspace's state folder on a local disk; inbox and outbox may stay where they are."),
        tr: ("yerel bir dosya sistemi", "Çalışma klasörünün state klasörünü yerel diske koyun; inbox ve outbox yerinde kalabilir."))
    package static let ledgerNotOpened = FindingCode(
        "ledger.not.opened", stops: .start,
        when: "The ledger's file can't be opened.",
        en: ("a ledger that can be opened", "Check that the state folder exists and belongs to the user that runs dropgate."),
        tr: ("açılabilen bir defter", "state klasörünün var olduğunu ve dropgate kullanıcısına ait olduğunu denetleyin."))
    package static let ledgerBusy = FindingCode(
        "ledger.busy", stops: .endpoint,
        when: "Another process keeps the ledger locked for longer than the wait.",
        en: ("a ledger that is free within {wait} s", "End the program that has the ledger open; work goes on by itself."),
        tr: ("{wait} sn içinde boşalan bir defter", "Defteri açık tutan programı kapatın; iş kendiliğinden sürer."))
    package static let ledgerDiskFull = FindingCode(
        "ledger.disk.full", stops: .endpoint,
        when: "There is no room on the ledger's disk.",
        en: ("room on the disk of the state folder", "Make room; work goes on by itself and nothing is lost."),
        tr: ("state klasörünün diskinde yer", "Yer açın; iş kendiliğinden sürer ve hiçbir şey kaybolmaz."))
    package static let ledgerDiskFailed = FindingCode(
        "ledger.disk.failed", stops: .endpoint,
        when: "The ledger's disk refuses to read or write.",
        en: ("a disk that reads and writes", "Check the disk of the state folder; restore the ledger from a backup if it is damaged."),
        tr: ("okuyup yazan bir disk", "state klasörünün diskini denetleyin; defter bozulduysa yedekten geri yükleyin."))
    package static let ledgerDamaged = FindingCode(
        "ledger.damaged", stops: .endpoint,
        when: "The ledger's file is damaged or no database.",
        en: ("a whole ledger", "Stop dropgate and restore state from a backup, with the outbox of the same time."),
        tr: ("sağlam bir defter", "dropgate'i durdurun ve state klasörünü aynı zamanın outbox'ı ile birlikte yedekten geri yükleyin."))
    package static let ledgerReadOnly = FindingCode(
        "ledger.read.only", stops: .endpoint,
        when: "The ledger must be written and can't be: the file, the folder or the connection only reads.",
        en: ("a ledger that can be written", "Give the user that runs dropgate the right to write in the state folder."),
        tr: ("yazılabilen bir defter", "dropgate kullanıcısına state klasöründe yazma hakkı verin."))
    package static let ledgerFailed = FindingCode(
        "ledger.failed", stops: .endpoint,
        when: "The ledger's database reports an error that has no code of its own here.",
        en: ("a ledger that works", "Keep the message and report it; nothing was stored of this step."),
        tr: ("çalışan bir defter", "İletiyi saklayıp bildirin; bu adımdan hiçbir şey kaydedilmedi."))
    package static let ledgerArrivalUnknown = FindingCode(
        "ledger.arrival.unknown", stops: .file,
        when: "A step names an arrival that the ledger does not know, or that has no run.",
        en: ("an arrival that was begun", "Restore the ledger together with its outbox, or drop the file again."),
        tr: ("başlatılmış bir geliş", "Defteri outbox ile birlikte geri yükleyin ya da dosyayı yeniden bırakın."))
    package static let ledgerRangeEmpty = FindingCode(
        "ledger.range.empty", stops: .order,
        when: "A number range has no number left: orders that need one are held, the others go on.",
        en: (
            "a free number in range {range} ({from} to {to})",
            "Add a new range to dropgate.yaml and name it in the flow, then `dropgate held retry --because ledger.range.empty`."
        ),
        tr: (
            "{range} aralığında ({from} - {to}) boş bir numara",
            "dropgate.yaml dosyasına yeni bir aralık ekleyip akışta belirtin, sonra `dropgate held retry --because ledger.range.empty` çalıştırın."
        ))

    package static let ledgerCodes: [FindingCode] = [
        ledgerKeyDiffers, ledgerSchemaNewer, ledgerSchemaOlder, ledgerForeign, ledgerMissing, ledgerOnNetwork, ledgerNotOpened,
        ledgerBusy, ledgerDiskFull, ledgerDiskFailed, ledgerDamaged, ledgerReadOnly, ledgerFailed, ledgerArrivalUnknown,
        ledgerRangeEmpty,
    ]
}
