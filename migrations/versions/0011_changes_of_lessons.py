"""changes of lessons

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-24 22:00:40.740459

"""
import secrets

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('bells',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('school_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.Time(), nullable=False),
    sa.Column('ends_at', sa.Time(), nullable=False),
    sa.CheckConstraint('number BETWEEN 0 AND 14', name=op.f('ck_bells_number')),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_bells_times')),
    sa.ForeignKeyConstraint(['school_id'], ['schools.id'], name=op.f('fk_bells_school_id_schools')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bells')),
    sa.UniqueConstraint('school_id', 'number', name=op.f('uq_bells_school_id_number'))
    )
    op.create_table('lesson_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('teaching_id', sa.Integer(), nullable=False),
    sa.Column('planned_on', sa.Date(), nullable=True),
    sa.Column('planned_number', sa.Integer(), nullable=True),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.Time(), nullable=False),
    sa.Column('ends_at', sa.Time(), nullable=False),
    sa.Column('room', sa.String(length=40), nullable=False),
    sa.Column('is_distance', sa.Boolean(), nullable=False),
    sa.Column('is_cancelled', sa.Boolean(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.Integer(), nullable=True),
    sa.CheckConstraint('(planned_on IS NULL) = (planned_number IS NULL)', name=op.f('ck_lesson_changes_planned')),
    sa.CheckConstraint('number BETWEEN 0 AND 14', name=op.f('ck_lesson_changes_number')),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_lesson_changes_times')),
    sa.ForeignKeyConstraint(['changed_by'], ['people.id'], name=op.f('fk_lesson_changes_changed_by_people')),
    sa.ForeignKeyConstraint(['teaching_id'], ['teachings.id'], name=op.f('fk_lesson_changes_teaching_id_teachings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lesson_changes')),
    sa.UniqueConstraint('public_id', name=op.f('uq_lesson_changes_public_id')),
    sa.UniqueConstraint('teaching_id', 'planned_on', 'planned_number', name=op.f('uq_lesson_changes_teaching_id_planned_on_planned_number'))
    )
    with op.batch_alter_table('lesson_changes', schema=None) as batch_op:
        batch_op.create_index('ix_lesson_changes_teaching_id_date', ['teaching_id', 'date'], unique=False)

    with op.batch_alter_table('timetable_slots', schema=None) as batch_op:
        batch_op.add_column(sa.Column('public_id', sa.String(length=24), nullable=True))
    _name_slots()
    with op.batch_alter_table('timetable_slots', schema=None) as batch_op:
        batch_op.alter_column('public_id', existing_type=sa.String(length=24), nullable=False)
        batch_op.drop_constraint(batch_op.f('uq_timetable_slots_teaching_id_weekday_number'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_timetable_slots_public_id'), ['public_id'])
        batch_op.create_unique_constraint(batch_op.f('uq_timetable_slots_teaching_id_weekday_number_since'), ['teaching_id', 'weekday', 'number', 'since'])

    with op.batch_alter_table('substitutions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('set_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('set_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_substitutions_set_by_people'), 'people', ['set_by'], ['id'])


def _name_slots():
    """Every lesson of the week gets an unguessable id of its own."""
    slots = sa.table('timetable_slots', sa.column('id', sa.Integer), sa.column('public_id', sa.String))
    connection = op.get_bind()
    rows = [
        {'key': row.id, 'name': secrets.token_urlsafe(12)}
        for row in connection.execute(sa.select(slots.c.id))
    ]
    if rows:
        connection.execute(
            slots.update().where(slots.c.id == sa.bindparam('key')).values(public_id=sa.bindparam('name')),
            rows,
        )


def downgrade():
    with op.batch_alter_table('substitutions', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_substitutions_set_by_people'), type_='foreignkey')
        batch_op.drop_column('set_at')
        batch_op.drop_column('set_by')

    with op.batch_alter_table('timetable_slots', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_timetable_slots_teaching_id_weekday_number_since'), type_='unique')
        batch_op.drop_constraint(batch_op.f('uq_timetable_slots_public_id'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_timetable_slots_teaching_id_weekday_number'), ['teaching_id', 'weekday', 'number'])
        batch_op.drop_column('public_id')

    with op.batch_alter_table('lesson_changes', schema=None) as batch_op:
        batch_op.drop_index('ix_lesson_changes_teaching_id_date')

    op.drop_table('lesson_changes')
    op.drop_table('bells')