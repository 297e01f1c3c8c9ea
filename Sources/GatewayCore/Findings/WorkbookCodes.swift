// Problems of dropped workbooks (XLSX). Each code stands once here and once in the list below.
extension FindingCode {
    package static let workbookUnfinished = FindingCode(
        "workbook.unfinished", stops: .file,
        when: "A workbook's end is missing, or a part that its list of contents names: it is probably still being written.",
        en: ("a workbook that is there whole", "Wait until the file is whole, or drop it again; check that the upload was in binary mode."),
        tr: (
            "tamamı burada olan bir çalışma kitabı",
            "Dosyanın tamamlanmasını bekleyin ya da yeniden bırakın; yüklemenin ikili kipte olduğunu kontrol edin."
        ))
    package static let workbookDamaged = FindingCode(
        "workbook.damaged", stops: .file,
        when: "A part of a workbook is missing, damaged, or not what its format demands.",
        en: ("a sound workbook ({detail})", "Open the file in a spreadsheet program, save it as .xlsx and drop it again."),
        tr: ("sağlam bir çalışma kitabı ({detail})", "Dosyayı bir hesap tablosu programında açıp .xlsx olarak kaydedin ve yeniden bırakın.")
    )
    package static let workbookKind = FindingCode(
        "workbook.kind", stops: .file,
        when: "The file is a spreadsheet or archive of another kind: an old .xls, a binary .xlsb, an .ods, or a plain zip.",
        en: ("an .xlsx workbook or a text file", "Open the file in a spreadsheet program, save it as .xlsx and drop it again."),
        tr: (
            ".xlsx çalışma kitabı ya da metin dosyası",
            "Dosyayı bir hesap tablosu programında açıp .xlsx olarak kaydedin ve yeniden bırakın."
        ))
    package static let workbookEncrypted = FindingCode(
        "workbook.encrypted", stops: .file,
        when: "The workbook is protected by a password for opening.",
        en: ("a workbook without a password", "Open the file with its password, save it as .xlsx without one and drop it again."),
        tr: ("parolasız bir çalışma kitabı", "Dosyayı parolasıyla açıp parolasız .xlsx olarak kaydedin ve yeniden bırakın."))
    package static let workbookDoctype = FindingCode(
        "workbook.doctype", stops: .file,
        when: "A part of the workbook declares a document type: no spreadsheet writes one, and it can make a small file endless.",
        en: ("a workbook without document types", "Find out who made this file: it is not what a spreadsheet program writes."),
        tr: (
            "belge türü bildirimi olmayan bir çalışma kitabı",
            "Bu dosyayı kimin ürettiğini araştırın: hesap tablosu programları böyle yazmaz."
        ))
    package static let workbookLarge = FindingCode(
        "workbook.large", stops: .file,
        when: "A workbook would unpack to more than a workbook of its size can hold, or than the limits allow.",
        en: ("at most {limit} {what}", "Split the export into smaller files, or raise file or columns under limits in dropgate.yaml."),
        tr: (
            "en çok {limit} ({what})",
            "Dışa aktarımı küçük dosyalara bölün ya da dropgate.yaml içinde limits altındaki file veya columns değerini yükseltin."
        ))
    package static let workbookLibraryMissing = FindingCode(
        "workbook.library.missing", stops: .file,
        when: "libarchive, which unpacks workbooks, is not on this machine or can't be loaded.",
        en: (
            "the library libarchive.so.13",
            "Install it (on Debian: the package libarchive13), restart, then `dropgate held retry` the file."
        ),
        tr: (
            "libarchive.so.13 kitaplığı",
            "Kitaplığı kurun (Debian'da libarchive13 paketi), yeniden başlatın, sonra dosya için `dropgate held retry` çalıştırın."
        ))
    package static let workbookSheetNone = FindingCode(
        "workbook.sheet.none", stops: .file,
        when: "No visible sheet of the workbook holds a row.",
        en: ("a visible sheet with headings and rows", "Show the sheet if it is hidden, or export the file again."),
        tr: ("başlıkları ve satırları olan görünür bir sayfa", "Sayfa gizliyse gösterin ya da dosyayı yeniden dışa aktarın."))
    package static let workbookSheetSeveral = FindingCode(
        "workbook.sheet.several", stops: .file,
        when: "Several visible sheets of the workbook hold orders; reading only one of them would lose the others.",
        en: (
            "orders on one sheet only; they stand on {sheets}",
            "Save each of these sheets as a file of its own, or delete or hide the others."
        ),
        tr: (
            "siparişler tek bir sayfada; bulundukları sayfalar: {sheets}",
            "Bu sayfaların her birini ayrı dosya olarak kaydedin ya da ötekileri silin veya gizleyin."
        ))

    package static let workbookCodes: [FindingCode] = [
        .workbookDamaged, .workbookDoctype, .workbookEncrypted, .workbookKind, .workbookLarge, .workbookLibraryMissing, .workbookSheetNone,
        .workbookSheetSeveral, .workbookUnfinished,
    ]
}
