"""Facebook pages, Instagram and Threads, sharing one client for Meta's Graph API."""

from monitor.collectors.meta.facebook import FACEBOOK
from monitor.collectors.meta.instagram import INSTAGRAM
from monitor.collectors.meta.threads import THREADS

__all__ = ["FACEBOOK", "INSTAGRAM", "THREADS"]
