// Problems of X12 and EDIFACT files.
extension FindingCode {
    package static let ediNothing = FindingCode(
        "edi.nothing", stops: .file,
        when: "The file holds neither an X12 nor an EDIFACT interchange.",
        en: ("a file that begins with ISA, UNA or UNB", "Ask the sender for the interchange as it was made, without anything around it."),
        tr: ("ISA, UNA ya da UNB ile başlayan bir dosya", "Gönderenden değişim dosyasını, çevresinde başka bir şey olmadan isteyin."))
    package static let ediEnvelopeMissing = FindingCode(
        "edi.envelope.missing", stops: .file,
        when: "Sets stand in the file without an interchange around them.",
        en: (
            "an envelope: ISA … IEA or UNB … UNZ",
            "Ask the sender for the whole interchange; a flow with tolerance lenient takes it as it is."
        ),
        tr: (
            "bir zarf: ISA … IEA ya da UNB … UNZ",
            "Gönderenden bütün değişimi isteyin; toleransı lenient olan bir akış bunu olduğu gibi alır."
        ))
    package static let ediJunk = FindingCode(
        "edi.bytes.outside", stops: .nothing,
        when: "Bytes stand before, between or after interchanges and belong to none.",
        en: ("nothing outside of interchanges", "Nothing is lost by it: those bytes were left out. Ask the sender what they are."),
        tr: ("değişimlerin dışında hiçbir şey", "Bir kayıp yok: bu baytlar atlandı. Gönderene ne olduklarını sorun."))
    package static let ediMark = FindingCode(
        "edi.mark", stops: .nothing,
        when: "The file begins with a byte order mark, which EDI does not have.",
        en: ("the interchange as the first bytes", "Nothing to do: the mark was left out."),
        tr: ("ilk bayt olarak değişim", "Yapılacak bir şey yok: işaret atlandı."))
    package static let ediIndented = FindingCode(
        "edi.segments.indented", stops: .nothing,
        when: "Blanks stand before segments.",
        en: ("segments without blanks before them", "Nothing to do: the blanks were left out. {found} segments have them."),
        tr: ("önünde boşluk olmayan segmentler", "Yapılacak bir şey yok: boşluklar atlandı. {found} segmentte var."))
    package static let ediWrapped = FindingCode(
        "edi.segments.wrapped", stops: .nothing,
        when: "Lines break inside of segments, as in files that were kept in records of 80 characters.",
        en: ("segments without line breaks in them", "Nothing to do: the line breaks were left out. {found} segments have them."),
        tr: ("içinde satır sonu olmayan segmentler", "Yapılacak bir şey yok: satır sonları atlandı. {found} segmentte var."))
    package static let ediUnterminated = FindingCode(
        "edi.segment.unterminated", stops: .nothing,
        when: "The file ends without the terminator of its last segment.",
        en: (
            "a terminator after the last segment",
            "Nothing to do when the interchange is complete; if its trailer is missing the file was cut."
        ),
        tr: ("son segmentten sonra bitirici", "Değişim tamamsa yapılacak bir şey yok; sonu eksikse dosya kesilmiştir."))
    package static let ediHeaderShort = FindingCode(
        "edi.header.short", stops: .nothing,
        when: "The header ISA has no 16th element: the byte that ends it ends the lines too.",
        en: ("ISA with 16 elements", "Nothing to do: the terminator was found by the lines that follow."),
        tr: ("16 elemanlı ISA", "Yapılacak bir şey yok: bitirici, sonraki satırlardan bulundu."))
    package static let ediHeaderWidths = FindingCode(
        "edi.header.widths", stops: .nothing,
        when: "Elements of ISA do not have their fixed width.",
        en: (
            "elements of ISA with their fixed widths", "Nothing to do: the header was read by its separators. The elements are ISA{found}."
        ),
        tr: ("sabit genişlikli ISA elemanları", "Yapılacak bir şey yok: başlık ayırıcılarından okundu. Elemanlar: ISA{found}."))
    package static let ediBinaryLength = FindingCode(
        "edi.binary.length", stops: .order,
        when: "The length of binary data is no number, or goes past the end of the file.",
        en: ("the number of bytes that follow", "Ask the sender for the set again."),
        tr: ("ardından gelen bayt sayısı", "Gönderenden bu seti yeniden isteyin."))
    package static let ediSegmentLong = FindingCode(
        "edi.segment.long", stops: .file,
        when: "A segment is longer than `limits: record` allows; usually a terminator that never comes.",
        en: (
            "a segment of at most {limit} bytes",
            "Look for the terminator that the header states, or raise record under limits in dropgate.yaml."
        ),
        tr: (
            "en çok {limit} baytlık bir segment",
            "Başlıktaki bitiriciyi dosyada arayın ya da dropgate.yaml içinde limits altındaki record değerini yükseltin."
        ))
    package static let ediTagUnknown = FindingCode(
        "edi.tag.unknown", stops: .order,
        when: "A segment begins with something that is no segment id.",
        en: ("two or three capital letters and digits", "Ask the sender for the set again; a delimiter inside of a text does this."),
        tr: ("iki ya da üç büyük harf veya rakam", "Gönderenden bu seti yeniden isteyin; bir metnin içindeki ayırıcı buna yol açar."))
    package static let ediSegmentOutside = FindingCode(
        "edi.segment.outside", stops: .nothing,
        when: "A segment stands outside of any set; often the set's header was damaged.",
        en: ("a segment inside of a set", "Ask the sender whether a set is missing here."),
        tr: ("bir setin içinde segment", "Gönderene burada bir setin eksik olup olmadığını sorun."))
    package static let ediTrailerAlone = FindingCode(
        "edi.trailer.alone", stops: .nothing,
        when: "A trailer ends what was not begun.",
        en: ("its header before it", "Ask the sender whether a header is missing or damaged."),
        tr: ("öncesinde başlığı", "Gönderene bir başlığın eksik ya da bozuk olup olmadığını sorun."))
    package static let ediTrailerMissing = FindingCode(
        "edi.trailer.missing", stops: .order,
        when: "A set, group or interchange is not ended: the file was cut, or a trailer was damaged.",
        en: ("its trailer {trailer}", "If the file was cut, drop it again as a whole; sets that are complete are kept."),
        tr: ("{trailer} bitiş segmenti", "Dosya kesildiyse bütününü yeniden bırakın; tamam olan setler saklanır."))
    package static let ediSegmentCount = FindingCode(
        "edi.count.segments", stops: .order,
        when: "The trailer of a set counts other segments than there are.",
        en: ("{actual}, the segments that there are", "Ask the sender for the set again; a flow with tolerance lenient takes it as it is."),
        tr: ("{actual}, var olan segmentler", "Gönderenden bu seti yeniden isteyin; toleransı lenient olan bir akış bunu olduğu gibi alır.")
    )
    package static let ediSetCount = FindingCode(
        "edi.count.sets", stops: .nothing,
        when: "The trailer of a group or interchange counts other sets than there are.",
        en: ("{actual}, the sets that there are", "Ask the sender whether sets are missing. Those that are there and complete were read."),
        tr: ("{actual}, var olan setler", "Gönderene eksik set olup olmadığını sorun. Var ve tamam olanlar okundu."))
    package static let ediGroupCount = FindingCode(
        "edi.count.groups", stops: .nothing,
        when: "The trailer of an interchange counts other groups than there are.",
        en: ("{actual}, the groups that there are", "Ask the sender whether groups are missing. Those that are there were read."),
        tr: ("{actual}, var olan gruplar", "Gönderene eksik grup olup olmadığını sorun. Var olanlar okundu."))
    package static let ediReferenceDiffers = FindingCode(
        "edi.reference.differs", stops: .order,
        when: "A trailer states another control number than its header.",
        en: ("{wanted}, as in the header", "Ask the sender for it again; two transmissions may have been mixed."),
        tr: ("başlıktaki gibi {wanted}", "Gönderenden yeniden isteyin; iki gönderim karışmış olabilir."))
    package static let ediReferenceWritten = FindingCode(
        "edi.reference.written", stops: .nothing,
        when: "A trailer writes the control number of its header in another way, such as without leading zeros.",
        en: ("{wanted}, as in the header", "Nothing to do: the numbers are equal."),
        tr: ("başlıktaki gibi {wanted}", "Yapılacak bir şey yok: sayılar eşit."))
    package static let ediControlRepeated = FindingCode(
        "edi.control.repeated", stops: .nothing,
        when: "A control number is used twice in one file.",
        en: ("a control number of its own", "Ask the sender whether the same was sent twice; the ledger takes equal orders once."),
        tr: (
            "kendine ait bir kontrol numarası",
            "Gönderene aynı şeyin iki kez gönderilip gönderilmediğini sorun; defter aynı siparişi bir kez alır."
        ))

    package static let ediCodes: [FindingCode] = [
        ediNothing, ediEnvelopeMissing, ediJunk, ediMark, ediIndented, ediWrapped, ediUnterminated, ediHeaderShort, ediHeaderWidths,
        ediBinaryLength, ediSegmentLong, ediTagUnknown, ediSegmentOutside, ediTrailerAlone, ediTrailerMissing, ediSegmentCount, ediSetCount,
        ediGroupCount, ediReferenceDiffers, ediReferenceWritten, ediControlRepeated,
    ]
}
