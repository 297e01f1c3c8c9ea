#!/usr/bin/env python3
"""Writes orders of invented people as a shop's REST API gives them: generate_json.py ORDERS [SEED] > file.json

{"orders": [...]} with about 4.9 kB and 2 lines an order, most of it members that no mapping reads, as in real answers. The same ORDERS and
SEED give the same bytes; memory does not grow with ORDERS.
"""
import json
import random
import sys

from generate import ARTICLES, FIRST, LAST, NOTES, PLACES, SECOND, STREETS


def money(cents):
    return f"{cents // 100}.{cents % 100:02d}"


def prices(cents, currency):
    amount = {"amount": money(cents), "currency_code": currency}
    return {"shop_money": amount, "presentment_money": amount}


def address(dice):
    country, currency, code, province, city, postcode, start, digits, _ = dice.choice(PLACES)
    first, last = dice.choice(FIRST), dice.choice(LAST)
    return currency, {
        "first_name": first, "address1": dice.choice(STREETS).format(dice.randint(1, 1500)),
        "phone": start + "".join(dice.choice("0123456789") for _ in range(digits)), "city": city, "zip": postcode,
        "province": province or None, "country": country, "last_name": last, "address2": dice.choice(SECOND), "company": None,
        "latitude": round(dice.uniform(36, 60), 6), "longitude": round(dice.uniform(-120, 40), 6), "name": f"{first} {last}",
        "country_code": country, "province_code": code or None,
    }


def line(dice, number, currency):
    cents, quantity = dice.randint(500, 250000), dice.choice([1, 1, 1, 2, 3])
    name = dice.choice(ARTICLES)
    return cents * quantity, {
        "id": 13400000000000 + number, "admin_graphql_api_id": f"gid://shopify/LineItem/{13400000000000 + number}",
        "attributed_staffs": [], "current_quantity": quantity, "fulfillable_quantity": quantity, "fulfillment_service": "manual",
        "fulfillment_status": None, "gift_card": False, "grams": dice.choice([0, 200, 450, 1200]), "name": name, "price": money(cents),
        "price_set": prices(cents, currency), "product_exists": True, "product_id": 9000000000 + number % 500,
        "properties": [], "quantity": quantity, "requires_shipping": True, "sku": f"SKU-{number % 500:05d}", "taxable": True,
        "title": name.split(" - ")[0], "total_discount": "0.00", "total_discount_set": prices(0, currency), "variant_id": 48000000000 + number % 500,
        "variant_inventory_management": "shopify", "variant_title": name.split(" - ")[-1], "vendor": "Example Textiles of Denizli",
        "tax_lines": [{"channel_liable": False, "price": "0.00", "price_set": prices(0, currency), "rate": 0.2, "title": "Tax 20%"}],
        "duties": [], "discount_allocations": [],
    }


def main():
    orders = int(sys.argv[1])
    dice = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    people = [address(dice) for _ in range(500)]
    write = open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", buffering=1 << 20).write
    write('{"orders":[')
    for number in range(orders):
        currency, place = people[number * 7919 % 500]
        made = [line(dice, number * 4 + n, currency) for n in range(dice.choice([1, 1, 1, 2, 2, 3, 4]))]
        total = sum(cents for cents, _ in made)
        draw = dice.random()
        order = {
            "id": 6100000000000 + number, "admin_graphql_api_id": f"gid://shopify/Order/{6100000000000 + number}", "app_id": 580111,
            "browser_ip": "192.0.2.17", "buyer_accepts_marketing": False, "cancel_reason": None,
            "cancelled_at": "2026-11-21T10:00:00+03:00" if draw < 0.02 else None, "confirmed": True,
            "contact_email": f"customer.{number % 5000:04d}@example.com", "created_at": "2026-11-20T10:15:00+03:00", "currency": currency,
            "current_subtotal_price_set": prices(total, currency), "current_total_price": money(total), "current_total_tax": "0.00",
            "email": f"customer.{number % 5000:04d}@example.com", "financial_status": "authorized" if draw > 0.97 else "paid",
            "fulfillment_status": None, "landing_site": "/collections/towels?utm_source=newsletter&utm_medium=email", "name": f"#{number + 1001}",
            "note": dice.choice(NOTES) + ' "Thank you",\nall.' if draw > 0.9 else None, "note_attributes": [], "number": number + 1,
            "order_number": number + 1001, "order_status_url": f"https://shop.example.com/{number}/authenticate?key={number * 2654435761:024x}",
            "payment_gateway_names": ["shopify_payments"], "phone": None, "processed_at": "2026-11-20T10:15:00+03:00", "referring_site": "",
            "source_name": "web", "subtotal_price": money(total), "tags": "web-order", "tax_lines": [], "taxes_included": True, "test": False,
            "token": f"{number * 40503:032x}", "total_discounts": "0.00", "total_line_items_price": money(total), "total_outstanding": "0.00",
            "total_price": money(total), "total_price_set": prices(total, currency), "total_tax": "0.00", "total_weight": 0, "user_id": None,
            "billing_address": place, "customer": {"id": number % 5000, "note": None, "state": "disabled", "default_address": place},
            "discount_applications": [], "fulfillments": [], "line_items": [made_line for _, made_line in made], "payment_terms": None,
            "refunds": [], "shipping_address": place,
            "shipping_lines": [{"id": number, "code": "standard", "price": "0.00", "price_set": prices(0, currency), "title": "Standard (2 to 4 days)"}],
        }
        write(("," if number else "") + json.dumps(order, ensure_ascii=False, separators=(",", ":")))
    write("]}\n")


if __name__ == "__main__":
    main()
