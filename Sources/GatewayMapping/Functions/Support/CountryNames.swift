/// Names of countries: code, English, Turkish where it differs.
enum CountryNames {
    static let table = """
        AD|Andorra
        AE|United Arab Emirates|Birleşik Arap Emirlikleri
        AF|Afghanistan|Afganistan
        AG|Antigua and Barbuda|Antigua ve Barbuda
        AI|Anguilla
        AL|Albania|Arnavutluk
        AM|Armenia|Ermenistan
        AO|Angola
        AQ|Antarctica|Antarktika
        AR|Argentina|Arjantin
        AS|American Samoa|Amerikan Samoası
        AT|Austria|Avusturya
        AU|Australia|Avustralya
        AW|Aruba
        AX|Åland Islands|Åland Adaları
        AZ|Azerbaijan|Azerbaycan
        BA|Bosnia and Herzegovina|Bosna-Hersek
        BB|Barbados
        BD|Bangladesh|Bangladeş
        BE|Belgium|Belçika
        BF|Burkina Faso
        BG|Bulgaria|Bulgaristan
        BH|Bahrain|Bahreyn
        BI|Burundi
        BJ|Benin
        BL|Saint Barthélemy|Saint Barthelemy
        BM|Bermuda
        BN|Brunei
        BO|Bolivia|Bolivya
        BQ|Bonaire, Sint Eustatius and Saba|Karayip Hollandası
        BR|Brazil|Brezilya
        BS|Bahamas|Bahamalar
        BT|Bhutan|Butan
        BV|Bouvet Island|Bouvet Adası
        BW|Botswana|Botsvana
        BY|Belarus
        BZ|Belize
        CA|Canada|Kanada
        CC|Cocos (Keeling) Islands|Cocos Adaları
        CD|Democratic Republic of the Congo|Kongo Demokratik Cumhuriyeti
        CF|Central African Republic|Orta Afrika Cumhuriyeti
        CG|Congo|Kongo
        CH|Switzerland|İsviçre
        CI|Côte d'Ivoire|Fildişi Sahili
        CK|Cook Islands|Cook Adaları
        CL|Chile|Şili
        CM|Cameroon|Kamerun
        CN|China|Çin
        CO|Colombia|Kolombiya
        CR|Costa Rica|Kosta Rika
        CU|Cuba|Küba
        CV|Cabo Verde|Yeşil Burun Adaları
        CW|Curaçao
        CX|Christmas Island|Christmas Adası
        CY|Cyprus|Kıbrıs
        CZ|Czechia|Çekya
        DE|Germany|Almanya
        DJ|Djibouti|Cibuti
        DK|Denmark|Danimarka
        DM|Dominica|Dominika
        DO|Dominican Republic|Dominik Cumhuriyeti
        DZ|Algeria|Cezayir
        EC|Ecuador|Ekvador
        EE|Estonia|Estonya
        EG|Egypt|Mısır
        EH|Western Sahara|Batı Sahra
        ER|Eritrea|Eritre
        ES|Spain|İspanya
        ET|Ethiopia|Etiyopya
        FI|Finland|Finlandiya
        FJ|Fiji
        FK|Falkland Islands|Falkland Adaları
        FM|Micronesia|Mikronezya
        FO|Faroe Islands|Faroe Adaları
        FR|France|Fransa
        GA|Gabon
        GB|United Kingdom|Birleşik Krallık
        GD|Grenada
        GE|Georgia|Gürcistan
        GF|French Guiana|Fransız Guyanası
        GG|Guernsey
        GH|Ghana|Gana
        GI|Gibraltar|Cebelitarık
        GL|Greenland|Grönland
        GM|Gambia|Gambiya
        GN|Guinea|Gine
        GP|Guadeloupe
        GQ|Equatorial Guinea|Ekvator Ginesi
        GR|Greece|Yunanistan
        GS|South Georgia and the South Sandwich Islands|Güney Georgia ve Güney Sandwich Adaları
        GT|Guatemala
        GU|Guam
        GW|Guinea-Bissau|Gine-Bissau
        GY|Guyana
        HK|Hong Kong
        HM|Heard Island and McDonald Islands|Heard Adası ve McDonald Adaları
        HN|Honduras
        HR|Croatia|Hırvatistan
        HT|Haiti
        HU|Hungary|Macaristan
        ID|Indonesia|Endonezya
        IE|Ireland|İrlanda
        IL|Israel|İsrail
        IM|Isle of Man|Man Adası
        IN|India|Hindistan
        IO|British Indian Ocean Territory|Britanya Hint Okyanusu Toprakları
        IQ|Iraq|Irak
        IR|Iran|İran
        IS|Iceland|İzlanda
        IT|Italy|İtalya
        JE|Jersey
        JM|Jamaica|Jamaika
        JO|Jordan|Ürdün
        JP|Japan|Japonya
        KE|Kenya
        KG|Kyrgyzstan|Kırgızistan
        KH|Cambodia|Kamboçya
        KI|Kiribati
        KM|Comoros|Komorlar
        KN|Saint Kitts and Nevis|Saint Kitts ve Nevis
        KP|North Korea|Kuzey Kore
        KR|South Korea|Güney Kore
        KW|Kuwait|Kuveyt
        KY|Cayman Islands|Cayman Adaları
        KZ|Kazakhstan|Kazakistan
        LA|Laos
        LB|Lebanon|Lübnan
        LC|Saint Lucia
        LI|Liechtenstein|Lihtenştayn
        LK|Sri Lanka
        LR|Liberia|Liberya
        LS|Lesotho
        LT|Lithuania|Litvanya
        LU|Luxembourg|Lüksemburg
        LV|Latvia|Letonya
        LY|Libya
        MA|Morocco|Fas
        MC|Monaco|Monako
        MD|Moldova
        ME|Montenegro|Karadağ
        MF|Saint Martin
        MG|Madagascar|Madagaskar
        MH|Marshall Islands|Marshall Adaları
        MK|North Macedonia|Kuzey Makedonya
        ML|Mali
        MM|Myanmar
        MN|Mongolia|Moğolistan
        MO|Macao|Makao
        MP|Northern Mariana Islands|Kuzey Mariana Adaları
        MQ|Martinique|Martinik
        MR|Mauritania|Moritanya
        MS|Montserrat
        MT|Malta
        MU|Mauritius
        MV|Maldives|Maldivler
        MW|Malawi|Malavi
        MX|Mexico|Meksika
        MY|Malaysia|Malezya
        MZ|Mozambique|Mozambik
        NA|Namibia|Namibya
        NC|New Caledonia|Yeni Kaledonya
        NE|Niger|Nijer
        NF|Norfolk Island|Norfolk Adası
        NG|Nigeria|Nijerya
        NI|Nicaragua|Nikaragua
        NL|Netherlands|Hollanda
        NO|Norway|Norveç
        NP|Nepal
        NR|Nauru
        NU|Niue
        NZ|New Zealand|Yeni Zelanda
        OM|Oman|Umman
        PA|Panama
        PE|Peru
        PF|French Polynesia|Fransız Polinezyası
        PG|Papua New Guinea|Papua Yeni Gine
        PH|Philippines|Filipinler
        PK|Pakistan
        PL|Poland|Polonya
        PM|Saint Pierre and Miquelon|Saint Pierre ve Miquelon
        PN|Pitcairn
        PR|Puerto Rico|Porto Riko
        PS|Palestine|Filistin
        PT|Portugal|Portekiz
        PW|Palau
        PY|Paraguay
        QA|Qatar|Katar
        RE|Réunion|Reunion
        RO|Romania|Romanya
        RS|Serbia|Sırbistan
        RU|Russia|Rusya
        RW|Rwanda|Ruanda
        SA|Saudi Arabia|Suudi Arabistan
        SB|Solomon Islands|Solomon Adaları
        SC|Seychelles|Seyşeller
        SD|Sudan
        SE|Sweden|İsveç
        SG|Singapore|Singapur
        SH|Saint Helena|Saint Helena
        SI|Slovenia|Slovenya
        SJ|Svalbard and Jan Mayen|Svalbard ve Jan Mayen
        SK|Slovakia|Slovakya
        SL|Sierra Leone
        SM|San Marino
        SN|Senegal
        SO|Somalia|Somali
        SR|Suriname|Surinam
        SS|South Sudan|Güney Sudan
        ST|São Tomé and Príncipe|São Tomé ve Príncipe
        SV|El Salvador
        SX|Sint Maarten
        SY|Syria|Suriye
        SZ|Eswatini|Esvatini
        TC|Turks and Caicos Islands|Turks ve Caicos Adaları
        TD|Chad|Çad
        TF|French Southern Territories|Fransız Güney Toprakları
        TG|Togo
        TH|Thailand|Tayland
        TJ|Tajikistan|Tacikistan
        TK|Tokelau
        TL|Timor-Leste|Doğu Timor
        TM|Turkmenistan|Türkmenistan
        TN|Tunisia|Tunus
        TO|Tonga
        TR|Türkiye
        TT|Trinidad and Tobago|Trinidad ve Tobago
        TV|Tuvalu
        TW|Taiwan|Tayvan
        TZ|Tanzania|Tanzanya
        UA|Ukraine|Ukrayna
        UG|Uganda
        UM|United States Minor Outlying Islands|ABD Küçük Dış Adaları
        US|United States|Amerika Birleşik Devletleri
        UY|Uruguay
        UZ|Uzbekistan|Özbekistan
        VA|Holy See|Vatikan
        VC|Saint Vincent and the Grenadines|Saint Vincent ve Grenadinler
        VE|Venezuela
        VG|British Virgin Islands|Britanya Virjin Adaları
        VI|U.S. Virgin Islands|ABD Virjin Adaları
        VN|Vietnam
        VU|Vanuatu
        WF|Wallis and Futuna|Wallis ve Futuna
        WS|Samoa
        YE|Yemen
        YT|Mayotte
        ZA|South Africa|Güney Afrika
        ZM|Zambia|Zambiya
        ZW|Zimbabwe|Zimbabve
        XK|Kosovo|Kosova
        """

