"""The database roles LeadSail works with, as plain SQL that may be repeated at will.

It needs CREATEROLE on PostgreSQL 16 or newer, no superuser, and so serves an external server too.
What each role may do to tables is decided by the migrations.
"""

OWNER = "leadsail_owner"
"""Owns the database, migrates and dumps it. Row-level security binds it like everybody else."""

APP = "leadsail_app"
"""What the running product connects as."""

READER = "leadsail_reader"
"""Owns the functions that serve hot reads inside one tenant. Nobody logs in as it."""

SYSTEM = "leadsail_system"
"""Owns the few functions for work that has no tenant yet. Nobody logs in as it."""


def _ensure_role(name: str, login: str) -> str:
    """Create a role without any power, or refuse one that exists and could see past row-level security.

    The attributes are spelled at creation only: on ALTER ROLE, naming them takes a superuser.
    """
    # S608: the names are the constants above.
    return f"""
do $$
begin
    if exists (select from pg_roles where rolname = '{name}' and (rolsuper or rolbypassrls)) then
        raise exception 'role {name} is a superuser or bypasses row-level security'
            using hint = 'Run as a superuser: ALTER ROLE {name} NOSUPERUSER NOBYPASSRLS';
    end if;
    if not exists (select from pg_roles where rolname = '{name}') then
        create role {name} {login} nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
    end if;
exception
    when duplicate_object or unique_violation then null;  -- somebody else has just created it
end
$$"""  # noqa: S608


def _let_owner_become(name: str) -> str:
    """Membership without inheritance: enough to hand functions over to the role, of no effect otherwise."""
    return f"""
do $$
begin
    if not exists (
        select from pg_auth_members
        where roleid = '{name}'::regrole and member = '{OWNER}'::regrole and set_option and not inherit_option
    ) then
        grant {name} to {OWNER} with inherit false, set true;
    end if;
end
$$"""


ROLE_STATEMENTS: tuple[str, ...] = (
    _ensure_role(OWNER, "login"),
    _ensure_role(APP, "login"),
    _ensure_role(READER, "nologin"),
    _ensure_role(SYSTEM, "nologin"),
    _let_owner_become(READER),
    _let_owner_become(SYSTEM),
)
"""Run one by one, in this order, in any database of the server."""


def database_privileges(database: str) -> tuple[str, ...]:
    """Statements that close a database to everybody but its owner and the product."""
    return (
        f'revoke all on database "{database}" from public',
        f'grant connect on database "{database}" to {OWNER}, {APP}',
    )
