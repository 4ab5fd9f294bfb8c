"""The open pages under one router; they stay out of the published API description."""

from fastapi import APIRouter

from api.public import report_form, ticket_page

router = APIRouter(include_in_schema=False)
router.include_router(report_form.router)
router.include_router(ticket_page.router)
