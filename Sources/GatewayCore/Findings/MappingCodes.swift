// Problems of mappings and of the values that they read. Each code stands once here and once in the list below.
extension FindingCode {
    // MARK: Profiles
    package static let mappingKeyUnknown = FindingCode(
        "mapping.key.unknown", stops: .start, when: "A profile has a key that there is not.",
        en: ("one of {known}", "Did you mean {nearest}? Correct or remove the key."),
        tr: ("şunlardan biri: {known}", "{nearest} mi demek istediniz? Anahtarı düzeltin ya da silin."))
    package static let mappingKeyMissing = FindingCode(
        "mapping.key.missing", stops: .start, when: "A profile lacks a key that it needs.",
        en: ("the key {key}", "Add {key}: {summary}."),
        tr: ("{key} anahtarı", "{key} anahtarını ekleyin."))
    package static let mappingKeyShape = FindingCode(
        "mapping.key.shape", stops: .start, when: "A key of a profile holds text where a list or a map belongs, or the other way round.",
        en: ("{shape} under {key}", "Write it as {shape}."),
        tr: ("{key} altında {shape}", "{shape} olarak yazın."))
    package static let mappingFieldUnknown = FindingCode(
        "mapping.field.unknown", stops: .start, when: "A profile fills or names an order field that there is not.",
        en: ("a field of the order (docs/ORDER.md)", "Did you mean {nearest}?"),
        tr: ("siparişin bir alanı (docs/ORDER.md)", "{nearest} mi demek istediniz?"))
    package static let mappingNameUnknown = FindingCode(
        "mapping.name.unknown", stops: .start, when: "A template or condition uses a name that there is not.",
        en: (
            "a name that stands at this place: an order field, account.…, consignor.…, flow.…, parcel.…, consignment.… or document.…",
            "Did you mean {nearest}?"
        ),
        tr: (
            "burada geçerli bir ad: sipariş alanı, account.…, consignor.…, flow.…, parcel.…, consignment.… ya da document.…",
            "{nearest} mi demek istediniz?"
        ))
    package static let mappingFunctionUnknown = FindingCode(
        "mapping.function.unknown", stops: .start, when: "A mapping line uses a function that there is not.",
        en: ("a function of docs/MAPPING.md", "Did you mean {nearest}?"),
        tr: ("docs/MAPPING.md içindeki bir işlev", "{nearest} mi demek istediniz?"))
    package static let mappingFunctionArguments = FindingCode(
        "mapping.function.arguments", stops: .start, when: "A function was given arguments that it does not take.",
        en: ("{usage}", "Correct the arguments of {function}."),
        tr: ("{usage}", "{function} işlevinin değerlerini düzeltin."))
    package static let mappingLineSyntax = FindingCode(
        "mapping.line.syntax", stops: .start, when: "A mapping line cannot be read.",
        en: ("{syntax}", "Quote a heading or a text that holds a comma, a | or a quote: \"Total, net\"."),
        tr: ("{syntax}", "İçinde virgül, | ya da tırnak olan başlığı tırnak içine alın: \"Toplam, net\"."))
    package static let mappingConditionSyntax = FindingCode(
        "mapping.condition.syntax", stops: .start, when: "A condition cannot be read.",
        en: (
            "NAME is present, is absent, is A, B, is not A, is in table T, is more than 5, is less than 5, is longer than 5 or is same as NAME, joined by and",
            "Write the condition in one of these forms; quote a heading or value that holds such a word: \"Weight in kg\" is present."
        ),
        tr: (
            "AD is present, is absent, is A, B, is not A, is in table T, is more than 5, is less than 5, is longer than 5 ya da is same as AD, aralarında and",
            "Koşulu bu biçimlerden biriyle yazın; böyle bir sözcük içeren başlığı ya da değeri tırnak içine alın: \"Weight in kg\" is present."
        ))
    package static let mappingTableUnknown = FindingCode(
        "mapping.table.unknown", stops: .start, when: "A mapping names a table that is not in mappings/tables.",
        en: ("a file of mappings/tables", "Did you mean {nearest}? Or add mappings/tables/{found}.csv."),
        tr: ("mappings/tables içindeki bir dosya", "{nearest} mi demek istediniz? Ya da mappings/tables/{found}.csv dosyasını ekleyin."))
    package static let mappingFieldCycle = FindingCode(
        "mapping.field.cycle", stops: .start, when: "Fields of a profile refer to each other in a circle.",
        en: ("fields that do not lead back to themselves", "Let one of {fields} read its column."),
        tr: ("kendine dönmeyen alanlar", "{fields} alanlarından biri kendi sütununu okusun."))
    package static let mappingZoneUnknown = FindingCode(
        "mapping.zone.unknown", stops: .start, when: "A time zone is not in the machine's zone files.",
        en: ("an IANA zone such as Europe/Istanbul", "Correct the zone, or install the package tzdata."),
        tr: ("Europe/Istanbul gibi bir IANA saat dilimi", "Saat dilimini düzeltin ya da tzdata paketini kurun."))
    package static let mappingConstantRefused = FindingCode(
        "mapping.constant.refused", stops: .start,
        when: "A value of the configuration or a text of the mapping does not pass the mapping's steps.",
        en: ("{expected}", "Correct the value; it is used at {mapping}."),
        tr: ("{expected}", "Değeri düzeltin; kullanıldığı yer: {mapping}."))

