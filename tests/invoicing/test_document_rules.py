"""What the application's login cannot do to what was issued, whatever SQL it sends."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection

from invoicing.services.crediting import credit_invoice
from resellerhub.kernel.operation import undone
from resellerhub.kernel.sqlstates import sql_state
from tests.invoicing.paperwork import Office
from tests.world import NOW

LINE = """INSERT INTO invoicing_documentline (provider_id, document_id, position, charge_id, piece, counts, kind, label,
          quantity, unit_price, part, whole, amount, category, rate)
          SELECT provider_id, {document}, 99, {charge}, 0, true, kind, 'Forged', 1, 1, 1, 1, {amount}, category, rate
            FROM invoicing_documentline WHERE document_id = %(issued)s"""
ISSUE = """UPDATE invoicing_document d SET state = 'issued', series_id = i.series_id, number = {number},
           previous_number = {previous}, full_number = {called}, issued_on = {on}, due_on = {on}, issued_at = now()
           FROM invoicing_document i WHERE i.id = %(issued)s AND d.id = %(draft)s"""
NEXT = {"number": "2", "previous": "1", "called": "'INV-2026-0002'", "on": "i.issued_on"}
PAPER = """INSERT INTO invoicing_frozenpaper (document_id, provider_id, content)
           SELECT id, provider_id, '{{"number": "{number}"}}' FROM invoicing_document WHERE id = {document}"""

ATTACKS = {
    "change the net": "UPDATE invoicing_document SET net = 1 WHERE id = %(issued)s",
    "change the number": "UPDATE invoicing_document SET number = 7 WHERE id = %(issued)s",
    "change the day": "UPDATE invoicing_document SET issued_on = issued_on - 1 WHERE id = %(issued)s",
    "change the payer": "UPDATE invoicing_document SET payer_id = seller_id WHERE id = %(draft)s",
    "make it a draft": "UPDATE invoicing_document SET state = 'draft', series_id = NULL, number = NULL,"
    " full_number = '', issued_on = NULL, due_on = NULL, issued_at = NULL WHERE id = %(issued)s",
    "delete it": "DELETE FROM invoicing_document WHERE id = %(issued)s",
    "void without a reason": "UPDATE invoicing_document SET state = 'void', voided_at = now() WHERE id = %(issued)s",
    "void and change": "UPDATE invoicing_document SET state = 'void', voided_at = now(), void_reason = 'x', note = 'y'"
    " WHERE id = %(issued)s",
    "void a draft": "UPDATE invoicing_document SET state = 'void', voided_at = now(), void_reason = 'x'"
    " WHERE id = %(draft)s",
    "change a line": "UPDATE invoicing_documentline SET amount = 1 WHERE document_id = %(issued)s",
    "take a line off": "DELETE FROM invoicing_documentline WHERE document_id = %(issued)s",
    "move a line": "UPDATE invoicing_documentline SET document_id = %(draft)s, position = 98"
    " WHERE document_id = %(issued)s",
    "add a line": LINE.format(document="%(issued)s", charge="NULL", amount="1"),
    "bill a charge twice": LINE.format(document="%(draft)s", charge="charge_id", amount="amount"),
    "free a charge": "UPDATE invoicing_documentline SET counts = false WHERE document_id = %(issued)s",
    "change a tax": "UPDATE invoicing_documenttax SET tax = 0 WHERE document_id = %(issued)s",
    "take a tax off": "DELETE FROM invoicing_documenttax WHERE document_id = %(issued)s",
    "change the paper": "UPDATE invoicing_frozenpaper SET content = '{}' WHERE document_id = %(issued)s",
    "freeze a draft": PAPER.format(document="%(draft)s", number=""),
    "count back": "UPDATE invoicing_numberseries SET next_number = 1",
    "delete a series": "DELETE FROM invoicing_numberseries",
    "leave a gap": ISSUE.format(**NEXT | {"number": "3", "previous": "2", "called": "'INV-2026-0003'"}),
    "give a number twice": ISSUE.format(**NEXT | {"number": "1", "previous": "NULL", "called": "'INV-2026-1'"}),
    "stand on nothing": ISSUE.format(**NEXT | {"previous": "NULL"}),
    "go back in time": ISSUE.format(**NEXT | {"on": "i.issued_on - 1"}),
    "call it otherwise": ISSUE.format(**NEXT | {"called": "'FAKE-2'"}),
    "issue without a paper": ISSUE.format(**NEXT),
    "be born issued": "INSERT INTO invoicing_document (provider_id, issuer_id, payer_id, seller_id, kind, state,"
    " currency, language, is_roll_up, waits, series_id, number, previous_number, full_number, issued_on, due_on, net,"
    " tax, prepaid, rounding, note, buyer_reference, order_number, reason, made_at, issued_at, void_reason) SELECT"
    " provider_id, issuer_id, payer_id, seller_id, kind, 'issued', currency, language, false, '', series_id, 2, 1,"
    " 'INV-2026-0002',"
    " issued_on, due_on, 0, 0, 0, 0, '', '', '', '', now(), now(), '' FROM invoicing_document WHERE id = %(issued)s",
    "say another sum": "UPDATE invoicing_document SET net = net + 1 WHERE id = %(draft)s",
    "give back more": "UPDATE invoicing_documentline SET amount = amount + 1 WHERE document_id = %(note)s;"
    " UPDATE invoicing_document SET net = net + 1 WHERE id = %(note)s",
    "another currency": "UPDATE tenants_profile SET currency = 'CHF' WHERE tenant_id = %(payer)s",
}


@pytest.fixture
def ids(world) -> dict[str, int]:
    office = Office(world)
    office.sold()
    issued = office.invoice()
    office.sold(name="Next")
    office.charge()
    note = credit_invoice(actor=world.north.actor, invoice_id=issued.pk, reason="Agreed", now=NOW)
    return {"issued": issued.pk, "draft": office.draft().pk, "note": note.pk, "payer": world.shop.id}


def refused(statement: str, ids: dict[str, int]) -> bool:
    """By a rule or for want of the right, not because nobody could read it."""
    try:
        with undone(), connection.cursor() as cursor:
            cursor.execute(statement, ids)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError:
        return True
    except ProgrammingError as error:
        return sql_state(error) == "42501"
    return False


def test_the_application_s_login_can_do_none_of_this(ids):
    assert [name for name, statement in ATTACKS.items() if not refused(statement, ids)] == []


def test_what_it_can_do_shows_that_the_attacks_are_well_said(ids):
    """The same statements, as the program itself means them."""
    paper = PAPER.format(document="%(draft)s", number="INV-2026-0002")
    assert not refused(f"{ISSUE.format(**NEXT)}; {paper}", ids)
