// Problems of this area. Each code stands once here and once in the list below.
extension FindingCode {
    /// The disk lost what was written.
    package static let publishFlushFailed = FindingCode(
        "publish.flush.failed", stops: .endpoint,
        when: "The disk reports an error when an outbox is flushed: what was written may be lost.",
        en: (
            expected: "the disk to keep what was written",
            remedy:
                "Look into the system's log for the disk. The document is written anew when the outbox is tried again, never flushed twice."
        ),
        tr: (
            expected: "diskin yazılanı saklaması",
            remedy:
                "Disk için sistem günlüğüne bakın. Yeniden denendiğinde belge baştan yazılır, aynı yazım ikinci kez diske zorlanmaz."
        ))
    /// No permission.
    package static let publishFolderForbidden = FindingCode(
        "publish.folder.forbidden", stops: .endpoint, when: "The gateway's user may not write into an outbox.",
        en: (
            expected: "permission to write there",
            remedy: "Give the user that dropgate runs as write and search rights on the folder; dropgate goes on by itself."
        ),
        tr: (
            expected: "oraya yazma izni",
            remedy: "dropgate'i çalıştıran kullanıcıya klasörde yazma ve arama izni verin; kendiliğinden devam edilir."
        ))
    /// No folder.
    package static let publishFolderMissing = FindingCode(
        "publish.folder.missing", stops: .endpoint, when: "An outbox folder is not there.",
        en: (expected: "a folder", remedy: "Create or mount it; dropgate goes on by itself."),
        tr: (expected: "bir klasör", remedy: "Klasörü oluşturun ya da bağlayın; kendiliğinden devam edilir."))
    /// Mounted read-only.
    package static let publishFolderReadOnly = FindingCode(
        "publish.folder.read-only", stops: .endpoint, when: "An outbox lies on a file system that is mounted read-only.",
        en: (expected: "a file system that can be written", remedy: "Mount it for writing; dropgate goes on by itself."),
        tr: (
            expected: "yazılabilir bir dosya sistemi",
            remedy: "Dosya sistemini yazılabilir bağlayın; kendiliğinden devam edilir."
        ))
    /// Another folder.
    package static let publishFolderReplaced = FindingCode(
        "publish.folder.replaced", stops: .endpoint,
        when: "Another folder stands in an outbox's place: on an unmounted disk the partner would never see the document.",
        en: (
            expected: "the same folder as at the start",
            remedy: "Mount it again, or restart dropgate if the folder was replaced on purpose."
        ),
        tr: (
            expected: "başlangıçtaki klasörün aynısı",
            remedy: "Yeniden bağlayın ya da klasör bilerek değiştirildiyse dropgate'i yeniden başlatın."
        ))
    /// Neither rename without replacing nor links.
    package static let publishFolderUnfit = FindingCode(
        "publish.folder.unfit", stops: .endpoint,
        when: "An outbox lies on a file system that can't rename without overwriting.",
        en: (
            expected: "a file system that can rename without overwriting, or hard-link",
            remedy: "Put the outbox on a local file system such as ext4 or XFS."
        ),
        tr: (
            expected: "üzerine yazmadan ad değiştirebilen ya da sabit bağlantı kurabilen bir dosya sistemi",
            remedy: "Outbox klasörünü ext4 ya da XFS gibi yerel bir dosya sistemine koyun."
        ))
    /// Not a name we make.
    package static let publishNameRefused = FindingCode(
        "publish.name.refused", stops: .endpoint,
        when: "A document's name is not made of letters, digits, points, hyphens and underscores.",
        en: (
            expected: "letters, digits, point, hyphen and underscore, not beginning with a point",
            remedy: "Report this to the makers of dropgate: it must not occur."
        ),
        tr: (
            expected: "harf, rakam, nokta, tire ve alt çizgi; nokta ile başlamayan",
            remedy: "Bunu dropgate'i yapanlara bildirin: olmaması gerekir."
        ))
    /// Another file has the name.
    package static let publishNameTaken = FindingCode(
        "publish.name.taken", stops: .endpoint, when: "An outbox holds another file under the document's name.",
        en: (
            expected: "no file of that name with other content",
            remedy: "Find out who wrote it and move it away; nothing is ever overwritten."
        ),
        tr: (
            expected: "bu adla başka içerikli bir dosyanın bulunmaması",
            remedy: "Kimin yazdığını bulup dosyayı başka yere taşıyın; hiçbir dosyanın üzerine yazılmaz."
        ))
    /// The document is not in state.
    package static let publishSourceMissing = FindingCode(
        "publish.source.missing", stops: .file, when: "The document to publish is neither in state nor in the outbox.",
        en: (
            expected: "the document that was written before",
            remedy: "If the partner has taken it already all is well; else restore state from a backup."
        ),
        tr: (
            expected: "daha önce yazılmış belge",
            remedy: "Ortağınız onu aldıysa sorun yok; değilse state klasörünü yedekten geri yükleyin."
        ))
    /// Any other error.
    package static let publishWriteFailed = FindingCode(
        "publish.write.failed", stops: .endpoint, when: "The system reports an error while a document is put into an outbox.",
        en: (
            expected: "to write there",
            remedy: "Look into the system's log for the disk or mount; the document waits in state and is tried again."
        ),
        tr: (
            expected: "oraya yazılabilmesi",
            remedy: "Disk ya da bağlama noktası için sistem günlüğüne bakın; belge state içinde bekler ve yeniden denenir."
        ))

    package static let publishCodes: [FindingCode] = [
        publishFlushFailed, publishFolderForbidden, publishFolderMissing, publishFolderReadOnly, publishFolderReplaced,
        publishFolderUnfit, publishNameRefused, publishNameTaken, publishSourceMissing, publishWriteFailed,
    ]
}
