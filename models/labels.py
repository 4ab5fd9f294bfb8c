"""The label set every part of Netra speaks: version 1 of `data/labeled/label_guide.md`."""

from enum import StrEnum

GUIDE_VERSION = "1"


class Platform(StrEnum):
    """Where a post was published."""

    X = "x"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    TIKTOK = "tiktok"
    YOUTUBE = "youtube"
    THREADS = "threads"
    TELEGRAM = "telegram"
    BLUESKY = "bluesky"
    MASTODON = "mastodon"
    WEB = "web"
    OTHER = "other"


class Stance(StrEnum):
    """What a post does toward an election participant."""

    SUPPORT = "support"
    OPPOSE = "oppose"
    NONE = "none"


class AsnLabel(StrEnum):
    """Whether the author shows to be a civil servant (ASN)."""

    EXPLICIT = "explicit"
    LIKELY = "likely"
    NONE = "none"


class Act(StrEnum):
    """What the post shows its author doing; stage-free names of the SKB 2022 forms.

    The SKB code depends on the stage of the contest and is looked up in
    `monitor/reference/skb.toml`, never here.
    """

    POST_LIKE_FOLLOW = "POST_LIKE_FOLLOW"
    ONLINE_CAMPAIGN = "ONLINE_CAMPAIGN"
    PHOTO_CANDIDATE = "PHOTO_CANDIDATE"
    PHOTO_TEAM_SYMBOL = "PHOTO_TEAM_SYMBOL"
    PHOTO_PROPS = "PHOTO_PROPS"
    PROPS_INSTALL = "PROPS_INSTALL"
    ATTEND_SUPPORT = "ATTEND_SUPPORT"
    EVENT_PARTICIPANT = "EVENT_PARTICIPANT"
    PARTISAN_ACTIVITY = "PARTISAN_ACTIVITY"
    SPOUSE_NO_LEAVE = "SPOUSE_NO_LEAVE"
    APPROACH_PARTY = "APPROACH_PARTY"
    TEAM_MEMBER = "TEAM_MEMBER"
    PARTY_MEMBER = "PARTY_MEMBER"
    KTP_SUPPORT = "KTP_SUPPORT"
    DECISION_FAVOUR = "DECISION_FAVOUR"
    OTHER = "OTHER"
