#!/usr/bin/env python3
"""Writes a Shopify-like order export (79 columns) of invented people: generate.py ORDERS [SEED] > file.csv

About 830 bytes and 1.8 rows an order, in a mix like a real shop's: most orders ship, a few are fulfilled, cancelled, unpaid or cash on
delivery; Turkish and other addresses, apostrophes before zips and phones, notes with line breaks. The same ORDERS and SEED give the same
bytes; memory does not grow with ORDERS.
"""
import random
import sys
from datetime import datetime, timedelta, timezone

HEADINGS = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,"
    "Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,"
    "Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,"
    "Billing Address2,Billing Company,Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,"
    "Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,"
    "Note Attributes,Cancelled at,Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,"
    "Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,"
    "Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,Payment Terms Name,"
    "Next Payment Due At,Payment References"
)

FIRST = "Elif Ayşe Mehmet Zeynep Can İrem Oğuz Şule Casey Jordan Taylor Morgan Alex Sam Robin Chris Jo Kim Lena Max Anna Luca".split()
LAST = "Örnek Deneme Numune Taslak Örnekoğlu Denemeci Sample Example Specimen Testa O'Mustere Muster Voorbeeld Prøve".split()
PLACES = [  # country, currency, province code, province, city, zip, phone start, digits that follow, apostrophe before the zip
    ("TR", "TRY", "TR-34", "İstanbul", "Kadıköy", "34710", "+90555000", 4, False),
    ("TR", "TRY", "TR-34", "İstanbul", "Gaziosmanpaşa", "34245", "+90555000", 4, False),
    ("TR", "TRY", "TR-06", "Ankara", "Çankaya", "06680", "+90555000", 4, False),
    ("TR", "TRY", "TR-35", "İzmir", "Bornova", "35040", "+90555000", 4, False),
    ("TR", "TRY", "TR-16", "Bursa", "Nilüfer", "16110", "+90555000", 4, False),
    ("US", "USD", "AZ", "Arizona", "Phoenix", "85004", "+1602555", 4, True),
    ("US", "USD", "NY", "New York", "Brooklyn", "11201", "+1718555", 4, True),
    ("GB", "GBP", "ENG", "England", "Leeds", "LS1 1AA", "+447700900", 3, False),
    ("DE", "EUR", "", "", "Berlin", "10115", "+493023125", 3, True),
    ("NL", "EUR", "", "", "Utrecht", "3511 AB", "+3130555", 4, False),
]
STREETS = [
    "Bahariye Cad. No:{}", "Atatürk Bulvarı No:{}/5", "Cumhuriyet Mah. {}. Sok. No:7", "{} Test Avenue", "{} Example Road", "Musterstraße {}",
    "İnönü Cad. No:{}", "{} Sample Street",
]
SECOND = ["", "", "", "", "Kat 3 D:8", "Apt 4B", "Zafer Apt. D:12", "Floor 2"]
ARTICLES = [
    "Cotton Towel - Blue", "Cotton Towel - White", "Bathrobe - M", "Bathrobe - L", "Face Cloth - Set of 3", "Olive Soap - 200 g",
    "Linen Sheet - Double", "Pillow Case - Grey", "Tea Glass - Set of 6", "Coffee Pot - Small", "Rug - 80 x 150", "Cushion - Kilim & Co",
    "Candle - Fig <large>", "Apron - Striped", "Basket - Round", "Mug - 'Sabah'",
]
NOTES = ["Please ring twice.", "Leave it with the neighbour.", "Kapıcıya bırakınız.", "After 17:00, please.", "Gift: no invoice in the parcel."]
VENDOR = "Example Textiles of Denizli"
METHOD = "Standard (2 to 4 days)"


def cell(text):
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\n') else text


