"""Every failure the models package raises, in one tree.

ModelsError
├── PostError               a post that does not have the shape of the contract
└── ModelError              a classifier that cannot be used
    ├── ArtifactNotFound    no such name@version
    ├── ArtifactDamaged     a file is missing or its hash differs from the manifest
    ├── ArtifactForeign     the registry does not vouch for its manifest
    └── ArtifactUnsupported a format this version of Netra cannot read
"""


class ModelsError(Exception):
    """Base of all failures raised by `models`."""


class PostError(ModelsError):
    """A malformed post: `field` names the place, `reason` says in Indonesian what is wrong."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field = field
        self.reason = reason


class ModelError(ModelsError):
    """A classifier that cannot be used; posts must wait as *belum dinilai*.

    `title` says in Indonesian what is wrong; the message adds the technical detail.
    """

    title = "model tidak dapat dipakai"


class ArtifactNotFound(ModelError):
    """No artifact of that name and version is installed."""

    title = "artefak model tidak ditemukan"


class ArtifactDamaged(ModelError):
    """A file of the artifact is missing or differs from its manifest."""

    title = "artefak model rusak atau berubah"


class ArtifactForeign(ModelError):
    """The artifact lies there, but the registry holds no hash of its manifest."""

    title = "artefak model tidak tercatat di registry"


class ArtifactUnsupported(ModelError):
    """The artifact's format is unknown to this version of Netra."""

    title = "bentuk artefak model tidak dikenal versi Netra ini"
