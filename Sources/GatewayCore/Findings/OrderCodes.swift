// Problems of orders as a whole. Each code stands once here and once in the list below.
extension FindingCode {
    package static let orderUndecided = FindingCode(
        "order.undecided", stops: .order, when: "The rules of the profile neither ship nor skip the order.",
        en: (
            "one of the conditions under ship when, {mapping}",
            "Correct the order's state in the shop and export it again, or extend the rules."
        ),
        tr: (
            "ship when altındaki koşullardan biri, {mapping}",
            "Siparişin durumunu mağazada düzeltip yeniden dışa aktarın ya da kuralları genişletin."
        ))
    package static let orderLineUndecided = FindingCode(
        "order.line.undecided", stops: .order, when: "The rules of the profile neither ship nor leave out a line of the order.",
        en: (
            "a state of the line that skip lines when or ship lines when knows, {mapping}",
            "Correct the line's state in the shop, or extend the rules."
        ),
        tr: (
            "skip lines when ya da ship lines when kurallarının bildiği bir satır durumu, {mapping}",
            "Satırın durumunu mağazada düzeltin ya da kuralları genişletin."
        ))
    package static let orderLineDouble = FindingCode(
        "order.line.double", stops: .order,
        when: "Two lines of an order have the same key (`one line per`) and differ otherwise, so it is not certain what to ship.",
        en: ("each line once", "Remove the wrong one of the two lines; the profile tells lines apart by `one line per`."),
        tr: ("her satır bir kez", "İki satırdan yanlış olanı silin; profil satırları `one line per` ile ayırır."))
    package static let orderHoldRule = FindingCode(
        "order.hold.rule", stops: .order, when: "A rule under hold when holds the order.",
        en: ("an order that may ship, but {reason}", "Settle it and send the order again; {mapping} holds it."),
        tr: ("gönderilebilir bir sipariş, ancak {reason}", "Nedeni giderip siparişi yeniden gönderin; bekleten yer: {mapping}."))
    package static let orderReferenceMissing = FindingCode(
        "order.reference.missing", stops: .order, when: "An order has no reference, so nothing can be known of it later.",
        en: ("an order reference", "Fill the cell; {mapping} reads it."),
        tr: ("bir sipariş numarası", "Hücreyi doldurun; okuyan yer: {mapping}."))
    package static let orderQuantity = FindingCode(
        "order.quantity", stops: .order, when: "The quantity of a line that ships is not a whole number from 1 on.",
        en: ("a whole number from 1 on", "Correct the quantity; {mapping} reads it."),
        tr: ("1 ya da daha büyük bir tam sayı", "Adedi düzeltin; okuyan yer: {mapping}."))
    package static let orderRecordsLimit = FindingCode(
        "order.records.limit", stops: .file, when: "More rows in sequence belong to one order than allowed.",
        en: (
            "at most {limit} rows for one order", "Check `one order per` in the profile, or raise limits: order records in dropgate.yaml."
        ),
        tr: (
            "bir sipariş için en çok {limit} satır",
            "Profildeki `one order per` satırını denetleyin ya da dropgate.yaml içinde limits: order records değerini yükseltin."
        ))

    package static let orderCodes: [FindingCode] = [
        orderUndecided, orderLineUndecided, orderLineDouble, orderHoldRule, orderReferenceMissing, orderQuantity, orderRecordsLimit,
    ]
}