def customers(dice, count):
    """Blocks of cells, made once: e-mail, phone, currency, billing, shipping, the province's name."""
    made = []
    for number in range(count):
        country, currency, code, province, city, postcode, start, digits, marked = dice.choice(PLACES)
        name = f"{dice.choice(FIRST)} {dice.choice(LAST)}"
        first, second = dice.choice(STREETS).format(dice.randint(1, 1500)), dice.choice(SECOND)
        company = dice.choice(["", "", "", "", "", "", "", f"{name.split()[1]} & Partners Ltd."])
        phone = start + "".join(dice.choice("0123456789") for _ in range(digits))
        if dice.random() < 0.1:
            phone = "'" + phone
        if marked:
            postcode = "'" + postcode
        street = f"{first}, {second}" if second else first
        address = ",".join(cell(part) for part in (name, street, first, second, company, city, postcode, code, country, phone))
        made.append((f"customer.{number:04d}@example.com", phone, currency, address, province))
    return made


def articles(dice, count):
    """Cells of a line: quantity to price, and from sku on; and its price."""
    made = []
    for number in range(count):
        title, quantity = dice.choice(ARTICLES), dice.choice([1, 1, 1, 1, 2, 2, 3])
        price = dice.randint(500, 250000)
        text = f"{price // 100}.{price % 100:02d}"
        made.append((f"{quantity},{cell(title)},{text},", f"SKU-{number:05d}", quantity * price))
    return made


def main():
    orders = int(sys.argv[1])
    dice = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    people, goods = customers(dice, 2000), articles(dice, 500)
    clock, step = datetime(2026, 10, 1, tzinfo=timezone.utc), timedelta(seconds=3)
    write = open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", buffering=1 << 20).write
    write(HEADINGS + "\n")
    for number in range(orders):
        email, phone, currency, address, province = people[int(dice.random() * 2000)]
        day = clock.strftime("%Y-%m-%d %H:%M:%S +0000")
        clock += step
        draw = dice.random()
        lines = 1 if draw < 0.49 else 2 if draw < 0.79 else 3 if draw < 0.92 else 4
        picked = [goods[int(dice.random() * 500)] for _ in range(lines)]
        total = sum(line[2] for line in picked)
        money = f"{total // 100}.{total % 100:02d}"
        state, paid, fulfilment, cancelled, method, outstanding, status = "paid", day, "unfulfilled", "", "Shopify Payments", "0.00", "pending"
        draw = dice.random()
        if draw < 0.08:
            if draw < 0.03:
                fulfilment, status = "fulfilled", "fulfilled"
            elif draw < 0.04:
                cancelled, state = day, "refunded"
            elif draw < 0.06:
                state, paid, method, outstanding = "pending", "", "Cash on Delivery (COD)", money
            elif draw < 0.07:
                state, paid, outstanding = "authorized", "", money
            else:
                state, paid, method, outstanding = "pending", "", "Bank Deposit", money
        draw = dice.random()
        note = attributes = ""
        if draw < 0.08:
            note = NOTES[int(draw * 62)]
            if draw < 0.03:
                note = f'"{note}\nThank you, ""all""."'
            elif "," in note:
                note = f'"{note}"'
        elif draw < 0.12:
            attributes = '"utm_source: newsletter\nutm_medium: email"'
        name, own, payment = f"#{number + 1001}", phone if draw > 0.9 else "", f"r{number * 2654435761:024x}"
        front, sku, _ = picked[0]
        block = [
            f"{name},{email},{state},{paid},{fulfilment},,no,{currency},{money},0.00,0.00,{money},\"\",0.00,{METHOD},{day},{front},{sku},true,true,"
            f"{status},{address},{address},{note},{attributes},{cancelled},{method},{payment},0.00,{VENDOR},{outstanding},,,,"
            f"{6100000000000 + number},web-order,Low,web,0.00,Tax 20%,0.00,,,,,,,,,{own},,,{province},{province},{payment},,,{payment}\n"
        ]
        for front, sku, _ in picked[1:]:
            block.append(
                f"{name},{email},,,,,,,,,,,,,,{day},{front},{sku},true,true,{status},,,,,,,,,,,,,,,,,,,,,,,,,,,{VENDOR},,,,,,,,,0.00,"
                f",,,,,,,,,,{own},,,,,,,,\n"
            )
        write("".join(block))


if __name__ == "__main__":
    main()
