"""The queue in which people read every free text."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    pass
