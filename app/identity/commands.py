"""`flask identity …`: services that may sign people in, and the signing key."""

from __future__ import annotations

from urllib.parse import urlsplit

import click
from flask.cli import AppGroup

from app.core.config import current_settings
from app.identity import clients, keys

group = AppGroup("identity", help="The OpenID provider: linked services and keys.")
services = AppGroup("clients", help="Services that may sign people in with a learning profile.")
group.add_command(services)


def _address(_context: click.Context, _option: click.Parameter, values: object) -> object:
    """Https only (http for this computer and the demo), no fragment (RFC 6749, §3.1.2)."""
    for value in values if isinstance(values, tuple) else (values,):
        parts = urlsplit(str(value or ""))
        is_safe = parts.scheme == "https" or (
            parts.scheme == "http" and not current_settings().is_secure
        )
        if value and not (is_safe and parts.hostname and not parts.fragment):
            raise click.BadParameter(f"{value}: an https:// address without a fragment is needed")
    return values


@services.command("add")
@click.argument("name")
@click.option("--home", required=True, callback=_address, help="Where its people go.")
@click.option("--redirect", required=True, multiple=True, callback=_address)
@click.option("--after-logout", multiple=True, callback=_address)
@click.option("--backchannel-logout", default="", callback=_address)
def add(
    name: str,
    home: str,
    redirect: tuple[str, ...],
    after_logout: tuple[str, ...],
    backchannel_logout: str,
) -> None:
    """Register a service. The secret is shown once."""
    client_id, secret = clients.register(
        name,
        home_url=home,
        redirect_uris=list(redirect),
        post_logout_redirect_uris=list(after_logout),
        backchannel_logout_uri=backchannel_logout,
    )
    click.echo(f"client_id:     {client_id}\nclient_secret: {secret}")
    click.echo(f"issuer:        {current_settings().issuer}")


@services.command("list")
def show() -> None:
    """All services, disabled ones too."""
    for row in clients.stored_clients():
        state = f"disabled {row.disabled_at:%Y-%m-%d}" if row.disabled_at else "live"
        click.echo(f"{row.client_id}  {state:20}  {row.name}  {', '.join(row.redirect_uris)}")


@services.command("disable")
@click.argument("client_id")
def disable(client_id: str) -> None:
    """Let a service sign nobody in any more."""
    if not clients.disable(client_id):
        raise click.ClickException("There is no live service of this id.")
    click.echo("disabled")


@group.command("rotate-key")
def rotate_key() -> None:
    """Sign with a new key; the old one verifies for one more day."""
    click.echo(keys.rotate())
