"""Failures of training that a person can mend; shown as one line, without a traceback."""


class TrainingError(Exception):
    """Base of all failures raised by `training`."""


class DatasetError(TrainingError):
    """A data file that cannot be read or does not follow the label guide."""


class PromotionRefused(TrainingError):
    """An artifact that does not pass the gates; the message lists what failed."""


class BackboneUnavailable(TrainingError):
    """The encoder's starting weights cannot be read; the message says what to install."""