    package static let mappingColumnUnknown = FindingCode(
        "mapping.column.unknown", stops: .start, when: "A channel profile reads a column that no file of its examples has.",
        en: (
            "a heading of the profile's examples (nearest: {nearest})",
            "Correct the heading, or give an example whose file has this column."
        ),
        tr: (
            "profilin örneklerindeki bir başlık (en yakını: {nearest})",
            "Başlığı düzeltin ya da dosyasında bu sütun olan bir örnek verin."
        ))

    package static let mappingPiecePlace = FindingCode(
        "mapping.piece.place", stops: .start,
        when:
            "A name that only a line has a value for (piece, a name with {n}, line.…) stands where an order is read, or no key says how lines are made.",
        en: (
            "a column or a field of the order",
            "Read pieces and numbered columns under lines, and write lines from or lines from each; compare line.… under skip lines when."
        ),
        tr: (
            "bir sütun ya da siparişin bir alanı",
            "Parçaları ve numaralı sütunları lines altında okuyun ve lines from ya da lines from each yazın; line.… skip lines when altında karşılaştırılır."
        ))
    package static let mappingExtends = FindingCode(
        "mapping.extends.unknown", stops: .start,
        when: "A profile extends one that there is not, or one that extends another itself.",
        en: (
            "a channel profile that extends none itself (nearest: {nearest})",
            "Name such a profile after extends, as its file in mappings/channels is called."
        ),
        tr: (
            "kendisi başka bir profili genişletmeyen bir kanal profili (en yakını: {nearest})",
            "extends ardına böyle bir profilin mappings/channels içindeki dosya adını yazın."
        ))

    // MARK: Columns of a file
    package static let mappingColumnMissing = FindingCode(
        "mapping.column.missing", stops: .file, when: "A file lacks a column that its profile cannot do without.",
        en: ("the column \"{column}\"", "Export the file with that column; nearest in the file: {nearest}. It is used at {mapping}."),
        tr: ("\"{column}\" sütunu", "Dosyayı bu sütunla dışa aktarın; dosyadaki en yakın ad: {nearest}. Kullanıldığı yer: {mapping}."))
    package static let mappingColumnAbsent = FindingCode(
        "mapping.column.absent", stops: .nothing,
        when: "`dropgate check --against FILE` or `preview`: the file lacks a column that its profile reads where it is there.",
        en: (
            "the column \"{column}\" (read by: {readers})",
            "It counts as empty. Export it too, or write its new heading into the profile ({mapping}); nearest unread heading: {nearest}."
        ),
        tr: (
            "\"{column}\" sütunu (okuyan: {readers})",
            "Boş sayılır. Onu da dışa aktarın ya da yeni başlığını profile yazın ({mapping}); okunmayan en yakın başlık: {nearest}."
        ))
    package static let mappingColumnsAbsent = FindingCode(
        "mapping.columns.absent", stops: .nothing,
        when: "A run: a file lacks columns that its profile reads where they are there. Said once for files of the same headings.",
        en: (
            "all columns that {profile} reads; missing: {columns}",
            "They count as empty. `dropgate check --against FILE` says what depends on each."
        ),
        tr: (
            "{profile} profilinin okuduğu bütün sütunlar; eksik: {columns}",
            "Boş sayılırlar. `dropgate check --against DOSYA` her birini neyin okuduğunu söyler."
        ))
    package static let mappingColumnDouble = FindingCode(
        "mapping.column.double", stops: .file, when: "Two columns of a file have the same heading, and the profile uses it.",
        en: ("one column called \"{column}\", not columns {columns}", "Remove or rename the other one."),
        tr: ("\"{column}\" adında tek sütun; {columns} numaralı sütunlar aynı adda", "Birini silin ya da adını değiştirin."))

