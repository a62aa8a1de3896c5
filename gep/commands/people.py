"""`gep user`: accounts of the platform, made on the server's own machine."""

from __future__ import annotations

import click

from gep.commands.common import print_table, say_to_user, store_option
from gep.office.database import Office
from gep.office.rights import ROLES, Person, Role


@click.group()
def user() -> None:
    """Make and change accounts of the platform; `gep serve` starts it."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="What the person is.")
@click.option("--shown", required=True, metavar="NAME", help="The person's own name, as it stands on reports.")
@click.option("--place", default="", metavar="CODE", help="Six-digit code of county, city or province.  [default: everywhere]")
@click.option("--department", default="", metavar="NAME", help="Chinese name of the department, for clerks.")
@store_option
def add(name: str, role: str, shown: str, place: str, department: str, store: str) -> None:
    """Make an account and print its one-time password."""
    from gep.office.people import add_person
    from gep.store.store import Store

    Store(store).know_units()
    password = add_person(Office(store), Person(name, shown, Role(role), place, department), "server")
    say_to_user("account {name}, one-time password {password}", name=name, password=password)


@user.command("list")
@store_option
def list_accounts(store: str) -> None:
    """List all accounts."""
    from gep.office.people import list_people

    rows = [
        (one.name, one.shown, ROLES[one.role].en, one.place, one.department, "open" if one.active else "closed")
        for one in list_people(Office(store))
    ]
    print_table(["account", "name", "role", "place", "department", "state"], rows)


@user.command("reset")
@click.argument("name")
@store_option
def reset(name: str, store: str) -> None:
    """Give an account a new one-time password."""
    from gep.office.people import reset_password

    password = reset_password(Office(store), name, "server")
    say_to_user("account {name}, one-time password {password}", name=name, password=password)


@user.command("close")
@click.argument("name")
@store_option
def close(name: str, store: str) -> None:
    """Close an account; what it did stays under its name."""
    from dataclasses import replace

    from gep.messages.problems import refuse_one
    from gep.messages.texts import say
    from gep.office.people import change_person, find_person

    office = Office(store)
    found = find_person(office, name)
    if found is None:
        refuse_one("NAME", say("there is no account {name!r}", name=name))
    change_person(office, replace(found, active=False), "server")
    say_to_user("account {name} is closed", name=name)
