"""Unread messages are counted by two numbers, not in every member's row

Revision ID: 0032
Revises: 0031
Create Date: 2026-11-25 04:40:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('chats', schema=None) as batch_op:
        batch_op.add_column(sa.Column('texts_count', sa.Integer(), server_default='0', nullable=False))
    with op.batch_alter_table('members', schema=None) as batch_op:
        batch_op.add_column(sa.Column('texts_read', sa.Integer(), server_default='0', nullable=False))
    op.execute(
        "UPDATE chats SET texts_count = (SELECT count(*) FROM messages"
        " WHERE messages.chat_id = chats.id AND messages.kind != 'SYSTEM')"
    )
    op.execute(
        "UPDATE members SET texts_read ="
        " (SELECT texts_count FROM chats WHERE chats.id = members.chat_id) - unread"
    )
    op.drop_column('members', 'unread')


def downgrade():
    with op.batch_alter_table('members', schema=None) as batch_op:
        batch_op.add_column(sa.Column('unread', sa.Integer(), server_default='0', nullable=False))
    op.execute(
        "UPDATE members SET unread ="
        " (SELECT texts_count FROM chats WHERE chats.id = members.chat_id) - texts_read"
        " WHERE left_at IS NULL"
    )
    op.drop_column('members', 'texts_read')
    op.drop_column('chats', 'texts_count')
