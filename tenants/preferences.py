"""Which columns each user chose for each list; `LIST_PREFERENCES` names this module."""

from tenants.models import ListPreference

LONGEST = 60


def load(user_id: int, list_key: str) -> list[str]:
    """Nothing where nothing was chosen."""
    chosen = ListPreference.objects.filter(user_id=user_id, list=list_key).first()
    return chosen.columns if chosen else []


def save(user_id: int, list_key: str, columns: list[str]) -> None:
    """Saving nothing forgets the choice."""
    columns = [column for column in columns if len(column) <= LONGEST]
    if len(list_key) > LONGEST:
        return
    if columns:
        ListPreference.objects.update_or_create(user_id=user_id, list=list_key, defaults={"columns": columns})
    else:
        ListPreference.objects.filter(user_id=user_id, list=list_key).delete()
