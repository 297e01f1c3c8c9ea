// Problems of dropgate.yaml, of configuration files in general, and of secrets. Each code stands once here and once in the list below.
extension FindingCode {
    package static let configFileEncoding = FindingCode(
        "config.file.encoding", stops: .start, when: "A configuration or mapping file is not UTF-8.",
        en: ("UTF-8 text", "Save the file as UTF-8."),
        tr: ("UTF-8 metin", "Dosyayı UTF-8 olarak kaydedin."))
    package static let configFileEmpty = FindingCode(
        "config.file.empty", stops: .start, when: "A configuration or mapping file holds nothing but comments.",
        en: ("keys with values", "Write the file's keys; dropgate init writes an explained example."),
        tr: ("anahtarlar ve değerler", "Dosyanın anahtarlarını yazın; dropgate init açıklamalı bir örnek yazar."))

    package static let configYAMLSyntax = FindingCode(
        "config.yaml.syntax", stops: .start, when: "A file is not well-formed YAML.",
        en: (
            "well-formed YAML ({problem})",
            "Mend the line, or the one before it: indentation by blanks, a blank after each colon, quotes closed."
        ),
        tr: (
            "düzgün YAML ({problem})",
            "Satırı ya da bir öncekini düzeltin: girinti boşlukla, her iki noktadan sonra bir boşluk, tırnaklar kapalı."
        ))
    package static let configYAMLTab = FindingCode(
        "config.yaml.tab", stops: .start, when: "A line of a YAML file is indented by a tab.",
        en: ("blanks for indentation", "Replace the tab by blanks."),
        tr: ("girinti için boşluk", "Sekmeyi boşluklarla değiştirin."))
    package static let configYAMLDuplicate = FindingCode(
        "config.yaml.duplicate", stops: .start, when: "The same key stands twice in one place of a YAML file.",
        en: ("each key once", "Remove one of the two, or give it its own name."),
        tr: ("her anahtar bir kez", "İkisinden birini silin ya da adını değiştirin."))
    package static let configYAMLAnchor = FindingCode(
        "config.yaml.anchor", stops: .start, when: "A YAML file uses anchors or aliases (& and *).",
        en: ("the value itself: anchors and aliases are not used here", "Write the value out in each place."),
        tr: ("değerin kendisi: burada çapa ve takma ad kullanılmaz", "Değeri her yere açıkça yazın."))
    package static let configYAMLDeep = FindingCode(
        "config.yaml.deep", stops: .start, when: "A YAML file is nested deeper than any configuration needs.",
        en: ("at most {limit} levels", "Check the indentation of the lines before."),
        tr: ("en çok {limit} düzey", "Önceki satırların girintisini denetleyin."))
    package static let configYAMLKey = FindingCode(
        "config.yaml.key", stops: .start, when: "A key of a YAML file is not a text.",
        en: ("a text as key", "Write the key as plain text before the colon."),
        tr: ("anahtar olarak metin", "Anahtarı iki noktadan önce düz metin olarak yazın."))

    package static let configTypeText = FindingCode(
        "config.type.text", stops: .start, when: "A list or a group of keys stands where one value belongs.",
        en: ("one value for \"{key}\"", "Write the value on the same line, after the colon."),
        tr: ("\"{key}\" için tek değer", "Değeri aynı satıra, iki noktadan sonra yazın."))
    package static let configTypeList = FindingCode(
        "config.type.list", stops: .start, when: "Something else stands where a list belongs.",
        en: ("a list for \"{key}\"", "Write one value, or each on a line of its own that begins with \"- \"."),
        tr: ("\"{key}\" için liste", "Tek değer yazın ya da her birini \"- \" ile başlayan kendi satırına yazın."))
    package static let configTypeMap = FindingCode(
        "config.type.map", stops: .start, when: "A value stands where keys with values belong.",
        en: ("keys with values below \"{key}\"", "Write the keys indented below it."),
        tr: ("\"{key}\" altında anahtarlar ve değerler", "Anahtarları altına girintili yazın."))

