"""What workers do: the kinds of jobs, and what is done by the clock; the settings of the project take it from here."""

from typing import Any

from celery.schedules import crontab

JOB_KINDS: dict[str, str | dict[str, str]] = {
    "reseller_status": {"run": "tenants.services.switching.run_chunk", "permission": "reseller.edit"},
    "customer_status": {"run": "tenants.services.switching.run_chunk", "permission": "customer.edit"},
    "bulk_sale": {
        "run": "addons.services.bulk.run_chunk",
        "page": "bulk_sale_of_job",
        "permission": "bulk_sale.run",
    },
    "invitation_batch": {
        "run": "tenants.services.batches.run_chunk",
        "page": "invitation_batch_of_job",
        "permission": "reseller.invite",
    },
    "push": {
        "run": "subscriptions.services.pushes.starting.run_chunk",
        "page": "push_of_job",
        "permission": "subscription.edit",
        "starts": "catalog.edit",
        "cancelled": "subscriptions.services.pushes.starting.end_waiting",
    },
    "report": "reports.tasks.run_chunk",
    "billing_count": {
        "run": "invoicing.services.run_chunks.count_chunk",
        "page": "billing_run_of_job",
        "permission": "billing.run",
    },
    "billing_run": {
        "run": "invoicing.services.run_chunks.bill_chunk",
        "page": "billing_run_of_job",
        "permission": "billing.run",
    },
    "billing_issue": {
        "run": "invoicing.services.run_chunks.issue_chunk",
        "page": "billing_run_of_job",
        "permission": "invoice.edit",
    },
}


def schedule(*, sweep: float) -> dict[str, Any]:
    """Seconds, or when."""
    return {
        "sweep-jobs": {"task": "resellerhub.kernel.tasks.sweep_jobs", "schedule": sweep},
        "forget-answers": {"task": "resellerhub.kernel.tasks.forget_answers", "schedule": 3600.0},
        "renew-due": {"task": "subscriptions.tasks.renew_due", "schedule": crontab(minute="*/15")},
        "start-usage-month": {"task": "subscriptions.tasks.start_usage_month", "schedule": crontab(minute=1)},
        "resume-pushes": {"task": "subscriptions.tasks.resume_pushes", "schedule": crontab(minute=7)},
        "tend-pools": {"task": "subscriptions.tasks.tend_pools", "schedule": crontab(minute="*/10")},
        "tell-crossings": {"task": "subscriptions.tasks.tell_crossings", "schedule": 60.0},
        "send-mails": {"task": "tenants.tasks.send_mails", "schedule": 60.0},
        "check-vat-ids": {"task": "invoicing.tasks.check_vat_ids", "schedule": crontab(minute="*/5")},
        "end-visits": {"task": "tenants.tasks.end_visits", "schedule": 60.0},
        "count-due": {"task": "invoicing.tasks.count_due", "schedule": crontab(minute=17)},
        "issue-due": {"task": "invoicing.tasks.issue_due", "schedule": crontab(minute="*/15")},
        "verify": {"task": "resellerhub.kernel.tasks.verify_everything", "schedule": 86_400.0},
    }
