// Problems of connections to partners' servers. Each code stands once here and once in the list below.
extension FindingCode {
    /// An operation hangs.
    package static let transportAbandoned = FindingCode(
        "transport.abandoned", stops: .endpoint,
        when: "An operation did not end by its limit, nor when its connection was cut: it was left to itself.",
        en: (
            "an end within its time limit",
            "Nothing is needed if it stays at this; dropgate tries again on a new connection. If it comes back, run `dropgate doctor {endpoint}`."
        ),
        tr: (
            "süre sınırı içinde bitmesi",
            "Bir kez oluyorsa yapılacak bir şey yok; dropgate yeni bir bağlantıyla yeniden dener. Yinelenirse `dropgate doctor {endpoint}` çalıştırın."
        ))
    /// A delivery whose files are both gone.
    package static let transportDeliveryTaken = FindingCode(
        "transport.delivery.taken", stops: .nothing,
        when:
            "After a rename whose reply was lost neither the unfinished nor the finished document is at the server: the partner has most likely fetched it. It is not sent again.",
        en: (
            "the document at {endpoint}",
            "Ask the partner whether they have it. It is kept in the outbox under its name with .kept- in front: if they lack it, send them that file."
        ),
        tr: (
            "{endpoint} üzerinde belge",
            "Ortağınıza belgeyi alıp almadıklarını sorun. Belge outbox içinde, adının önünde .kept- ile saklanır: almadılarsa o dosyayı gönderin."
        ))
    /// No room at the server.
    package static let transportDiskFull = FindingCode(
        "transport.disk.full", stops: .endpoint,
        when: "The partner's server has no room, or the user's quota is used up.",
        en: (
            "room on the server {endpoint}",
            "Ask the partner for room, or clear the folder with them; the documents wait here and go by themselves."
        ),
        tr: (
            "{endpoint} sunucusunda boş yer",
            "Ortağınızdan yer açmasını isteyin; belgeler burada bekler ve kendiliğinden gider."
        ))
    /// No folder.
    package static let transportFolderMissing = FindingCode(
        "transport.folder.missing", stops: .endpoint,
        when: "A folder of an endpoint is not on its server, or the user may not see it.",
        en: (
            "the folder {folder} on {endpoint}",
            "Check the path in dropgate.yaml with the partner, or have the folder made; dropgate goes on by itself."
        ),
        tr: (
            "{endpoint} üzerinde {folder} klasörü",
            "dropgate.yaml içindeki yolu ortağınızla doğrulayın ya da klasörü açtırın; kendiliğinden devam edilir."
        ))
    /// libcurl is not there.
    package static let transportLibraryMissing = FindingCode(
        "transport.library.missing", stops: .endpoint,
        when: "libcurl, which talks to partners' servers, is not on this machine or can't be loaded.",
        en: (
            "the library libcurl.so.4", "Install it (on Debian: the package libcurl4) and restart; folders on this machine work without it."
        ),
        tr: (
            "libcurl.so.4 kitaplığı",
            "Kitaplığı kurun (Debian'da libcurl4 paketi) ve yeniden başlatın; bu makinedeki klasörler onsuz da çalışır."
        ))
    /// No permission.
    package static let transportForbidden = FindingCode(
        "transport.forbidden", stops: .endpoint,
        when: "The server refuses an operation to this user.",
        en: (
            "permission to {operation} on {endpoint}",
            "Ask the partner to give the user that right; `dropgate doctor {endpoint}` shows which ones are missing."
        ),
        tr: (
            "{endpoint} üzerinde izin: {operation}",
            "Ortağınızdan kullanıcıya bu hakkı vermesini isteyin; eksikleri `dropgate doctor {endpoint}` gösterir."
        ))
    /// Another host key.
    package static let transportHostKeyChanged = FindingCode(
        "transport.hostkey.changed", stops: .endpoint,
        when:
            "A server shows a host key other than the pinned ones: somebody may stand between, or the partner changed the key. No credentials were sent.",
        en: (
            "one of the host keys that dropgate.yaml names for {endpoint}",
            "Ask the partner by another way whether they changed the key. If so, add the new one below host keys: of the endpoint (`dropgate doctor {endpoint}` prints it): the endpoint rests until dropgate.yaml changes, then goes on by itself."
        ),
        tr: (
            "dropgate.yaml içinde {endpoint} için yazılı sunucu anahtarlarından biri",
            "Anahtarı değiştirip değiştirmediklerini ortağınıza başka bir yoldan sorun. Değiştirdilerse yenisini host keys: altına ekleyin (`dropgate doctor {endpoint}` yazar): uç dropgate.yaml değişene dek bekler, sonra kendiliğinden devam eder."
        ))
    /// No common algorithms.
    package static let transportHostKeyExchange = FindingCode(
        "transport.hostkey.exchange", stops: .endpoint,
        when:
            "The server and libssh2 have no algorithm in common: most often the server has only an RSA host key with SHA-2 signatures, which libssh2 before 1.11 can't verify.",
        en: (
            "an ed25519 or ecdsa host key at {endpoint}",
            "Ask the partner to add an ed25519 or ecdsa host key to the server, or run dropgate where libssh2 is 1.11 or newer; then pin that key. `dropgate doctor {endpoint}` shows what the server offers."
        ),
        tr: (
            "{endpoint} üzerinde ed25519 ya da ecdsa sunucu anahtarı",
            "Ortağınızdan sunucuya ed25519 ya da ecdsa anahtarı eklemesini isteyin ya da dropgate'i libssh2 1.11 veya yenisi olan bir makinede çalıştırın; sonra o anahtarı yazın. Sunucunun sunduklarını `dropgate doctor {endpoint}` gösterir."
        ))
    /// No pinned key.
    package static let transportHostKeyMissing = FindingCode(
        "transport.hostkey.missing", stops: .endpoint,
        when: "An endpoint has no host key to compare its server's with: without one anybody could be the server.",
        en: (
            "a host key of {endpoint}",
            "Run `dropgate doctor {endpoint}`, compare the fingerprints it shows with the partner by another way, and put them below host keys: of the endpoint."
        ),
        tr: (
            "{endpoint} için bir sunucu anahtarı",
            "`dropgate doctor {endpoint}` çalıştırın, gösterdiği parmak izlerini ortağınızla başka bir yoldan karşılaştırıp ucun host keys: bölümüne yazın."
        ))
    /// The link broke.
    package static let transportLinkLost = FindingCode(
        "transport.link.lost", stops: .endpoint,
        when: "A connection broke during an operation.",
        en: (
            "an answer of {endpoint} to: {operation}",
            "Nothing is needed; dropgate looks what became of it and tries again. If it stays so, ask the partner about their server."
        ),
        tr: (
            "{endpoint} yanıtı: {operation}",
            "Yapılacak bir şey yok; dropgate ne olduğuna bakıp yeniden dener. Sürerse ortağınıza sunucularını sorun."
        ))
    /// A listing without end.
    package static let transportListingEndless = FindingCode(
        "transport.listing.endless", stops: .endpoint,
        when: "A folder's listing goes past the limit of names or bytes: a faulty or hostile server, or a folder that nobody clears.",
        en: (
            "at most {limit} names in {folder}",
            "Have old files moved out of the folder, or set source: move for the flow's endpoint; nothing of this listing is used."
        ),
        tr: (
            "{folder} içinde en çok {limit} ad",
            "Eski dosyaları klasörden taşıtın ya da uçta source: move kullanın; bu listeden hiçbir şey alınmaz."
        ))
    /// Login refused.
    package static let transportLoginRefused = FindingCode(
        "transport.login.refused", stops: .endpoint,
        when: "The server does not accept the user with this key or password. It is not tried again, so that the account is not locked.",
        en: (
            "a login of {user} at {endpoint}",
            "Check user, key and password with the partner (an RSA key needs libssh2 1.11 or newer: use ed25519 or ecdsa), mend them: the endpoint rests until dropgate.yaml or one of its files changes, or `dropgate doctor {endpoint}` finds it well. A secret from the environment needs a restart."
        ),
        tr: (
            "{endpoint} üzerinde {user} kullanıcısının oturum açması",
            "Kullanıcı adını, anahtarı ve parolayı ortağınızla doğrulayın (RSA anahtarı libssh2 1.11 veya yenisini ister: ed25519 ya da ecdsa kullanın), düzeltin: uç, dropgate.yaml ya da dosyalarından biri değişene ya da `dropgate doctor {endpoint}` her şeyi yolunda bulana dek bekler. Ortam değişkenindeki bir sır için yeniden başlatın."
        ))
    /// Refused for no known reason.
    package static let transportOperationFailed = FindingCode(
        "transport.operation.failed", stops: .endpoint,
        when: "The server refuses an operation and gives no reason that is known.",
        en: (
            "{endpoint} to do: {operation}",
            "Run `dropgate doctor {endpoint}`: it tries each operation and shows which ones fail."
        ),
        tr: (
            "{endpoint} şunu yapmalı: {operation}",
            "`dropgate doctor {endpoint}` çalıştırın: her işlemi dener ve hangilerinin olmadığını gösterir."
        ))
    /// Too slow.
    package static let transportTimeout = FindingCode(
        "transport.timeout", stops: .endpoint,
        when: "An operation took longer than its limit.",
        en: (
            "an answer of {endpoint} in time to: {operation}",
            "Nothing is needed if it stays at this. If the link is slow, raise timeout: of the endpoint."
        ),
        tr: (
            "{endpoint} süresi içinde yanıt vermeli: {operation}",
            "Bir kez oluyorsa yapılacak bir şey yok. Bağlantı yavaşsa uçta timeout: değerini artırın."
        ))
    /// No connection.
    package static let transportUnreachable = FindingCode(
        "transport.unreachable", stops: .endpoint,
        when: "The host's name is not known, or nobody answers at the port.",
        en: (
            "a connection to {endpoint}",
            "Check host and port in dropgate.yaml, the firewall and whether the partner allows this machine's address; dropgate tries again by itself."
        ),
        tr: (
            "{endpoint} ile bağlantı",
            "dropgate.yaml içindeki host ve port değerlerini, güvenlik duvarını ve ortağınızın bu makinenin adresine izin verip vermediğini kontrol edin; kendiliğinden yeniden denenir."
        ))
    /// An upload that the server did not keep whole.
    package static let transportUploadBroken = FindingCode(
        "transport.upload.broken", stops: .endpoint,
        when: "The server did not take all bytes of a file, or tells another size than was sent. Nothing was published.",
        en: (
            "{size} bytes at {endpoint}",
            "Ask the partner whether the server's disk or the user's quota is full; dropgate begins the upload anew under another name."
        ),
        tr: (
            "{endpoint} üzerinde {size} bayt",
            "Sunucu diskinin ya da kullanıcı kotasının dolup dolmadığını ortağınıza sorun; yükleme başka bir adla baştan başlar."
        ))

    package static let transportCodes: [FindingCode] = [
        transportAbandoned, transportDeliveryTaken, transportDiskFull, transportFolderMissing, transportForbidden, transportHostKeyChanged,
        transportHostKeyExchange, transportHostKeyMissing, transportLibraryMissing, transportLinkLost, transportListingEndless,
        transportLoginRefused, transportOperationFailed, transportTimeout, transportUnreachable, transportUploadBroken,
    ]
}
