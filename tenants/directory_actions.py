"""What other apps can do with the rows that were chosen in the list of resellers or of customers."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from resellerhub.web.lists import BulkAction
from resellerhub.web.request import PageRequest

Actions = Callable[[PageRequest], Sequence[BulkAction]]

_actions: defaultdict[str, list[Actions]] = defaultdict(list)


def register(kind: str, actions: Actions) -> None:
    """Call it in `AppConfig.ready`."""
    if actions not in _actions[kind]:
        _actions[kind].append(actions)


def added(request: PageRequest, kind: str) -> list[BulkAction]:
    return [action for make in _actions[kind] for action in make(request)]
