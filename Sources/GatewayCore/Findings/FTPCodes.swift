// Problems of FTP servers, and of TLS with any server. Each code stands once here and once in the lists below.
extension FindingCode {
    /// No data connection.
    package static let ftpDataBlocked = FindingCode(
        "ftp.data.blocked", stops: .endpoint,
        when: "The login to an FTP server works, and the second connection that carries listings and files does not.",
        en: (
            expected: "a data connection to {endpoint} for: {operation}",
            remedy:
                "Have the passive port range of the server opened in both firewalls (ask the partner for it). Servers that demand TLS session reuse need an OpenSSL that offers it; see docs/OPERATING.md."
        ),
        tr: (
            expected: "{endpoint} ile veri bağlantısı: {operation}",
            remedy:
                "Sunucunun pasif port aralığını iki güvenlik duvarında da açtırın (aralığı ortağınıza sorun). TLS oturumunun yeniden kullanılmasını isteyen sunucular için docs/OPERATING.md dosyasına bakın."
        ))
    /// A listing in no known form.
    package static let ftpListingUnreadable = FindingCode(
        "ftp.listing.unreadable", stops: .endpoint,
        when: "An FTP server without MLSD writes its listings in a form that is not known.",
        en: (
            expected: "a listing of {folder} as MLSD, `ls -l` or Windows servers write it",
            remedy: "Ask the partner to switch the server to MLSD or to Unix listings; nothing of this listing is used."
        ),
        tr: (
            expected: "{folder} listesinin MLSD, `ls -l` ya da Windows sunucularının yazdığı biçimde olması",
            remedy: "Ortağınızdan sunucuyu MLSD ya da Unix liste biçimine geçirmesini isteyin; bu listeden hiçbir şey alınmaz."
        ))
    /// Another command in a name.
    package static let ftpNameRefused = FindingCode(
        "ftp.name.refused", stops: .endpoint,
        when: "A folder's or file's name holds control characters: on FTP a line end would begin another command.",
        en: (expected: "a name of one line for {endpoint}", remedy: "Mend the folder's path in dropgate.yaml; nothing was sent."),
        tr: (
            expected: "{endpoint} için tek satırlık bir ad",
            remedy: "dropgate.yaml içindeki klasör yolunu düzeltin; hiçbir şey gönderilmedi."
        ))
    /// 421.
    package static let ftpServerBusy = FindingCode(
        "ftp.server.busy", stops: .endpoint,
        when: "An FTP server takes no further session of this user or address, or ends one for its own reasons (reply 421).",
        en: (
            expected: "a session at {endpoint}",
            remedy:
                "Ask the partner how many sessions are allowed and set sessions: of the endpoint to no more; dropgate tries again by itself."
        ),
        tr: (
            expected: "{endpoint} üzerinde bir oturum",
            remedy:
                "Ortağınıza kaç oturuma izin verildiğini sorun ve uçta sessions: değerini buna göre ayarlayın; kendiliğinden yeniden denenir."
        ))
    /// The password is sent in the clear.
    package static let ftpUnencrypted = FindingCode(
        "ftp.unencrypted", stops: .nothing,
        when: "An FTP endpoint is used without TLS, as its settings say: password, names and addresses can be read on the way.",
        en: (
            expected: "tls: explicit or tls: implicit for {endpoint}",
            remedy: "Ask the partner for FTPS or SFTP; until then use it through a private network only."
        ),
        tr: (
            expected: "{endpoint} için tls: explicit ya da tls: implicit",
            remedy: "Ortağınızdan FTPS ya da SFTP isteyin; o zamana dek yalnızca özel bir ağ üzerinden kullanın."
        ))

    package static let ftpCodes: [FindingCode] = [
        ftpDataBlocked, ftpListingUnreadable, ftpNameRefused, ftpServerBusy, ftpUnencrypted,
    ]

