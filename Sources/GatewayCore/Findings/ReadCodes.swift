// Problems of files that are read: text, rows, documents. Receipts that come back: ReceiptCodes below.
extension FindingCode {
    package static let fileEmpty = FindingCode(
        "read.file.empty", stops: .file,
        when: "The file has no bytes, or nothing but blank lines.",
        en: ("a heading line and rows below it", "Export the file again; if it stays empty there is nothing to send."),
        tr: ("bir başlık satırı ve altında satırlar", "Dosyayı yeniden dışa aktarın; yine boşsa gönderilecek bir şey yoktur."))
    package static let rowsNone = FindingCode(
        "read.rows.none", stops: .file,
        when: "The file has a heading line and no row with a value below it.",
        en: ("rows below the headings", "Export the file again with at least one order."),
        tr: ("başlıkların altında satırlar", "Dosyayı en az bir siparişle yeniden dışa aktarın."))
    package static let charsetForeign = FindingCode(
        "read.charset.foreign", stops: .file,
        when: "The file begins with the mark of UTF-16 or UTF-32, which spreadsheets write as \"Unicode text\".",
        en: ("UTF-8 text", "Save the file as \"CSV UTF-8\" and drop it again."),
        tr: ("UTF-8 metin", "Dosyayı \"CSV UTF-8\" olarak kaydedip yeniden bırakın."))
    package static let textNotUTF8 = FindingCode(
        "read.text.invalid", stops: .file,
        when: "A byte is not UTF-8. Nothing is guessed: a wrong character set would send wrong names and streets.",
        en: ("UTF-8 text", "Save the file as \"CSV UTF-8\" and drop it again; the bytes could be {candidates}."),
        tr: ("UTF-8 metin", "Dosyayı \"CSV UTF-8\" olarak kaydedip yeniden bırakın; baytlar {candidates} olabilir."))
    package static let charsetUndecided = FindingCode(
        "read.charset.undecided", stops: .file,
        when:
            "The file is no UTF-8, and its bytes could be text of several character sets that differ in names and streets. Nothing is guessed.",
        en: (
            "text whose character set can be told: it could be {candidates}",
            "Save the file as \"CSV UTF-8\" and drop it again, or state charset in the channel's profile."
        ),
        tr: (
            "karakter kümesi anlaşılabilen bir metin: {candidates} olabilir",
            "Dosyayı \"CSV UTF-8\" olarak kaydedip yeniden bırakın ya da kanalın profilinde charset belirtin."
        ))
    package static let textDamaged = FindingCode(
        "read.text.damaged", stops: .order,
        when: "Bytes of a cell are no characters of the file's character set, or NUL; the rest of the file is sound. They show as ?.",
        en: ("text in {charset}", "Type the cell {cell} anew, where ? stands for what could not be read."),
        tr: ("{charset} metin", "{cell} hücresini yeniden yazın; okunamayan yerlerde ? görünür."))
    package static let nulByte = FindingCode(
        "read.text.nul", stops: .file,
        when: "A NUL byte stands in the file: it was damaged on its way, or is no text file.",
        en: ("text without NUL bytes", "Export the file again; check that the upload was in binary mode and complete."),
        tr: ("NUL baytı olmayan metin", "Dosyayı yeniden dışa aktarın; yüklemenin tam ve ikili kipte olduğunu kontrol edin."))
    package static let recordLong = FindingCode(
        "read.record.long", stops: .file,
        when: "A row is longer than `limits: record` allows; often a quote that is never closed.",
        en: (
            "a row of at most {limit} bytes",
            "Look for a quote that is not closed in this row, or raise record under limits in dropgate.yaml."
        ),
        tr: (
            "en çok {limit} baytlık bir satır",
            "Bu satırda kapanmayan bir tırnak arayın ya da dropgate.yaml içinde limits altındaki record değerini yükseltin."
        ))
    package static let fieldLong = FindingCode(
        "read.field.long", stops: .file,
        when: "A cell is longer than `limits: field` allows.",
        en: ("a cell of at most {limit} bytes", "Shorten the cell, or raise field under limits in dropgate.yaml."),
        tr: (
            "en çok {limit} baytlık bir hücre",
            "Hücreyi kısaltın ya da dropgate.yaml içinde limits altındaki field değerini yükseltin."
        ))
    package static let columnsMany = FindingCode(
        "read.columns.many", stops: .file,
        when: "The heading line has more columns than `limits: columns` allows.",
        en: ("at most {limit} columns", "Check that it is the right file, or raise columns under limits in dropgate.yaml."),
        tr: (
            "en çok {limit} sütun",
            "Doğru dosya olup olmadığını kontrol edin ya da dropgate.yaml içinde limits altındaki columns değerini yükseltin."
        ))
    package static let orderLarge = FindingCode(
        "read.order.large", stops: .file,
        when: "The rows of one order take more memory than an order may.",
        en: (
            "rows of one order in at most {limit} bytes",
            "Check the column that the orders are told apart by: it seems to be the same on every row."
        ),
        tr: (
            "bir siparişin satırları en çok {limit} bayt",
            "Siparişleri ayıran sütunu kontrol edin: her satırda aynı görünüyor."
        ))
    package static let quoteUnclosed = FindingCode(
        "read.quote.unclosed", stops: .file,
        when: "A quoted cell is still open at the end of the file: the file is not whole, or a quote is missing.",
        en: ("a closing quote before the end of the file", "Wait until the file is whole, or close the quote that opens in this row."),
        tr: ("dosya bitmeden kapanan bir tırnak", "Dosyanın tamamlanmasını bekleyin ya da bu satırda açılan tırnağı kapatın."))
    package static let quoteMisplaced = FindingCode(
        "read.quote.misplaced", stops: .order,
        when: "Text follows the closing quote of a cell, so it is not certain what the cell holds. The order is held.",
        en: ("a delimiter after the closing quote", "Write a quote inside a quoted cell twice, as a spreadsheet does when it saves."),
        tr: (
            "kapanan tırnaktan sonra ayırıcı",
            "Tırnaklı bir hücrenin içindeki tırnağı, hesap tablosunun kaydederken yaptığı gibi iki kez yazın."
        ))
    package static let lineEndForeign = FindingCode(
        "read.line-end.foreign", stops: .file,
        when: "Lines end in a carriage return alone, as old Macintosh files do, so no row could be told from the next.",
        en: ("lines that end in LF or CR LF", "Save the file as \"CSV UTF-8\" and drop it again."),
        tr: ("LF ya da CR LF ile biten satırlar", "Dosyayı \"CSV UTF-8\" olarak kaydedip yeniden bırakın."))
    package static let rowRagged = FindingCode(
        "read.row.ragged", stops: .order,
        when: "A row has more or fewer cells than there are headings, so its cells may stand under the wrong ones. The order is held.",
        en: ("{columns} cells as in the heading line", "Quote cells that hold the delimiter, and give every row all its cells."),
        tr: (
            "başlık satırındaki gibi {columns} hücre",
            "Ayırıcı içeren hücreleri tırnak içine alın ve her satıra bütün hücrelerini verin."
        ))
    package static let rowUnfinished = FindingCode(
        "read.row.unfinished", stops: .file,
        when: "The last row has fewer cells than there are headings: the file is probably still being written.",
        en: ("{columns} cells as in the heading line", "Wait until the file is whole, or complete its last row."),
        tr: ("başlık satırındaki gibi {columns} hücre", "Dosyanın tamamlanmasını bekleyin ya da son satırını tamamlayın."))
    package static let rowWrapped = FindingCode(
        "read.row.wrapped", stops: .file,
        when: "A whole row stands inside one quoted cell, as after a paste into a spreadsheet.",
        en: ("{columns} cells", "Export the file again from the shop, without opening it in a spreadsheet."),
        tr: ("{columns} hücre", "Dosyayı hesap tablosunda açmadan mağazadan yeniden dışa aktarın."))
    package static let headerUnknown = FindingCode(
        "read.header.unknown", stops: .file,
        when: "No channel profile of the flow recognises the file by its headings.",
        en: (
            "the headings of {profile}; missing: {missing}",
            "Nearest in the file: {nearest}. Export the columns under these headings, or correct them in the profile; a file of another kind belongs into its own flow."
        ),
        tr: (
            "{profile} başlıkları; eksik: {missing}",
            "Dosyadaki en yakın ad: {nearest}. Sütunları bu başlıklarla dışa aktarın ya da başlıkları profilde düzeltin; başka türden bir dosya kendi akışına bırakılır."
        ))
    package static let headerRenamed = FindingCode(
        "read.header.renamed", stops: .file,
        when:
            "A column that decides what ships, or that reaches the consignment, is missing, and a heading that nothing reads is nearly the same.",
        en: (
            "the column \"{column}\" (read by: {readers})",
            "If \"{found}\" is that column, rename it in the file or write this heading into the profile ({mapping}). If it is another one, add \"{column}\" to the file, empty where there is nothing."
        ),
        tr: (
            "\"{column}\" sütunu (okuyan: {readers})",
            "\"{found}\" o sütunsa dosyada yeniden adlandırın ya da bu başlığı profile yazın ({mapping}). Başka bir sütunsa dosyaya \"{column}\" sütununu ekleyin; değer yoksa boş kalsın."
        ))
    package static let headerForeign = FindingCode(
        "read.header.foreign", stops: .file,
        when: "The file is recognised as something that can't be shipped from (mappings/tables/look-alikes.csv).",
        en: ("orders to ship; this is {what}", "{instead}"),
        tr: ("gönderilecek siparişler; bu dosya: {whatTurkish}", "{insteadTurkish}"))
    package static let headerDuplicate = FindingCode(
        "read.header.duplicate", stops: .file,
        when: "Two columns have the same heading and the mapping uses it, so it can't know which one is meant.",
        en: ("the heading {heading} once", "Rename or remove one of the two columns."),
        tr: ("{heading} başlığı bir kez", "İki sütundan birinin adını değiştirin ya da birini silin."))
    package static let columnMissing = FindingCode(
        "read.column.missing", stops: .file,
        when: "A column that the mapping requires is not in the file.",
        en: ("a column {heading}; the nearest is {nearest}", "Export the file with that column."),
        tr: ("{heading} sütunu; en yakını {nearest}", "Dosyayı o sütunla dışa aktarın."))
    package static let formatUnknown = FindingCode(
        "read.format.unknown", stops: .start,
        when: "A profile names a format or an option of it that does not exist.",
        en: ("one of {formats}", "Correct format in the profile."),
        tr: ("{formats} içinden biri", "Profildeki format değerini düzeltin."))
    package static let shapeForeign = FindingCode(
        "read.shape.foreign", stops: .file,
        when: "A file is of a kind that no profile of its flow reads, told by its first bytes and not by its name.",
        en: (
            "a file that one of {profiles} reads",
            "Check that it is the right file for this folder, or add the profile to channels of the flow in dropgate.yaml."
        ),
        tr: (
            "{profiles} profillerinden birinin okuduğu bir dosya",
            "Bu klasör için doğru dosya olup olmadığını kontrol edin ya da profili dropgate.yaml içindeki akışın channels listesine ekleyin."
        ))
    package static let tableLarge = FindingCode(
        "read.table.large", stops: .file,
        when: "A file unfolds to more rows and cells than four times what a file may have: some formats hide very large ones.",
        en: ("at most {limit} bytes when laid out", "Split the file, or raise file under limits in dropgate.yaml."),
        tr: ("açıldığında en çok {limit} bayt", "Dosyayı bölün ya da dropgate.yaml içinde limits altındaki file değerini yükseltin."))
    package static let documentUnfinished = FindingCode(
        "read.document.unfinished", stops: .file,
        when: "An XML or JSON file ends before what it opened is closed: it is probably still being written.",
        en: ("everything closed that was opened", "Wait until the file is whole, or write it again."),
        tr: ("açılan her şeyin kapanması", "Dosyanın tamamlanmasını bekleyin ya da yeniden yazın."))
    package static let templateSyntax = FindingCode(
        "read.template.syntax", stops: .start,
        when: "A template is not well-formed XML or JSON, or declares something that a template may not have.",
        en: ("{expected}", "Correct the template: {detail}."),
        tr: ("{expected}", "Şablonu düzeltin: {detail}."))
    package static let templateWord = FindingCode(
        "read.template.word", stops: .start,
        when: "A `dg:` attribute or member of a template is unknown, or stands where it can't work.",
        en: ("{expected}", "Correct or remove it."),
        tr: ("{expected}", "Düzeltin ya da silin."))
    package static let templateBrace = FindingCode(
        "read.template.brace", stops: .start,
        when: "A brace in a template has no partner.",
        en: ("an expression between { and }", "Close the brace, or write it twice where it is meant as a character."),
        tr: ("{ ile } arasında bir ifade", "Ayracı kapatın ya da karakter olarak isteniyorsa iki kez yazın."))
    package static let schemaUnreadable = FindingCode(
        "read.schema.unreadable", stops: .start,
        when: "A schema that stands beside a profile can't be read or is not valid.",
        en: ("a valid XML schema", "Put the carrier's schema files there as it hands them out, with the files that they include."),
        tr: ("geçerli bir XML şeması", "Taşıyıcının şema dosyalarını, içerdikleri dosyalarla birlikte verildiği gibi oraya koyun."))

