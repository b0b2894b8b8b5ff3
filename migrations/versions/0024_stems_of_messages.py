"""Stems of messages, for search; those that are there get theirs

Revision ID: 0024
Revises: 0023
Create Date: 2026-11-24 22:15:00

"""
from alembic import op
import sqlalchemy as sa

from app.messenger.messages import search_index
from app.messenger.messages.words import stems_of

# revision identifiers, used by Alembic.
revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

PORTION = 1000


def upgrade():
    # Not in a batch: making the table anew would copy a school's whole talk for one column.
    op.add_column('messages', sa.Column('stems', sa.Text(), server_default='', nullable=False))
    messages = sa.table('messages', sa.column('id'), sa.column('text'), sa.column('stems'))
    connection, last = op.get_bind(), 0
    while rows := connection.execute(
        sa.select(messages.c.id, messages.c.text)
        .where(messages.c.id > last).order_by(messages.c.id).limit(PORTION)
    ).all():
        connection.execute(
            sa.update(messages).where(messages.c.id == sa.bindparam('which')).values(stems=sa.bindparam('new')),
            [{'which': row.id, 'new': stems_of(row.text)} for row in rows],
        )
        last = rows[-1].id
    search_index.install(connection)


def downgrade():
    search_index.remove(op.get_bind())
    op.drop_column('messages', 'stems')