    package static let configKeyUnknown = FindingCode(
        "config.key.unknown", stops: .start, when: "A key is not known in its place.",
        en: ("a key known here, the nearest is \"{nearest}\"", "Write \"{nearest}\", or remove the line. Keys of {section}: {known}."),
        tr: (
            "burada bilinen bir anahtar, en yakını \"{nearest}\"", "\"{nearest}\" yazın ya da satırı silin. {section} anahtarları: {known}."
        ))
    package static let configKeyMissing = FindingCode(
        "config.key.missing", stops: .start, when: "A key that must be stated is missing.",
        en: ("\"{key}\" in {section}", "Add a line such as \"{key}: {example}\"."),
        tr: ("{section} içinde \"{key}\"", "\"{key}: {example}\" gibi bir satır ekleyin."))
    package static let configWordUnknown = FindingCode(
        "config.word.unknown", stops: .start, when: "A value is none of the words that its key takes.",
        en: ("one of {known}", "Write \"{nearest}\", or another of these words."),
        tr: ("şunlardan biri: {known}", "\"{nearest}\" ya da bu sözcüklerden birini yazın."))
    package static let channelThere = FindingCode(
        "config.channel.there", stops: .start, when: "A draft would replace a channel profile that is there.",
        en: ("a name that no profile has yet", "Choose another name, or remove the file first."),
        tr: ("henüz hiçbir profilin taşımadığı bir ad", "Başka bir ad seçin ya da önce dosyayı silin."))
    package static let configNameInvalid = FindingCode(
        "config.name.invalid", stops: .start, when: "A merchant, flow, account or the like has a name that can't be a folder's.",
        en: ("a name of a to z, 0 to 9, - and _, at most 40 characters", "Choose such a name: folders are named by it."),
        tr: ("a-z, 0-9, - ve _ karakterlerinden en çok 40 karakterlik bir ad", "Böyle bir ad seçin: klasörler bu adı taşır."))
    package static let configVersionUnknown = FindingCode(
        "config.version.unknown", stops: .start, when: "The layout version of dropgate.yaml is not one that this program knows.",
        en: ("1", "Use a newer dropgate for this workspace, or write \"workspace: 1\"."),
        tr: ("1", "Bu çalışma alanı için daha yeni bir dropgate kullanın ya da \"workspace: 1\" yazın."))

    package static let configMassUnreadable = FindingCode(
        "config.mass.unreadable", stops: .start, when: "A mass is not a number with a unit.",
        en: ("a mass such as 500 g or 1.2 kg", "Write a number and g, kg, oz or lb; the decimal point is a dot."),
        tr: ("500 g ya da 1.2 kg gibi bir ağırlık", "Sayı ve g, kg, oz ya da lb yazın; ondalık ayırıcı noktadır."))
    package static let configLengthUnreadable = FindingCode(
        "config.length.unreadable", stops: .start, when: "A length is not a number with a unit.",
        en: ("a length such as 30 cm or 255 mm", "Write a number and mm, cm, m or in; the decimal point is a dot."),
        tr: ("30 cm ya da 255 mm gibi bir uzunluk", "Sayı ve mm, cm, m ya da in yazın; ondalık ayırıcı noktadır."))
    package static let configDurationUnreadable = FindingCode(
        "config.duration.unreadable", stops: .start, when: "A duration is not a number with a unit.",
        en: ("a duration such as 30 s, 15 min, 4 h or 10 days", "Write a whole number and ms, s, min, h or days."),
        tr: ("30 s, 15 min, 4 h ya da 10 days gibi bir süre", "Tam sayı ve ms, s, min, h ya da days yazın."))
    package static let configSizeUnreadable = FindingCode(
        "config.size.unreadable", stops: .start, when: "A size is not a number with a unit.",
        en: ("a size such as 64 kB, 8 MB or 4 GB", "Write a whole number and B, kB, MB or GB."),
        tr: ("64 kB, 8 MB ya da 4 GB gibi bir boyut", "Tam sayı ve B, kB, MB ya da GB yazın."))
    package static let configCountUnreadable = FindingCode(
        "config.count.unreadable", stops: .start, when: "A number is not a whole one, or not in its bounds.",
        en: ("a whole number from {least} to {most}", "Write the number without separators."),
        tr: ("{least} ile {most} arasında bir tam sayı", "Sayıyı ayırıcısız yazın."))
    package static let configCountryUnreadable = FindingCode(
        "config.country.unreadable", stops: .start, when: "A country is not two letters.",
        en: ("a country of two letters such as TR", "Write the ISO 3166-1 code in capitals."),
        tr: ("TR gibi iki harfli bir ülke", "ISO 3166-1 kodunu büyük harfle yazın."))
    package static let configPhoneShort = FindingCode(
        "config.phone.short", stops: .start, when: "A consignor's telephone number has fewer than 7 digits.",
        en: ("a telephone number of at least 7 digits such as +902165550100", "Write the warehouse's number, or leave the key out."),
        tr: ("+902165550100 gibi en az 7 rakamlı bir telefon numarası", "Deponun numarasını yazın ya da anahtarı silin."))
    package static let configZoneUnknown = FindingCode(
        "config.zone.unknown", stops: .start, when: "A time zone is not in the IANA database of this machine.",
        en: (
            "an IANA time zone, the nearest is {nearest}",
            "Write \"{nearest}\" or the zone of the shop; Debian's package tzdata holds them."
        ),
        tr: (
            "bir IANA saat dilimi, en yakını {nearest}",
            "\"{nearest}\" ya da mağazanın dilimini yazın; dilimler Debian'ın tzdata paketindedir."
        ))