    /// The authorities' file.
    package static let tlsAuthorityUnreadable = FindingCode(
        "tls.authority.unreadable", stops: .endpoint, when: "The file of authorities that an endpoint names can't be read.",
        en: (
            expected: "certificates in PEM form in the file that authority: of {endpoint} names",
            remedy: "Put the file there, readable for the user that dropgate runs as; the endpoint tries again by itself."
        ),
        tr: (
            expected: "{endpoint} ucunda authority: ile yazılı dosyada PEM biçiminde sertifikalar",
            remedy: "Dosyayı dropgate'i çalıştıran kullanıcının okuyabileceği biçimde yerine koyun; uç kendiliğinden yeniden dener."
        ))
    /// TLS does not come about.
    package static let tlsFailed = FindingCode(
        "tls.failed", stops: .endpoint,
        when: "No TLS connection comes about: other versions, no cipher in common, or something else than TLS at the port.",
        en: (
            expected: "TLS 1.2 or newer at {endpoint}",
            remedy: "Check the port and whether the server wants tls: explicit or tls: implicit; older versions than TLS 1.2 are refused."
        ),
        tr: (
            expected: "{endpoint} üzerinde TLS 1.2 ya da yenisi",
            remedy:
                "Portu ve sunucunun tls: explicit mi tls: implicit mi istediğini kontrol edin; TLS 1.2'den eski sürümler reddedilir."
        ))
    /// Another key than the pinned ones.
    package static let tlsKeyChanged = FindingCode(
        "tls.key.changed", stops: .endpoint,
        when:
            "A server's certificate has another public key than the pinned ones: somebody may stand between, or the key was changed. No password was sent.",
        en: (
            expected: "one of the keys that dropgate.yaml pins for {endpoint}",
            remedy:
                "Ask the partner by another way whether they changed the key. If so, add the new pin (`dropgate doctor {endpoint}` prints it): the endpoint rests until dropgate.yaml changes, then goes on by itself."
        ),
        tr: (
            expected: "dropgate.yaml içinde {endpoint} için yazılı anahtarlardan biri",
            remedy:
                "Anahtarı değiştirip değiştirmediklerini ortağınıza başka bir yoldan sorun. Değiştirdilerse yenisini ekleyin (`dropgate doctor {endpoint}` yazar): uç dropgate.yaml değişene dek bekler, sonra kendiliğinden devam eder."
        ))
    /// No TLS.
    package static let tlsMissing = FindingCode(
        "tls.missing", stops: .endpoint,
        when: "A server has no TLS, or not for data connections. No password was sent.",
        en: (
            expected: "TLS at {endpoint}",
            remedy: "Ask the partner to switch FTPS on. Only where that can't be had and the network is private: tls: none."
        ),
        tr: (
            expected: "{endpoint} üzerinde TLS",
            remedy: "Ortağınızdan FTPS'i açmasını isteyin. Yalnızca bu mümkün değilse ve ağ özelse: tls: none."
        ))
    /// Nobody vouches for the server.
    package static let tlsUntrusted = FindingCode(
        "tls.untrusted", stops: .endpoint,
        when: "A server's certificate is expired, is for another host, or is signed by nobody who is trusted. No password was sent.",
        en: (
            expected: "a valid certificate for the host of {endpoint}",
            remedy:
                "If the partner uses an authority of their own, name its file by authority: of the endpoint, or pin the server's key (`dropgate doctor {endpoint}` prints it). Else ask the partner to renew the certificate; the endpoint tries again by itself, after a quarter of an hour at the latest."
        ),
        tr: (
            expected: "{endpoint} sunucusunun adına geçerli bir sertifika",
            remedy:
                "Ortağınız kendi sertifika otoritesini kullanıyorsa dosyasını uçta authority: ile yazın ya da sunucunun anahtarını yazın (`dropgate doctor {endpoint}` gösterir). Değilse sertifikayı yeniletmelerini isteyin; uç kendiliğinden, en geç çeyrek saatte bir yeniden dener."
        ))

    package static let tlsCodes: [FindingCode] = [
        tlsAuthorityUnreadable, tlsFailed, tlsKeyChanged, tlsMissing, tlsUntrusted,
    ]
}