    package static let readCodes: [FindingCode] = [
        .charsetForeign, .charsetUndecided, .columnMissing, .columnsMany, .documentUnfinished, .fieldLong, .fileEmpty, .formatUnknown,
        .headerDuplicate, .headerForeign, .headerRenamed, .headerUnknown, .lineEndForeign, .nulByte, .orderLarge, .quoteMisplaced,
        .quoteUnclosed, .recordLong,
        .rowRagged, .rowUnfinished, .rowWrapped, .rowsNone, .schemaUnreadable, .shapeForeign, .tableLarge, .templateBrace, .templateSyntax,
        .templateWord, .textDamaged, .textNotUTF8,
        .receiptKeyDouble, .receiptKeyUnreadable, .receiptMixed, .receiptRowUnknown,
    ]
}

// Problems of a receipt that its reader corrected and dropped again.
extension FindingCode {
    package static let receiptRowUnknown = FindingCode(
        "receipt.row.unknown", stops: .file,
        when: "A corrected receipt has a row key that the file it belongs to does not have.",
        en: (
            "a row key of the file that the receipt belongs to",
            "Restore the column dropgate row as the receipt had it; drop new orders in a file of their own."
        ),
        tr: (
            "makbuzun ait olduğu dosyanın bir satır anahtarı",
            "dropgate row sütununu makbuzdaki hâline getirin; yeni siparişleri ayrı bir dosyayla bırakın."
        ))
    package static let receiptKeyUnreadable = FindingCode(
        "receipt.key.unreadable", stops: .file,
        when: "The column `dropgate row` of a corrected receipt holds something that is no row key.",
        en: ("a row key such as r12-34", "Restore the column dropgate row as the receipt had it; drop new orders in a file of their own."),
        tr: (
            "r12-34 gibi bir satır anahtarı",
            "dropgate row sütununu makbuzdaki hâline getirin; yeni siparişleri ayrı bir dosyayla bırakın."
        ))
    package static let receiptKeyDouble = FindingCode(
        "receipt.key.double", stops: .file,
        when: "The same row key stands twice in a corrected receipt.",
        en: ("each row key once", "Keep one of the rows with this key."),
        tr: ("her satır anahtarı bir kez", "Bu anahtarı taşıyan satırlardan birini bırakın."))
    package static let receiptMixed = FindingCode(
        "receipt.mixed", stops: .file,
        when: "Rows of receipts of different files stand in one file.",
        en: ("rows of one receipt, {key}", "Drop each corrected receipt by itself."),
        tr: ("tek bir makbuzun satırları, {key}", "Düzeltilen her makbuzu ayrı bırakın."))
}