    package static let configChannelUnknown = FindingCode(
        "config.channel.unknown", stops: .start, when: "A flow names a channel family or profile that does not exist.",
        en: (
            "a channel family or a profile in mappings/channels, the nearest is \"{nearest}\"",
            "Write \"{nearest}\", or add mappings/channels/{found}.yaml."
        ),
        tr: (
            "bir kanal ailesi ya da mappings/channels içinde bir profil, en yakını \"{nearest}\"",
            "\"{nearest}\" yazın ya da mappings/channels/{found}.yaml dosyasını ekleyin."
        ))
    package static let configCarrierUnknown = FindingCode(
        "config.carrier.unknown", stops: .start, when: "A flow or account names a carrier that has no profile.",
        en: (
            "a carrier with a profile in mappings/carriers, the nearest is \"{nearest}\"",
            "Write \"{nearest}\", or add mappings/carriers/{found}.yaml."
        ),
        tr: (
            "mappings/carriers içinde profili olan bir kargo firması, en yakını \"{nearest}\"",
            "\"{nearest}\" yazın ya da mappings/carriers/{found}.yaml dosyasını ekleyin."
        ))
    package static let configAccountUnknown = FindingCode(
        "config.account.unknown", stops: .start, when: "A flow names an account that its carrier does not have.",
        en: ("an account of {carrier}: {known}", "Add \"{found}\" below accounts: {carrier}:, or name one that is there."),
        tr: ("{carrier} hesaplarından biri: {known}", "accounts: {carrier}: altına \"{found}\" ekleyin ya da var olan birini yazın."))
    package static let configConsignorUnknown = FindingCode(
        "config.consignor.unknown", stops: .start, when: "A flow names a consignor that its merchant does not have.",
        en: ("a consignor of {merchant}: {known}", "Add \"{found}\" below consignors: of {merchant}, or name one that is there."),
        tr: (
            "{merchant} göndericilerinden biri: {known}",
            "{merchant} altında consignors: bölümüne \"{found}\" ekleyin ya da var olan birini yazın."
        ))
    package static let configRangeUnknown = FindingCode(
        "config.range.unknown", stops: .start, when: "A flow draws its waybill numbers from a range that does not exist.",
        en: ("none, reference or range NAME; ranges here: {known}", "Add the range below ranges:, or name one that is there."),
        tr: ("none, reference ya da range AD; buradaki aralıklar: {known}", "Aralığı ranges: altına ekleyin ya da var olan birini yazın."))
    package static let configRangeOrder = FindingCode(
        "config.range.order", stops: .start, when: "A number range ends before it begins.",
        en: ("a last number not below the first, {from}", "Exchange from and to, or correct one of them."),
        tr: ("ilk sayıdan ({from}) küçük olmayan bir son sayı", "from ile to değerlerini değiştirin ya da birini düzeltin."))

