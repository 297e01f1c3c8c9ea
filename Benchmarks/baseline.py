#!/usr/bin/env python3
"""The script that a shop would write: an export to the same shipment manifest as `dropgate convert`: baseline.py FILE > manifest.xml

Plain csv.DictReader and xml.sax.saxutils.escape, one order at a time, no ledger, no findings: an order that does not ship is left out. It
follows mappings/channels/shopify-admin.yaml and mappings/carriers/dropgate-manifest/manifest.xml (about 26 fields an order), so that the
figures of docs/PERFORMANCE.md compare the same work. Values that only a ledger and a flow could give are the profile's sample values.
"""
import csv
import re
import sys
from datetime import datetime
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

CALLING = {"TR": "90", "US": "1", "CA": "1", "GB": "44", "DE": "49", "NL": "31", "FR": "33"}
TABLE = Path(__file__).parent.parent / "mappings/tables/cod-words.csv"
ROWS = [line.strip() for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
WORDS = {method.lower() for method in ROWS[1:]}

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<ShipmentManifest xmlns="urn:dropgate:manifest:1" version="1">
  <Document>
    <Reference>00000000000000000000000000000001</Reference>
    <Created>2026-11-24T09:30:00Z</Created>
    <Merchant>demo</Merchant>
    <Shop>demo-shop</Shop>
  </Document>
  <Consignor>
    <Name>Example Warehouse</Name>
    <Company>Example Shop Ltd</Company>
    <Address1>Örnek Caddesi 12</Address1>
    <District>Kadıköy</District>
    <City>İstanbul</City>
    <Province>İstanbul</Province>
    <Postcode>34710</Postcode>
    <Country>TR</Country>
    <Phone>+902165550100</Phone>
    <Email>warehouse@example.com</Email>
  </Consignor>
"""
PARCEL = """        <Weight unit="g">1000</Weight>
        <Size unit="mm" length="300" width="200" height="100"/>
        <Contents>Goods</Contents>
"""


def unmarked(text):
    return text[1:] if len(text) > 1 and text[0] == "'" and (text[1] in "=+-@" or text[1].isdigit()) else text


def phone(text, country):
    digits = re.sub(r"\D", "", text)
    if not digits or text.startswith("+"):
        return "+" + digits if digits else ""
    if digits.startswith("00"):
        return "+" + digits[2:]
    return "+" + CALLING[country] + digits.lstrip("0")


def key(reference):
    return re.sub(r"[^A-Z0-9-]", "", reference.replace("/", "-").upper())


def ships(order):
    status = order["Financial Status"]
    if order["Cancelled at"] or order["Fulfillment Status"] in ("fulfilled", "restocked"):
        return False
    if not (order["Shipping Address1"] and order["Shipping City"] and order["Shipping Country"]):
        return False
    if status == "pending":
        return order["Payment Method"].lower() in WORDS
    return status in ("paid", "partially_refunded")


def element(name, text, indent):
    return f"{indent}<{name}>{escape(text)}</{name}>\n" if text else ""


def shipment(order, lines):
    country, currency = order["Shipping Country"], quoteattr(order["Currency"])
    moment = datetime.strptime(order["Created at"], "%Y-%m-%d %H:%M:%S %z").isoformat().replace("+00:00", "Z")
    barcode, to = key(order["Name"]), "      "
    first = order["Shipping Address1"]
    out = [
        "  <Shipment>\n",
        element("Key", barcode, "    "),
        element("OrderReference", order["Name"], "    "),
        element("OrderId", order["Id"], "    "),
        element("Ordered", moment, "    "),
        element("Service", order["Shipping Method"], "    "),
        "    <Consignee>\n",
        element("Name", order["Shipping Name"] or order["Shipping Company"], to),
        element("Company", order["Shipping Company"], to),
        element("Address1", first or order["Shipping Street"], to),
        element("Address2", order["Shipping Address2"] if first else "", to),
        element("City", order["Shipping City"], to),
        element("Province", order["Shipping Province Name"], to),
        element("ProvinceCode", order["Shipping Province"], to),
        element("Postcode", unmarked(order["Shipping Zip"]), to),
        element("Country", country, to),
        element("Phone", phone(unmarked(order["Shipping Phone"] or order["Phone"]), country), to),
        element("Email", order["Email"], to),
        "    </Consignee>\n",
        f"    <Value currency={currency}>{escape(order['Total'])}</Value>\n",
    ]
    if order["Financial Status"] == "pending":
        out.append(f"    <CashOnDelivery currency={currency}>{escape(order['Outstanding Balance'] or order['Total'])}</CashOnDelivery>\n")
    out.append(element("Note", order["Notes"], "    "))
    out.append('    <Parcels count="1">\n      <Parcel number="1">\n')
    out.append(element("Barcode", barcode, "        ") + PARCEL)
    out.append("      </Parcel>\n    </Parcels>\n    <Lines>\n")
    for number, line in enumerate(lines, 1):
        out.append(f'      <Line number="{number}">\n')
        out.append(element("Sku", line["Lineitem sku"], "        "))
        out.append(element("Name", line["Lineitem name"], "        "))
        out.append(element("Quantity", str(int(line["Lineitem quantity"])), "        "))
        out.append(f"        <Price currency={currency}>{escape(line['Lineitem price'])}</Price>\n      </Line>\n")
    out.append("    </Lines>\n  </Shipment>\n")
    return "".join(out)


def main():
    count = 0
    with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
        write = open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", buffering=1 << 20).write
        write(HEAD)
        for _, rows in groupby(csv.DictReader(file), key=lambda row: row["Name"]):
            rows = list(rows)
            lines = [row for row in rows if row["Lineitem requires shipping"] == "true" and row["Lineitem fulfillment status"] == "pending"]
            if lines and ships(rows[0]):
                write(shipment(rows[0], lines))
                count += 1
        write(f"  <Totals>\n    <Shipments>{count}</Shipments>\n    <Parcels>{count}</Parcels>\n  </Totals>\n</ShipmentManifest>\n")


if __name__ == "__main__":
    main()
