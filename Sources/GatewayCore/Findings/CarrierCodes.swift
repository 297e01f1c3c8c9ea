// Problems of a carrier's request and of its profile. Each code stands once here and once in the list below.
extension FindingCode {
    // MARK: Profiles
    package static let carrierSettingMissing = FindingCode(
        "carrier.setting.missing", stops: .start, when: "A template needs a value of the configuration that is not there.",
        en: ("a value for {name}", "Add it to dropgate.yaml: {where}; it is used at {mapping}."),
        tr: ("{name} için bir değer", "dropgate.yaml dosyasına ekleyin: {where}; kullanıldığı yer: {mapping}."))
    package static let carrierNamePlace = FindingCode(
        "carrier.name.place", stops: .start,
        when: "A template uses a name where it has no value, such as an order field outside of each consignment.",
        en: ("a name that has a value here", "{advice}"),
        tr: ("burada değeri olan bir ad", "{advice}"))
    package static let carrierEachPlace = FindingCode(
        "carrier.each.place", stops: .start, when: "An each of a template stands where it cannot.",
        en: (
            "each consignment once and outside of every each and if; each parcel and each line within it, not within themselves",
            "Move the each."
        ),
        tr: ("each consignment bir kez ve her each ile if dışında; each parcel ile each line onun içinde", "each özelliğini taşıyın."))
    package static let carrierTemplateSize = FindingCode(
        "carrier.template.size", stops: .start, when: "A template has more values and conditions than a program can hold.",
        en: ("at most 3000 values and conditions", "Split the document, or write constant parts as they are."),
        tr: ("en çok 3000 değer ve koşul", "Belgeyi bölün ya da sabit bölümleri olduğu gibi yazın."))
    package static let carrierLimitsColumn = FindingCode(
        "carrier.limits.column", stops: .start, when: "A field table has a column that there is not.",
        en: ("field, type, max, required, past the limit, allowed, code or note", "Did you mean {nearest}?"),
        tr: ("field, type, max, required, past the limit, allowed, code ya da note", "{nearest} mi demek istediniz?"))
    package static let carrierLimitsValue = FindingCode(
        "carrier.limits.value", stops: .start, when: "A cell of a field table cannot be read.",
        en: ("{expected}", "Correct the cell."),
        tr: ("{expected}", "Hücreyi düzeltin."))
    package static let carrierLimitsDouble = FindingCode(
        "carrier.limits.double", stops: .start, when: "Two rows of a field table fit the same place of the template equally well.",
        en: ("one row for {path}", "Write more of the path in one of the rows, such as Order/Name."),
        tr: ("{path} için tek satır", "Satırlardan birinde yolu uzatın, örneğin Order/Name."))

    // MARK: Values
    package static let carrierValueMissing = FindingCode(
        "carrier.value.missing", stops: .order, when: "A value that the carrier requires is empty.",
        en: ("a value for {path}{code}", "Fill the cell that it comes from; {mapping} writes it."),
        tr: ("{path} için bir değer{code}", "Kaynağı olan hücreyi doldurun; yazan yer: {mapping}."))
    package static let carrierValueLong = FindingCode(
        "carrier.value.long", stops: .order, when: "A value is longer than the carrier takes, and nothing is cut silently.",
        en: (
            "at most {max} characters for {path}{code}", "Shorten it, or allow the cut in the carrier's field table; {mapping} writes it."
        ),
        tr: (
            "{path} için en çok {max} karakter{code}",
            "Kısaltın ya da kargo firmasının alan tablosunda kesmeye izin verin; yazan yer: {mapping}."
        ))
    package static let carrierValueType = FindingCode(
        "carrier.value.type", stops: .order, when: "A value is not of the type that the carrier's field table states.",
        en: ("{type} for {path}{code}", "Correct the cell that it comes from; {mapping} writes it."),
        tr: ("{path} için {type}{code}", "Kaynağı olan hücreyi düzeltin; yazan yer: {mapping}."))
    package static let carrierValueAllowed = FindingCode(
        "carrier.value.allowed", stops: .order, when: "A value is not one of those that the carrier takes.",
        en: ("one of {allowed} for {path}{code}", "Correct the cell that it comes from; {mapping} writes it."),
        tr: ("{path} için şunlardan biri: {allowed}{code}", "Kaynağı olan hücreyi düzeltin; yazan yer: {mapping}."))
    package static let carrierCharacters = FindingCode(
        "carrier.characters", stops: .order, when: "A value holds characters that the carrier's document cannot hold.",
        en: ("characters of {set} only for {path}{code}", "Correct the cell that it comes from; {mapping} writes it."),
        tr: ("{path} için yalnız {set} karakterleri{code}", "Kaynağı olan hücreyi düzeltin; yazan yer: {mapping}."))
    package static let carrierControlCharacter = FindingCode(
        "carrier.characters.control", stops: .order, when: "A value holds a control character that an XML document cannot hold.",
        en: ("text without control characters", "Remove the invisible character from the cell."),
        tr: ("denetim karakteri olmayan metin", "Görünmeyen karakteri hücreden silin."))
    package static let carrierRule = FindingCode(
        "carrier.rule", stops: .order, when: "An order breaks a rule of the carrier, stated in its profile under rules.",
        en: ("{sentence} (carrier's code {code})", "Correct the order; {mapping} states the rule."),
        tr: ("{sentence} (kargo firmasının kodu {code})", "Siparişi düzeltin; kuralın yeri: {mapping}."))
    package static let carrierKeyLong = FindingCode(
        "carrier.key.long", stops: .order, when: "The key of a consignment is longer than the carrier takes.",
        en: ("a key of at most {max} characters", "Shorten key prefix in dropgate.yaml or the order's reference; {mapping} makes the key."),
        tr: (
            "en çok {max} karakterlik bir anahtar",
            "dropgate.yaml içindeki key prefix ya da sipariş numarasını kısaltın; anahtarı yapan yer: {mapping}."
        ))
    package static let carrierKeyMissing = FindingCode(
        "carrier.key.missing", stops: .order, when: "Nothing is left of an order's reference for the carrier's key.",
        en: ("a key for the carrier", "Give the order a reference with letters or digits; {mapping} makes the key."),
        tr: ("kargo firması için bir anahtar", "Siparişe harf ya da rakam içeren bir numara verin; anahtarı yapan yer: {mapping}."))
    package static let carrierParcels = FindingCode(
        "carrier.parcels", stops: .order, when: "An order's number of parcels or its weight is not usable.",
        en: ("1 to 999 parcels and a weight in whole grams", "Correct the cell."),
        tr: ("1 ile 999 arası koli ve tam gram olarak ağırlık", "Hücreyi düzeltin."))
    package static let carrierSchemaRefused = FindingCode(
        "carrier.schema.refused", stops: .order, when: "The request does not pass the schema that stands beside the carrier's profile.",
        en: ("a document that {schema} accepts: {problem}", "Correct the order, or the carrier's template at {path}."),
        tr: ("{schema} şemasına uyan bir belge: {problem}", "Siparişi ya da kargo firmasının şablonunu düzeltin: {path}."))

    package static let carrierCodes: [FindingCode] = [
        carrierSettingMissing, carrierNamePlace, carrierEachPlace, carrierTemplateSize, carrierLimitsColumn, carrierLimitsValue,
        carrierLimitsDouble,
        carrierValueMissing, carrierValueLong, carrierValueType, carrierValueAllowed, carrierCharacters, carrierControlCharacter,
        carrierRule, carrierKeyLong, carrierKeyMissing, carrierParcels, carrierSchemaRefused,
    ]
}
