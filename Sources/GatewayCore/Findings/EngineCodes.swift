// What the ledger's rules and the go-live guards say of an order or a file.
extension FindingCode {
    package static let orderChangedAfterLeft = FindingCode(
        "order.changed.left", stops: .order,
        when: "An order that already left comes again with other values that would have reached the carrier.",
        en: (
            "the values that left (other now: {changed})",
            "It already went to the carrier in document {document}. Change or cancel it there, then drop the order: `dropgate held drop '{reference}' --because \"changed at the carrier\"`."
        ),
        tr: (
            "gönderilmiş olan değerler (şimdi farklı: {changed})",
            "Sipariş {document} belgesiyle kargoya gitti. Değişikliği kargoda yapın ya da iptal edin; sonra bekletilen siparişi kaldırın: `dropgate held drop '{reference}' --because \"kargoda değiştirildi\"`."
        ))
    package static let orderKeyTaken = FindingCode(
        "order.key.taken", stops: .order,
        when: "Another order of the same carrier account was sent under the key that this order would get.",
        en: (
            "a key that no other order of this carrier account has",
            "Two shops use the same order numbers at one carrier account: give each flow its own `key prefix` in dropgate.yaml."
        ),
        tr: (
            "bu kargo hesabında başka siparişin kullanmadığı bir anahtar",
            "İki mağaza aynı kargo hesabında aynı sipariş numaralarını kullanıyor: dropgate.yaml içinde her akışa ayrı `key prefix` verin."
        ))
    package static let guardOrderOld = FindingCode(
        "guard.order.old", stops: .order,
        when: "The flow holds orders that were placed longer ago than `hold orders older than`.",
        en: (
            "an order placed in the last {limit}",
            "If it must ship, release it: `dropgate held release '{reference}'`. If it shipped elsewhere: `dropgate baseline --flow FLOW FILE`."
        ),
        tr: (
            "son {limit} içinde verilmiş bir sipariş",
            "Gönderilecekse bırakın: `dropgate held release '{reference}'`. Başka yerden gönderildiyse: `dropgate baseline --flow FLOW FILE`."
        ))
    package static let guardFileLarge = FindingCode(
        "guard.file.new", stops: .file,
        when: "A file has more new orders than the flow lets through at once (`hold files with more new orders than`).",
        en: (
            "at most {limit} new orders in one file",
            "If they must ship, release the file: `dropgate held release --arrival {arrival}`. If they shipped elsewhere: `dropgate baseline --flow FLOW FILE`."
        ),
        tr: (
            "bir dosyada en çok {limit} yeni sipariş",
            "Gönderileceklerse dosyayı bırakın: `dropgate held release --arrival {arrival}`. Başka yerden gönderildilerse: `dropgate baseline --flow FLOW FILE`."
        ))
    package static let guardLedgerOlder = FindingCode(
        "guard.ledger.older", stops: .order,
        when:
            "The gateway was started with `--hold-unknown` after its state was restored from an older backup: what the ledger does not know may have left.",
        en: (
            "an order that the ledger knows",
            "See in the outbox or at the carrier whether it left; then `dropgate held release '{reference}'` or `dropgate held drop '{reference}'`."
        ),
        tr: (
            "defterin bildiği bir sipariş",
            "Gönderilip gönderilmediğine giden kutusunda ya da kargoda bakın; sonra `dropgate held release '{reference}'` ya da `dropgate held drop '{reference}'`."
        ))
    package static let arrivalGone = FindingCode(
        "intake.gone", stops: .file,
        when: "A file that was about to be taken in is no longer there: somebody removed it.",
        en: ("the file that was listed", "Drop it again if it must be worked on."),
        tr: ("listelenen dosya", "İşlenmesi gerekiyorsa yeniden bırakın."))
    package static let arrivalUnfinished = FindingCode(
        "intake.unfinished", stops: .endpoint,
        when: "A run with `--once` ended while taken-in files of a flow could not be finished.",
        en: ("every file finished", "See the problem said before; start again when it is mended: nothing is lost."),
        tr: ("her dosyanın bitmesi", "Önceki soruna bakın; giderilince yeniden başlatın: hiçbir şey kaybolmadı."))
    package static let arrivalFlowGone = FindingCode(
        "intake.flow.gone", stops: .nothing,
        when: "A file was taken in for a flow that dropgate.yaml no longer has, or that has another mode now.",
        en: (
            "a flow of dropgate.yaml", "Put the flow back for as long as it takes to finish its files; their originals are in state/spool."
        ),
        tr: ("dropgate.yaml içinde bir akış", "Dosyaları bitirmek için akışı geri koyun; asılları state/spool içinde."))
    package static let unexpected = FindingCode(
        "state.unexpected", stops: .endpoint,
        when: "Something failed that Dropgate has no better word for, such as the ledger's database.",
        en: ("no error", "See what the message names; Dropgate tries again by itself."),
        tr: ("hatasız çalışma", "İletinin belirttiği yere bakın; Dropgate kendiliğinden yeniden dener."))

    package static let receiptOriginalGone = FindingCode(
        "receipt.original.gone", stops: .file,
        when: "A receipt was dropped whose original is not kept any more, or belongs to another flow.",
        en: (
            "a receipt of this flow whose original is still kept",
            "Drop it into the inbox of the flow that it came from; if it is too old, drop a new export of these orders."
        ),
        tr: (
            "bu akışın, aslı hâlâ saklanan bir makbuzu",
            "Geldiği akışın gelen kutusuna bırakın; çok eskiyse bu siparişlerin yeni dışa aktarımını bırakın."
        ))

    package static let secretsDiffer = FindingCode(
        "publish.secrets.differ", stops: .endpoint,
        when: "A document waits to be published, and the carrier's profile or account now has fewer secrets than when it was written.",
        en: (
            "the secrets of the profile that the document was written by",
            "Put the carrier's profile and account back until the document is out."
        ),
        tr: ("belgenin yazıldığı profilin gizli değerleri", "Belge çıkana dek kargo profilini ve hesabını eski haline getirin."))
    package static let publishOutboxGone = FindingCode(
        "publish.outbox.gone", stops: .endpoint,
        when: "Documents wait to be published, and dropgate.yaml no longer has the carrier account that they were written for.",
        en: (
            "a flow with the outbox {outbox}",
            "Put the flow's carrier and account back, and start again, until the documents are out; then change them."
        ),
        tr: (
            "{outbox} giden kutusu olan bir akış",
            "Belgeler çıkana dek akışın kargosunu ve hesabını eski haline getirip yeniden başlatın; sonra değiştirin."
        ))
    package static let orderAmbiguous = FindingCode(
        "order.reference.ambiguous", stops: .nothing,
        when: "A command names an order's reference, and orders of several flows have it.",
        en: ("one order, not one in each of {flows}", "Say which with --flow."),
        tr: ("tek bir sipariş, {flows} akışlarının her birinde değil", "--flow ile belirtin."))

    package static let engineCodes: [FindingCode] = [
        orderChangedAfterLeft, orderKeyTaken, guardOrderOld, guardFileLarge, guardLedgerOlder, arrivalGone, arrivalUnfinished,
        arrivalFlowGone, unexpected, receiptOriginalGone,
        secretsDiffer, publishOutboxGone, orderAmbiguous,
    ]
}
