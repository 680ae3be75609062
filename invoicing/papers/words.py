"""The words on a document, in the language that it was issued in: they are part of what was issued, and stay."""

from collections.abc import Mapping

WORDS: dict[str, tuple[str, str]] = {
    # on the document: in English, in German
    "invoice": ("Invoice", "Rechnung"),
    "credit_note": ("Credit note", "Rechnungskorrektur"),
    "commission_statement": ("Commission statement (self-billed invoice)", "Gutschrift über Provisionen"),
    "proforma": ("Pro forma invoice", "Proforma-Rechnung"),
    "mark_draft": ("DRAFT", "ENTWURF"),
    "mark_proforma": ("PRO FORMA", "PROFORMA"),
    "mark_test": ("TEST", "MUSTER"),
    "mark_void": ("VOID", "STORNIERT"),
    "corrects": ("for invoice {number}", "zur Rechnung {number}"),
    "corrects_on": ("for invoice {number} of {date}", "zur Rechnung {number} vom {date}"),
    "reason": ("Reason: {reason}", "Grund: {reason}"),
    "number": ("Number", "Nummer"),
    "date": ("Date", "Datum"),
    "due": ("Due", "Fällig"),
    "service": ("Service period", "Leistungszeitraum"),
    "customer": ("Customer number", "Kundennummer"),
    "order": ("Order", "Bestellung"),
    "buyer_reference": ("Your reference", "Ihre Referenz"),
    "buyer_vat": ("Your VAT ID", "Ihre USt-IdNr."),
    "buyer_tax": ("Your tax number", "Ihre Steuernummer"),
    "contact": ("Contact", "Ansprechpartner"),
    "attention": ("Attn. {name}", "z. Hd. {name}"),
    "page": ("Page {page} of {pages}", "Seite {page} von {pages}"),
    "position": ("No.", "Pos."),
    "label": ("Description", "Bezeichnung"),
    "quantity": ("Quantity", "Menge"),
    "unit_price": ("Unit price", "Einzelpreis"),
    "rate": ("VAT", "USt."),
    "amount": ("Amount ({currency})", "Betrag ({currency})"),
    "share": ("{part} of {whole} days", "{part} von {whole} Tagen"),
    "adjusted": ("adjusted by {amount}", "angepasst um {amount}"),
    "continued": ("{name} (continued)", "{name} (Fortsetzung)"),
    "subtotal": ("Subtotal {name}", "Zwischensumme {name}"),
    "net": ("Net amount", "Nettobetrag"),
    "tax": ("VAT", "Umsatzsteuer"),
    "gross": ("Total", "Gesamtbetrag"),
    "prepaid": ("Already paid", "Bereits gezahlt"),
    "rounding": ("Rounding", "Rundung"),
    "payable": ("Amount due", "Zahlbetrag"),
    "given_back": ("Amount credited", "Gutschriftbetrag"),
    "paid_out": ("Amount paid out", "Auszahlungsbetrag"),
    "tax_rate": ("VAT rate", "Steuersatz"),
    "tax_net": ("Net", "Netto"),
    "tax_tax": ("VAT", "Steuer"),
    "tax_S": ("{rate} %", "{rate} %"),
    "tax_AE": ("Reverse charge", "Reverse Charge"),
    "tax_E": ("Exempt", "Steuerfrei"),
    "tax_O": ("Not taxable", "Nicht steuerbar"),
    "tax_Z": ("Zero rate", "Nullsatz"),
    "why_AE": (
        "Reverse charge: VAT is to be accounted for by the recipient.",
        "Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge).",
    ),
    "why_E": ("Exempt from VAT.", "Von der Umsatzsteuer befreit."),
    "why_O": ("Not subject to VAT in the supplier's country.", "Nicht im Inland steuerbare Leistung."),
    "pay": ("Payment", "Zahlung"),
    "pay_by": ("Please transfer {amount} by {date}.", "Bitte überweisen Sie {amount} bis zum {date}."),
    "pay_debit": (
        "We will collect {amount} on {date} from the account {account}.",
        "Wir ziehen {amount} am {date} vom Konto {account} ein.",
    ),
    "pay_nothing": ("Nothing is to be paid.", "Es ist nichts zu zahlen."),
    "pay_back": (
        "{amount} are in your favour. We will set them off or refund them.",
        "{amount} stehen Ihnen zu. Wir verrechnen oder erstatten sie.",
    ),
    "pay_out": (
        "We will transfer {amount} by {date} to your account {account}.",
        "Wir überweisen {amount} bis zum {date} auf Ihr Konto {account}.",
    ),
    "pay_out_unknown": ("We will pay out {amount} by {date}.", "Wir zahlen {amount} bis zum {date} aus."),
    "pay_proforma": (
        "This is not an invoice in terms of VAT law and gives no right to deduct input tax.",
        "Dies ist keine Rechnung im Sinne des Umsatzsteuergesetzes und berechtigt nicht zum Vorsteuerabzug.",
    ),
    "holder": ("Account holder", "Kontoinhaber"),
    "reference": ("Reference", "Verwendungszweck"),
    "mandate": ("Mandate", "Mandatsreferenz"),
    "creditor": ("Creditor ID", "Gläubiger-ID"),
    "bank": ("Bank", "Bank"),
    "scan": ("Scan to pay", "Mit Banking-App zahlen"),
    "vat_id": ("VAT ID {number}", "USt-IdNr. {number}"),
    "tax_number": ("Tax number {number}", "Steuernummer {number}"),
    "phone": ("Phone {phone}", "Telefon {phone}"),
    "unit_MON": ("mo.", "Mon."),
    "unit_ANN": ("yr.", "Jahr"),
    "unit_DAY": ("d", "Tg."),
    "unit_HUR": ("h", "Std."),
    "unit_E34": ("GB", "GB"),
}

ENGLISH = {key: english for key, (english, _german) in WORDS.items()}
GERMAN = {key: german for key, (_english, german) in WORDS.items()}


def words(language: str) -> Mapping[str, str]:
    """German where it is German of any country, else English."""
    return GERMAN if is_german(language) else ENGLISH


def is_german(language: str) -> bool:
    return language.lower().partition("-")[0] == "de"
