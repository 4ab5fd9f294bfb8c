"""TikTok, through its Research API."""

from monitor.collectors.tiktok.collector import TIKTOK

__all__ = ["TIKTOK"]
