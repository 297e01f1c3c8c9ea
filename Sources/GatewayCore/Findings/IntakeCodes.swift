// Problems of this area. Each code stands once here and once in the list below.
extension FindingCode {
    /// The inbox or the folder for taken files can't be written.
    package static let intakeDiskReadOnly = FindingCode(
        "intake.disk.read-only", stops: .endpoint, when: "A file can't be taken because a file system is mounted read-only.",
        en: (expected: "a file system that can be written", remedy: "Mount it for writing; dropgate goes on by itself."),
        tr: (
            expected: "yazılabilir bir dosya sistemi",
            remedy: "Dosya sistemini yazılabilir bağlayın; kendiliğinden devam edilir."
        ))
    /// What lies under the name is not what was listed.
    package static let intakeFileChanged = FindingCode(
        "intake.file.changed", stops: .file, when: "A file was replaced or written to between being listed and being taken.",
        en: (expected: "the file as it was listed", remedy: "Nothing: it is looked at again once it no longer changes."),
        tr: (
            expected: "listelendiği andaki dosya",
            remedy: "Bir şey yapmanız gerekmez: değişmesi bitince dosyaya yeniden bakılır."
        ))
    /// The file went away.
    package static let intakeFileGone = FindingCode(
        "intake.file.gone", stops: .file, when: "A file was removed by somebody else before it was taken.",
        en: (
            expected: "the file that was listed",
            remedy: "Drop it again if it was not meant to be removed; nothing of it was shipped."
        ),
        tr: (
            expected: "listelenen dosya",
            remedy: "Silinmesi istenmediyse dosyayı yeniden bırakın; ondan hiçbir şey gönderilmedi."
        ))
    /// A writer went on after the file was taken.
    package static let intakeFileGrew = FindingCode(
        "intake.file.grew", stops: .file, when: "A file was still written to after it had been taken.",
        en: (
            expected: "{listed} bytes, as when it was taken",
            remedy:
                "Let the sender write under a name that ends in .part and rename it when it is complete, or raise quiet in dropgate.yaml."
        ),
        tr: (
            expected: "alındığı andaki {listed} bayt",
            remedy:
                "Gönderen, dosyayı .part ile biten bir adla yazıp tamamlanınca adını değiştirsin ya da dropgate.yaml içinde quiet değerini yükseltin."
        ))
    /// Over the cap for files.
    package static let intakeFileLarge = FindingCode(
        "intake.file.large", stops: .file, when: "A file has more bytes than limits.file allows.",
        en: (expected: "at most {limit} bytes", remedy: "Split the file, or raise file under limits in dropgate.yaml."),
        tr: (
            expected: "en çok {limit} bayt",
            remedy: "Dosyayı bölün ya da dropgate.yaml içinde limits altındaki file değerini yükseltin."
        ))
    /// It has more than one name.
    package static let intakeFileLinked = FindingCode(
        "intake.file.linked", stops: .file,
        when: "A file has a second name (hard link), so that somebody could change it after it was taken.",
        en: (expected: "a file with one name", remedy: "Copy the file into the inbox instead of linking it there."),
        tr: (expected: "tek adı olan bir dosya", remedy: "Dosyayı inbox içine bağlamak yerine kopyalayın."))
    /// It stayed incomplete.
    package static let intakeFileStalled = FindingCode(
        "intake.file.stalled", stops: .file,
        when: "A file is incomplete and did not grow during the flow's give up after.",
        en: (
            expected: "the rest of the file within {time}",
            remedy: "Drop the whole file again; the incomplete one is kept in state/held."
        ),
        tr: (
            expected: "dosyanın kalanının {time} içinde gelmesi",
            remedy: "Dosyanın tamamını yeniden bırakın; eksik olan state/held içinde saklanır."
        ))
    /// No permission.
    package static let intakeFolderForbidden = FindingCode(
        "intake.folder.forbidden", stops: .endpoint, when: "The gateway's user may not list, read or move files of an inbox.",
        en: (
            expected: "permission to read and move files there",
            remedy: "Give the user that dropgate runs as read, write and search rights on the folder and read rights on its files."
        ),
        tr: (
            expected: "oradaki dosyaları okuma ve taşıma izni",
            remedy: "dropgate'i çalıştıran kullanıcıya klasörde okuma, yazma ve arama, dosyalarda okuma izni verin."
        ))
    /// No folder.
    package static let intakeFolderMissing = FindingCode(
        "intake.folder.missing", stops: .endpoint, when: "An inbox folder is not there.",
        en: (expected: "a folder", remedy: "Create or mount it; dropgate goes on by itself."),
        tr: (expected: "bir klasör", remedy: "Klasörü oluşturun ya da bağlayın; kendiliğinden devam edilir."))
    /// Another folder.
    package static let intakeFolderReplaced = FindingCode(
        "intake.folder.replaced", stops: .endpoint,
        when: "Another folder stands in an inbox's place: an unmounted disk looks like an empty inbox.",
        en: (
            expected: "the same folder as at the start",
            remedy: "Mount it again, or restart dropgate if the folder was replaced on purpose."
        ),
        tr: (
            expected: "başlangıçtaki klasörün aynısı",
            remedy: "Yeniden bağlayın ya da klasör bilerek değiştirildiyse dropgate'i yeniden başlatın."
        ))
    /// A folder in the inbox.
    package static let intakeKindFolder = FindingCode(
        "intake.kind.folder", stops: .file, when: "A folder lies in an inbox.",
        en: (expected: "a file", remedy: "Put its files into the inbox itself; folders are not looked into."),
        tr: (expected: "bir dosya", remedy: "İçindeki dosyaları doğrudan inbox içine koyun; alt klasörlere bakılmaz."))
    /// A symbolic link.
    package static let intakeKindLink = FindingCode(
        "intake.kind.link", stops: .file, when: "A symbolic link lies in an inbox.",
        en: (expected: "a file", remedy: "Copy the file itself into the inbox; links are never followed."),
        tr: (expected: "bir dosya", remedy: "Dosyanın kendisini inbox içine kopyalayın; bağlantılar asla izlenmez."))
    /// A pipe, socket or device.
    package static let intakeKindSpecial = FindingCode(
        "intake.kind.special", stops: .file, when: "A pipe, socket or device lies in an inbox.",
        en: (expected: "a file", remedy: "Remove it from the inbox; it is never opened."),
        tr: (expected: "bir dosya", remedy: "Onu inbox içinden kaldırın; asla açılmaz."))
    /// Control characters in the name.
    package static let intakeNameControl = FindingCode(
        "intake.name.control", stops: .file,
        when: "A file's name holds control characters, or characters that turn the direction of writing.",
        en: (expected: "a name that can be shown as it is", remedy: "Rename the file and drop it again."),
        tr: (expected: "olduğu gibi gösterilebilen bir ad", remedy: "Dosyanın adını değiştirip yeniden bırakın."))
    /// Not UTF-8.
    package static let intakeNameEncoding = FindingCode(
        "intake.name.encoding", stops: .file, when: "A file's name is not UTF-8.",
        en: (expected: "a name in UTF-8", remedy: "Rename the file, best with plain letters and digits, and drop it again."),
        tr: (
            expected: "UTF-8 kodlamalı bir ad",
            remedy: "Dosyanın adını, tercihen yalın harf ve rakamlarla, değiştirip yeniden bırakın."
        ))
    /// Too long or not one segment.
    package static let intakeNameLong = FindingCode(
        "intake.name.long", stops: .file, when: "A file's name is longer than 255 bytes.",
        en: (expected: "a name of at most 255 bytes", remedy: "Shorten the name and drop the file again."),
        tr: (expected: "en çok 255 baytlık bir ad", remedy: "Adı kısaltıp dosyayı yeniden bırakın."))
    /// More than one segment.
    package static let intakeNamePath = FindingCode(
        "intake.name.path", stops: .file, when: "A server lists a name that is a path or leads to another folder.",
        en: (expected: "the name of a file in this folder", remedy: "Ask the partner why their server lists such a name."),
        tr: (expected: "bu klasördeki bir dosyanın adı", remedy: "Sunucusunun neden böyle bir ad verdiğini ortağınıza sorun."))
    /// The disk gives no bytes.
    package static let intakeReadFailed = FindingCode(
        "intake.read.failed", stops: .endpoint, when: "The system reports an error while a dropped file is listed, read or moved.",
        en: (
            expected: "to read and move files there",
            remedy: "Look into the system's log for the disk or mount; the file stays where it is and is tried again."
        ),
        tr: (
            expected: "oradaki dosyaların okunup taşınabilmesi",
            remedy: "Disk ya da bağlama noktası için sistem günlüğüne bakın; dosya yerinde kalır ve yeniden denenir."
        ))
    /// Free space under the floor.
    package static let intakeSpaceLow = FindingCode(
        "intake.space.low", stops: .endpoint, when: "Less free space is left than the next file could need.",
        en: (
            expected: "at least {needed} bytes free",
            remedy: "Free space or enlarge the disk; dropgate takes nothing in until then and goes on by itself."
        ),
        tr: (
            expected: "en az {needed} bayt boş yer",
            remedy: "Yer açın ya da diski büyütün; o zamana kadar dosya alınmaz, sonra kendiliğinden devam edilir."
        ))
    /// Something else lies where the taken file goes.
    package static let intakeTakeOccupied = FindingCode(
        "intake.take.occupied", stops: .file, when: "Another file lies where a taken file is to go.",
        en: (
            expected: "nothing, or the same bytes, at its place in state/spool",
            remedy: "Two gateways on one state folder? Stop one of them. Both files are untouched."
        ),
        tr: (
            expected: "state/spool içindeki yerinin boş olması ya da aynı baytların bulunması",
            remedy: "Aynı state klasöründe iki dropgate mi çalışıyor? Birini durdurun. İki dosyaya da dokunulmadı."
        ))
    /// No inotify.
    package static let intakeWatchUnavailable = FindingCode(
        "intake.watch.unavailable", stops: .nothing, when: "The system can't tell at once when files arrive in a folder.",
        en: (
            expected: "a watch on the folder",
            remedy: "Raise fs.inotify.max_user_watches and max_user_instances; until then files are found by the regular rescan."
        ),
        tr: (
            expected: "klasörün izlenebilmesi",
            remedy:
                "fs.inotify.max_user_watches ve max_user_instances değerlerini yükseltin; o zamana kadar dosyalar düzenli taramayla bulunur."
        ))
    /// The lock file can't be made.
    package static let intakeWorkspaceUnlockable = FindingCode(
        "intake.workspace.unlockable", stops: .start, when: "The lock file of a workspace can't be created or locked.",
        en: (
            expected: "a lock file that can be written",
            remedy: "Give the user that dropgate runs as write rights on state; it must not lie on a network file system."
        ),
        tr: (
            expected: "yazılabilir bir kilit dosyası",
            remedy: "dropgate'i çalıştıran kullanıcıya state üzerinde yazma izni verin; bir ağ dosya sisteminde bulunmamalı."
        ))

    package static let intakeCodes: [FindingCode] = [
        intakeDiskReadOnly, intakeFileChanged, intakeFileGone, intakeFileGrew, intakeFileLarge, intakeFileLinked,
        intakeFileStalled, intakeFolderForbidden, intakeFolderMissing, intakeFolderReplaced, intakeKindFolder, intakeKindLink,
        intakeKindSpecial, intakeNameControl, intakeNameEncoding, intakeNameLong, intakeNamePath, intakeReadFailed, intakeSpaceLow,
        intakeTakeOccupied, intakeWatchUnavailable, intakeWorkspaceUnlockable,
    ]

    /// Its sender meant an order file by it and must learn that it can't be taken: too large, or a name that can't be used.
    package var turnsSenderAway: Bool {
        [.intakeFileLarge, .intakeNameControl, .intakeNameEncoding, .intakeNameLong].contains(self)
    }
}
