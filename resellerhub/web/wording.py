"""Sentences of Django and allauth that are said otherwise here: their German addresses readers informally. What our
catalogue has goes before theirs, and it has what stands in the sources.
"""

from django.utils.translation import gettext_noop

SAID_OTHERWISE = (
    gettext_noop("Enter a valid email address."),
    gettext_noop("You cannot remove your primary email address."),
    gettext_noop("You cannot remove your primary email address (%(email)s)."),
    gettext_noop("Please type your current password."),
    gettext_noop("You cannot add more than %d email addresses."),
    gettext_noop("Your primary email address must be verified."),
    gettext_noop("Please select only one."),
    gettext_noop("Be patient, you are sending too many requests."),
    gettext_noop("You must type the same password each time."),
    gettext_noop("You must type the same email each time."),
    gettext_noop("You have confirmed %(email)s."),
    gettext_noop("You have signed out."),
)
