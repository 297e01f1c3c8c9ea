import Testing

/// A change that makes a right `dropgate.yaml` wrong, and what is then said.
struct WrongSetting: Sendable, CustomTestStringConvertible {
    let instead: String
    let written: String
    let says: [String]

    init(_ instead: String, _ written: String, _ says: String...) {
        self.instead = instead
        self.written = written
        self.says = says
    }

    var testDescription: String { written }

    static let all: [WrongSetting] = [
        WrongSetting(
            "postcode: 01234", "phone: call",
            "dropgate.yaml:24:16: found \"call\", expected a telephone number of at least 7 digits such as +902165550100.\n"
                + "Write the warehouse's number, or leave the key out. [config.phone.short]"),
        WrongSetting(
            "workspace: 1", "workspace: 2",
            "dropgate.yaml:1:12: found \"2\", expected 1.\n"
                + "Use a newer dropgate for this workspace, or write \"workspace: 1\". [config.version.unknown]"),
        WrongSetting(
            "workspace: 1\n", "",
            "dropgate.yaml:1:1: found nothing, expected \"workspace\" in dropgate.yaml.\n"
                + "Add a line such as \"workspace: 1\". [config.key.missing]"),
        WrongSetting(
            "rescan:", "resacn:",
            "dropgate.yaml:35:1: found \"resacn\", expected a key known here, the nearest is \"rescan\".\n"
                + "Write \"rescan\", or remove the line. Keys of dropgate.yaml: workspace, merchants, accounts, endpoints, ranges, limits, quiet, rescan. [config.key.unknown]"
        ),
        WrongSetting(
            "mode: live", "mode: lief",
            "dropgate.yaml:6:15: found \"lief\", expected one of live, test.\n"
                + "Write \"live\", or another of these words. [config.word.unknown]"),
        WrongSetting(
            "        mode: live\n", "",
            "dropgate.yaml:6:9: found nothing, expected \"mode\" in flow acme/web.\n"
                + "Add a line such as \"mode: test\". [config.key.missing]"),
        WrongSetting(
            "mode: live", "mode: [live]",
            "dropgate.yaml:6:15: found \"[1]\", expected one value for \"mode\".\n"
                + "Write the value on the same line, after the colon. [config.type.text]"),
        WrongSetting(
            "shop: acme-web", "shop:",
            "dropgate.yaml:7:14: found nothing, expected \"shop\" in flow acme/web.\n"
                + "Add a line such as \"shop: my-shop\". [config.key.missing]"),
        WrongSetting(
            "channels: shop-export, market-export", "channels: shop-export, market-exprot",
            "dropgate.yaml:8:32: found \"market-exprot\", expected a channel family or a profile in mappings/channels, the nearest is \"market-export\".\n"
                + "Write \"market-export\", or add mappings/channels/market-exprot.yaml. [config.channel.unknown]"),
        WrongSetting(
            "channels: shop-export, market-export", "channels: { a: b }",
            "dropgate.yaml:8:19: found \"a\", expected a list for \"channels\".\n"
                + "Write one value, or each on a line of its own that begins with \"- \". [config.type.list]"),
        WrongSetting(
            "carrier: fast-freight", "carrier: fast-frieght",
            "dropgate.yaml:9:18: found \"fast-frieght\", expected a carrier with a profile in mappings/carriers, the nearest is \"fast-freight\".\n"
                + "Write \"fast-freight\", or add mappings/carriers/fast-frieght.yaml. [config.carrier.unknown]"),
        WrongSetting(
            "  fast-freight:\n", "  fast-frieght:\n",
            "dropgate.yaml:27:3: found \"fast-frieght\", expected a carrier with a profile in mappings/carriers, the nearest is \"fast-freight\".\n"
                + "Write \"fast-freight\", or add mappings/carriers/fast-frieght.yaml. [config.carrier.unknown]",
            "dropgate.yaml:10:18: found \"main\", expected an account of fast-freight: none.\n"
                + "Add \"main\" below accounts: fast-freight:, or name one that is there. [config.account.unknown]"),
        WrongSetting(
            "account: main", "account: mian",
            "dropgate.yaml:10:18: found \"mian\", expected an account of fast-freight: main.\n"
                + "Add \"mian\" below accounts: fast-freight:, or name one that is there. [config.account.unknown]"),
        WrongSetting(
            "consignor: depot", "consignor: depto",
            "dropgate.yaml:11:20: found \"depto\", expected a consignor of acme: depot.\n"
                + "Add \"depto\" below consignors: of acme, or name one that is there. [config.consignor.unknown]"),
        WrongSetting(
            "zone: Europe/Istanbul", "zone: Europe/Istambul",
            "dropgate.yaml:12:15: found \"Europe/Istambul\", expected an IANA time zone, the nearest is Europe/Istanbul.\n"
                + "Write \"Europe/Istanbul\" or the zone of the shop; Debian's package tzdata holds them. [config.zone.unknown]"),
        WrongSetting(
            "language: tr", "language: de",
            "dropgate.yaml:13:19: found \"de\", expected one of en, tr.\n"
                + "Write \"en\", or another of these words. [config.word.unknown]"),
        WrongSetting(
            "waybill: range waybills", "waybill: range waybils",
            "dropgate.yaml:15:18: found \"range waybils\", expected none, reference or range NAME; ranges here: waybills.\n"
                + "Add the range below ranges:, or name one that is there. [config.range.unknown]"),
        WrongSetting(
            "orders per document: 500", "orders per document: 0",
            "dropgate.yaml:16:30: found \"0\", expected a whole number from 1 to 1000000.\n"
                + "Write the number without separators. [config.count.unreadable]"),
        WrongSetting(
            "weight: 1.2345 kg", "weight: '1,2 kg'",
            "dropgate.yaml:17:27: found \"1,2 kg\", expected a mass such as 500 g or 1.2 kg.\n"
                + "Write a number and g, kg, oz or lb; the decimal point is a dot. [config.mass.unreadable]"),
        WrongSetting(
            "length: 30 cm", "length: 30",
            "dropgate.yaml:17:46: found \"30\", expected a length such as 30 cm or 255 mm.\n"
                + "Write a number and mm, cm, m or in; the decimal point is a dot. [config.length.unreadable]"),
        WrongSetting(
            "weight: 1.2345 kg", "wieght: 1 kg",
            "dropgate.yaml:17:19: found \"wieght\", expected a key known here, the nearest is \"weight\".\n"
                + "Write \"weight\", or remove the line. Keys of parcel: weight, length, width, height, contents, product. [config.key.unknown]"
        ),
        WrongSetting(
            "older than: 10 days", "older than: 10",
            "dropgate.yaml:18:43: found \"10\", expected a duration such as 30 s, 15 min, 4 h or 10 days.\n"
                + "Write a whole number and ms, s, min, h or days. [config.duration.unreadable]"),
        WrongSetting(
            "new orders than: 200", "new orders than: many",
            "dropgate.yaml:18:90: found \"many\", expected a whole number from 0 to 10000000.\n"
                + "Write the number without separators. [config.count.unreadable]"),
        WrongSetting(
            "        guards: { hold orders older than: 10 days, hold files with more new orders than: 200 }\n", "",
            "dropgate.yaml:5:7: found nothing, expected guards for the live flow acme/web.\n"
                + "Add \"guards:\" with a number of days and of new orders, or \"off\" for both. [config.guards.silent]"),
        WrongSetting(
            "give up after: 15 min", "give up after: soon",
            "dropgate.yaml:19:24: found \"soon\", expected a duration such as 30 s, 15 min, 4 h or 10 days.\n"
                + "Write a whole number and ms, s, min, h or days. [config.duration.unreadable]"),
        WrongSetting(
            "receipts: off", "receipts: no",
            "dropgate.yaml:20:19: found \"no\", expected one of off, on.\n"
                + "Write \"on\", or another of these words. [config.word.unknown]"),
        WrongSetting(
            "country: NO", "country: Norway",
            "dropgate.yaml:25:18: found \"Norway\", expected a country of two letters such as TR.\n"
                + "Write the ISO 3166-1 code in capitals. [config.country.unreadable]"),
        WrongSetting(
            "  acme:\n", "  Acme & Co:\n",
            "dropgate.yaml:3:3: found \"Acme & Co\", expected a name of a to z, 0 to 9, - and _, at most 40 characters.\n"
                + "Choose such a name: folders are named by it. [config.name.invalid]"),
        WrongSetting(
            "password: file:secrets/freight", "password: hunter2",
            "dropgate.yaml:30:56: found \"•••\", expected env:NAME or file:PATH for the secret \"password\".\n"
                + "Move the value to a file with mode 0600 or to the environment; if others may have read it, have it changed. [secret.plain]"
        ),
        WrongSetting(
            "settings: { payor: 1, region: NO }", "settings: 1",
            "dropgate.yaml:29:17: found \"1\", expected keys with values below \"settings\".\n"
                + "Write the keys indented below it. [config.type.map]"),
        WrongSetting(
            "to: 9999999", "to: 8",
            "dropgate.yaml:32:34: found \"8\", expected a last number not below the first, 9000000.\n"
                + "Exchange from and to, or correct one of them. [config.range.order]"),
        WrongSetting(
            "from: 9000000, ", "",
            "dropgate.yaml:32:13: found nothing, expected \"from\" in range waybills.\n"
                + "Add a line such as \"from: 9000000\". [config.key.missing]"),
        WrongSetting(
            "file: 2 GB", "file: 2 gigabytes",
            "dropgate.yaml:33:17: found \"2 gigabytes\", expected a size such as 64 kB, 8 MB or 4 GB.\n"
                + "Write a whole number and B, kB, MB or GB. [config.size.unreadable]"),
    ]
}
