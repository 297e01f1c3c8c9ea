// Problems of JSON, XML and fixed-width files that are laid out as a table.
extension FindingCode {
    package static let jsonSyntax = FindingCode(
        "read.json.syntax", stops: .file,
        when: "A JSON file, or a line of a file with one JSON object a line, is not well-formed. Nothing of it is guessed.",
        en: ("{expected}", "Export the file again; if it is written by a program of your own, mend what it writes at this place."),
        tr: (
            "{expected}", "Dosyayı yeniden dışa aktarın; kendi programınız yazıyorsa bu yerde yazdığını düzeltin."
        ))
    package static let jsonKeyDouble = FindingCode(
        "read.json.key-double", stops: .file,
        when: "A JSON object has a key twice, and the profile reads it: which value is meant is not certain.",
        en: ("each key once in an object", "Export the file again, or mend the program that writes it."),
        tr: ("bir nesnede her anahtar bir kez", "Dosyayı yeniden dışa aktarın ya da yazan programı düzeltin."))
    package static let treeDeep = FindingCode(
        "read.tree.deep", stops: .file,
        when: "A JSON or XML file is nested deeper than `limits: depth` allows.",
        en: ("at most {limit} levels", "Check that it is the right file, or raise depth under limits in dropgate.yaml."),
        tr: (
            "en çok {limit} düzey",
            "Doğru dosya olup olmadığını kontrol edin ya da dropgate.yaml içinde limits altındaki depth değerini yükseltin."
        ))
    package static let treePath = FindingCode(
        "read.tree.path", stops: .file,
        when: "A path of a profile for JSON or XML files cannot be read.",
        en: (
            "names with dots between, such as a.b, a[0].b, a[key=x].b or a.@attribute",
            "Correct the path in the profile; docs/MAPPING.md explains paths."
        ),
        tr: (
            "a.b, a[0].b, a[key=x].b ya da a.@attribute gibi, aralarında nokta olan adlar",
            "Profildeki yolu düzeltin; docs/MAPPING.md yolları açıklar."
        ))
    package static let treeOrderLarge = FindingCode(
        "read.tree.order", stops: .file,
        when: "An order of a JSON or XML file has more lines, or takes more room as rows, than an order may.",
        en: (
            "an order of at most {lines} lines and {limit} bytes as rows",
            "Check that it is the right file, or raise record under limits in dropgate.yaml."
        ),
        tr: (
            "en çok {lines} kalemli ve satır olarak en çok {limit} baytlık bir sipariş",
            "Doğru dosya olup olmadığını kontrol edin ya da dropgate.yaml içinde limits altındaki record değerini yükseltin."
        ))
    package static let xmlSyntax = FindingCode(
        "read.xml.syntax", stops: .file,
        when: "An XML file is not well-formed, or not in the character set that it declares.",
        en: (
            "well-formed XML",
            "Export the file again; if it is written by a program of your own, mend what it writes at this place."
        ),
        tr: (
            "düzgün XML", "Dosyayı yeniden dışa aktarın; kendi programınız yazıyorsa bu yerde yazdığını düzeltin."
        ))
    package static let xmlDoctype = FindingCode(
        "read.xml.doctype", stops: .file,
        when: "An XML file has a document type. Order files have none, and a document type can name other files or grow without end.",
        en: ("XML without <!DOCTYPE", "Export the file without a document type, or check that it is the right file."),
        tr: ("<!DOCTYPE içermeyen XML", "Dosyayı belge türü olmadan dışa aktarın ya da doğru dosya olup olmadığını kontrol edin."))

    package static let fixedPlace = FindingCode(
        "read.fixed.place", stops: .file,
        when: "A profile for fixed-width files has a place under columns that cannot be read.",
        en: (
            "a place such as 1-10, H 2-11 for rows that begin with H, or T for rows that are passed over",
            "Correct the place in the profile; places count from 1."
        ),
        tr: (
            "1-10 gibi bir yer, H ile başlayan satırlar için H 2-11, atlanacak satırlar için T",
            "Profildeki yeri düzeltin; yerler 1'den sayılır."
        ))
    package static let fixedKindUnknown = FindingCode(
        "read.fixed.kind", stops: .file,
        when: "A row of a fixed-width file begins with none of the letters that the profile names.",
        en: (
            "a row that begins with one of {kinds}",
            "Check that the file is whole and the right one, or add the kind under columns in the profile; with a letter alone its rows are passed over."
        ),
        tr: (
            "{kinds} içinden biriyle başlayan bir satır",
            "Dosyanın tam ve doğru dosya olduğunu kontrol edin ya da türü profildeki columns altına ekleyin; yalnız harf yazılırsa o satırlar atlanır."
        ))

    package static let treeCodes: [FindingCode] = [
        .fixedKindUnknown, .fixedPlace, .jsonKeyDouble, .jsonSyntax, .treeDeep, .treeOrderLarge, .treePath, .xmlDoctype, .xmlSyntax,
    ]
}