    // MARK: Lines inside of cells
    package static let mappingPiecesUnreadable = FindingCode(
        "mapping.pieces.unreadable", stops: .order,
        when:
            "A cell with the lines of an order cannot be taken apart with certainty: a key is missing or double, or a separator stands in a name.",
        en: (
            "lines in \"{column}\" that can be told apart",
            "Take the separators out of the article's name in the shop and export again, or export one row per line; {mapping} reads it."
        ),
        tr: (
            "\"{column}\" içinde birbirinden ayrılabilen satırlar",
            "Mağazada ürün adındaki ayırıcıları kaldırıp yeniden dışa aktarın ya da her satırı ayrı dışa aktarın; okuyan yer: {mapping}."
        ))
    package static let mappingPiecesNone = FindingCode(
        "mapping.pieces.none", stops: .order,
        when: "The cells that should hold the lines of an order are empty.",
        en: ("the order's lines in \"{column}\"", "Export the order with its lines; {mapping} reads them."),
        tr: ("\"{column}\" içinde siparişin satırları", "Siparişi satırlarıyla dışa aktarın; okuyan yer: {mapping}."))

    // MARK: Values
    package static let mappingValueMissing = FindingCode(
        "mapping.value.missing", stops: .order, when: "A field that the mapping requires is empty.",
        en: ("a value for {field}", "Fill the cell; {mapping} requires it."),
        tr: ("{field} için bir değer", "Hücreyi doldurun; {mapping} bunu gerektiriyor."))
    package static let mappingNumberUnreadable = FindingCode(
        "mapping.number.unreadable", stops: .order, when: "A value is not a decimal number.",
        en: ("a decimal number such as 1.25", "Correct the cell, or put decimal comma before {function}, {mapping}."),
        tr: ("1.25 gibi bir ondalık sayı", "Hücreyi düzeltin ya da {function} önüne decimal comma yazın, {mapping}."))
    package static let mappingNumberNotWhole = FindingCode(
        "mapping.number.whole", stops: .order, when: "A value is not a whole number from 0 on.",
        en: ("a whole number such as 2", "Correct the cell; {mapping} reads it."),
        tr: ("2 gibi bir tam sayı", "Hücreyi düzeltin; okuyan yer: {mapping}."))
    package static let mappingDecimalsLost = FindingCode(
        "mapping.number.decimals", stops: .order,
        when: "A number has more decimals than there is room for, and nothing is rounded silently.",
        en: ("at most {decimals} decimals", "Correct the cell, or put round before {function}, {mapping}."),
        tr: ("en çok {decimals} ondalık basamak", "Hücreyi düzeltin ya da {function} önüne round yazın, {mapping}."))
    package static let mappingMassUnreadable = FindingCode(
        "mapping.mass.unreadable", stops: .order, when: "A weight is not a decimal number.",
        en: ("a decimal number such as 1.25", "Put decimal comma before mass, {mapping}, or correct the cell."),
        tr: ("1.25 gibi bir ondalık sayı", "mass önüne decimal comma yazın, {mapping}, ya da hücreyi düzeltin."))
    package static let mappingMoneyUnreadable = FindingCode(
        "mapping.money.unreadable", stops: .order, when: "An amount of money is not a plain decimal number from 0 on.",
        en: (
            "an amount such as 1250.00, without currency sign or grouping",
            "Correct the cell, or put decimal comma before money, {mapping}."
        ),
        tr: (
            "1250.00 gibi, para işareti ve binlik ayırıcısı olmayan bir tutar",
            "Hücreyi düzeltin ya da money önüne decimal comma yazın, {mapping}."
        ))
    package static let mappingCurrencyUnknown = FindingCode(
        "mapping.currency.unknown", stops: .order, when: "A currency is missing or not a code of ISO 4217.",
        en: ("a currency code such as TRY", "Correct the currency's cell; {mapping} reads it."),
        tr: ("TRY gibi bir para birimi kodu", "Para birimi hücresini düzeltin; okuyan yer: {mapping}."))
    package static let mappingCountryUnknown = FindingCode(
        "mapping.country.unknown", stops: .order, when: "A country is neither a code of ISO 3166 nor a known name.",
        en: ("a country such as TR, Türkiye or Germany", "Correct the cell, or translate the word by a table before country, {mapping}."),
        tr: ("TR, Türkiye ya da Almanya gibi bir ülke", "Hücreyi düzeltin ya da country önünde bir tabloyla çevirin, {mapping}."))
    package static let mappingPhoneUnreadable = FindingCode(
        "mapping.phone.unreadable", stops: .order, when: "A telephone number cannot be one of its country.",
        en: ("a telephone number such as +90 532 123 45 67", "Correct the cell; {mapping} reads it."),
        tr: ("+90 532 123 45 67 gibi bir telefon numarası", "Hücreyi düzeltin; okuyan yer: {mapping}."))
    package static let mappingPhoneCountry = FindingCode(
        "mapping.phone.country", stops: .order, when: "A telephone number belongs to another country than the carrier takes.",
        en: ("a telephone number of {country}", "Give a number of {country}; {mapping} needs it."),
        tr: ("{country} ülkesinin bir telefon numarası", "{country} numarası verin; isteyen yer: {mapping}."))
    package static let mappingDateUnreadable = FindingCode(
        "mapping.date.unreadable", stops: .order, when: "A date or time cannot be read, or does not exist in its zone.",
        en: ("{format}", "Correct the cell, or state the format after instant, {mapping}."),
        tr: ("{format}", "Hücreyi düzeltin ya da instant arkasına biçimi yazın, {mapping}."))
    package static let mappingTableValue = FindingCode(
        "mapping.table.value", stops: .order, when: "A value is not in the table that translates it.",
        en: ("a value of the table {table}", "Correct the cell, or add it to mappings/tables/{table}.csv; {mapping} reads it."),
        tr: (
            "{table} tablosundaki bir değer", "Hücreyi düzeltin ya da mappings/tables/{table}.csv dosyasına ekleyin; okuyan yer: {mapping}."
        ))
    package static let mappingCharactersUnknown = FindingCode(
        "mapping.characters.unknown", stops: .order, when: "A text holds characters without an equal in the carrier's character set.",
        en: ("characters that can be written in {set}", "Write it in Latin letters; {mapping} transliterates it."),
        tr: ("{set} ile yazılabilen karakterler", "Latin harfleriyle yazın; çeviren yer: {mapping}."))
    package static let mappingBooleanUnreadable = FindingCode(
        "mapping.boolean.unreadable", stops: .order, when: "A value is neither yes nor no.",
        en: ("true, false, yes, no, 1 or 0", "Correct the cell; {mapping} reads it."),
        tr: ("true, false, evet, hayır, 1 ya da 0", "Hücreyi düzeltin; okuyan yer: {mapping}."))
    package static let mappingSpreadsheetDamage = FindingCode(
        "mapping.value.damaged", stops: .order,
        when: "A spreadsheet has turned an identifier into a rounded number such as 1.23E+12, or a cell into an error value.",
        en: ("the identifier itself, all of its digits", "Export the file anew and do not save it in a spreadsheet; {mapping} reads it."),
        tr: ("tüm haneleriyle kimliğin kendisi", "Dosyayı yeniden dışa aktarın, tablo programında kaydetmeyin; okuyan yer: {mapping}."))
    package static let mappingValueRepaired = FindingCode(
        "mapping.value.repaired", stops: .nothing,
        when: "A spreadsheet or a wrong character set damaged a value, and only one repair of it is possible: it was made.",
        en: ("{written}, which was taken instead", "Nothing when that is right, else correct the cell {cell}; {mapping} reads it."),
        tr: ("{written}; bu değer alındı", "Doğruysa bir şey yapmayın, değilse {cell} hücresini düzeltin; okuyan yer: {mapping}."))
    package static let mappingTextMisread = FindingCode(
        "mapping.text.misread", stops: .order,
        when: "A cell holds letters that come about when a file is read in the wrong character set, and what it held is not certain.",
        en: (
            "text with the letters that it was written with",
            "Export the file anew as UTF-8 and do not save it in another program, or correct the cell {cell}; {mapping} reads it."
        ),
        tr: (
            "yazıldığı harflerle metin",
            "Dosyayı UTF-8 olarak yeniden dışa aktarın, başka programda kaydetmeyin ya da {cell} hücresini düzeltin; okuyan yer: {mapping}."
        ))
    package static let mappingPostcodeUnreadable = FindingCode(
        "mapping.postcode.unreadable", stops: .order,
        when: "A postcode does not have the digits that postcodes of its country have, and what is missing cannot be proven.",
        en: ("a postcode of the consignee's country with all of its digits", "Correct the cell {cell}; {mapping} reads it."),
        tr: ("alıcının ülkesine uygun, haneleri tam bir posta kodu", "{cell} hücresini düzeltin; okuyan yer: {mapping}."))
    package static let mappingBarcodeUnreadable = FindingCode(
        "mapping.barcode.unreadable", stops: .order, when: "A barcode is no GTIN: its length or its check digit is wrong.",
        en: ("a GTIN of 8, 12, 13 or 14 digits with its check digit", "Correct the cell {cell}; {mapping} reads it."),
        tr: ("kontrol basamağıyla 8, 12, 13 ya da 14 haneli bir GTIN", "{cell} hücresini düzeltin; okuyan yer: {mapping}."))
    package static let mappingPlaceUnknown = FindingCode(
        "mapping.place.unknown", stops: .order,
        when: "A place is not in the table of those that belong to another one, as an ilçe to its il.",
        en: (
            "a place of the table {table} that belongs there; nearest: {nearest}",
            "Correct the cell, or add the place to mappings/tables/{table}.csv; {mapping} reads it."
        ),
        tr: (
            "{table} tablosunda oraya ait bir yer; en yakını: {nearest}",
            "Hücreyi düzeltin ya da yeri mappings/tables/{table}.csv dosyasına ekleyin; okuyan yer: {mapping}."
        ))

    package static let mappingCodes: [FindingCode] = [
        mappingKeyUnknown, mappingKeyMissing, mappingKeyShape, mappingFieldUnknown, mappingNameUnknown, mappingFunctionUnknown,
        mappingFunctionArguments, mappingLineSyntax, mappingConditionSyntax, mappingTableUnknown, mappingFieldCycle, mappingZoneUnknown,
        mappingConstantRefused, mappingPiecePlace, mappingExtends, mappingPiecesUnreadable, mappingPiecesNone, mappingColumnUnknown,
        mappingColumnAbsent, mappingColumnsAbsent,
        mappingColumnMissing, mappingColumnDouble, mappingValueMissing,
        mappingNumberUnreadable,
        mappingNumberNotWhole, mappingDecimalsLost, mappingMassUnreadable, mappingMoneyUnreadable, mappingCurrencyUnknown,
        mappingCountryUnknown, mappingPhoneUnreadable, mappingPhoneCountry, mappingDateUnreadable, mappingTableValue,
        mappingCharactersUnknown, mappingBooleanUnreadable, mappingSpreadsheetDamage,
        mappingValueRepaired, mappingTextMisread, mappingPostcodeUnreadable, mappingBarcodeUnreadable, mappingPlaceUnknown,
    ]
}
