"""Addresses of brands and mails."""

from django.urls import path, re_path
from django.urls.resolvers import URLPattern

from tenants.api import branding as branding_api
from tenants.api import mails as mails_api
from tenants.views import brand_proofs, branding, mail_templates, mails

shells: list[URLPattern] = [
    path("branding/", branding.branding, name="branding"),
    path("branding/remove/", branding.branding_remove, name="branding_remove"),
    path("branding/domain/", brand_proofs.branding_domain, name="branding_domain"),
    path("branding/sender/", brand_proofs.branding_sender, name="branding_sender"),
    path("branding/sender/ask/", brand_proofs.branding_sender_ask, name="branding_sender_ask"),
    path("mails/", mails.mails, name="mails"),
    path("mails/<int:pk>/", mails.mail, name="mail"),
    path("mails/<int:pk>/resend/", mails.mail_resend, name="mail_resend"),
    path("mail-templates/", mail_templates.mail_templates, name="mail_templates"),
    path("mail-templates/edit/", mail_templates.mail_template, name="mail_template"),
    path("mail-templates/restore/", mail_templates.mail_template_restore, name="mail_template_restore"),
]
public: list[URLPattern] = [
    re_path(r"^brand/(?P<colour>[0-9a-f]{6})\.css$", branding.brand_css, name="brand_css"),
    re_path(r"^brand/(?P<digest>[0-9a-f]{64})\.png$", branding.brand_logo, name="brand_logo"),
]
api: list[URLPattern] = [*branding_api.urls, *mails_api.urls]
