@_spi(HotPath) import GatewayCore
import GatewayProfiles

/// The words of a receipt's cells, in the flow's language.
struct ReceiptWords {
    let language: Language
    let carrier: String

    private func pick(_ english: String, _ turkish: String) -> String {
        switch language {
        case .english: english
        case .turkish: turkish
        }
    }

    var shipped: ReceiptRow { row(pick("shipped", "gönderildi"), carrier: carrier) }
    /// It left, and something about it is to be said: a value that was repaired.
    func shipped(noting notices: [Finding]) -> ReceiptRow {
        row(pick("shipped", "gönderildi"), problem: sentences(notices), carrier: carrier)
    }
    var unchanged: ReceiptRow { row(pick("already shipped", "daha önce gönderildi"), carrier: carrier) }
    var notCompared: ReceiptRow {
        row(
            pick("already shipped", "daha önce gönderildi"),
            problem: pick("not compared: it left under an earlier mapping", "karşılaştırılmadı: önceki eşlemeyle gönderilmişti"),
            carrier: carrier)
    }
    var elsewhere: ReceiptRow { row(pick("shipped elsewhere (baseline)", "başka yerden gönderildi (başlangıç listesi)")) }
    var dropped: ReceiptRow { row(pick("dropped", "kaldırıldı"), problem: pick("an operator dropped it", "bir kullanıcı kaldırdı")) }
    var blank: ReceiptRow { row("") }

    func skipped(_ reason: String) -> ReceiptRow { row(pick("skipped", "atlandı"), problem: reason) }

    func held(_ findings: [Finding]) -> ReceiptRow {
        row(
            pick("held", "bekletildi"),
            problem: sentences(findings), whatToDo: findings.map { $0.remedy(in: language) }.joined(separator: " "))
    }

    private func sentences(_ findings: [Finding]) -> String {
        findings.map { finding in
            let place = finding.placeText(in: language)
            return (place.isEmpty ? "" : place + ": ") + finding.problem(in: language)
        }.joined(separator: " ")
    }

    /// A receipt of one row for a file that could not be read.
    func refused(_ finding: Finding) -> [UInt8] {
        let place = finding.placeText(in: language)
        return notice(
            status: finding.code.stops == .file && finding.code.id.hasPrefix("guard.")
                ? pick("held", "bekletildi") : pick("refused", "reddedildi"),
            problem: (place.isEmpty ? "" : place + ": ") + finding.problem(in: language), whatToDo: finding.remedy(in: language))
    }

    /// A receipt of one row for the same bytes again.
    func sameAgain(_ earlier: Arrival) -> [UInt8] {
        let name = Finding.visible(earlier.name)
        let left = earlier.totals.shipped + earlier.totals.unchanged
        let held = earlier.totals.held
        return notice(
            status: pick("same file again", "aynı dosya yeniden"),
            problem: pick(
                "The same content came as \(name): \(left) orders have left, \(held) are held for the reasons in its receipt.",
                "Aynı içerik \(name) adıyla gelmişti: \(left) sipariş gönderildi, \(held) sipariş makbuzundaki nedenle bekliyor."),
            whatToDo: held > 0
                ? pick("Correct the held orders in that receipt and drop it.", "Bekleyen siparişleri o makbuzda düzeltip bırakın.")
                : pick("Nothing: no order was sent again.", "Bir şey yapmayın: hiçbir sipariş yeniden gönderilmedi."))
    }

    private func notice(status: String, problem: String, whatToDo: String) -> [UInt8] {
        // A file's name may start a formula; the guard keeps it a text.
        func cell(_ text: String) -> String {
            "\"" + spreadsheetSafe(text).split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
        }
        let head = pick("status,problem,what to do", "durum,sorun,yapılacak")
        return [0xEF, 0xBB, 0xBF] + Array((head + "\r\n" + [status, problem, whatToDo].map(cell).joined(separator: ",") + "\r\n").utf8)
    }

    /// What differs from what left, by ``Verdict/changed``.
    func changed(_ bits: UInt8) -> String {
        var parts: [String] = []
        for block in DigestBlock.allCases where bits & (1 << UInt8(block.rawValue)) != 0 {
            switch block {
            case .consignee: parts.append(pick("the consignee", "alıcı"))
            case .payment: parts.append(pick("the payment", "ödeme"))
            case .service: parts.append(pick("the service or parcel", "hizmet ya da koli"))
            case .other: parts.append(pick("the goods or notes", "içerik ya da notlar"))
            }
        }
        if bits & 16 != 0 { parts.append(pick("the lines", "satırlar")) }
        return parts.joined(separator: ", ")
    }

    private func row(_ status: String, problem: String = "", whatToDo: String = "", carrier: String = "") -> ReceiptRow {
        ReceiptRow(status: status, problem: problem, whatToDo: whatToDo, carrier: carrier, tracking: "")
    }
}
