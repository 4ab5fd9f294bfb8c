"""All pages of the console under one router; they stay out of the published API description."""

from fastapi import APIRouter

from api.console import (
    approval,
    assets,
    case_page,
    decide,
    leases,
    login_page,
    queue_page,
    report_actions,
    report_page,
    reports_page,
    status_page,
    walk,
)

router = APIRouter(include_in_schema=False)
for page in (
    login_page,
    queue_page,
    leases,
    walk,
    case_page,
    decide,
    approval,
    reports_page,
    report_page,
    report_actions,
    status_page,
    assets,
):
    router.include_router(page.router)
