"""Who may log in where."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest

from tenants.hosts import belongs_here
from tenants.models import User
from tenants.selectors import memberships


class BrandDoor:
    """Lets nobody in, and at a brand's domain keeps out who does not belong there: the answer, how long it takes and
    what is counted are those of a wrong password, so that nobody learns of logins elsewhere."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        brand = getattr(request, "host_brand", None)
        name = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
        if brand is None or not name:
            return
        user = User.objects.filter(Q(email=name) | Q(account_name=name)).first()
        if user and not any(belongs_here(brand, row.tenant.ancestors) for row in memberships(user.pk)):
            User().set_password(credentials.get("password"))
            raise PermissionDenied
