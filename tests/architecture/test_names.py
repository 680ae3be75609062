"""Names of customers can be hidden from those above: who reads one goes through `tenants.naming`."""

import re

from tests.architecture.sources import ROOT, files

PRIVATE = "name|owner_email|contact_name|phone|street|postal_code|city|legal_name|vat_id|iban|billing_\\w+|memo"
READS = re.compile(rf"profile__({PRIVATE})\b|[.\"']profile\.({PRIVATE})\b")
TYPED = re.compile(r"subscription__name\b|\.subscription\.name\b")

ALLOWED = {
    "tenants/naming.py": "here the rule stands",
    "invoicing/selectors/papers.py": "the two sides of a document, and of its sections what whoever issues it may read",
    "subscriptions/services/usage/notices.py": "what the administrators of the holder and of its seller are told",
    "tenants/actor.py": "whom somebody visits, who is never hidden from them",
    "tenants/letters.py": "in whose name a mail goes: a provider or reseller",
    "tenants/invitees.py": "resellers that can be invited",
    "tenants/forms/people.py": "account managers of resellers",
    "tenants/serializers/company.py": "a reseller, or the reader's own tenant",
    "tenants/serializers/invitations.py": "resellers that can be invited",
    "tenants/services/account_logins.py": "whose account is opened, by whoever may read it",
    "tenants/services/bulk_inviting.py": "resellers that can be invited",
    "tenants/services/imports.py": "what the importer has just written, among names that it may read",
    "tenants/services/invitations.py": "who is invited, by whoever may read it",
    "tenants/services/inviting.py": "who is invited, by whoever may read it",
    "tenants/services/switching.py": "what its own administrators are told",
    "tenants/tables/mails.py": "in whose name a mail went: a provider or reseller",
    "tenants/views/acceptance.py": "who invites, read by who was invited",
    "tenants/views/batches.py": "the seller of an import",
    "tenants/views/company.py": "a reseller",
    "tenants/views/mails.py": "in whose name a mail went: a provider or reseller",
    "tenants/views/mapping.py": "a reseller",
    "tenants/views/register.py": "the provider that one registers with",
    "templates/tenants/found.html": "resellers that can be invited",
    "templates/tenants/profile.html": "where the reader works",
}
"""Modules that read a profile themselves, and whose. A new one takes `naming`, or says here why it need not."""

SEARCHED = {"addons/filters.py", "subscriptions/selectors/over_usage.py"}
"""Modules that search the names of subscriptions, together with `readable`."""


def readers(pattern: re.Pattern[str]) -> set[str]:
    sources = {str(path.relative_to(ROOT)): path.read_text() for path in files("*.py", "*.html")}
    product = re.compile(r"^(tenants|catalog|subscriptions|addons|invoicing|reports|resellerhub|templates)/")
    return {
        name
        for name, text in sources.items()
        if product.match(name) and "/migrations/" not in name and pattern.search(text)
    }


def test_names_of_tenants_are_read_through_naming():
    assert sorted(readers(READS) - set(ALLOWED)) == []


def test_names_of_subscriptions_are_read_through_naming():
    assert sorted(readers(TYPED) - SEARCHED - {"subscriptions/naming.py"}) == []


def test_the_list_of_exceptions_is_true():
    assert sorted(set(ALLOWED) - readers(READS)) == []
