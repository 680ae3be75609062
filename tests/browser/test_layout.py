"""What long names, wide logos and running jobs do to pages, measured in a browser."""

from playwright.sync_api import expect

from resellerhub.kernel.models import JobItem
from tenants.models import Profile
from tenants.services.branding import change_branding
from tests.browser.conftest import NARROW
from tests.tenants.test_batches import rows, started
from tests.tenants.test_branding import LOOK, picture
from tests.world import NOW

STICKS_OUT = """element => {
  const inner = element.getBoundingClientRect(), outer = element.closest("%s").getBoundingClientRect();
  return inner.right > outer.right || inner.left < outer.left;
}"""


def test_a_long_address_stays_within_its_card(window, page, committed_world):
    world = committed_world
    Profile.objects.filter(pk=world.north.id).update(owner_email="owner-of-a-long-name-2312020@kaese-soehne.example")
    window.log_in(world.provider)
    window.open(f"/console/resellers/{world.north.id}/map/")
    expect(page.locator(".ts-control")).to_be_visible()
    assert window.overflow() <= 0
    page.set_viewport_size(NARROW)
    assert not any(
        box.evaluate(STICKS_OUT % ".card") for box in page.locator(".card .ts-control, .card .form-control").all()
    )


def test_what_stands_in_the_way_keeps_off_the_border(window, page, committed_world):
    window.log_in(committed_world.provider)
    window.open(f"/console/resellers/{committed_world.north.id}/delete/")
    heading, first = page.get_by_role("heading", name="Still active"), page.locator(".section-card li").first
    assert first.bounding_box()["x"] == heading.bounding_box()["x"]


def test_a_name_beside_a_wide_logo_is_read_whole(window, page, committed_world):
    world = committed_world
    change_branding(
        actor=world.north.actor, fields={**LOOK, "product_name": "Nordwind Portal"}, logo=picture((640, 160)), now=NOW
    )
    window.log_in(world.north)
    name = page.locator(".sidenav .brand .sidenav-label")
    expect(name).to_have_text("Nordwind Portal")
    assert not name.evaluate(STICKS_OUT % ".sidenav")
    assert page.evaluate(
        "document.querySelector('.sidenav').scrollWidth <= document.querySelector('.sidenav').clientWidth"
    )


def test_the_rows_of_a_running_job_follow_it(window, page, committed_world):
    """Those that are asked for: also on a page, in an order, of a filter that were chosen since."""
    batch = started(committed_world.north, rows(3))
    window.log_in(committed_world.north)
    window.open(f"/portal/invitations/batches/{batch.pk}/?sort=-line")
    kept = page.locator("#list .table-scroll").element_handle()
    expect(page.locator("#list tbody tr")).to_have_count(3)
    JobItem.objects.filter(job=batch.job_id, position=1).update(state="done")
    expect(page.locator("#list tbody tr").last.locator(".state")).to_have_text("Invited")
    expect(page.locator("#list tbody tr")).to_have_count(3)
    assert kept.is_visible(), "only rows are exchanged: it stays scrolled"
    assert window.complaints == []
