// Problems of documents that are posted by HTTP. Each code stands once here and once in the list below.
extension FindingCode {
    /// The answer is too large.
    package static let postAnswerLarge = FindingCode(
        "post.answer.large", stops: .file, when: "A partner's answer to a posted document goes past the limit.",
        en: (
            expected: "an answer of at most {limit} bytes from {endpoint}",
            remedy: "Ask the partner why the answer is so large; find out there whether the document arrived before it is sent again."
        ),
        tr: (
            expected: "{endpoint} yanıtının en çok {limit} bayt olması",
            remedy:
                "Yanıtın neden bu kadar büyük olduğunu ortağınıza sorun; yeniden göndermeden önce belgenin ulaşıp ulaşmadığını orada öğrenin."
        ))
    /// A header with a line end.
    package static let postHeaderRefused = FindingCode(
        "post.header.refused", stops: .endpoint,
        when: "A header of an endpoint, or a secret in it, holds a control character: a line end would begin another header.",
        en: (
            expected: "headers of one line for {endpoint}",
            remedy: "Mend the value in dropgate.yaml or in the secret's file; nothing was sent."
        ),
        tr: (
            expected: "{endpoint} için tek satırlık başlıklar",
            remedy: "dropgate.yaml içindeki ya da gizli değerin dosyasındaki değeri düzeltin; hiçbir şey gönderilmedi."
        ))
    /// 429, 503.
    package static let postLater = FindingCode(
        "post.later", stops: .endpoint, when: "A partner takes no documents now (HTTP status 408, 425, 429 or 503).",
        en: (
            expected: "{endpoint} to take documents",
            remedy: "Nothing is needed; dropgate waits as long as the partner asked for and tries again."
        ),
        tr: (
            expected: "{endpoint} belge kabul etmeli",
            remedy: "Yapılacak bir şey yok; dropgate ortağın istediği kadar bekleyip yeniden dener."
        ))
    /// 3xx.
    package static let postRedirected = FindingCode(
        "post.redirected", stops: .endpoint,
        when: "A partner answers a posted document with another address (HTTP status 3xx). It is never followed.",
        en: (
            expected: "{endpoint} to take {document} itself",
            remedy: "Ask the partner for the address that takes documents and write it as url: of the endpoint; then release the document."
        ),
        tr: (
            expected: "{endpoint} {document} belgesini kendisi almalı",
            remedy: "Belgeleri alan adresi ortağınıza sorup uçta url: olarak yazın; sonra belgeyi serbest bırakın."
        ))
    /// No token.
    package static let postTokenMissing = FindingCode(
        "post.token.missing", stops: .endpoint, when: "The answer to a log-in holds no token where the endpoint's login: says.",
        en: (
            expected: "a token at \"{path}\" in the answer of {endpoint}",
            remedy: "Compare token: below login: with a sample of the answer in the partner's documentation; the endpoint rests until then."
        ),
        tr: (
            expected: "{endpoint} yanıtında \"{path}\" yerinde bir belirteç (token)",
            remedy: "login: altındaki token: değerini ortağın belgelerindeki örnek yanıtla karşılaştırın; o zamana dek uç bekler."
        ))
    /// Nobody knows whether it arrived.
    package static let postUnclear = FindingCode(
        "post.unclear", stops: .file,
        when: "A document was sent and no clear answer came: it may have arrived, and sending it again could ship twice.",
        en: (
            expected: "an answer of {endpoint} to {document}",
            remedy:
                "Look in the partner's system whether {document} arrived. Then release it, or mark it as sent. If the partner knows documents by a key, set after lost reply: repeat or query for the endpoint."
        ),
        tr: (
            expected: "{endpoint} yanıtı: {document}",
            remedy:
                "{document} belgesinin ulaşıp ulaşmadığına ortağın sisteminde bakın. Sonra serbest bırakın ya da gönderildi olarak işaretleyin. Ortak belgeleri bir anahtarla tanıyorsa uçta after lost reply: repeat ya da query kullanın."
        ))

    package static let postCodes: [FindingCode] = [
        postAnswerLarge, postHeaderRefused, postLater, postRedirected, postTokenMissing, postUnclear,
    ]
}
