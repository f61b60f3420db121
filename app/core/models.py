"""The declarative base: naming convention, column types shared by all rooms."""

import enum
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Enum, Identity, MetaData, Numeric, Table, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

Pk = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
Money = Annotated[int, mapped_column(BigInteger)]
"""An amount in minor units of the currency that stands beside it."""


def _values(members: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in members]


_registry = registry(
    metadata=MetaData(
        # Constraints get stable names, so that a migration can name them.
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    ),
    type_annotation_map={
        str: Text,
        Decimal: Numeric(20, 4),
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        # A text with a check, not a native enum: a value can be added while the old code runs.
        enum.Enum: Enum(
            enum.Enum, native_enum=False, create_constraint=True, length=40, values_callable=_values
        ),
    },
)


class Base(DeclarativeBase):
    """Holds the registry, not an annotation map of its own: Flask-SQLAlchemy copies the class."""

    registry = _registry

    if TYPE_CHECKING:
        __table__: ClassVar[Table]  # never a view or a join


class Model(Base):
    """A row with an integer key, equal to another by that key."""

    __abstract__ = True

    id: Mapped[Pk]