    /// Other names that exports use.
    static let others = """
        TR|Turkey|Turkiye|Republic of Türkiye|Türkiye Cumhuriyeti|T.C.
        GB|UK|Great Britain|England|Scotland|Wales|Northern Ireland|İngiltere|Büyük Britanya
        US|USA|United States of America|ABD|Amerika
        DE|Deutschland
        AT|Österreich
        CH|Schweiz|Suisse
        CZ|Czech Republic|Çek Cumhuriyeti
        NL|The Netherlands|Holland|Nederland
        BE|België|Belgique
        ES|España
        IT|Italia
        RU|Russian Federation|Rusya Federasyonu
        KR|Republic of Korea|Korea, Republic of|Kore
        KP|Korea, Democratic People's Republic of
        VN|Viet Nam
        IR|Islamic Republic of Iran|Iran, Islamic Republic of
        SY|Syrian Arab Republic
        MD|Republic of Moldova|Moldovya
        MK|Macedonia|Makedonya
        CI|Ivory Coast|Fildişi Kıyısı
        CD|Congo, The Democratic Republic of the
        CV|Cape Verde
        SZ|Swaziland
        MM|Burma
        TL|East Timor
        VA|Vatican City|Vatican
        PS|State of Palestine|Palestinian Territories
        AE|UAE|BAE
        BN|Brunei Darussalam
        LA|Lao People's Democratic Republic
        TZ|United Republic of Tanzania
        VE|Bolivarian Republic of Venezuela
        BO|Plurinational State of Bolivia
        FM|Federated States of Micronesia
        TW|Taiwan, Province of China
        HK|Hong Kong SAR
        MO|Macau
        BA|Bosnia|Bosna Hersek
        GR|Hellas
        """
}
