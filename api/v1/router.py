"""Puts the resources of v1 together."""

from fastapi import APIRouter

from api.schemas.common import PROBLEM_RESPONSES
from api.v1 import alerts, approvals, cases, decisions, posts, predict, reports

router = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES)
for module in (posts, predict, cases, decisions, approvals, alerts, reports):
    router.include_router(module.router)