    package static let configCompanionMissing = FindingCode(
        "config.companion.missing", stops: .endpoint, when: "A carrier's profile names a file that does not stand in its folder.",
        en: ("a file in {folder}", "Put the file there, or correct its name."),
        tr: ("{folder} içinde bir dosya", "Dosyayı oraya koyun ya da adını düzeltin."))
    package static let configFlowUnknown = FindingCode(
        "config.flow.unknown", stops: .start,
        when: "A command names a flow that dropgate.yaml does not have, or one that several merchants have.",
        en: ("a flow of dropgate.yaml: {known}", "Write it as MERCHANT/FLOW."),
        tr: ("dropgate.yaml içindeki akışlardan biri: {known}", "MERCHANT/FLOW biçiminde yazın."))
    package static let channelLookalike = FindingCode(
        "read.header.lookalike", stops: .file,
        when: "A file has the headings of a channel, and one that only reports or other exports of that channel have.",
        en: (
            "an export without this column, as {profile} reads it",
            "Export the orders themselves; a report or summary can't be shipped from."
        ),
        tr: (
            "{profile} profilinin okuduğu gibi, bu sütunu olmayan bir dışa aktarım",
            "Siparişlerin kendisini dışa aktarın; rapor ya da özetten gönderi yapılamaz."
        ))
    package static let configKindUnknown = FindingCode(
        "config.kind.unknown", stops: .start, when: "A file that was given to `dropgate check` is none that it knows.",
        en: (
            "dropgate.yaml, a profile with channel: or carrier:, a file of a carrier's folder, or a CSV table",
            "Name such a file, or a folder of them."
        ),
        tr: (
            "dropgate.yaml, channel: ya da carrier: içeren bir profil, bir kargo firmasının klasöründeki dosya ya da CSV tablosu",
            "Böyle bir dosya ya da bunların klasörünü gösterin."
        ))
    package static let configProfileName = FindingCode(
        "config.profile.name", stops: .nothing, when: "A profile calls itself otherwise than its file is called.",
        en: ("the file's name, {name}", "Write \"{kind}: {name}\", or rename the file: flows name profiles by their file."),
        tr: ("dosyanın adı, {name}", "\"{kind}: {name}\" yazın ya da dosyayı yeniden adlandırın: akışlar profilleri dosya adıyla anar."))
    package static let configSettingUnknown = FindingCode(
        "config.setting.unknown", stops: .nothing, when: "An account states a setting or secret that the carrier's profile does not have.",
        en: ("a setting or secret of {carrier}: {known}", "Correct the name, the nearest is \"{nearest}\", or remove the line."),
        tr: ("{carrier} ayar ya da sırlarından biri: {known}", "Adı düzeltin, en yakını \"{nearest}\", ya da satırı silin."))
    package static let exampleMissing = FindingCode(
        "config.example.missing", stops: .start, when: "An example of a mapping names a file that is not there.",
        en: ("a file in {folder}", "Put the file there, or remove the example."),
        tr: ("{folder} içinde bir dosya", "Dosyayı oraya koyun ya da örneği silin."))
    package static let exampleDiffers = FindingCode(
        "config.example.differs", stops: .start, when: "A mapping no longer gives what one of its examples says.",
        en: ("line {line} of {file}: {expected}", "Mend the mapping, or the example where the new result is right."),
        tr: ("{file} dosyasının {line}. satırı: {expected}", "Eşlemeyi ya da yeni sonuç doğruysa örneği düzeltin."))
    package static let configFlowNone = FindingCode(
        "config.flow.none", stops: .start, when: "The workspace has no flow: there would be nothing to watch.",
        en: ("at least one flow below merchants: NAME: flows:", "Add a flow; dropgate init writes an explained example."),
        tr: ("merchants: AD: flows: altında en az bir akış", "Bir akış ekleyin; dropgate init açıklamalı bir örnek yazar."))
    package static let configGuardsSilent = FindingCode(
        "config.guards.silent", stops: .nothing, when: "A live flow does not say whether its go-live guards are on.",
        en: ("guards for the live flow {flow}", "Add \"guards:\" with a number of days and of new orders, or \"off\" for both."),
        tr: ("canlı {flow} akışı için guards", "Gün ve yeni sipariş sayısıyla \"guards:\" ekleyin ya da ikisi için \"off\" yazın."))
    package static let configPrefixShared = FindingCode(
        "config.prefix.shared", stops: .nothing,
        when: "Two shops send to one carrier account with the same key prefix: equal order numbers would get the same key.",
        en: (
            "a key prefix that {other} does not use at the same carrier account",
            "Give each shop its own \"key prefix\"; orders whose key is taken are held until then."
        ),
        tr: (
            "aynı kargo hesabında {other} akışının kullanmadığı bir anahtar öneki",
            "Her mağazaya kendi \"key prefix\" değerini verin; o zamana dek anahtarı kullanılmış siparişler bekletilir."
        ))

