"""A checker that finds nothing proves nothing: here it has to find what is wrong.

Each function does some wrong, and returns words of the complaint that has to come.
"""

from rounds import KINDS


def lost(series):
    """an answered write that no commit has"""
    series.ledger.answer("never-done", "0" * 40)
    return "LOST"


def doubled(series):
    """a request with two commits"""
    request = next(iter(series.ledger.logged))
    message = f"once more\n\nRequest-Id: {request}"
    series.registry.git("commit", "--quiet", "--allow-empty", "--message", message)
    return "DOUBLED"


def refused_but_done(series):
    """a write that was refused and is there"""
    series.ledger.refuse(next(iter(series.ledger.logged)), 507)
    return "done though refused"


def other_value(series):
    """a document that says something else than what was answered"""
    client = next(client for client in series.clients if client.model.uids("devices"))
    client.model.state["devices", client.model.uids("devices")[0]] = ("10.255.255.255",)
    return "was told otherwise"


def person_lost(series):
    """a person's commit that no branch has"""
    KINDS["people"](series)
    series.people[-1].standing.append("1" * 40)
    return "on no branch any more"


SABOTAGE = (other_value, refused_but_done, lost, person_lost, doubled)


def check_the_checker(series):
    """Raises unless the checker notices every sabotage."""
    for sabotage in SABOTAGE:
        series.round("kill")
        words = sabotage(series)
        try:
            series.check()
        except AssertionError as complaint:
            assert words in str(complaint), complaint
            series.forgive()
        else:
            raise Exception(f"the checker has not noticed {sabotage.__doc__}")