    package static let secretPlain = FindingCode(
        "secret.plain", stops: .start, when: "A secret stands in dropgate.yaml itself. What was found is never shown.",
        en: (
            "env:NAME or file:PATH for the secret \"{key}\"",
            "Move the value to a file with mode 0600 or to the environment; if others may have read it, have it changed."
        ),
        tr: (
            "\"{key}\" sırrı için env:AD ya da file:YOL",
            "Değeri 0600 izinli bir dosyaya ya da ortam değişkenine taşıyın; başkası okumuş olabilirse değiştirin."
        ))
    package static let secretUndeclared = FindingCode(
        "secret.undeclared", stops: .endpoint, when: "A carrier's profile needs a secret that the account does not state.",
        en: ("the secret \"{key}\" of {account}", "Add \"{key}: env:NAME\" or \"{key}: file:PATH\" below secrets: of that account."),
        tr: ("{account} hesabının \"{key}\" sırrı", "O hesabın secrets: bölümüne \"{key}: env:AD\" ya da \"{key}: file:YOL\" ekleyin."))
    package static let secretEnvironmentMissing = FindingCode(
        "secret.environment.missing", stops: .endpoint, when: "The environment variable of a secret is not set, or empty.",
        en: ("the secret \"{key}\" in the environment variable {variable}", "Set {variable} for the gateway's process and start it again."),
        tr: ("\"{key}\" sırrı {variable} ortam değişkeninde", "{variable} değişkenini ağ geçidi için tanımlayıp yeniden başlatın."))
    package static let secretFileUnreadable = FindingCode(
        "secret.file.unreadable", stops: .endpoint, when: "The file of a secret is not there, empty, too long or can't be read.",
        en: ("a file of 1 to 4096 bytes with the secret \"{key}\"", "Write the value, and nothing else, into that file."),
        tr: ("\"{key}\" sırrını içeren 1 ile 4096 baytlık bir dosya", "Değeri, başka hiçbir şey eklemeden, o dosyaya yazın."))
    package static let secretFileOpen = FindingCode(
        "secret.file.open", stops: .endpoint, when: "Others than its owner may read or write the file of a secret.",
        en: ("mode 0600 for the file of the secret \"{key}\"", "Run: chmod 600 {file}"),
        tr: ("\"{key}\" sırrının dosyası için 0600 izni", "Şunu çalıştırın: chmod 600 {file}"))

    package static let configCodes: [FindingCode] = [
        configFileEncoding, configFileEmpty, configYAMLSyntax, configYAMLTab, configYAMLDuplicate,
        configYAMLAnchor, configYAMLDeep, configYAMLKey, configTypeText, configTypeList, configTypeMap, configKeyUnknown, configKeyMissing,
        configWordUnknown, channelThere, configNameInvalid, configVersionUnknown, configMassUnreadable, configLengthUnreadable,
        configDurationUnreadable,
        configSizeUnreadable, configCountUnreadable, configCountryUnreadable, configPhoneShort, configZoneUnknown, configChannelUnknown,
        configCarrierUnknown,
        configAccountUnknown, configConsignorUnknown, configRangeUnknown, configRangeOrder, configCompanionMissing, configFlowUnknown,
        channelLookalike, configFlowNone, configGuardsSilent, configKindUnknown, configProfileName, configSettingUnknown, exampleMissing,
        exampleDiffers,
        configPrefixShared, secretPlain, secretUndeclared, secretEnvironmentMissing, secretFileUnreadable, secretFileOpen,
    ]
}
